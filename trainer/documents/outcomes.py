"""The outcomes of a cohort as a workbook: a sheet a table with its chart, what each figure means, the women."""

from collections.abc import Iterable, Sequence

from trainer.documents.outcome_tables import Table
from trainer.documents.workbook import Chart, Column, Kind, Sheet, write_workbook
from trainer.domain.outcome_women import WomanRow
from trainer.domain.outcomes import Stage
from trainer.wording import label
from trainer.wording.outcomes import DEFINITIONS, SHEET

# By table: kind of chart, the column along its foot, the columns drawn.
CHARTS: dict[str, Chart] = {
    "funnel": Chart("bar", 0, (1, 2)),
    "retention": Chart("column", 0, (5, 6, 7)),
    "weeks": Chart("line", 0, (4,)),
    "first_order": Chart("steps", 0, (3,)),
    "months": Chart("column", 0, (4, 5)),
    "areas": Chart("bar", 0, (4,)),
    "products": Chart("bar", 0, (2,)),
    "coverage": Chart("stacked", 0, (2, 3, 4, 5)),
    "surveys": Chart("column", 0, (1, 2)),
}
WIDTHS: dict[Kind, float] = {"text": 26, "money": 16, "date": 13}


def outcomes_workbook(
    title_rows: tuple[str, ...], tables: Sequence[Table], women: Sequence[WomanRow], *, is_cut: bool
) -> bytes:
    """`is_cut`: numbers of fewer than five are left out, and say so."""
    sheets = [_sheet(title_rows, table, is_cut=is_cut) for table in tables]
    sheets.append(_definitions(title_rows, tables))
    if women:
        sheets.append(_women(title_rows, women, 90))
    return write_workbook(sheets)


def _sheet(title_rows: tuple[str, ...], table: Table, *, is_cut: bool) -> Sheet:
    hidden = str(SHEET["hidden"])

    def shown(value: object, kind: Kind) -> object:
        value = hidden if value is None and is_cut and kind == "number" else value
        return round(value) if kind == "money" and isinstance(value, float) else value

    columns = [Column(heading, kind, WIDTHS.get(kind, 13)) for heading, kind in table.columns]
    rows = [
        [shown(cell.value, kind) for cell, (_heading, kind) in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    foot = (str(DEFINITIONS[table.key]),)
    return Sheet(table.title, columns, rows, title_rows, foot_rows=foot, chart=CHARTS.get(table.key))


def _definitions(title_rows: tuple[str, ...], tables: Iterable[Table]) -> Sheet:
    columns = [Column(str(SHEET["term"]), width=26), Column(str(SHEET["meaning"]), width=110)]
    rows = [[table.title, str(DEFINITIONS[table.key])] for table in tables]
    return Sheet(str(SHEET["definitions"]), columns, rows, title_rows)


def women_workbook(title_rows: tuple[str, ...], women: Sequence[WomanRow], day: int) -> bytes:
    """`day`: after the course, whose state stands in it."""
    return write_workbook([_women(title_rows, women, day)])


def _women(title_rows: tuple[str, ...], women: Sequence[WomanRow], day: int) -> Sheet:
    columns = [_column("seat", "number", 6), _column("name", width=12), _column("village", width=20)]
    columns += [_column("attendance", "percent", 10)]
    columns += [Column(label(stage), "date", 12) for stage in Stage]
    columns += [Column(str(SHEET["state"]) % {"day": day}, width=12)]
    columns += [_column("reach", "date", 12), _column("source", width=14)]
    columns += [_column(name, "money", 14) for name in ("paid_90", "refunded_90", "net_90")]
    rows = [_row(woman, day) for woman in women]
    return Sheet(str(SHEET["names"]), columns, rows, title_rows)


def _column(name: str, kind: Kind = "text", width: float = 9) -> Column:
    return Column(str(SHEET[name]), kind, width)


def _row(woman: WomanRow, day: int) -> list[object]:
    state, source = woman.state_at(day), woman.source_of(None)
    return [
        *(woman.seat, woman.name, woman.village),
        None if woman.attendance_bp is None else woman.attendance_bp / 10_000,
        *(woman.reached(stage) for stage in Stage),
        *(label(state) if state else "", woman.reach_on, label(source) if source else ""),
        *((woman.paid_90_fen, woman.refunded_90_fen) if woman.completed_on else (None, None)),
        woman.net_90_fen,
    ]
