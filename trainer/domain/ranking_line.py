"""A candidate's line of a ranking as pages and workbooks show it, and where the seat line is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trainer.domain.selection import RankingFlag


@dataclass(frozen=True)
class RankingLine:
    """A candidate's line of a ranking as pages and workbooks show it; scores in hundredths, shares in basis points."""

    application_id: int
    code: str
    name: str
    village: str | None
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    reviews: int
    total: int | None
    raw_total: int | None
    adjusted_total: int | None
    mean: int | None
    spread: int | None
    adjusted: int | None
    huber: int | None
    se: int | None
    p_seat: int | None
    weight_seat: int | None
    bonus: int
    parts: Mapping[str, Mapping[str, object]]
    vetoes: tuple[str, ...]
    flags: tuple[RankingFlag, ...]


def last_inside(lines: Sequence[RankingLine], seats: int) -> int | None:
    """The position in `lines`, best first, after which the seat line is drawn; None where nobody is left below it.

    Whoever shares the rank of the last seat stands above the line: a tie on it is shown as a tie.
    """
    inside = sum(line.rank is not None and line.rank <= seats for line in lines)
    return inside - 1 if 0 < inside < len(lines) else None
