"""What a broadcast's list says it sold beside what the orders found for it add up to; and what is left after refunds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from trainer.domain.days import Span
from trainer.domain.sales_figures import WHOLE_BP, share_bp

# A difference as small as either of these says nothing.
WITHIN_BP = 1_000
WITHIN_FEN = 20_000
# Files of one month after the other leave a night between their last and first orders.
SAME_STRETCH = timedelta(days=2)
# A median of fewer women says nothing of a cohort.
ENOUGH_WOMEN = 5


@dataclass(frozen=True)
class Reconciled:
    """One broadcast: the amount of its list against the paid lines found for it, and how many of them by time alone."""

    livestream_id: int
    gmv_fen: int
    orders_fen: int
    inferred_fen: int

    @property
    def difference_fen(self) -> int:
        return self.orders_fen - self.gmv_fen

    @property
    def difference_bp(self) -> int | None:
        return share_bp(self.difference_fen, self.gmv_fen)

    @property
    def inferred_share(self) -> float:
        """Of nothing: 0."""
        return self.inferred_fen / self.orders_fen if self.orders_fen else 0.0

    @property
    def agrees(self) -> bool:
        difference = abs(self.difference_fen)
        return difference <= WITHIN_FEN or difference * WHOLE_BP <= self.gmv_fen * WITHIN_BP


def stretches(spans: Iterable[Span]) -> list[Span]:
    """The spans of single files joined where they overlap or nearly touch."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + SAME_STRETCH:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def is_covered(begins: datetime, ends: datetime, known: Iterable[Span]) -> bool:
    """Whether orders are known from before a broadcast began until after it ended."""
    return any(first < begins and ends < last for first, last in known)


@dataclass(frozen=True)
class Haircut:
    """What is left of the gross of a cohort's orders once refunds came in: the median over `women`; None of too few."""

    women: int
    left_bp: int | None

    def estimate(self, gross_fen: int) -> int | None:
        return None if self.left_bp is None else round(gross_fen * self.left_bp / WHOLE_BP)


def haircut_of(women: Collection[tuple[int, int]]) -> Haircut:
    """From (gross, refunded) of each woman's orders that are old enough."""
    left = [WHOLE_BP * (gross - refunded) / gross for gross, refunded in women if gross > 0]
    return Haircut(len(left), round(median(left)) if len(left) >= ENOUGH_WOMEN else None)
