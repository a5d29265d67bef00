"""What of a cohort's figures whoever may not see its women is told: nothing of fewer than five of them, nor of the rest."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TypeVar

from trainer.domain.outcomes import (
    FEWEST,
    AreaSales,
    Band,
    Change,
    CohortFigures,
    Costs,
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
    SurvivalStep,
    WaveFigures,
    Week,
)
from trainer.domain.tally import hidden_cells, hides

Row = TypeVar("Row", AreaSales, Band, ProductSales)


def suppress(figures: CohortFigures) -> CohortFigures:
    """The same figures with None in place of every number that tells of fewer than five women, of fewer than five others,
    or that would give such a number away by subtraction; days of single women are left out.

    A number may be 0: that nobody did something is told. A number may be the whole: that everybody did is told.
    """
    completed = _shown(figures.completed, figures.n)
    steps = _funnel(figures)
    return replace(
        figures,
        n=_enough(figures.n),
        completed=completed,
        undecided=_shown(figures.undecided, figures.n),
        funnel=steps,
        retention=_retention(figures),
        first_order=_first_order(figures.first_order, figures.completed),
        money=_money(figures.money, figures.completed),
        months=tuple(_month(month, figures.completed) for month in figures.months),
        weeks=tuple(_week(week, figures.completed) for week in figures.weeks),
        areas=tuple(_area(area) for area in _with_neighbours(figures.areas)),
        products=tuple(_product(product) for product in _with_neighbours(figures.products)),
        coverage=tuple(_coverage(month, figures.completed) for month in figures.coverage),
        bands=tuple(_band(band) for band in _with_neighbours(figures.bands)),
        waves=tuple(_wave(wave) for wave in figures.waves),
        changes=tuple(_change(change) for change in figures.changes),
        difference=_difference(figures.difference),
        costs=_costs(figures.costs, completed, steps),
        jobs=_jobs(figures.jobs),
    )


def _enough(number: int) -> int | None:
    return None if 0 < number < FEWEST else number


def _shown(part: int | None, whole: int | None) -> int | None:
    """`part` of `whole`, where neither it nor the rest is of a few; where the whole is not told, neither is the part."""
    if part is None or whole is None or _enough(whole) is None or hides(part, whole, FEWEST):
        return None
    return part


def _apart(numbers: Sequence[int]) -> list[int | None]:
    """Numbers of the same women, as many of them from the first on as never differ by fewer than five: the difference of
    two is a number of women too."""
    told: list[int] = []
    shown: list[int | None] = []
    for number in numbers:
        fits = _enough(number) is not None and all(_enough(abs(number - other)) is not None for other in told)
        shown.append(number if fits else None)
        told += [number] if fits else []
    return shown


def _blank(row, *kept: str):
    """`row` with nothing told but the fields named."""
    return replace(row, **{one.name: None for one in fields(row) if one.name not in kept})


def _funnel(figures: CohortFigures) -> tuple[FunnelStep, ...]:
    # First those through all stages, which the sentences and shares are made of, then those who skipped one.
    through = [step.reached_all_before for step in figures.funnel]
    shown = _apart([figures.n, *through, *(step.reached for step in figures.funnel)])
    told = zip(figures.funnel, shown[1 : len(through) + 1], shown[len(through) + 1 :], strict=True)
    return tuple(
        replace(
            step,
            reached=reached,
            reached_all_before=all_before,
            median_days=step.median_days if all_before else None,
            first_on=None,
            last_on=None,
        )
        for step, all_before, reached in told
    )


def _retention(figures: CohortFigures) -> tuple[Retention, ...]:
    """Whoever lasted by one of the days did by the next, and by now: these numbers are of the same women."""
    lasting = [figures.step(Stage.SUSTAINED).reached, *(cell.sustained for cell in figures.retention)]
    cells = zip(figures.retention, _apart(lasting)[1:], strict=True)
    return tuple(_cell(cell, sustained, figures.completed) for cell, sustained in cells)


def _cell(cell: Retention, sustained: int | None, completed: int) -> Retention:
    due = _shown(cell.due, completed)
    eligible = _shown(cell.eligible, due)
    active = _shown(cell.active, eligible)
    sustained = None if due is None else sustained
    no_data = None if eligible is None else _shown(cell.no_data, due)
    told = replace(cell, due=due, eligible=eligible, active=active, no_data=no_data, sustained=sustained)
    return told if active is not None else replace(told, low=None, high=None, wilson_low=None, wilson_high=None)


def _first_order(found: FirstOrder, completed: int) -> FirstOrder:
    n, already = _shown(found.n, completed), _shown(found.already, completed)
    events = _shown(found.events, n)
    if events is None or n is None:
        return FirstOrder(n, events, already, None, ())
    return FirstOrder(n, events, already, found.median_day, tuple(_by_fives(found.steps)))


def _by_fives(steps: Sequence[SurvivalStep]):
    """A step is a woman's day: so many together that each tells of five, the rest at the end left out."""
    waiting: list[SurvivalStep] = []
    for step in steps:
        waiting.append(step)
        events = sum(one.events for one in waiting)
        if events >= FEWEST:
            if min(step.at_risk, waiting[0].at_risk) >= FEWEST:
                yield SurvivalStep(step.day, waiting[0].at_risk, events, step.survival)
            waiting = []


def _money(money: Money, completed: int) -> Money:
    due = _shown(money.n + money.no_data, completed)
    n, no_data = _shown(money.n, due), _shown(money.no_data, due)
    then = money.year_earlier
    if _enough(then.n) is None:
        then = replace(then, n=None, from_on=None, until_on=None, now_fen_median=None, then_fen_median=None)
    sellers = _shown(money.sellers, n)
    if not n:
        return replace(_blank(money, "days"), n=n, no_data=no_data, year_earlier=then)
    if sellers is None:
        # With a few sellers the sums are theirs; with a few who do not sell, they are not.
        median = money.net_fen_median if money.sellers >= FEWEST else None
        blank = _blank(money, "days")
        return replace(blank, n=n, no_data=no_data, net_fen_median=median, year_earlier=then)
    few_sell_most = _enough(money.top_sellers) is None
    top = {"top_share": None, "top_sellers": None} if few_sell_most else {}
    return replace(money, no_data=no_data, sellers=sellers, year_earlier=then, **top)


def _month(month: Month, completed: int) -> Month:
    due = _shown(month.n + month.no_data, completed)
    n, no_data = _shown(month.n, due), _shown(month.no_data, due)
    if not n or _shown(month.active, n) is None:
        return replace(_blank(month, "number"), n=n, no_data=no_data)
    return replace(month, no_data=no_data)


def _week(week: Week, completed: int) -> Week:
    n = _shown(week.n, completed)
    if not n:
        return replace(_blank(week, "number"), n=n)
    broadcasting, selling = _shown(week.broadcasting, n), _shown(week.selling, n)
    hidden = {"broadcasting": None, "broadcasts": None} if broadcasting is None else {}
    hidden |= dict.fromkeys(("selling", "paid_fen", "refunded_fen", "firm_net_fen")) if selling is None else {}
    return replace(week, **hidden)


def _with_neighbours(rows: Sequence[Row]) -> list[Row]:
    """`women` None where a row is of a few, and where one row alone would be found as the rest, in the next smallest."""
    hidden = hidden_cells([{"women": row.women} for row in rows], FEWEST)
    return [replace(row, women=None) if (at, "women") in hidden else row for at, row in enumerate(rows)]


def _area(area: AreaSales) -> AreaSales:
    with_data = _shown(area.with_data, area.women)
    sellers = _shown(area.sellers, with_data)
    return replace(area, with_data=with_data, sellers=sellers, net_fen=None if sellers is None else area.net_fen)


def _product(product: ProductSales) -> ProductSales:
    return product if product.women is not None else replace(product, net_fen=None)


def _band(band: Band) -> Band:
    with_data = _shown(band.with_data, band.women)
    median = band.net_fen_median if with_data else None
    return replace(band, with_data=with_data, active_90=_shown(band.active_90, with_data), net_fen_median=median)


def _coverage(month: CoverageMonth, completed: int) -> CoverageMonth:
    if _shown(month.due, completed) is None:
        return _blank(month, "number")
    names = ("files", "typed", "said", "none")
    hidden = hidden_cells([{name: getattr(month, name) for name in names}], FEWEST)
    return replace(month, **{name: None for _at, name in hidden})


def _wave(wave: WaveFigures) -> WaveFigures:
    due = _enough(wave.due)
    answered = _shown(wave.answered, due)
    declined, profits = _shown(wave.declined, due), _shown(wave.profits, answered)
    median = wave.profit_fen_median if profits else None
    return replace(wave, due=due, answered=answered, declined=declined, profits=profits, profit_fen_median=median)


def _change(change: Change) -> Change:
    n = _shown(change.n, change.n + change.lost)
    earned_before = _shown(change.earned_before, n)
    if not n:
        return replace(_blank(change, "wave"), n=n)
    if earned_before is None or _shown(change.earned_nothing, n) is None:
        return replace(change, earned_before=None, uplift=None, earned_nothing=None, from_zero=None)
    uplift, from_zero = _shown(change.uplift, earned_before), _shown(change.from_zero, change.earned_nothing)
    return replace(change, uplift=uplift, from_zero=from_zero)


def _difference(found: Difference | None) -> Difference | None:
    return found if found and min(found.trained, found.compared) >= FEWEST else None


def _costs(costs: Costs, completed: int | None, steps: Sequence[FunnelStep]) -> Costs:
    """A cost for each gives away how many they are."""
    sustained = next(step.reached for step in steps if step.stage is Stage.SUSTAINED)
    return replace(
        costs,
        per_completed_fen=None if completed is None else costs.per_completed_fen,
        per_sustained_fen=None if sustained is None else costs.per_sustained_fen,
    )


def _jobs(jobs: Jobs) -> Jobs:
    return jobs if _enough(jobs.workers) is not None else Jobs(None, None, None, None)
