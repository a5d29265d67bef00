"""What of a cohort's figures whoever may not see its women is told: nothing of fewer than five of them, nor of the rest."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TypeVar

from trainer.domain.outcomes import (
    FEWEST,
    MONTH,
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
    Nearly everything is of the graduates, so where a few did not complete it is not told how many took part.
    """
    completed, n = apart([figures.completed, figures.n])
    steps = _funnel(figures)
    known = {cell.day: cell.eligible for cell in figures.retention}
    return replace(
        figures,
        n=n,
        completed=completed,
        undecided=None if n is None or completed is None else _shown(figures.undecided, n - completed),
        funnel=steps,
        retention=_retention(figures),
        first_order=_first_order(figures.first_order, figures.completed),
        money=_beside(_money(figures.money, figures.completed), known.get(figures.money.days)),
        months=tuple(_beside(month, known.get(month.number * MONTH.days)) for month in _months(figures)),
        weeks=tuple(_weeks(figures)),
        areas=tuple(_areas(figures.areas)),
        products=tuple(_products(figures.products, figures.completed)),
        coverage=tuple(_coverage(month, figures.completed) for month in figures.coverage),
        bands=tuple(_bands(figures.bands, tells_roll=n is not None)),
        waves=tuple(_wave(wave, [one for one in (completed, n) if one is not None]) for wave in figures.waves),
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


def apart(numbers: Sequence[int]) -> list[int | None]:
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
    _completed, _n, *shown = apart([figures.completed, figures.n, *through, *(step.reached for step in figures.funnel)])
    told = zip(figures.funnel, shown[: len(through)], shown[len(through) :], strict=True)
    return tuple(
        replace(
            step,
            reached=reached,
            reached_all_before=all_before,
            median_days=step.median_days if all_before else None,
        )
        for step, all_before, reached in told
    )


def _retention(figures: CohortFigures) -> tuple[Retention, ...]:
    """Whoever lasted by one of the days did by the next, and by now: these numbers are of the same women."""
    lasting = [figures.step(Stage.SUSTAINED).reached, *(cell.sustained for cell in figures.retention)]
    cells = zip(figures.retention, apart(lasting)[1:], strict=True)
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
    if _shown(then.n, money.n) is None:
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


def _beside(row: Money | Month, known: int | None):
    """Of a few of those known at a day there is only their word, that they do not broadcast: they are who is missing in
    the money. A mean of so many tells how many they are."""
    if row.n is None or known is None or _enough(abs(known - row.n)) is not None:
        return row
    return replace(row, n=None, no_data=None, net_fen_mean_winsorised=None)


def _months(figures: CohortFigures):
    """The first ninety days are told as a sum too: of these months one alone is never left out."""
    in_money = [month for month in figures.months if month.number * MONTH.days <= figures.money.days]
    hidden = _few_sell(in_money, "sellers") | _few_sell(figures.months, "sellers")
    if 0 < figures.money.sellers < FEWEST:
        hidden |= {at for at, month in enumerate(figures.months) if month in in_money}
    for at, month in enumerate(figures.months):
        yield _month(month, figures.completed, has_sums=at not in hidden)


def _few_sell(rows: Sequence[Month | Week], name: str) -> set[int]:
    """Which rows have money of a few, and which go with them so that none is found as the rest of a sum."""
    return {at for at, _name in hidden_cells([{name: getattr(row, name)} for row in rows], FEWEST)}


def _month(month: Month, completed: int, *, has_sums: bool) -> Month:
    due = _shown(month.n + month.no_data, completed)
    n, no_data = _shown(month.n, due), _shown(month.no_data, due)
    if not n or _shown(month.active, n) is None:
        return replace(_blank(month, "number"), n=n, no_data=no_data)
    told = replace(month, no_data=no_data, sellers=_shown(month.sellers, n))
    return told if has_sums else replace(told, sellers=None, net_fen_total=None, net_fen_mean_winsorised=None)


def _weeks(figures: CohortFigures):
    """What was sold since the course is told as a sum too, so one week of it alone is never left out."""
    before = [week for week in figures.weeks if week.number <= 0]
    since = [week for week in figures.weeks if week.number > 0]
    for weeks in (before, since):
        hidden = _few_sell(weeks, "selling")
        for at, week in enumerate(weeks):
            yield _week(week, figures.completed, has_sums=at not in hidden)


def _week(week: Week, completed: int, *, has_sums: bool) -> Week:
    n = _shown(week.n, completed)
    if not n:
        return replace(_blank(week, "number"), n=n)
    broadcasting, selling = _shown(week.broadcasting, n), _shown(week.selling, n)
    hidden = {"broadcasting": None, "broadcasts": None} if broadcasting is None else {}
    if selling is None or not has_sums:
        hidden |= dict.fromkeys(("selling", "paid_fen", "refunded_fen", "firm_net_fen"))
    return replace(week, **hidden)


def _with_neighbours(rows: Sequence[Row]) -> list[Row]:
    """`women` None where a row is of a few, and where one row alone would be found as the rest, in the next smallest."""
    hidden = hidden_cells([{"women": row.women} for row in rows], FEWEST)
    return [replace(row, women=None) if (at, "women") in hidden else row for at, row in enumerate(rows)]


def _areas(areas: Sequence[AreaSales]):
    parts = [
        {"sellers": area.sellers, "others": area.with_data - area.sellers, "rest": area.women - area.with_data}
        for area in areas
    ]
    hidden = hidden_cells(parts, FEWEST)
    for at, area in enumerate(_with_neighbours(areas)):
        with_data = None if (at, "rest") in hidden else _shown(area.with_data, area.women)
        gone = with_data is None or (at, "sellers") in hidden or (at, "others") in hidden
        told = {"sellers": None, "net_fen": None} if gone else {}
        yield replace(area, with_data=with_data, **told)


def _products(products: Sequence[ProductSales], completed: int):
    """Whoever sells one kind may sell another: what they leave of all graduates is a number of women too."""
    for product, alone in zip(_with_neighbours(products), products, strict=True):
        if product.women is None or _shown(alone.women, completed) is None:
            yield replace(product, women=None, net_fen=product.net_fen if product.women else None)
        else:
            yield product


def _bands(bands: Sequence[Band], *, tells_roll: bool):
    """`tells_roll`: else the bands, of everybody on the roll, are told without how many they are."""
    parts = [
        {
            "active": band.active_90,
            "inactive": band.with_data - band.active_90,
            "rest": band.women - band.with_data,
        }
        for band in bands
    ]
    hidden = hidden_cells(parts, FEWEST)
    for at, (band, told) in enumerate(zip(bands, _with_neighbours(bands), strict=True)):
        with_data = None if (at, "rest") in hidden else _shown(band.with_data, told.women)
        gone = with_data is None or (at, "active") in hidden or (at, "inactive") in hidden
        yield replace(
            band,
            women=told.women if tells_roll else None,
            with_data=with_data,
            active_90=None if gone else band.active_90,
            net_fen_median=band.net_fen_median if told.women and band.with_data >= FEWEST else None,
        )


def _coverage(month: CoverageMonth, completed: int) -> CoverageMonth:
    if _shown(month.due, completed) is None:
        return _blank(month, "number")
    # Of how many nothing is known stands beside the days as well, so the other three keep their secret without it.
    names = ("files", "typed", "said", "none")
    parts = [{name: getattr(month, name) for name in names[:most]} for most in (len(names), len(names) - 1)]
    hidden = {name for part in parts for _at, name in hidden_cells([part], FEWEST)}
    return replace(month, **dict.fromkeys(hidden))


def _wave(wave: WaveFigures, told: Sequence[int]) -> WaveFigures:
    """`told`: how many graduates there are, and how many took part."""
    *_told, due = apart([*told, wave.due])
    parts = {"answered": wave.answered, "declined": wave.declined, "silent": wave.due - wave.answered - wave.declined}
    hidden = {name for _at, name in hidden_cells([parts], FEWEST)}
    answered = None if "answered" in hidden else _shown(wave.answered, due)
    declined = None if "declined" in hidden else _shown(wave.declined, due)
    profits = _shown(wave.profits, answered)
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
