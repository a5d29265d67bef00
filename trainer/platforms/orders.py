"""Order exports to OrderLineRow: what was paid, what of it came back, and whether an amount is a line's."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from trainer.domain.days import CHINA
from trainer.domain.sales import OrderLineRow, OrderStatus, Platform, share_out
from trainer.platforms.reading import Sheet, Values, dated, is_below_zero, is_exact, number, shown

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


def read_orders(sheet: Sheet, rows: Iterable[tuple[int, Values]]) -> list[OrderLineRow]:
    lines = _Lines(sheet)
    for at, values in rows:
        lines.add(at, values)
    return lines.finished()


class _Lines:
    """Order lines as they come in, each key once; an order's amount repeated on its lines is shared out at the end."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.profile = sheet.match.profile
        self.is_line_amount = "paid" in sheet.match.columns
        self.rows: dict[str, OrderLineRow] = {}
        self.digests: dict[str, int] = {}
        self.listed: dict[str, int] = {}
        self.times_seen: Counter[str] = Counter()

    def add(self, row_number: int, values: Values) -> None:
        key = self._natural_key(row_number, values)
        if key is None:
            return
        digest = hash(tuple(sorted((name, str(value)) for name, value in values.items())))
        if key in self.rows:
            if digest == self.digests[key]:
                self.sheet.warn(row_number, "order_id", "duplicate_row", first=self.rows[key].row)
            else:
                self.sheet.reject(row_number, "order_id", "key_twice", first=self.rows[key].row)
            return
        row = _line(self.sheet, row_number, key, values, self.is_line_amount)
        if row is None:
            return
        self.rows[key], self.digests[key] = row, digest
        if self._may_repeat:
            self.listed[key] = (number(values, "unit_price") or 0) * (number(values, "quantity") or 0)

    @property
    def _may_repeat(self) -> bool:
        return not self.is_line_amount or self.profile.paid_scope == "unknown"

    def _natural_key(self, row: int, values: Values) -> str | None:
        """The profile's key fields, `a|b` meaning a or else b; counted where only their order tells lines apart."""
        parts = []
        for at, names in enumerate(self.profile.key):
            part = next((str(values[name]) for name in names.split("|") if values.get(name)), None)
            if part is None and (at == 0 or names == "sub_order_id"):
                self.sheet.reject(row, names, "cell_missing")
                return None
            parts.append(part or "")
        if "order_id" not in values:
            self.sheet.reject(row, "order_id", "cell_missing")
            return None
        key = "/".join(parts)
        if len(key) > LONGEST_KEY:
            key = parts[0] + "/" + hashlib.sha256(key.encode()).hexdigest()[:40]
        if self.profile.key_is_counted:
            self.times_seen[key] += 1
            key = f"{key}#{self.times_seen[key]}"
        return key

    def finished(self) -> list[OrderLineRow]:
        if self._may_repeat:
            orders = defaultdict(list)
            for key, row in self.rows.items():
                if row.paid_fen and not row.is_gift:
                    orders[row.order_key].append(key)
            for keys in orders.values():
                if len(keys) > 1:
                    self._share(keys)
        return list(self.rows.values())

    def _share(self, keys: list[str]) -> None:
        """One order's amount printed on each of its lines is shared out over them, by list price."""
        amounts = [self.rows[key].paid_fen for key in keys]
        listed = [self.listed.get(key, 0) for key in keys]
        if not _is_repeated(amounts, listed, self.is_line_amount):
            return
        for key, part in zip(keys, share_out(amounts[0], listed), strict=True):
            row = self.rows[key]
            wholly = row.refunded_fen == row.paid_fen
            refunded = part if wholly else min(row.refunded_fen, part)
            settled = None if row.settled_fen is None else part - refunded
            self.rows[key] = replace(row, paid_fen=part, refunded_fen=refunded, settled_fen=settled)
            self.sheet.warn(row.row, "paid", "order_amount_repeated", lines=len(keys))


def _is_repeated(amounts: list[int], listed: list[int], is_line_amount: bool) -> bool:
    """Equal amounts that come nearer to the list price of the order than their sum does are the order's.

    Without list prices an equal amount is taken once: money is rather understated than counted twice.
    """
    if not is_line_amount:
        return True
    if len(set(amounts)) > 1:
        return False
    if not all(listed):
        return True
    return abs(amounts[0] - sum(listed)) < abs(sum(amounts) - sum(listed))


def _line(sheet: Sheet, row: int, key: str, values: Values, is_line_amount: bool) -> OrderLineRow | None:
    amount = "paid" if is_line_amount else "order_paid"
    if is_below_zero(sheet, row, values, ("paid", "order_paid", "refund", "settled")):
        return None
    status = _status(sheet, row, values)
    paid_at = _paid_at(sheet, row, values, status)
    was_paid = _was_paid(sheet, row, values, status, paid_at)
    if was_paid and amount not in values:
        sheet.reject(row, amount, "cell_missing")
        return None
    is_gift = "gift_id" in values
    if is_gift and number(values, amount):
        sheet.warn(row, amount, "gift_money_not_counted")
    paid_fen, refunded_fen = 0, 0
    if was_paid and not is_gift:
        paid_fen, refunded_fen = _money_back(sheet, row, values, status, number(values, amount) or 0)
    return OrderLineRow(
        row=row,
        natural_key=key,
        order_key=str(values["order_id"]),
        product=str(values.get("product") or ""),
        product_id=values.get("product_id"),
        quantity=number(values, "quantity"),
        ordered_at=dated(values, "ordered_at"),
        paid_at=paid_at if was_paid else None,
        paid_fen=paid_fen,
        paid_exact=is_exact(values, amount),
        refunded_fen=refunded_fen,
        settled_fen=_settled(sheet, values, status, paid_fen, refunded_fen),
        status=status,
        is_gift=is_gift,
        is_live=True if sheet.match.profile.always_live else _is_live(values.get("live_source")),
        session_id=values.get("session_id"),
        province=_province(values.get("province")),
    )


def _status(sheet: Sheet, row: int, values: Values) -> OrderStatus:
    if values.get("settled_at"):
        return OrderStatus.SETTLED
    said = str(values.get("status") or "")
    for pattern, status in (*sheet.match.profile.statuses, *STATUSES):
        if re.search(pattern, said):
            return status
    if values.get("received_at"):
        return OrderStatus.RECEIVED
    if said:
        sheet.warn(row, "status", "unknown_status", value=shown(said))
    return OrderStatus.UNKNOWN


def _paid_at(sheet: Sheet, row: int, values: Values, status: OrderStatus) -> datetime | None:
    """Pinduoduo's orders sometimes lack every time: their number begins with the day."""
    stated = dated(values, "paid_at")
    if stated or sheet.match.profile.platform is not Platform.PINDUODUO or status is OrderStatus.UNPAID:
        return stated
    found = DATE_IN_ID.fullmatch(str(values["order_id"]))
    if dated(values, "ordered_at") or found is None:
        return dated(values, "ordered_at")
    year, month, day = map(int, found.groups())
    try:
        from_id = datetime(2000 + year, month, day, tzinfo=CHINA)
    except ValueError:
        return None
    sheet.warn(row, "paid_at", "date_from_order_id", date=f"{from_id:%Y-%m-%d}")
    return from_id


def _was_paid(sheet: Sheet, row: int, values: Values, status: OrderStatus, paid_at: datetime | None) -> bool:
    """A payment time is the evidence; where the file has no such column, the status is, and a refund."""
    if sheet.match.profile.platform is Platform.PINDUODUO or "paid_at" not in sheet.match.columns:
        return _was_refunded(values) or status not in (OrderStatus.UNPAID, OrderStatus.UNKNOWN, OrderStatus.CLOSED)
    if paid_at is None and OrderStatus.PAID.rank <= status.rank <= OrderStatus.SETTLED.rank:
        sheet.warn(row, "paid_at", "paid_time_missing")
    return paid_at is not None


def _was_refunded(values: Values) -> bool:
    return REFUNDED.search(f"{values.get('after_sale') or ''} {values.get('status') or ''}") is not None


def _money_back(sheet: Sheet, row: int, values: Values, status: OrderStatus, paid_fen: int) -> tuple[int, int]:
    """What was paid and what of it was refunded, both in fen.

    A refund stated as an amount counts; without that column a finished after-sale is a refund of all; a closed
    order keeps no money.
    """
    stated = number(values, "refund")
    if stated is None and _was_refunded(values):
        if "部分" in str(values.get("after_sale") or ""):
            sheet.warn(row, "after_sale", "partial_refund_taken_as_whole")
        return paid_fen, paid_fen
    if not stated and status is OrderStatus.CLOSED and paid_fen:
        sheet.warn(row, "status", "closed_taken_as_refunded")
        return paid_fen, paid_fen
    if stated is None:
        _ask_about_after_sale(sheet, row, values)
    if stated and stated > paid_fen:
        if sheet.match.profile.platform is Platform.TAOBAO:
            # This export has already taken the refund off what it calls paid.
            return paid_fen + stated, stated
        sheet.warn(row, "refund", "figure_above", other=sheet.written("paid") or sheet.written("order_paid"))
        return paid_fen, paid_fen
    return paid_fen, stated or 0


def _ask_about_after_sale(sheet: Sheet, row: int, values: Values) -> None:
    said = str(values.get("after_sale") or "")
    if said and not NOT_REFUNDED.search(said):
        sheet.warn(row, "after_sale", "unknown_after_sale", value=shown(said))


def _settled(sheet: Sheet, values: Values, status: OrderStatus, paid_fen: int, refunded_fen: int) -> int | None:
    """What the file says was paid out; for Pinduoduo, whose `paid` is the seller's, what was received and kept."""
    if "settled" in sheet.match.columns:
        return number(values, "settled") or 0
    if sheet.match.profile.platform is Platform.PINDUODUO:
        return paid_fen if status is OrderStatus.RECEIVED and not refunded_fen else 0
    return None


def _is_live(source: object) -> bool | None:
    said = str(source or "")
    if LIVE.search(said):
        return True
    return False if NOT_LIVE.search(said) else None


def _province(said: object) -> str | None:
    """Only the name of a province: whatever else an address column holds is not kept."""
    found = PROVINCES.match(str(said or ""))
    return found[0] if found else None
