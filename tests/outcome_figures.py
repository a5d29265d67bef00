"""Sample figures of a cohort of a hundred, for pages that show them: plausible, every part filled, the parts agreeing."""

from dataclasses import replace
from datetime import date, datetime

from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.outcome_effort import costs
from trainer.domain.outcome_retention import wilson
from trainer.domain.outcome_survival import kaplan_meier
from trainer.domain.outcomes import (
    AreaSales,
    Band,
    Change,
    CohortFigures,
    ComparisonKind,
    CoverageMonth,
    Difference,
    FirstOrder,
    FunnelStep,
    Jobs,
    Money,
    Month,
    ProductSales,
    Retention,
    Stage,
    WaveFigures,
    Week,
    YearEarlier,
    write_figures,
)
from trainer.models.outcomes import CohortOutcomes

COURSE_END, AS_OF = date(2026, 3, 31), date(2026, 11, 22)
# Stage, reached, of these through every stage before, median days since the stage before, first and last day.
FUNNEL = (
    ("enrolled", 100, 100, None),
    ("attended", 91, 91, 20),
    ("completed", 86, 86, 0),
    ("shop_opened", 80, 70, 12),
    ("first_broadcast", 74, 64, 9),
    ("first_paid_order", 61, 55, 14),
    ("first_settled", 55, 50, 17),
    ("active_30", 55, 44, 6),
    ("sustained", 31, 29, 60),
)
# Day after the course, graduates whose day has come, with data, active, lasting by then.
RETENTION = ((30, 86, 74, 55, 0), (60, 86, 70, 41, 0), (90, 86, 66, 36, 17), (180, 86, 52, 25, 26), (365, 0, 0, 0, 0))
MONTHS = ((74, 55, 31_800), (70, 41, 36_400), (66, 36, 41_200), (62, 33, 39_900), (57, 29, 44_500), (52, 25, 47_300))
AREAS = (
    ("140213", 3, 3, 2, 412_300),
    ("140214", 12, 9, 6, 1_204_500),
    ("140215", 31, 27, 21, 5_880_000),
    ("140221", 24, 18, 13, 3_215_000),
    ("140222", 16, 13, 9, 2_640_800),
)
PRODUCTS = (
    ("grain_and_oil", 29, 6_120_000),
    ("vegetables", 18, 3_450_300),
    ("fruit", 11, 2_210_000),
    ("handicraft", 6, 980_000),
    ("", 9, 592_300),
)


def sample_figures(**changes) -> CohortFigures:
    """As of 22 November 2026, 236 days after the course; `changes` replace whole parts."""
    figures = CohortFigures(
        as_of=AS_OF,
        course_end=COURSE_END,
        n=100,
        completed=86,
        undecided=0,
        funnel=tuple(FunnelStep(Stage(stage), reached, through, days) for stage, reached, through, days in FUNNEL),
        retention=tuple(retention_cell(*cell) for cell in RETENTION),
        first_order=_first_order(),
        money=Money(
            *(90, 66, 20, 47, 6_204_800, 58_200, 91_350, 0.38, 5, 7_935_000, 1_421_400),
            YearEarlier(34, date(2026, 8, 20), date(2026, 11, 17), 71_500, 44_000),
        ),
        months=tuple(
            Month(number, n, 86 - n, active, n * median * 3 // 2, median, median * 5 // 4)
            for number, (n, active, median) in enumerate(MONTHS, start=1)
        ),
        weeks=tuple(_week(number) for number in range(-4, 34)),
        areas=tuple(AreaSales(*area) for area in AREAS),
        products=tuple(ProductSales(*product) for product in PRODUCTS),
        coverage=tuple(
            CoverageMonth(number, 86, 60 - 3 * number, 14 - number, 6, 6 + 4 * number) for number in range(1, 8)
        ),
        bands=(Band(0, 5000, 6, 0, 0, None), Band(5000, 8000, 11, 6, 2, 9_900), Band(8000, 10001, 83, 60, 34, 64_100)),
        waves=(
            WaveFigures("baseline", 100, 94, 2, 92, 42_000),
            WaveFigures("day_30", 86, 66, 1, 63, 55_000),
            WaveFigures("day_60", 86, 61, 1, 58, 60_000),
            WaveFigures("day_90", 86, 71, 3, 68, 78_000),
            WaveFigures("day_180", 86, 55, 3, 52, 81_000),
        ),
        changes=(Change("day_90", 63, 29, 30_000, 33_150, 41, 22, 22, 13),),
        difference=Difference(
            *(ComparisonKind.WAITLIST, "day_90", 63, 38, 33_900.0, 10_400.0, 23_500.0, 7_900.0, 7_300.0, 39_700.0),
            *(26.0, 27, False),
        ),
        costs=costs(
            {"instructors": 4_800_000, "venue": 1_500_000, "travel": 2_130_000},
            completed=86,
            sustained=31,
            calls=212,
            visits=47,
            minutes=5_960,
        ),
        jobs=Jobs(14, 6.4, 5.1, 1.9),
    )
    return replace(figures, **changes)


def retention_cell(day: int, due: int, eligible: int, active: int, sustained: int = 0) -> Retention:
    no_data = due - eligible
    low, high = (active / due, (active + no_data) / due) if due else (None, None)
    return Retention(day, due, eligible, active, no_data, low, high, *wilson(active, eligible), sustained)


def _first_order() -> FirstOrder:
    ordered = [(day, True) for day in range(4, 126, 3)]
    steps = kaplan_meier([*ordered, *((236, False),) * 19, *((70, False),) * 5])
    median = next((step.day for step in steps if step.survival <= 0.5), None)
    return FirstOrder(len(ordered) + 24, len(ordered), 12, median, steps)


def _week(number: int) -> Week:
    n = 78 - max(number, 0)
    broadcasting = 14 if number <= 0 else max(20, 46 - number)
    paid = (20_000 if number <= 0 else 260_000 + 9_000 * number) + number % 5 * 17_000
    return Week(number, n, broadcasting, broadcasting * 3, broadcasting * 2 // 3, paid, paid // 6, paid * 4 // 5)


def keep(cohort_id: int, figures: CohortFigures | None, *, at: datetime = AT, **values) -> None:
    """As reckoned at `at`; `values` are other columns (`changed_at`, `differed_at`)."""
    kept = {"figures": figures and write_figures(figures), "as_of": figures and figures.as_of, "reckoned_at": at}
    with transaction():
        row = db.session.get(CohortOutcomes, cohort_id) or CohortOutcomes(cohort_id=cohort_id)
        for name, value in (kept | values).items():
            setattr(row, name, value)
        db.session.add(row)
