"""Outcomes of a cohort: what is known of each woman, the figures made of it, and how they are written down.

Days count from the last day of the course (day 0); a month is thirty of them. Money in fen, shares 0–1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import get_args, get_origin, get_type_hints

RETENTION_DAYS = (30, 60, 90, 180, 365)
MONTH = timedelta(days=30)
# What a broadcast must be to count: half an hour long, seen by twenty, and known from more than somebody's word.
QUALIFYING_SECONDS, QUALIFYING_VIEWERS = 30 * 60, 20
# Sustained: so many qualifying broadcasts in each of three months in a row, and net sales in two of them.
SUSTAINED_BROADCASTS, SUSTAINED_MONTHS, SUSTAINED_SELLING = 4, 3, 2
# Fewer than this are shown in grey; outsiders are not told of fewer than FEWEST, nor of what would give them away.
FEW, FEWEST = 10, 5


class Stage(StrEnum):
    """From a seat in the class to a business that lasts, in this order."""

    ENROLLED = "enrolled"
    ATTENDED = "attended"
    COMPLETED = "completed"
    SHOP_OPENED = "shop_opened"
    FIRST_BROADCAST = "first_broadcast"
    FIRST_PAID_ORDER = "first_paid_order"
    FIRST_SETTLED = "first_settled"
    ACTIVE_30 = "active_30"
    SUSTAINED = "sustained"


class Activity(StrEnum):
    """At a day after the course: broadcast in the thirty days before it, did not, or nobody knows."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    NO_DATA = "no_data"


class DataSource(StrEnum):
    """Where the data of a woman's month come from; the best there is."""

    FILES = "files"
    TYPED = "typed"
    SAID = "said"
    NONE = "none"


class Claim(StrEnum):
    """What a figure may claim: it goes along with the course, it changed since, or it changed more than elsewhere."""

    ASSOCIATED = "associated"
    BEFORE_AFTER = "before_after"
    COMPARED = "compared"


class ComparisonKind(StrEnum):
    """Who was not trained, best first."""

    WAITLIST = "waitlist"
    NOT_ADMITTED = "not_admitted"
    EARLIER_COHORT = "earlier_cohort"


@dataclass(frozen=True)
class Day:
    """One day of a woman's shops together: qualifying broadcasts, all of them, and money.

    `firm_net_fen`: paid − refunded of her own shops' lines at trust 3 and more; commission of goods sold for others.
    """

    day: date
    qualifying: int = 0
    broadcasts: int = 0
    orders: int = 0
    paid_fen: int = 0
    refunded_fen: int = 0
    firm_net_fen: int = 0


@dataclass(frozen=True)
class Woman:
    """What is known of a woman who came on a cohort's roll (or of one she is compared with).

    `completed_on` is the last day of the course for whoever completed: her day 0. `reach_from`…`reach_on`: the days that
    her own data cover. `profits`: by wave, what she says she earned in the month before, in fen.
    """

    id: int
    region_code: str
    township: str | None = None
    attendance_bp: int | None = None
    completed_on: date | None = None
    stages: Mapping[Stage, date] = field(default_factory=dict)
    reach_from: date | None = None
    reach_on: date | None = None
    # Sorted by day; days without anything are not there.
    days: Sequence[Day] = ()
    # Days on which she said (questionnaire, call) whether she had broadcast in the thirty days before.
    said_on: tuple[date, ...] = ()
    # Months (1…) of which there are files, and of which there is only what was typed in by hand.
    file_months: frozenset[int] = frozenset()
    typed_months: frozenset[int] = frozenset()
    profits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FunnelStep:
    """`reached_all_before`: of those who reached every earlier stage too; `median_days` since the stage before, of them.

    Those who skipped a stage (a shop older than the course) are in `reached` only.
    """

    stage: Stage
    reached: int
    reached_all_before: int
    median_days: float | None


@dataclass(frozen=True)
class Retention:
    """`due`: graduates whose day has come; `eligible` of them have data that reach it, `active` of these broadcast.

    rate = active / eligible with its 95 % Wilson interval; `low` and `high` are the shares of all due if none, or all, of
    those without data were active. `sustained`: of those due, how many lasted by that very day, whatever came later.
    """

    day: int
    due: int
    eligible: int
    active: int
    no_data: int
    low: float | None
    high: float | None
    wilson_low: float | None
    wilson_high: float | None
    sustained: int = 0

    @property
    def rate(self) -> float | None:
        return self.active / self.eligible if self.eligible and self.active is not None else None

    @property
    def inactive(self) -> int:
        return self.eligible - self.active


@dataclass(frozen=True)
class SurvivalStep:
    """Kaplan–Meier: on `day` after the course, of `at_risk` women without a paid order `events` had their first."""

    day: int
    at_risk: int
    events: int
    survival: float


@dataclass(frozen=True)
class FirstOrder:
    """Time to the first paid order after the course; whoever had one before it is not in it. `median_day`: the first
    day on which half had one, None while fewer have."""

    n: int
    events: int
    already: int
    median_day: int | None
    steps: tuple[SurvivalStep, ...]


@dataclass(frozen=True)
class YearEarlier:
    """The days from `from_on` to `until_on` against the same days a year before, of women whose data cover both."""

    n: int
    from_on: date | None
    until_on: date | None
    now_fen_median: int | None
    then_fen_median: int | None


@dataclass(frozen=True)
class Money:
    """Firm net sales of the first `days` days after the course, of the `n` graduates whose data reach so far."""

    days: int
    n: int
    no_data: int
    sellers: int
    net_fen_total: int
    net_fen_median: int | None
    net_fen_mean_winsorised: int | None
    # Of the total, what the best-selling tenth of the sellers (at least one) sold.
    top_share: float | None
    top_sellers: int
    # All that was paid and refunded in these days, firm or not, of the same women.
    paid_fen: int
    refunded_fen: int
    year_earlier: YearEarlier


@dataclass(frozen=True)
class Month:
    """The thirty days up to day 30·number: of `n` graduates whose data reach its end."""

    number: int
    n: int
    no_data: int
    active: int
    net_fen_total: int
    net_fen_median: int | None
    net_fen_mean_winsorised: int | None
    # Whose net sales of the month are above nothing: with a few of them the sums are theirs.
    sellers: int = 0


@dataclass(frozen=True)
class Week:
    """The seven days up to day 7·number; weeks before the end of the course are 0 and less. `n`: whose data reach it."""

    number: int
    n: int
    broadcasting: int
    broadcasts: int
    selling: int
    paid_fen: int
    refunded_fen: int
    firm_net_fen: int


@dataclass(frozen=True)
class AreaSales:
    """By where the women live: since the course ended."""

    region_code: str
    women: int
    with_data: int
    sellers: int
    net_fen: int


@dataclass(frozen=True)
class ProductSales:
    """By category of product ("" where nobody has sorted it yet): paid − refunded since the course ended."""

    category: str
    women: int
    net_fen: int


@dataclass(frozen=True)
class CoverageMonth:
    """Of the graduates whose month has passed: where its data come from."""

    number: int
    due: int
    files: int
    typed: int
    said: int
    none: int


@dataclass(frozen=True)
class Band:
    """By attendance, from `low_bp` up to but without `high_bp`."""

    low_bp: int
    high_bp: int
    women: int
    with_data: int
    active_90: int
    net_fen_median: int | None


@dataclass(frozen=True)
class WaveFigures:
    """One asking: how many were due, answered, declined; the profit they named for the month before."""

    wave: str
    due: int
    answered: int
    declined: int
    profits: int
    profit_fen_median: int | None


@dataclass(frozen=True)
class Change:
    """Asked profit, `wave` against the baseline, of the same `n` women. `uplift`: of those who earned something before
    (`earned_before`), how many earn at least a fifth more; `from_zero`: of those who earned nothing before, how many do."""

    wave: str
    n: int
    lost: int
    median_fen: int | None
    mean_winsorised_fen: int | None
    earned_before: int
    uplift: int
    earned_nothing: int
    from_zero: int


@dataclass(frozen=True)
class Difference:
    """Difference in differences of asked profit: what the trained gained above what the others gained.

    `clusters`: townships, where everybody's is known and each side has two at least; then the standard error is by township
    and the interval from t with `df` = clusters − 1. `is_indicative`: too few to say more than 只作参考.
    """

    kind: ComparisonKind
    wave: str
    trained: int
    compared: int
    trained_change_fen: float
    compared_change_fen: float
    effect_fen: float
    se_fen: float | None
    low_fen: float | None
    high_fen: float | None
    df: float | None
    clusters: int | None
    is_indicative: bool


@dataclass(frozen=True)
class Costs:
    total_fen: int
    by_kind: Mapping[str, int]
    per_completed_fen: int | None
    per_sustained_fen: int | None
    calls: int
    visits: int
    minutes: int


@dataclass(frozen=True)
class Jobs:
    """Full-time equivalents: paid days by name list / 240."""

    workers: int
    fte: float
    women_fte: float
    seasonal_fte: float


@dataclass(frozen=True)
class CohortFigures:
    """All figures of one cohort as of the end of a day in China."""

    as_of: date
    course_end: date
    n: int
    completed: int
    # On the roll still, though the course is over: nobody has said whether they completed.
    undecided: int
    funnel: tuple[FunnelStep, ...]
    retention: tuple[Retention, ...]
    first_order: FirstOrder
    money: Money
    months: tuple[Month, ...]
    weeks: tuple[Week, ...]
    areas: tuple[AreaSales, ...]
    products: tuple[ProductSales, ...]
    coverage: tuple[CoverageMonth, ...]
    bands: tuple[Band, ...]
    waves: tuple[WaveFigures, ...]
    changes: tuple[Change, ...]
    difference: Difference | None
    costs: Costs
    jobs: Jobs

    @property
    def coverage_share(self) -> float | None:
        """Of the months that have passed, woman by woman: those with files or checked entries."""
        told = [month for month in self.coverage if None not in (month.due, month.files, month.typed)]
        due = sum(month.due for month in told)
        return sum(month.files + month.typed for month in told) / due if due else None

    def step(self, stage: Stage) -> FunnelStep:
        return next(step for step in self.funnel if step.stage is stage)

    def retention_at(self, day: int) -> Retention:
        return next(cell for cell in self.retention if cell.day == day)


def write_figures(figures: CohortFigures) -> dict:
    """As JSON has it."""
    return _plain(asdict(figures))


def read_figures(kept: Mapping) -> CohortFigures:
    """The reverse; values that a release before did not have take their defaults."""
    return _read(CohortFigures, kept)


def _plain(value):
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, (date, datetime)) else value


@cache
def _parts_of(kind) -> list[tuple[str, object]]:
    hints = get_type_hints(kind)
    return [(one.name, hints[one.name]) for one in fields(kind)]


def _read(kind, value):
    if isinstance(kind, UnionType):
        return None if value is None else _read(next(one for one in get_args(kind) if one is not type(None)), value)
    if is_dataclass(kind):
        return kind(**{name: _read(hint, value[name]) for name, hint in _parts_of(kind) if name in value})
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], part) for part in value)
    if kind is date:
        return date.fromisoformat(value)
    return kind(value) if isinstance(kind, type) and issubclass(kind, StrEnum) else value
