"""Sales as every platform's file is brought to: broadcasts, order lines, settlements; money in fen, times aware."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Platform(StrEnum):
    KUAISHOU = "kuaishou"
    DOUYIN = "douyin"
    TAOBAO = "taobao"
    WECHAT_CHANNELS = "wechat_channels"
    PINDUODUO = "pinduoduo"


class SalesKind(StrEnum):
    LIVE_SESSION = "live_session"
    ORDER = "order"
    SETTLEMENT = "settlement"


class ShopRole(StrEnum):
    """Whose goods an account sells: its own, or others' for a commission (达人), which is then what is earned."""

    OWN = "own"
    HOST = "host"


class GmvMeasure(StrEnum):
    """What a broadcast's amount counts: unlike measures are never added."""

    # Paid in the room, out of its cart too.
    ROOM = "room"
    # Bought later by whoever had looked in the room (Taobao 种草成交金额).
    WINDOW = "window"


class Attribution(StrEnum):
    """How an order line was found to be of a broadcast, or not of one."""

    # The file names the broadcast.
    FILE = "file"
    # Paid between its beginning and half an hour after its end: inferred.
    TIME = "time"
    # The file says: short video, product card, shop.
    NOT_LIVE = "not_live"
    # Sold in a livestream that no list names.
    UNKNOWN_BROADCAST = "unknown_broadcast"
    # The payment time lies in several broadcasts, or nothing else tells.
    OPEN = "open"


class RefundBasis(StrEnum):
    """Refunds of what was paid in the period, or refunds made in the period: never added across."""

    PAYMENT_DAY = "payment_day"
    REFUND_DAY = "refund_day"


class OrderStatus(StrEnum):
    UNKNOWN = "unknown"
    UNPAID = "unpaid"
    PAID = "paid"
    SHIPPED = "shipped"
    RECEIVED = "received"
    SETTLED = "settled"
    CLOSED = "closed"

    @property
    def rank(self) -> int:
        """How far along an order is: a newer export may raise it, an older one must not lower it."""
        return list(OrderStatus).index(self)


class TrustBasis(StrEnum):
    """What a figure rests on; the digit is its level on the ladder of trust."""

    SELF_REPORT = "T0"
    SCREENSHOT = "T1"
    BROADCAST_EXPORT = "T2_broadcasts"
    FRESH_ORDERS = "T2_orders"
    MATURE_ORDERS = "T3"
    SETTLEMENT = "T4"


# Levels of the ladder by what stands behind a row: typed, typed and checked, a list of the platform, an order whose
# refunds have come in or whose money is settled.
SELF_REPORT_TRUST, CHECKED_TRUST, BROADCAST_TRUST, MATURE_TRUST = range(4)
# Refunds come in for a month: only then does an order export say what is left.
MATURE_AFTER = timedelta(days=30)


def trust_of_order(paid_at: datetime | None, settled_fen: int | None, status: OrderStatus, at: datetime) -> int:
    """3 where the money is settled or was paid 30 days before `at`, else 2."""
    settled = bool(settled_fen) or status is OrderStatus.SETTLED
    return 3 if settled or (paid_at is not None and paid_at <= at - MATURE_AFTER) else 2


def trust_basis(level: int, kind: SalesKind) -> TrustBasis:
    """The words for a level depend on what the figure came from."""
    if level == 2:
        return TrustBasis.BROADCAST_EXPORT if kind is SalesKind.LIVE_SESSION else TrustBasis.FRESH_ORDERS
    return {
        0: TrustBasis.SELF_REPORT,
        1: TrustBasis.SCREENSHOT,
        3: TrustBasis.MATURE_ORDERS,
        4: TrustBasis.SETTLEMENT,
    }[level]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong (or odd) in one cell, as a code with values; `field` is the column's heading in the file."""

    row: int
    field: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LivestreamRow:
    """One broadcast. None where the file says nothing; `*_exact` is False where it printed 万 or 亿.

    `stated_*`: ratios as the platform printed them: amount per thousand visits and per buyer in fen, buyers of
    viewers in hundredths of a percent.
    """

    row: int
    natural_key: str
    session_id: str | None
    title: str
    started_at: datetime
    ended_at: datetime | None
    year_assumed: bool
    duration_s: int | None
    viewers: int | None
    viewers_exact: bool
    views: int | None
    peak_online: int | None
    avg_online: int | None
    buyers: int | None
    orders: int | None
    items: int | None
    gmv_fen: int | None
    gmv_exact: bool
    gmv_incl_abnormal_fen: int | None
    refund_fen: int | None
    refund_basis: RefundBasis | None
    gmv_measure: GmvMeasure = GmvMeasure.ROOM
    product_exposed: int | None = None
    product_clickers: int | None = None
    new_followers: int | None = None
    ad_spend_fen: int | None = None
    stated_gpm_fen: int | None = None
    stated_per_buyer_fen: int | None = None
    stated_buyer_rate_bp: int | None = None


@dataclass(frozen=True, slots=True)
class OrderLineRow:
    """One order line. `paid_fen` is 0 unless it was paid; `refunded_fen` is of that money, never above it.

    `host`: the commission host (达人) the file names, None where the shop sold itself; `commission_fen`: what that host
    gets. `parcel`: the parcel's number as written, to be hashed before anything is kept.
    """

    row: int
    natural_key: str
    order_key: str
    product: str
    product_id: str | None
    quantity: int | None
    ordered_at: datetime | None
    paid_at: datetime | None
    paid_fen: int
    refunded_fen: int
    settled_fen: int | None
    status: OrderStatus
    is_gift: bool
    is_live: bool | None
    session_id: str | None
    province: str | None
    sku: str | None = None
    shipped_at: datetime | None = None
    received_at: datetime | None = None
    host: str | None = None
    commission_fen: int | None = None
    parcel: str | None = None
    empty_parcel: bool = False

    @property
    def net_fen(self) -> int:
        return self.paid_fen - self.refunded_fen


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """Money the platform settled: `settled_fen` = income − refund − fees, as far as the file is consistent."""

    row: int
    natural_key: str
    order_key: str | None
    settled_at: datetime | None
    income_fen: int
    refund_fen: int
    fees_fen: int
    settled_fen: int


SalesRow = LivestreamRow | OrderLineRow | SettlementRow


def total(figures) -> int | None:
    """The sum of what is known; None where nothing is."""
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None


def share_out(amount: int, weights: list[int]) -> list[int]:
    """Whole fen in proportion to the weights, nothing lost: the largest remainders get the odd fen.

    Equal parts where no weight is above zero.
    """
    if not any(weight > 0 for weight in weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    shares = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for i in by_remainder[: amount - sum(shares)]:
        shares[i] += 1
    return shares
