"""What a shop's sales add up to, each source by itself: broadcast lists, typed broadcasts, order files, settlements.

Amounts of unlike definitions are never added: broadcasts and orders hold some of the same sales, settlements the same
again weeks later; refunds by day of payment and by day of refund, ROOM and WINDOW amounts stand apart.
"""

from dataclasses import dataclass
from datetime import datetime

from trainer.domain.sales import GmvMeasure, RefundBasis, ShopRole, TrustBasis

# Of something whole, in hundredths of a percent.
WHOLE_BP = 10_000


def share_bp(part: int, whole: int) -> int | None:
    """None of nothing."""
    return round(part * WHOLE_BP / whole) if whole > 0 else None


@dataclass(frozen=True)
class BroadcastTotals:
    """What broadcasts of one source add up to; amounts apart by what they measure, refunds by their basis.

    `silent`: how many state an amount but not what of it came back. `excluded`: how many do not count in scoring.
    """

    broadcasts: int
    first_at: datetime
    last_at: datetime
    duration_s: int | None
    gmv_incl_abnormal_fen: int | None
    orders: int | None
    viewers: int | None
    viewers_exact: bool
    amounts: tuple[tuple[GmvMeasure, int], ...]
    refunds: tuple[tuple[RefundBasis | None, int], ...]
    silent: int
    excluded: int
    trust: TrustBasis

    @property
    def gmv_fen(self) -> int | None:
        """Only where all of them measure the same."""
        return self.amounts[0][1] if len(self.amounts) == 1 else None

    @property
    def net_fen(self) -> int | None:
        """Only where every refund is of what was paid in those broadcasts, and each says it."""
        if self.gmv_fen is None or self.silent or [basis for basis, _ in self.refunds] != [RefundBasis.PAYMENT_DAY]:
            return None
        return self.gmv_fen - self.refunds[0][1]


@dataclass(frozen=True)
class OrderTotals:
    """Paid order lines together, gifts left out: refunds are of these same orders.

    `settled_fen`: as far as order files say it, None where they do not. Of the amount paid: `named_fen` is of broadcasts
    that the files name, `inferred_fen` of broadcasts found by time, `unlisted_fen` sold live in none that is known,
    `open_fen` nobody can tell. `excluded_fen` does not count in scoring.
    """

    orders: int
    paid_fen: int
    refunded_fen: int
    settled_fen: int | None
    commission_fen: int | None
    named_fen: int
    inferred_fen: int
    unlisted_fen: int
    open_fen: int
    excluded_fen: int
    first_at: datetime | None
    last_at: datetime | None
    trust: TrustBasis

    @property
    def net_fen(self) -> int:
        return self.paid_fen - self.refunded_fen

    @property
    def refund_bp(self) -> int | None:
        return share_bp(self.refunded_fen, self.paid_fen)

    @property
    def live_fen(self) -> int:
        return self.named_fen + self.inferred_fen + self.unlisted_fen

    @property
    def inferred_bp(self) -> int | None:
        """How much of what broadcasts are said to have sold rests on the time of payment alone."""
        return share_bp(self.inferred_fen, self.named_fen + self.inferred_fen)


@dataclass(frozen=True)
class SettlementTotals:
    """What the platform settled, by day of settlement: settled = income − refund − fees."""

    flows: int
    income_fen: int
    refund_fen: int
    fees_fen: int
    settled_fen: int
    first_at: datetime | None
    last_at: datetime | None

    @property
    def trust(self) -> TrustBasis:
        return TrustBasis.SETTLEMENT


@dataclass(frozen=True)
class ShopFigures:
    """A shop's sources side by side, of one stretch of time."""

    role: ShopRole
    listed: BroadcastTotals | None = None
    typed: BroadcastTotals | None = None
    orders: OrderTotals | None = None
    settlements: SettlementTotals | None = None

    @property
    def is_host(self) -> bool:
        """She sells others' goods: what she earns is the commission, not what the goods cost."""
        return self.role is ShopRole.HOST

    @property
    def settled(self) -> tuple[int, TrustBasis] | None:
        """What reached the shop, and what says so: settlement files where there are any, else order files; never both
        together, for they tell of the same money."""
        if self.settlements:
            return self.settlements.settled_fen, self.settlements.trust
        if self.orders and self.orders.settled_fen is not None:
            return self.orders.settled_fen, self.orders.trust
        return None

    @property
    def is_empty(self) -> bool:
        return not (self.listed or self.typed or self.orders or self.settlements)
