"""What the rows of a sales file add up to, counted while they are written."""

from trainer.domain.sales import OrderStatus, SalesKind, total
from trainer.platforms.plain import LIVESTREAM_FIELDS, ORDER_FIELDS, SETTLEMENT_FIELDS
from trainer.platforms.spool import Chunk


class Totals:
    """The totals of `sales inspect`, column by column of each chunk of rows."""

    fields: tuple[str, ...]
    summed: tuple[str, ...]

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self.count = 0
        self.sums: dict[str, int | None] = dict.fromkeys(self.summed)

    def take(self, chunk: Chunk) -> None:
        self.count += len(chunk)
        self._take(dict(zip(self.fields, zip(*chunk, strict=True), strict=True)))

    def _take(self, columns: dict[str, tuple]) -> None:
        for name, before in self.sums.items():
            self.sums[name] = total((before, total(columns[name])))

    def answer(self) -> dict[str, object]:
        return dict(self.sums)


class LivestreamTotals(Totals):
    fields = LIVESTREAM_FIELDS
    summed = ("gmv_fen", "gmv_incl_abnormal_fen", "refund_fen", "orders", "viewers", "duration_s")

    def restart(self) -> None:
        super().restart()
        self.basis: str | None = None
        self.is_exact = True

    def _take(self, columns: dict[str, tuple]) -> None:
        super()._take(columns)
        self.basis = self.basis or next(filter(None, columns["refund_basis"]), None)
        self.is_exact = self.is_exact and all(columns["viewers_exact"])

    def answer(self) -> dict[str, object]:
        return {
            "gmv_fen": self.sums["gmv_fen"],
            "gmv_incl_abnormal_fen": self.sums["gmv_incl_abnormal_fen"],
            "refund_fen": self.sums["refund_fen"],
            "refund_basis": self.basis,
            "orders": self.sums["orders"],
            "viewers": self.sums["viewers"],
            "viewers_exact": self.is_exact,
            "duration_s": self.sums["duration_s"],
        }


class OrderTotals(Totals):
    fields = ORDER_FIELDS
    summed = ("paid_fen", "refunded_fen", "settled_fen")

    def restart(self) -> None:
        super().restart()
        self.orders: set[str] = set()
        self.closed = 0

    def _take(self, columns: dict[str, tuple]) -> None:
        super()._take(columns)
        self.orders.update(columns["order_key"])
        self.closed += columns["status"].count(OrderStatus.CLOSED.value)

    def answer(self) -> dict[str, object]:
        paid, refunded = self.sums["paid_fen"] or 0, self.sums["refunded_fen"] or 0
        return {
            "main_orders": len(self.orders),
            "paid_fen": paid,
            "refunded_fen": refunded,
            "net_fen": paid - refunded,
            "settled_fen": self.sums["settled_fen"],
            "closed_rows": self.closed,
        }


class SettlementTotals(Totals):
    fields = SETTLEMENT_FIELDS
    summed = ("income_fen", "refund_fen", "fees_fen", "settled_fen")

    def answer(self) -> dict[str, object]:
        return {name: summed or 0 for name, summed in self.sums.items()}


TOTALS = {
    SalesKind.LIVE_SESSION: LivestreamTotals,
    SalesKind.ORDER: OrderTotals,
    SalesKind.SETTLEMENT: SettlementTotals,
}
