"""Order exports to OrderLineRow: what was paid, what of it came back, and whether an amount is a line's."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from trainer.domain.days import CHINA
from trainer.domain.sales import OrderStatus, Platform, share_out
from trainer.platforms.cells import Memory, seconds_of
from trainer.platforms.plain import ORDER_FIELDS
from trainer.platforms.reading import Values, is_below_zero, number, seconds
from trainer.platforms.sheet import Sheet, shown
from trainer.platforms.spool import Plain, Spool

PAID, REFUNDED_FEN, SETTLED = map(ORDER_FIELDS.index, ("paid_fen", "refunded_fen", "settled_fen"))
UNPAID, RECEIVED, CLOSED = OrderStatus.UNPAID.value, OrderStatus.RECEIVED.value, OrderStatus.CLOSED.value
NOT_PAID = frozenset((UNPAID, CLOSED, OrderStatus.UNKNOWN.value))
WHOLE = 10_000  # hundredths of a percent
NOT_NEGATIVE = ("paid", "order_paid", "refund", "settled")
# The first word found decides: 等待买家付款 must not be taken for 付款, 未发货 not for 发货.
STATUSES = (
    (r"关闭|取消|作废|close", OrderStatus.CLOSED),
    (r"等待买家付款|待付款|待支付|未付款|未支付", OrderStatus.UNPAID),
    (r"已结算", OrderStatus.SETTLED),
    (r"交易成功|已完成|已收货|确认收货|已签收|交易完成|评价", OrderStatus.RECEIVED),
    (r"未发货|待发货|等待卖家发货|备货|待揽收", OrderStatus.PAID),
    (r"已发货|待收货|待签收|部分发货|运输|派送|等待买家确认", OrderStatus.SHIPPED),
    (r"已付款|已支付|付款|待成团|待分享|失效", OrderStatus.PAID),
)
REFUNDED = re.compile(r"退款成功|已退款|全额退款|退款完成")
NOT_REFUNDED = re.compile(r"无|未|没有|取消|关闭|拒绝|驳回|撤销|申请|处理|待|中$|换货|补寄|维修")
LIVE = re.compile(r"直播|live")
NOT_LIVE = re.compile(r"短视频|视频|商品卡|商城|橱窗|搜索|图文|店铺|猜你喜欢|推荐|video")
PROVINCES = re.compile(
    r"(北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南"
    r"|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾)(省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?"
)
DATE_IN_ID = re.compile(r"(\d\d)(\d\d)(\d\d)-\d+")
LONGEST_KEY = 150


def read_orders(sheet: Sheet, rows: Iterable[tuple[int, Values]], spool: Spool) -> None:
    lines = _Lines(sheet)
    for at, values in rows:
        row = lines.read(at, values)
        if row is not None:
            spool.add(row)
    shares = lines.shares()
    if shares:
        spool.revise(lambda chunk: [_with_share(row, shares) for row in chunk])


class _Said(NamedTuple):
    """What the words of an order's state come to."""

    status: str
    rank: int
    is_known: bool
    was_refunded: bool
    was_partly: bool
    asks: bool


class _Listed(NamedTuple):
    """A paid line of an order: its amount, and what it is listed at."""

    row: int
    paid_fen: int
    listed_fen: int


class _Lines:
    """Order lines as they come in, each key once; of those read only what tells a repetition is kept."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.profile = sheet.match.profile
        self.columns = sheet.match.columns
        self.amount = "paid" if "paid" in self.columns else "order_paid"
        self.not_negative = tuple(name for name in NOT_NEGATIVE if name in self.columns)
        self.has_commission = "commission" in self.columns or self.profile.is_of_host
        self.keys = [names.split("|") for names in self.profile.key]
        self.seen: dict[str, tuple[int, int]] = {}
        self.times_seen: Counter[str] = Counter()
        # Only where an order's amount may stand on each of its lines.
        self.listed: defaultdict[str, list[_Listed]] | None = defaultdict(list) if self._may_repeat else None
        self.said = Memory(self._state)
        self.is_live = Memory(_is_live)
        self.province = Memory(_province)

    @property
    def _may_repeat(self) -> bool:
        return self.amount != "paid" or self.profile.paid_scope == "unknown"

    def read(self, at: int, values: Values) -> Plain | None:
        key = self._natural_key(at, values)
        if key is None:
            return None
        first = self.seen.get(key)
        if first is not None:
            self._repeated(at, values, first)
            return None
        row = self._line(at, key, values)
        if row is not None:
            self.seen[key] = (at, _digest(values))
        return row

    def _repeated(self, at: int, values: Values, first: tuple[int, int]) -> None:
        if _digest(values) == first[1]:
            self.sheet.warn(at, "order_id", "duplicate_row", first=first[0])
        else:
            self.sheet.reject(at, "order_id", "key_twice", first=first[0])

    def _natural_key(self, row: int, values: Values) -> str | None:
        """The profile's key fields, `a|b` meaning a or else b; counted where only their order tells lines apart."""
        parts = []
        for at, names in enumerate(self.keys):
            part = values.get(names[0]) if len(names) == 1 else next(filter(None, map(values.get, names)), None)
            if not part and (at == 0 or names == ["sub_order_id"]):
                self.sheet.reject(row, names[0], "cell_missing")
                return None
            parts.append(part or "")
        if values.get("order_id") is None:
            self.sheet.reject(row, "order_id", "cell_missing")
            return None
        key = "/".join(parts)
        if len(key) > LONGEST_KEY:
            key = parts[0] + "/" + hashlib.sha256(key.encode()).hexdigest()[:40]
        if self.profile.key_is_counted:
            self.times_seen[key] += 1
            key = f"{key}#{self.times_seen[key]}"
        return key

    def _line(self, at: int, key: str, values: Values) -> Plain | None:
        """In the order of ORDER_FIELDS."""
        if is_below_zero(self.sheet, at, values, self.not_negative):
            return None
        get = values.get
        said = self._said(at, values)
        paid_at = self._paid_at(at, values, said)
        was_paid = self._was_paid(at, said, paid_at)
        amount = number(values, self.amount)
        if was_paid and amount is None:
            self.sheet.reject(at, self.amount, "cell_missing")
            return None
        is_gift = get("gift_id") is not None
        if is_gift and amount:
            self.sheet.warn(at, self.amount, "gift_money_not_counted")
        paid_fen, refunded_fen = 0, 0
        if was_paid and not is_gift:
            paid_fen, refunded_fen = self._money_back(at, values, said, amount or 0)
        order_key = get("order_id")
        if self.listed is not None and paid_fen:
            listed_fen = (number(values, "unit_price") or 0) * (number(values, "quantity") or 0)
            self.listed[order_key].append(_Listed(at, paid_fen, listed_fen))
        return (
            at,
            key,
            order_key,
            get("product") or "",
            get("product_id"),
            number(values, "quantity"),
            seconds(values, "ordered_at"),
            paid_at if was_paid else None,
            paid_fen,
            refunded_fen,
            self._settled(values, said, paid_fen, refunded_fen),
            said.status,
            is_gift,
            True if self.profile.always_live else self.is_live[get("live_source")],
            get("session_id"),
            self.province[get("province")],
            get("sku_id") or get("spec"),
            seconds(values, "shipped_at"),
            seconds(values, "received_at"),
            _host(values),
            self._commission(values) if self.has_commission else None,
            get("parcel"),
            get("remark") is True,
        )

    def _said(self, at: int, values: Values) -> _Said:
        get = values.get
        words = (get("status"), get("after_sale"), get("settled_at") is None, get("received_at") is None)
        said = self.said[words]
        if not said.is_known:
            self.sheet.warn(at, "status", "unknown_status", value=shown(words[0]))
        return said

    def _state(self, words: tuple[str | None, str | None, bool, bool]) -> _Said:
        said, after_sale = (word or "" for word in words[:2])
        status, is_known = self._status(said, *words[2:])
        refunded = REFUNDED.search(f"{after_sale} {said}") is not None
        asks = bool(after_sale) and not NOT_REFUNDED.search(after_sale)
        return _Said(status.value, status.rank, is_known, refunded, "部分" in after_sale, asks)

    def _status(self, said: str, not_settled: bool, not_received: bool) -> tuple[OrderStatus, bool]:
        """The status, and whether the word for it is known."""
        if not not_settled:
            return OrderStatus.SETTLED, True
        for pattern, status in (*self.profile.statuses, *STATUSES):
            if re.search(pattern, said):
                return status, True
        if not not_received:
            return OrderStatus.RECEIVED, True
        return OrderStatus.UNKNOWN, not said

    def _paid_at(self, at: int, values: Values, said: _Said) -> int | None:
        """Pinduoduo's orders sometimes lack every time: their number begins with the day."""
        stated = seconds(values, "paid_at")
        if stated is not None or self.profile.platform is not Platform.PINDUODUO or said.status == UNPAID:
            return stated
        ordered_at = seconds(values, "ordered_at")
        found = DATE_IN_ID.fullmatch(values["order_id"])
        if ordered_at is not None or found is None:
            return ordered_at
        year, month, day = map(int, found.groups())
        try:
            from_id = datetime(2000 + year, month, day, tzinfo=CHINA)
        except ValueError:
            return None
        self.sheet.warn(at, "paid_at", "date_from_order_id", date=f"{from_id:%Y-%m-%d}")
        return seconds_of(from_id)

    def _was_paid(self, at: int, said: _Said, paid_at: int | None) -> bool:
        """A payment time is the evidence; where the file has no such column, the status is, and a refund."""
        if self.profile.platform is Platform.PINDUODUO or "paid_at" not in self.columns:
            return said.was_refunded or said.status not in NOT_PAID
        if paid_at is None and OrderStatus.PAID.rank <= said.rank <= OrderStatus.SETTLED.rank:
            self.sheet.warn(at, "paid_at", "paid_time_missing")
        return paid_at is not None

    def _money_back(self, at: int, values: Values, said: _Said, paid_fen: int) -> tuple[int, int]:
        """What was paid and what of it was refunded, both in fen.

        A refund stated as an amount counts; without that column a finished after-sale is a refund of all; a closed
        order keeps no money.
        """
        stated = number(values, "refund")
        if stated is None and said.was_refunded:
            if said.was_partly:
                self.sheet.warn(at, "after_sale", "partial_refund_taken_as_whole")
            return paid_fen, paid_fen
        if not stated and said.status == CLOSED and paid_fen:
            self.sheet.warn(at, "status", "closed_taken_as_refunded")
            return paid_fen, paid_fen
        if stated is None and said.asks:
            self.sheet.warn(at, "after_sale", "unknown_after_sale", value=shown(values.get("after_sale")))
        if stated and stated > paid_fen:
            if self.profile.platform is Platform.TAOBAO:
                # This export has already taken the refund off what it calls paid.
                return paid_fen + stated, stated
            self.sheet.warn(at, "refund", "figure_above", other=self.sheet.written(self.amount))
            return paid_fen, paid_fen
        return paid_fen, stated or 0

    def _settled(self, values: Values, said: _Said, paid_fen: int, refunded_fen: int) -> int | None:
        """What the file says was paid out; for Pinduoduo, whose `paid` is the seller's, what was received and kept."""
        if self.profile.is_of_host:
            return self._commission(values)
        if "settled" in self.columns:
            return number(values, "settled") or 0
        if self.profile.platform is Platform.PINDUODUO:
            return paid_fen if said.status == RECEIVED and not refunded_fen else 0
        return None

    def _commission(self, values: Values) -> int | None:
        """In a host's own file what is settled to her, or what her part is reckoned on: then the rate tells."""
        stated, settled, rate = number(values, "commission"), number(values, "settled"), values.get("commission_rate")
        if stated is not None or not self.profile.is_of_host:
            return stated
        # A fen more than the rate says is rounding.
        if settled is None or rate is None or (settled - 1) * WHOLE <= (number(values, self.amount) or 0) * rate:
            return settled
        return round(settled * rate / WHOLE)

    def shares(self) -> dict[int, int]:
        """Row number → its part of the amount of an order that is printed on each of its lines."""
        found: dict[int, int] = {}
        for lines in (self.listed or {}).values():
            if len(lines) < 2 or not _is_repeated(lines, self.amount == "paid"):
                continue
            parts = share_out(lines[0].paid_fen, [line.listed_fen for line in lines])
            for line, part in zip(lines, parts, strict=True):
                found[line.row] = part
                self.sheet.warn(line.row, "paid", "order_amount_repeated", lines=len(lines))
        return found


def _digest(values: Values) -> int:
    """Equal for rows that say the same; of no meaning outside this process."""
    return hash(tuple(values.values()))


def _with_share(row: Plain, shares: Mapping[int, int]) -> Plain:
    """One order's amount printed on each of its lines is shared out over them, by list price."""
    part = shares.get(row[0])
    if part is None:
        return row
    paid_fen, refunded_fen, settled_fen = row[PAID], row[REFUNDED_FEN], row[SETTLED]
    refunded = part if refunded_fen == paid_fen else min(refunded_fen, part)
    cells = list(row)
    cells[PAID], cells[REFUNDED_FEN] = part, refunded
    cells[SETTLED] = None if settled_fen is None else part - refunded
    return tuple(cells)


def _is_repeated(lines: list[_Listed], is_line_amount: bool) -> bool:
    """Equal amounts that come nearer to the list price of the order than their sum does are the order's.

    Without list prices an equal amount is taken once: money is rather understated than counted twice.
    """
    if not is_line_amount:
        return True
    amounts, listed = [line.paid_fen for line in lines], [line.listed_fen for line in lines]
    if len(set(amounts)) > 1:
        return False
    if not all(listed):
        return True
    return abs(amounts[0] - sum(listed)) < abs(sum(amounts) - sum(listed))


def _host(values: Values) -> str | None:
    """By name, else by number; under the number 0 the shop sells itself."""
    host_id = values.get("host_id")
    return None if host_id == "0" else values.get("host") or host_id


def _is_live(source: object) -> bool | None:
    said = str(source or "")
    if LIVE.search(said):
        return True
    return False if NOT_LIVE.search(said) else None


def _province(said: object) -> str | None:
    """Only the name of a province: whatever else an address column holds is not kept."""
    found = PROVINCES.match(str(said or ""))
    return found[0] if found else None
