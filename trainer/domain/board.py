"""The board: one line a county with its city's sums above it, and the way from signing up to the first sale."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.tally import (
    ALL,
    BROADCAST,
    CAME,
    CERTIFICATES,
    ENDED,
    NOTHING,
    SHOP,
    SOLD,
    Count,
    Hidden,
    hidden_cells,
)

# Columns that count people; shops, broadcasts and sales are sums over cohorts, so they are person-times.
PEOPLE = (ALL, EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED, CERTIFICATES)
SUMS = (SHOP, BROADCAST, SOLD)
FUNNEL = (ALL, CAME, EnrolmentStatus.COMPLETED, BROADCAST, SOLD)


@dataclass(frozen=True)
class CohortSums:
    """What the cohorts of a region add up to, as last reckoned."""

    planned: int = 0
    running: int = 0
    finished: int = 0
    attended_minutes: int = 0
    counted_minutes: int = 0
    shop: int = 0
    broadcast: int = 0
    sold: int = 0
    last_closed_at: datetime | None = None

    def __add__(self, other: "CohortSums") -> "CohortSums":
        names = list(self.__dataclass_fields__)[:-1]
        latest = max(filter(None, (self.last_closed_at, other.last_closed_at)), default=None)
        return CohortSums(*(getattr(self, n) + getattr(other, n) for n in names), latest)

    @property
    def attendance(self) -> float | None:
        return self.attended_minutes / self.counted_minutes if self.counted_minutes else None


@dataclass(frozen=True)
class BoardLine:
    """A city or a county; `hidden` columns are not shown to her."""

    code: str
    is_city: bool
    sums: CohortSums
    counts: Mapping[str, Count]
    hidden: Mapping[str, Hidden] = field(default_factory=dict)

    def count(self, column: str) -> Count | Hidden:
        if column in self.hidden:
            return self.hidden[column]
        if column in SUMS:
            return Count(getattr(self.sums, column), None)
        return self.counts.get(column, NOTHING)

    @property
    def completion(self) -> tuple[int, int] | None:
        """(completed, of so many whose training is over), in person-times; before a cohort is over only those who left
        could count, and that is no rate."""
        if not self.sums.finished:
            return 0, 0
        completed, ended = self.count(EnrolmentStatus.COMPLETED), self.count(ENDED)
        shown = isinstance(completed, Count) and isinstance(ended, Count)
        return (completed.times, ended.times) if shown else None


@dataclass(frozen=True)
class Board:
    """What the database knows: by region of the cohort, by its city, and together."""

    sums: Mapping[str, CohortSums]
    counties: dict[str, dict[str, Count]] = field(default_factory=dict)
    cities: dict[str, dict[str, Count]] = field(default_factory=dict)
    together: dict[str, Count] = field(default_factory=dict)

    @property
    def funnel(self) -> list[tuple[str, int]]:
        """(step, people, each once)."""
        return [(step, self.together.get(step, NOTHING).size) for step in FUNNEL]


def city_of(code: str) -> str:
    return code[:4] + "00"


SORTS = {
    "all": lambda line: -line.counts.get(ALL, NOTHING).size,
    "completed": lambda line: -line.counts.get(EnrolmentStatus.COMPLETED, NOTHING).size,
    "completion": lambda line: (
        -(line.completion[0] / line.completion[1] if line.completion and line.completion[1] else -1)
    ),
    "attendance": lambda line: -(line.sums.attendance if line.sums.attendance is not None else -1),
    "last": lambda line: -(line.sums.last_closed_at.timestamp() if line.sums.last_closed_at else 0),
}


def lay_out(board: Board, *, sort: str, hide_small: bool) -> list[BoardLine]:
    """Each city followed by its counties; a city without counties of its own stands alone."""
    cities: dict[str, list[str]] = {}
    for code in sorted(board.sums):
        cities.setdefault(city_of(code), []).append(code)
    totals = {city: sum((board.sums[code] for code in codes), CohortSums()) for city, codes in cities.items()}
    heads = _hide([BoardLine(c, True, totals[c], board.cities.get(c, {})) for c in cities], hide_small)
    order = SORTS.get(sort, lambda line: line.code)
    lines = []
    for head in sorted(heads, key=order):
        below = [BoardLine(c, False, board.sums[c], board.counties.get(c, {})) for c in cities[head.code]]
        lines.append(head)
        if cities[head.code] != [head.code]:
            lines += sorted(_hide(below, hide_small), key=order)
    return lines


def _hide(lines: Iterable[BoardLine], hide_small: bool) -> list[BoardLine]:
    """Where one or two people are in a number, it is not shown; nor what would give it away."""
    lines = list(lines)
    if not hide_small:
        return lines
    columns = (*PEOPLE, ENDED, *SUMS)
    hidden = hidden_cells([{name: line.count(name).size for name in columns} for line in lines])
    return [
        BoardLine(
            line.code,
            line.is_city,
            line.sums,
            line.counts,
            {name: why for (at, name), why in hidden.items() if at == number},
        )
        for number, line in enumerate(lines)
    ]
