"""The figures of a cohort as tables: beside each chart on the page, and as sheets of the workbook. Each number knows the
women behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from trainer.documents.workbook import Kind
from trainer.domain.cost import CostKind
from trainer.domain.follow_up import FollowUpKind
from trainer.domain.outcome_women import Behind, Sold, Way
from trainer.domain.outcomes import Activity, CohortFigures, DataSource, Stage
from trainer.domain.product import ProductCategory
from trainer.domain.survey import SheetState, Wave
from trainer.wording import label
from trainer.wording.outcomes import MONEY, SHEET, band_words, category_words


@dataclass(frozen=True)
class Cell:
    """`value` None: not known, or not to be told."""

    value: object
    behind: Behind | None = None


@dataclass(frozen=True)
class Table:
    """`columns`: (heading, kind). `key`: which of the sheets' titles and definitions is its own."""

    key: str
    columns: tuple[tuple[str, Kind], ...]
    rows: Sequence[Sequence[Cell]]

    @property
    def title(self) -> str:
        return str(SHEET[self.key])


def _table(key: str, columns: Mapping[str, Kind], rows) -> Table:
    heads = tuple((str(SHEET[name]), kind) for name, kind in columns.items())
    return Table(key, heads, [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows])


def _number(value: int | None, behind: Behind | None = None) -> Cell:
    """Nobody stands behind nothing."""
    return Cell(value, behind if value else None)


def _share(part: int | float | None, whole: int | None) -> float | None:
    return part / whole if part is not None and whole else None


def funnel_table(figures: CohortFigures) -> Table:
    columns = {"stage": "text", "reached": "number", "through": "number", "skipped": "number", "median_days": "number"}
    rows = [
        (
            label(step.stage),
            _number(step.reached, Behind(stage=step.stage)),
            _number(step.reached_all_before, Behind(stage=step.stage, way=Way.THROUGH)),
            _number(skipped_of(step), Behind(stage=step.stage, way=Way.SKIPPED)),
            step.median_days,
        )
        for step in figures.funnel
    ]
    return _table("funnel", columns, rows)


def skipped_of(step) -> int | None:
    """Who reached a stage past an earlier one."""
    return None if None in (step.reached, step.reached_all_before) else step.reached - step.reached_all_before


def retention_table(figures: CohortFigures) -> Table:
    columns = dict.fromkeys(("day", "due", "eligible", "active", "no_data"), "number")
    columns |= dict.fromkeys(("rate", "wilson_low", "wilson_high", "low", "high"), "percent")
    rows = [
        (
            cell.day,
            _number(cell.due, Behind(day=cell.day)),
            _number(cell.eligible, Behind(known=cell.day)),
            _number(cell.active, Behind(day=cell.day, state=Activity.ACTIVE)),
            _number(cell.no_data, Behind(day=cell.day, state=Activity.NO_DATA)),
            *(cell.rate, cell.wilson_low, cell.wilson_high, cell.low, cell.high),
        )
        for cell in figures.retention
    ]
    return _table("retention", columns, rows)


def weeks_table(figures: CohortFigures) -> Table:
    columns = {"week": "number", "until": "date", "eligible": "number", "broadcasting": "number"}
    columns |= {"share_broadcasting": "percent", "broadcasts": "number", "selling": "number"}
    columns |= {"paid": "money", "refunded": "money", "net": "money", "net_each": "money"}
    rows = []
    for week in figures.weeks:
        until = figures.course_end + timedelta(weeks=week.number)
        rows.append(
            (
                *(week.number, until, _number(week.n, Behind(reach=until) if week.number > 0 else None)),
                *(week.broadcasting, _share(week.broadcasting, week.n), week.broadcasts, week.selling),
                *(week.paid_fen, week.refunded_fen, week.firm_net_fen, _share(week.firm_net_fen, week.n)),
            )
        )
    return _table("weeks", columns, rows)


def first_order_table(figures: CohortFigures) -> Table:
    columns = {"day": "number", "at_risk": "number", "events": "number", "ordered_share": "percent"}
    rows = [(step.day, step.at_risk, step.events, 1 - step.survival) for step in figures.first_order.steps]
    return _table("first_order", columns, rows)


def months_table(figures: CohortFigures) -> Table:
    columns = {"month": "number", "eligible": "number", "no_data": "number", "active": "number"}
    columns |= {"median": "money", "mean": "money", "total": "money"}
    rows = [
        (
            *(month.number, _number(month.n, _reaching(figures, month.number)), month.no_data, month.active),
            *(month.net_fen_median, month.net_fen_mean_winsorised, month.net_fen_total),
        )
        for month in figures.months
    ]
    return _table("months", columns, rows)


def _reaching(figures: CohortFigures, month: int) -> Behind:
    return Behind(reach=figures.course_end + month * timedelta(days=30))


def money_table(figures: CohortFigures) -> Table:
    """One figure a line, as the page has them side by side."""
    money, then = figures.money, figures.money.year_earlier
    rows = [
        (MONEY["n"], _number(money.n, Behind(sold=Sold.KNOWN)), None),
        (MONEY["sellers"], _number(money.sellers, Behind(sold=Sold.SOLD)), None),
        (MONEY["median"], None, money.net_fen_median),
        (MONEY["mean"], None, money.net_fen_mean_winsorised),
        (MONEY["total"], None, money.net_fen_total),
        (MONEY["paid"], None, money.paid_fen),
        (MONEY["refunded"], None, money.refunded_fen),
        (MONEY["now"], then.n, then.now_fen_median),
        (MONEY["then"], then.n, then.then_fen_median),
    ]
    columns = {"figure": "text", "women": "number", "amount": "money"}
    return _table("money", columns, [(str(words), *values) for words, *values in rows])


def areas_table(figures: CohortFigures, names: Mapping[str, str]) -> Table:
    columns = {"county": "text", "graduates": "number", "eligible": "number", "sellers": "number", "net": "money"}
    rows = [
        (
            *(names.get(area.region_code, area.region_code), _number(area.women, Behind(county=area.region_code))),
            *(area.with_data, area.sellers, area.net_fen),
        )
        for area in sorted(figures.areas, key=lambda area: (-(area.net_fen or 0), area.region_code))
    ]
    return _table("areas", columns, rows)


def products_table(figures: CohortFigures) -> Table:
    columns = {"category": "text", "sellers": "number", "amount": "money"}
    rows = [
        (category_words(ProductCategory(one.category) if one.category else None), one.women, one.net_fen)
        for one in sorted(figures.products, key=lambda one: (-(one.net_fen or 0), one.category))
    ]
    return _table("products", columns, rows)


def coverage_table(figures: CohortFigures) -> Table:
    columns = {"month": "number", "due": "number"} | {source.value: "number" for source in DataSource}
    rows = [
        (
            *(month.number, _number(month.due, Behind(month=month.number))),
            *(_number(getattr(month, one.value), Behind(month=month.number, source=one)) for one in DataSource),
        )
        for month in figures.coverage
    ]
    return _table("coverage", columns, rows)


def bands_table(figures: CohortFigures) -> Table:
    columns = {"attendance": "text", "women_in_band": "number", "eligible_90": "number", "active_90": "number"}
    columns |= {"median": "money"}
    rows = [
        (
            *(band_words(band.low_bp, band.high_bp), _number(band.women, Behind(band=band.low_bp))),
            *(band.with_data, band.active_90, band.net_fen_median),
        )
        for band in figures.bands
    ]
    return _table("bands", columns, rows)


def waves_table(figures: CohortFigures) -> Table:
    columns = {"wave": "text", "asked": "number", "answered": "number", "declined": "number"}
    columns |= {"profits": "number", "profit_median": "money"}
    rows = []
    for one in figures.waves:
        wave = Wave(one.wave)
        answered = _number(one.answered, Behind(wave=wave, sheet=SheetState.ANSWERED))
        declined = _number(one.declined, Behind(wave=wave, sheet=SheetState.DECLINED))
        rows.append(
            (label(wave), _number(one.due, Behind(wave=wave)), answered, declined, one.profits, one.profit_fen_median)
        )
    return _table("surveys", columns, rows)


def changes_table(figures: CohortFigures) -> Table:
    columns = {"wave": "text", "both_times": "number", "lost": "number", "median_change": "money"}
    columns |= {"mean_change": "money", "uplift": "number", "earned_before": "number"}
    columns |= {"from_zero": "number", "earned_nothing": "number"}
    rows = [
        (
            *(label(Wave(change.wave)), change.n, change.lost, change.median_fen, change.mean_winsorised_fen),
            *(change.uplift, change.earned_before, change.from_zero, change.earned_nothing),
        )
        for change in figures.changes
        if (change.n, change.lost) != (0, 0)
    ]
    return _table("changes", columns, rows)


def costs_table(figures: CohortFigures) -> Table:
    costs = figures.costs
    rows = [(label(CostKind(kind)), None, amount) for kind, amount in costs.by_kind.items()]
    rows += [
        (str(MONEY["cost"]), None, costs.total_fen),
        (str(MONEY["per_completed"]), figures.completed, costs.per_completed_fen),
        (str(MONEY["per_sustained"]), figures.step(Stage.SUSTAINED).reached, costs.per_sustained_fen),
        (label(FollowUpKind.CALL), costs.calls, None),
        (label(FollowUpKind.VISIT), costs.visits, None),
        (str(MONEY["minutes"]), costs.minutes, None),
    ]
    return _table("costs", {"figure": "text", "value": "number", "amount": "money"}, rows)


def jobs_table(figures: CohortFigures) -> Table:
    jobs = figures.jobs
    values = {"workers": jobs.workers, "fte": jobs.fte, "women_fte": jobs.women_fte, "seasonal_fte": jobs.seasonal_fte}
    rows = [
        (str(MONEY[name]), round(value, 2) if isinstance(value, float) else value) for name, value in values.items()
    ]
    return _table("jobs", {"figure": "text", "value": "number"}, rows)
