"""What one kind of file of one platform looks like, as data: which heading is which figure, and its rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from trainer.domain.sales import GmvMeasure, OrderStatus, Platform, SalesKind
from trainer.platforms.normalise import heading

# How sure the headings are: found in public code that reads the platform's real files; seen on its screens; composed;
# said by a person who looked at the file.
IMPORTER_CODE = "importer code"
SCREEN_LABELS = "screen labels"
UNVERIFIED = "unverified"
MAPPED = "mapped by a person"

# How the cells of a field are read; whatever is in none of these is text.
ID_FIELDS = (
    *("session_id", "order_id", "sub_order_id", "gift_id", "product_id", "sku_id", "flow_id", "host_id", "parcel"),
)
MONEY_FIELDS = (
    *("gmv", "gmv_incl_abnormal", "refund", "paid", "order_paid", "unit_price", "settled"),
    *("income", "expense", "amount", "commission", "ad_spend", "gpm", "per_buyer"),
)
COUNT_FIELDS = (
    *("viewers", "views", "peak_online", "avg_online", "buyers", "orders", "items", "quantity"),
    *("product_exposed", "product_clickers", "new_followers"),
)
MOMENT_FIELDS = ("ended_at", "ordered_at", "paid_at", "shipped_at", "received_at", "settled_at")
# Percentages, in hundredths of a percent.
RATE_FIELDS = ("buyer_rate", "commission_rate")
# Said beside the figures and not needed for them: a fault in one spoils no row, and they are not summed.
ASIDE_FIELDS = ("unit_price", "commission", "ad_spend", "gpm", "per_buyer", "host_id", "parcel")
# Looked at and let go: neither kept nor shown, not in what is told of a refused row either.
NEVER_SHOWN = ("remark", "parcel")

# A seller's own note, looked through for 空包 and nothing else.
REMARKS = ("商家备注", "订单备注", "卖家备注", "备注")
# Never read, whatever the platform: a buyer's or receiver's name, phone, address, words and account.
PERSONAL = (
    *("收货人姓名", "收货人电话", "收货人手机", "收货人手机号", "收货人", "收货地址", "收货地址-市", "收货地址-区"),
    *("收货地址-街道", "收件人", "收件人姓名", "收件人手机", "收件人手机号", "收件人电话", "收件人地址", "收件地址"),
    *("市", "区", "街道", "详细地址", "联系电话", "联系手机", "手机号", "手机", "电话", "姓名", "实名姓名", "身份证号"),
    *("买家留言", "买家备注", "描述", "会员名", "买家会员名", "买家昵称", "买家", "买家id", "用户昵称"),
    *("买家支付宝账号", "支付宝账号", "定制信息", "定制预览图"),
    *("交易单号", "支付单号", "支付详情", "账户名称", "商户主体名称"),
)


@dataclass(frozen=True)
class Profile:
    """`columns`: field → the platform's own headings, preferred first. `required`: one field of each group is.

    `also` are headings known to be in the file and not read. `paid_scope`: whether the paid amount is a line's,
    an order's repeated on each of its lines, or has to be found out. `expenses`: headings summed into one expense.
    `is_of_host`: a commission host's own file: what is settled to her is the commission. `gmv_measure`: what the
    amount of a broadcast counts.
    """

    platform: Platform
    kind: SalesKind
    variant: str
    evidence: str
    required: tuple[tuple[str, ...], ...]
    columns: Mapping[str, tuple[str, ...]]
    also: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    key_is_counted: bool = False
    paid_scope: str = "line"
    statuses: tuple[tuple[str, OrderStatus], ...] = ()
    always_live: bool = False
    is_of_host: bool = False
    gmv_measure: GmvMeasure = GmvMeasure.ROOM
    refund_basis: str | None = None
    incomes: tuple[str, ...] = ()
    expenses: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def own(self) -> dict[str, list[str]]:
        """Field → its own comparable headings."""
        return {name: labels(written) for name, written in self.columns.items()}

    @cached_property
    def general(self) -> dict[str, list[str]]:
        """Field → comparable headings in general use for the kind."""
        return {name: labels(written) for name, written in self.aliases.items()}

    @cached_property
    def known(self) -> frozenset[str]:
        """Comparable headings this platform is known to write into this file: those read and those not."""
        read = [label for found in self.own.values() for label in found]
        return frozenset((*read, *labels((*self.also, *self.incomes, *self.expenses))))


def labels(written: tuple[str, ...]) -> list[str]:
    return [found.label for label in written if (found := heading(label))]


PERSONAL_LABELS = frozenset(labels(PERSONAL))
# Known to be in files of every platform, and never told as something new.
QUIET_LABELS = PERSONAL_LABELS | frozenset(labels(REMARKS))
