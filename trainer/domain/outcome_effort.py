"""What a cohort cost, for each who completed and who lasts, and the jobs that women's businesses pay for."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from trainer.domain.outcomes import Costs, Jobs

# A full-time job is so many paid days a year (DCED).
DAYS_OF_A_JOB = 240


class PaidDays(NamedTuple):
    """One line of a name list. `worker`: what tells her apart from others, a person may stand on several lines."""

    is_woman: bool
    is_seasonal: bool
    paid_days: int
    worker: str


def costs(
    by_kind: Mapping[str, int], *, completed: int, sustained: int, calls: int = 0, visits: int = 0, minutes: int = 0
) -> Costs:
    """Fen for each; nothing where there is nobody to divide by, or where no cost has been written down."""
    total = sum(by_kind.values())
    return Costs(
        total_fen=total,
        by_kind={str(kind): amount for kind, amount in by_kind.items()},
        per_completed_fen=_each(total, completed),
        per_sustained_fen=_each(total, sustained),
        calls=calls,
        visits=visits,
        minutes=minutes,
    )


def _each(total: int, people: int) -> int | None:
    return round(Fraction(total, people)) if total and people else None


def jobs(rows: Iterable[PaidDays]) -> Jobs:
    """Σ paid days / 240; women's and seasonal ones are parts of it and may overlap."""
    rows = list(rows)
    return Jobs(
        workers=len({row.worker for row in rows}),
        fte=_full_time(rows),
        women_fte=_full_time(row for row in rows if row.is_woman),
        seasonal_fte=_full_time(row for row in rows if row.is_seasonal),
    )


def _full_time(rows: Iterable[PaidDays]) -> float:
    return sum(row.paid_days for row in rows) / DAYS_OF_A_JOB
