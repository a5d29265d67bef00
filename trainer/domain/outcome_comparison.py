"""Cohorts and cities side by side at one age: so many days after each one's own course, never on one calendar day.

Sums of cities add up numerators and denominators; a rate is never the mean of rates, and medians are not added at all.
Outsiders are told of a cohort only what tells of nobody, and sums are made of exactly what they are shown: whatever
cohorts a filter leaves, taking one sum from another gives away nothing that was not shown already.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeVar

from trainer.domain.outcome_disclosure import apart
from trainer.domain.outcome_retention import wilson
from trainer.domain.outcomes import FEW, FEWEST, RETENTION_DAYS
from trainer.domain.programme import Track
from trainer.domain.tally import Hidden, hides

MONEY_DAY, MONTH_DAYS = 90, 30
HIDDEN = Hidden.WITHHELD
T = TypeVar("T")


class At(NamedTuple):
    """At a day after the course: graduates whose day has come, those with data that reach it, the active among them."""

    due: int
    eligible: int
    active: int

    @property
    def no_data(self) -> int:
        return self.due - self.eligible

    @property
    def inactive(self) -> int:
        return self.eligible - self.active

    @property
    def rate(self) -> float | None:
        return self.active / self.eligible if self.eligible else None

    @property
    def interval(self) -> tuple[float, float] | tuple[None, None]:
        return wilson(self.active, self.eligible)

    @property
    def range(self) -> tuple[float, float]:
        """The rates if none, or all, of those without data were active."""
        return self.active / self.due, (self.active + self.no_data) / self.due

    @property
    def is_few(self) -> bool:
        return self.eligible < FEW


class Share(NamedTuple):
    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        return self.part / self.whole if self.whole else None


class Sales(NamedTuple):
    """Firm net sales of the first ninety days, of the `n` graduates whose data reach so far."""

    n: int
    sellers: int
    total_fen: int
    median_fen: int | None


class Cost(NamedTuple):
    """What was written down, and how many lasted."""

    total_fen: int
    sustained: int

    @property
    def each_fen(self) -> int | None:
        return round(self.total_fen / self.sustained) if self.sustained else None


class FirstOrders(NamedTuple):
    """Of the `n` women without an order before the course: the first day on which half had one."""

    n: int
    events: int
    median_day: int | None


NO_SALES, NO_ORDERS, NOTHING = Sales(0, 0, 0, None), FirstOrders(0, 0, None), Share(0, 0)


class NotCompared(StrEnum):
    """Why a cohort is not among those compared."""

    NOT_YET = "not_yet"
    NOT_RECKONED = "not_reckoned"
    NOBODY_COMPLETED = "nobody_completed"


class Sort(StrEnum):
    """What cohorts of a city are put in order by."""

    END = "end"
    RATE = "rate"
    SUSTAINED = "sustained"
    SALES = "sales"


@dataclass(frozen=True)
class Cut:
    """Which cohorts; `year`: in which the course ended."""

    programme_id: int | None = None
    region_code: str = ""
    track: Track | None = None
    year: int | None = None


@dataclass(frozen=True)
class CohortFacts:
    """A cohort's kept figures, as much of them as is compared. `as_of` None: never reckoned. `months`: by number of the
    30-day month, of how many graduates there are files or checked entries, of how many that were due. `lasting`: who lasts by now. Of a cohort that is
    not `is_open`, whoever looks may not see the women, and is an outsider."""

    id: int
    name: str
    region_code: str
    ends_on: date
    as_of: date | None = None
    at: Mapping[int, At] = field(default_factory=dict)
    sustained: Mapping[int, int] = field(default_factory=dict)
    lasting: int = 0
    sales: Sales = NO_SALES
    first_orders: FirstOrders = NO_ORDERS
    months: Mapping[int, Share] = field(default_factory=dict)
    cost_fen: int = 0
    attendance: Share = NOTHING
    is_open: bool = True

    def has_reached(self, day: int) -> bool:
        return day in self.at and self.at[day].due > 0

    def reaches_on(self, day: int) -> date:
        return self.ends_on + timedelta(days=day)


@dataclass(frozen=True)
class Line:
    """A cohort, or the cohorts of an area together (`cohort_id` None). A part is HIDDEN from outsiders, or None where
    nothing is known; `at` and `sustained` by day after the course, everything else up to the day compared at."""

    name: str
    region_code: str
    cohorts: int
    cohort_id: int | None
    ends_on: date | None
    as_of: date | None
    at: Mapping[int, At | Hidden | None]
    sustained: Mapping[int, Share | Hidden | None]
    sales: Sales | Hidden | None
    first_orders: FirstOrders | Hidden | None
    coverage: Share | Hidden | None
    cost: Cost | Hidden | None
    attendance: Share | Hidden | None


@dataclass(frozen=True)
class Waiting:
    """A cohort that is not compared, why, and since or until which day."""

    facts: CohortFacts
    why: NotCompared
    on: date


@dataclass(frozen=True)
class Comparison:
    """`cities`: the sum of a city, and its cohorts below it. `hidden`: cohorts of which the rate is not shown."""

    day: int
    cities: Sequence[tuple[Line, Sequence[Line]]]
    together: Line | None
    waiting: Sequence[Waiting]
    hidden: int

    @property
    def lines(self) -> list[Line]:
        return [line for _head, lines in self.cities for line in lines]

    @property
    def oldest(self) -> date | None:
        """The day up to which the stalest of the figures were reckoned."""
        return min((line.as_of for line in self.lines), default=None)


def city_of(region_code: str) -> str:
    return region_code[:4] + "00"


def usual_day(cohorts: Iterable[CohortFacts]) -> int:
    """The greatest age that more than half of the cohorts with graduates have reached; the smallest where none has."""
    old = [facts for facts in cohorts if facts.has_reached(RETENTION_DAYS[0])]
    most = [day for day in RETENTION_DAYS if sum(facts.has_reached(day) for facts in old) * 2 > len(old)]
    return max(most, default=RETENTION_DAYS[0])


def compare(
    cohorts: Sequence[CohortFacts], day: int, *, today: date, hide_small: bool = False, sort: Sort = Sort.END
) -> Comparison:
    """Those that have reached the day, city by city; all others wait. `hide_small`: as outsiders see it, whoever looks."""
    there = [facts for facts in cohorts if facts.has_reached(day)]
    lines = [line_of(facts, day, hide_small=hide_small or not facts.is_open) for facts in there]
    lines.sort(key=lambda line: (line.ends_on, line.cohort_id))
    if sort is not Sort.END:  # what is not known, or not shown, stands last in the order it had
        lines.sort(
            key=lambda line: -(_worth(line, day, sort) if _worth(line, day, sort) is not None else float("-inf"))
        )
    by_city: dict[str, list[Line]] = {}
    for line in lines:
        by_city.setdefault(city_of(line.region_code), []).append(line)
    cities = [(add_up(own, code), own) for code, own in sorted(by_city.items())]
    waiting = [_waiting(facts, day, today) for facts in cohorts if not facts.has_reached(day)]
    return Comparison(
        day=day,
        cities=cities,
        together=add_up(lines, "") if lines else None,
        waiting=sorted(waiting, key=lambda one: (one.on, one.facts.id)),
        hidden=sum(line.at[day] is HIDDEN for line in lines),
    )


def _waiting(facts: CohortFacts, day: int, today: date) -> Waiting:
    comes_on = facts.reaches_on(day)
    if comes_on > today:
        return Waiting(facts, NotCompared.NOT_YET, comes_on)
    if facts.as_of is None or comes_on > facts.as_of:
        return Waiting(facts, NotCompared.NOT_RECKONED, comes_on)
    return Waiting(facts, NotCompared.NOBODY_COMPLETED, facts.ends_on)


def _worth(line: Line, day: int, sort: Sort) -> float | None:
    if sort is Sort.SALES:
        return shown(line.sales, lambda sales: sales.median_fen)
    return shown(line.at[day] if sort is Sort.RATE else line.sustained[day], lambda part: part.rate)


def shown(part: T | Hidden | None, value: Callable[[T], object] = lambda part: part):
    """A value of a part that is there to be seen, else None."""
    return None if part is None or part is HIDDEN else value(part)


def line_of(facts: CohortFacts, day: int, *, hide_small: bool) -> Line:
    """Up to the day compared at, so that an older cohort does not bring what the younger cannot have yet."""
    months = {number: month for number, month in facts.months.items() if number * MONTH_DAYS <= day}
    sustained = {
        k: Share(facts.sustained[k], facts.at[k].due) if facts.has_reached(k) else None for k in RETENTION_DAYS
    }
    line = Line(
        name=facts.name,
        region_code=facts.region_code,
        cohorts=1,
        cohort_id=facts.id,
        ends_on=facts.ends_on,
        as_of=facts.as_of,
        at={k: facts.at[k] if facts.has_reached(k) else None for k in RETENTION_DAYS},
        sustained=sustained,
        sales=facts.sales if facts.has_reached(MONEY_DAY) else None,
        first_orders=facts.first_orders,
        coverage=_sum(Share, months.values()),
        cost=Cost(facts.cost_fen, sustained[day].part) if facts.cost_fen else None,
        attendance=facts.attendance,
    )
    return _withhold(line, months, day, facts.lasting) if hide_small else line


def _withhold(line: Line, months: Mapping[int, Share], day: int, lasting: int) -> Line:
    """As outsiders see it: a part goes whole, as soon as a number in it, or one that follows from what else is shown,
    is of fewer than five women."""
    at = {k: HIDDEN if cell and tells(cell) else cell for k, cell in line.at.items()}
    sustained = _sustained_told(line.sustained, lasting)
    graduates = line.at[day].due
    gone = {
        "sales": line.sales and _sales_tell(line.sales, line.at[MONEY_DAY], at[MONEY_DAY]),
        "first_orders": _is_small(line.first_orders.n, graduates)
        or _is_small(line.first_orders.events, line.first_orders.n),
        "coverage": any(_month_tells(number, month, line.at) for number, month in months.items()),
        "cost": sustained[day] is HIDDEN,
        "attendance": graduates < FEWEST,
    }
    parts = {name: HIDDEN for name, is_gone in gone.items() if is_gone and getattr(line, name) is not None}
    return replace(line, at=at, sustained=sustained, **parts)


def _sustained_told(sustained: Mapping[int, Share | None], lasting: int) -> dict[int, Share | Hidden | None]:
    """Whoever lasted by one day did by the next, and by now, which her own cohort's page says: never a few more."""
    reached = {k: one.part for k, one in sustained.items() if one}
    _now, *told = apart([lasting, *reached.values()])
    gone = {k for k, number in zip(reached, told, strict=True) if number is None or _is_small(*sustained[k])}
    return {k: HIDDEN if k in gone else one for k, one in sustained.items()}


def tells(cell: At) -> bool:
    """Whether a cell of retention, or what it leaves over, is of too few women."""
    return any(0 < number < FEWEST for number in (cell.due, cell.active, cell.inactive, cell.no_data))


def _is_small(part: int, whole: int) -> bool:
    return 0 < whole < FEWEST or hides(part, whole, FEWEST)


def _sales_tell(sales: Sales, cell: At, as_shown: At | Hidden) -> bool:
    """The women behind the money are those of the cell but for the ones who only said that they do not broadcast."""
    if _is_small(sales.n, cell.due) or _is_small(sales.sellers, sales.n):
        return True
    return as_shown is not HIDDEN and 0 < abs(cell.eligible - sales.n) < FEWEST


def _month_tells(number: int, month: Share, at: Mapping[int, At | None]) -> bool:
    cell = at.get(number * MONTH_DAYS)
    return _is_small(*month) or (cell is not None and 0 < abs(cell.eligible - month.part) < FEWEST)


def add_up(lines: Sequence[Line], region_code: str) -> Line:
    """What is shown of the lines, added up; nothing else is in it."""
    return Line(
        name="",
        region_code=region_code,
        cohorts=len(lines),
        cohort_id=None,
        ends_on=None,
        as_of=min((line.as_of for line in lines), default=None),
        at={day: _sum(At, [line.at[day] for line in lines]) for day in RETENTION_DAYS},
        sustained={day: _sum(Share, [line.sustained[day] for line in lines]) for day in RETENTION_DAYS},
        sales=_sum(lambda *numbers: Sales(*numbers[:3], None), [line.sales for line in lines]),
        first_orders=None,
        coverage=_sum(Share, [line.coverage for line in lines]),
        cost=_sum(Cost, [line.cost for line in lines]),
        attendance=_sum(Share, [line.attendance for line in lines]),
    )


def by_area(comparison: Comparison) -> list[Line]:
    """What is shown of the cohorts, added up by the city or county where they were held."""
    areas: dict[str, list[Line]] = {}
    for line in comparison.lines:
        areas.setdefault(line.region_code, []).append(line)
    return [add_up(lines, code) for code, lines in sorted(areas.items())]


def _sum(make: Callable[..., T], parts: Iterable[T | Hidden | None]) -> T | Hidden | None:
    """Number by number; a median, which cannot be added, is left to `make`. HIDDEN where nothing else is there."""
    parts = list(parts)
    there = [part for part in parts if part is not None and part is not HIDDEN]
    if not there:
        return HIDDEN if HIDDEN in parts else None
    return make(*(sum(number or 0 for number in numbers) for numbers in zip(*there, strict=True)))
