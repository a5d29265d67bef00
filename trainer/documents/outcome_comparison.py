"""Cohorts at one age: the chart of the page, and the workbook with each number in a cell of its own."""

from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup

from trainer.documents.chart import Axis, Bar, bars
from trainer.documents.interval_chart import Interval, intervals
from trainer.documents.workbook import Chart, Column, Sheet, write_workbook
from trainer.domain.outcome_comparison import HIDDEN, Comparison, Line, shown
from trainer.domain.outcomes import RETENTION_DAYS
from trainer.wording import label
from trainer.wording.outcome_comparison import DEFINITIONS, HEADS, SHEET

# More than this are a wall of bars: then the page's chart has the cities, and the workbook has none.
MOST_BARS = 24


def comparison_title(day: int) -> str:
    return str(SHEET["title"]) % {"day": day}


def line_name(line: Line, cities: Mapping[str, str]) -> str:
    """Of a cohort its own name; 大同市（3期） of a city, 合计（5期） of all."""
    if line.cohort_id is not None:
        return line.name
    words = SHEET["city_sum"] if line.region_code else SHEET["together"]
    return str(words) % {"city": cities.get(line.region_code, line.region_code), "count": line.cohorts}


def retention_chart(comparison: Comparison, cities: Mapping[str, str], about: str) -> Markup | None:
    """Of the cohorts, or of the cities where they are too many; None where nothing may be shown."""
    lines = comparison.lines
    if len(lines) > MOST_BARS:
        lines = [head for head, _lines in comparison.cities]
    lines = [*lines, comparison.together] if len(lines) > 1 else lines
    rows = [_interval(line, comparison.day, cities) for line in lines]
    title = str(HEADS["day_of"]) % {"day": comparison.day}
    return intervals(title, about, rows) if any(row.rate is not None for row in rows) else None


def _interval(line: Line, day: int, cities: Mapping[str, str]) -> Interval:
    cell = shown(line.at[day])
    if cell is None:
        return Interval(line_name(line, cities), None, label(HIDDEN), is_sum=line.cohort_id is None)
    low, high = cell.range
    said = f"{cell.rate:.0%} ({cell.active}/{cell.eligible})" if cell.eligible else "—"
    bounds = cell.interval if cell.eligible else None
    sums = {"is_sum": line.cohort_id is None, "is_few": cell.is_few}
    return Interval(line_name(line, cities), cell.rate, said, bounds, low, high, **sums)


def age_chart(comparison: Comparison) -> Markup | None:
    """The share still active at each age, of all together; None where nothing may be shown."""
    cells = {day: cell for day in RETENTION_DAYS if (cell := shown(comparison.together.at[day])) and cell.eligible}
    drawn = tuple(
        Bar(str(HEADS["day"]) % {"day": day}, cell.rate, f"{cell.rate:.0%} ({cell.eligible})")
        for day, cell in cells.items()
    )
    up = Axis(str(HEADS["rate"]), "percent", 0, 1)
    return bars(str(SHEET["retention"]), str(DEFINITIONS[3][1]), drawn, up) if drawn else None


def comparison_workbook(
    title_rows: tuple[str, ...], comparison: Comparison, cities: Mapping[str, str], *, with_costs: bool
) -> bytes:
    """A sheet of all figures at the day, one of all ages, one of those not compared, one of what the figures mean."""
    lines = [line for head, own in comparison.cities for line in (head, *own)]
    lines += [comparison.together] if comparison.together else []
    sheets = [
        _comparison_sheet(title_rows, comparison.day, lines, cities, with_costs),
        _retention_sheet(title_rows, lines, cities),
        _waiting_sheet(title_rows, comparison),
        _definitions_sheet(),
    ]
    return write_workbook(sheets)


def _comparison_sheet(
    title_rows: tuple[str, ...], day: int, lines: Sequence[Line], cities: Mapping[str, str], with_costs: bool
) -> Sheet:
    columns = [Column(_head("city"), width=14), Column(_head("cohort"), width=30), Column(_head("ends_on"), "date")]
    columns += [Column(_head(name), "number", 10) for name in ("due", "eligible", "active")]
    columns += [Column(_head("rate"), "percent", 12)]
    columns += [Column(f"{_head('interval')} {sign}", "percent", 10) for sign in ("↓", "↑")]
    columns += [Column(_head(name), "percent", 14) for name in ("low", "high")]
    columns += [Column(_head("sustained"), "number", 10), Column(_head("sales_n"), "number", 12)]
    columns += [Column(_yuan(name), "money", 14) for name in ("median", "total")]
    columns += [Column(_head("first_order"), "number", 12), Column(_head("coverage"), "percent", 14)]
    columns += [Column(_yuan("cost"), "money", 14)] if with_costs else []
    columns += [Column(_head("attendance"), "percent", 12), Column(_head("as_of"), "date")]
    rows = [_row(line, day, cities, with_costs) for line in lines]
    return Sheet(str(SHEET["comparison"]), columns, rows, title_rows, chart=_chart("bar", 1, (6,), rows))


def _row(line: Line, day: int, cities: Mapping[str, str], with_costs: bool) -> list[object]:
    cell = line.at[day]
    return [
        cities.get(line.region_code[:4] + "00", ""),
        line_name(line, cities),
        line.ends_on,
        *(_value(cell, take) for take in (lambda at: at.due, lambda at: at.eligible, lambda at: at.active)),
        *(_value(cell, take) for take in (lambda at: at.rate, lambda at: at.interval[0], lambda at: at.interval[1])),
        *(_value(cell, take) for take in (lambda at: at.range[0], lambda at: at.range[1])),
        _value(line.sustained[day], lambda share: share.part),
        *(
            _value(line.sales, take)
            for take in (lambda one: one.n, lambda one: one.median_fen, lambda one: one.total_fen)
        ),
        _value(line.first_orders, lambda found: found.median_day),
        _value(line.coverage, lambda share: share.rate),
        *([_value(line.cost, lambda cost: cost.each_fen)] if with_costs else []),
        _value(line.attendance, lambda share: share.rate),
        line.as_of,
    ]


def _value(part, take) -> object:
    return label(HIDDEN) if part is HIDDEN else shown(part, take)


def _retention_sheet(title_rows: tuple[str, ...], lines: Sequence[Line], cities: Mapping[str, str]) -> Sheet:
    columns = [Column(_head("cohort"), width=30)]
    for day in RETENTION_DAYS:
        head = str(HEADS["day"]) % {"day": day}
        columns += [
            Column(f"{head} · {_head('eligible')}", "number", 12),
            Column(f"{head} · {_head('active')}", "number"),
        ]
        columns += [Column(f"{head} · {_head('rate')}", "percent", 14)]
    rows = []
    for line in lines:
        cells = [line.at[day] for day in RETENTION_DAYS]
        takes = (lambda at: at.eligible, lambda at: at.active, lambda at: at.rate)
        rows.append([line_name(line, cities), *(_value(cell, take) for cell in cells for take in takes)])
    rates = tuple(3 * (at + 1) for at in range(len(RETENTION_DAYS)))
    return Sheet(str(SHEET["retention"]), columns, rows, title_rows, chart=_chart("column", 0, rates, rows))


def _chart(kind: str, across: int, values: tuple[int, ...], rows: Sequence) -> Chart | None:
    return Chart(kind, across, values) if len(rows) <= MOST_BARS else None


def _waiting_sheet(title_rows: tuple[str, ...], comparison: Comparison) -> Sheet:
    columns = [Column(_head("cohort"), width=30), Column(_head("ends_on"), "date")]
    columns += [Column(str(SHEET["why"]), width=30), Column(str(SHEET["on"]), "date")]
    rows = [[one.facts.name, one.facts.ends_on, label(one.why), one.on] for one in comparison.waiting]
    return Sheet(str(SHEET["waiting"]), columns, rows, title_rows)


def _definitions_sheet() -> Sheet:
    columns = [Column(str(SHEET["term"]), width=24), Column(str(SHEET["meaning"]), width=90)]
    rows = [[str(term), str(meaning)] for term, meaning in DEFINITIONS]
    return Sheet(str(SHEET["definitions"]), columns, rows, (str(SHEET["definitions"]),))


def _head(name: str) -> str:
    return str(HEADS[name])


def _yuan(name: str) -> str:
    return str(SHEET["yuan"]) % {"name": HEADS[name]}


def lines_above(unit_and_maker: tuple[str, ...], oldest: date | None, *, has_hidden: bool) -> tuple[str, ...]:
    """Below the title of every sheet: how old the oldest figure is, and what is left out."""
    rows = (*unit_and_maker,)
    if oldest:
        rows += (str(SHEET["as_of"]) % {"day": oldest},)
    return (*rows, str(SHEET["withheld"])) if has_hidden else rows
