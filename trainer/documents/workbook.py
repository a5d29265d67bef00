"""Workbooks (.xlsx): the one writer of all exports; whatever a cell says stays text, never becomes a formula."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

import xlsxwriter

from trainer.domain.privacy import mask
from trainer.wording.documents import export_lines

__all__ = ["Chart", "Column", "Sheet", "export_lines", "worded_sheet", "write_workbook"]

Kind = Literal["text", "number", "money", "date", "moment", "percent"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NUMBER_FORMATS = {
    "text": "@",
    "number": "General",
    "money": "#,##0.00",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "percent": "0.0%",
}
# Off: text that looks like one is not taken for a formula, a link or a number.
PLAIN_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
LONGEST_CELL = 32_767
LONGEST_SHEET_NAME = 31
UNFIT_FOR_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
# What XML cannot hold; tab and line breaks stay.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
FONT = "Microsoft YaHei"
# In the order of the pages' charts.
CHART_COLOURS = ("#A8243C", "#2C6E57", "#B9771A", "#51606E", "#6C4A7E")
LINE, HEADING_GROUND, BAD_GROUND, QUIET_INK = "#C9C2B8", "#F3EFE9", "#F9D9DE", "#8A8F94"
# How far down a pick-list of a blank form reaches.
ROWS_TO_FILL = 1_000


@dataclass(frozen=True)
class Column:
    """`text` keeps ID numbers and phones whole; `money` takes fen and shows yuan (say so in the heading); `percent`
    takes a share 0–1; `moment` takes an aware datetime of `clock.local`. `choices` become a pick-list. `field` is the
    name of the protected field that stands in the column (`domain.privacy.MASKS`): its values are masked."""

    heading: str
    kind: Kind = "text"
    width: float = 12
    choices: tuple[str, ...] = ()
    field: str = ""


@dataclass(frozen=True)
class Chart:
    """Drawn by the spreadsheet itself from columns of the table above it: `across` stands along its foot, `values` are
    drawn. `steps`: points joined as they lie between two numbers, not names."""

    kind: Literal["column", "bar", "line", "stacked", "steps"]
    across: int
    values: tuple[int, ...]


@dataclass(frozen=True)
class Sheet:
    """A table with what stands above it. `title_rows`: the title, then small lines (see `export_lines`).

    `highlighted` are cells (row, column) and `quiet` rows of `rows`, both counted from 0.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]
    title_rows: tuple[str, ...] = ()
    highlighted: frozenset[tuple[int, int]] = frozenset()
    quiet: frozenset[int] = frozenset()
    portrait: bool = False
    # People type into it: whole columns keep the format, so that an ID number stays text; no filter buttons.
    is_form: bool = False
    # Protected fields that leave in full, because somebody gave a reason that is written down.
    disclosed: frozenset[str] = frozenset()
    # One more row in bold, outside the filter; then lines to be signed.
    totals: Sequence[object] = ()
    foot_rows: tuple[str, ...] = ()
    # In points, where people sign in it.
    row_height: float | None = None
    chart: Chart | None = None


def worded_sheet(
    words: Mapping[str, object],
    name: str,
    columns: Iterable[tuple[str, Kind, float]],
    rows: Sequence,
    above: tuple[str, ...],
    **more,
) -> Sheet:
    """A sheet whose name and headings stand in a table of words; `columns`: which of them, their kind and width."""
    heads = [Column(str(words[key]), kind, width) for key, kind, width in columns]
    return Sheet(str(words[name]), heads, rows, above, **more)


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """The file's content."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, PLAIN_TEXT) as book:
        formats = _Formats(book)
        names: set[str] = set()
        for sheet in sheets:
            _write_sheet(book, book.add_worksheet(_sheet_name(sheet.title, names)), sheet, formats)
        _write_pick_lists(book, sheets)
    return output.getvalue()


class _Formats:
    """A format a look, made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[Kind, bool, bool, bool], object] = {}
        self.title = book.add_format({"font_name": FONT, "font_size": 14, "bold": True, "align": "center"})
        self.small = book.add_format({"font_name": FONT, "font_size": 10, "font_color": "#51606E"})
        self.heading = book.add_format(
            {"font_name": FONT, "bold": True, "border": 1, "border_color": LINE, "bg_color": HEADING_GROUND}
            | {"align": "center", "valign": "vcenter", "text_wrap": True}
        )

    def column(self, kind: Kind):
        return self._book.add_format({"font_name": FONT, "num_format": NUMBER_FORMATS[kind]})

    def cell(self, kind: Kind, *, is_bad: bool = False, is_quiet: bool = False, is_total: bool = False):
        key = (kind, is_bad, is_quiet, is_total)
        if key not in self._made:
            look = {"font_name": FONT, "border": 1, "border_color": LINE, "num_format": NUMBER_FORMATS[kind]}
            look |= {"valign": "vcenter", "text_wrap": kind == "text"}
            look |= {"bg_color": BAD_GROUND} if is_bad else {}
            look |= {"font_color": QUIET_INK, "italic": True} if is_quiet else {}
            look |= {"bold": True, "bg_color": HEADING_GROUND} if is_total else {}
            self._made[key] = self._book.add_format(look)
        return self._made[key]


def _write_sheet(book: xlsxwriter.Workbook, page, sheet: Sheet, formats: _Formats) -> None:
    header = len(sheet.title_rows)
    _write_title(page, sheet, formats)
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width, formats.column(column.kind) if sheet.is_form else None)
        page.write_string(header, at, _text(column.heading), formats.heading)
    last = header
    for number, row in enumerate(sheet.rows):
        last = header + 1 + number
        is_quiet = number in sheet.quiet
        for at, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            look = formats.cell(column.kind, is_bad=(number, at) in sheet.highlighted, is_quiet=is_quiet)
            shown = value if column.field in sheet.disclosed else mask(column.field, value)
            _write_cell(page, last, at, column.kind, shown, look)
        if sheet.row_height:
            page.set_row(last, sheet.row_height)
    _write_foot(page, sheet, formats, last + 1)
    if sheet.chart and last > header:
        _draw(book, page, sheet, header, last)
    _prepare_print(page, sheet, header, last)


def _draw(book: xlsxwriter.Workbook, page, sheet: Sheet, header: int, last: int) -> None:
    """Below the table, so that both print on one page across."""
    asked = {"stacked": {"type": "column", "subtype": "stacked"}, "steps": {"type": "scatter", "subtype": "straight"}}
    drawing = book.add_chart(asked.get(sheet.chart.kind, {"type": sheet.chart.kind}))
    across = sheet.chart.across
    for at, colour in zip(sheet.chart.values, CHART_COLOURS, strict=False):
        look = {"line": {"color": colour}} if sheet.chart.kind in ("line", "steps") else {"fill": {"color": colour}}
        drawing.add_series(
            {
                "name": [page.name, header, at],
                "categories": [page.name, header + 1, across, last, across],
                "values": [page.name, header + 1, at, last, at],
            }
            | look
        )
    # What begins so would be taken for a formula.
    drawing.set_title({"name": _text(sheet.title).lstrip("="), "name_font": {"size": 12}})
    foot = drawing.set_y_axis if sheet.chart.kind == "bar" else drawing.set_x_axis
    foot({"name": _text(sheet.columns[across].heading).lstrip("="), "reverse": sheet.chart.kind == "bar"})
    drawing.set_legend({"position": "bottom"})
    drawing.set_size({"width": 760, "height": 360})
    page.insert_chart(last + 3 + len(sheet.foot_rows), 0, drawing)


def _write_foot(page, sheet: Sheet, formats: _Formats, row: int) -> None:
    if sheet.totals:
        for at, (column, value) in enumerate(zip(sheet.columns, sheet.totals, strict=True)):
            _write_cell(page, row, at, column.kind, value, formats.cell(column.kind, is_total=True))
        row += 1
    for number, text in enumerate(sheet.foot_rows, start=row + 1):
        page.write_string(number, 0, _text(text), formats.small)


def _write_title(page, sheet: Sheet, formats: _Formats) -> None:
    widest = len(sheet.columns) - 1
    for at, text in enumerate(sheet.title_rows):
        look = formats.title if at == 0 else formats.small
        if widest > 0:
            page.merge_range(at, 0, at, widest, "", look)
        page.write_string(at, 0, _text(text), look)


def _write_cell(page, row: int, at: int, kind: Kind, value: object, look) -> None:
    if value is None or value == "":
        page.write_blank(row, at, None, look)
    elif kind == "money" and not isinstance(value, str):  # a word says why there is no amount
        page.write_number(row, at, float(Decimal(value) / 100), look)
    elif kind in ("number", "percent") and isinstance(value, (int, float, Decimal)):
        page.write_number(row, at, float(value) if isinstance(value, Decimal) else value, look)
    elif kind in ("date", "moment") and isinstance(value, date):
        page.write_datetime(row, at, _wall_clock(value), look)
    else:
        page.write_string(row, at, _text(value), look)


def _wall_clock(value: date) -> date:
    """A spreadsheet knows no time zones: a moment has to come in China's time already."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        if value.utcoffset() == timedelta(0):
            raise ValueError("a moment in UTC: give it through clock.local")
        return value.replace(tzinfo=None)
    return value


def _text(value: object) -> str:
    return UNWRITABLE.sub("", str(value))[:LONGEST_CELL]


def _prepare_print(page, sheet: Sheet, header: int, last: int) -> None:
    page.freeze_panes(header + 1, 0)
    if last > header and not sheet.is_form:
        page.autofilter(header, 0, last, len(sheet.columns) - 1)
    page.set_paper(9)  # A4
    if not sheet.portrait:
        page.set_landscape()
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(header)
    page.set_footer("&C&P / &N")


def _write_pick_lists(book: xlsxwriter.Workbook, sheets: Sequence[Sheet]) -> None:
    """Choices stand on a hidden sheet: written into the rule itself, they may not be longer than 255 characters."""
    pages = book.worksheets()
    offered = [
        (page, len(sheet.title_rows) + 1, at, column.choices)
        for page, sheet in zip(pages, sheets, strict=True)
        for at, column in enumerate(sheet.columns)
        if column.choices
    ]
    if not offered:
        return
    lists = book.add_worksheet("_lists")
    lists.hide()
    for list_column, (page, first, at, choices) in enumerate(offered):
        for row, choice in enumerate(choices):
            lists.write_string(row, list_column, _text(choice))
        letter = xlsxwriter.utility.xl_col_to_name(list_column)
        source = f"=_lists!${letter}$1:${letter}${len(choices)}"
        # A place or people not on the list may be typed all the same.
        page.data_validation(
            first, at, first + ROWS_TO_FILL, at, {"validate": "list", "source": source, "error_type": "information"}
        )


def _sheet_name(title: str, taken: set[str]) -> str:
    """As a spreadsheet allows it: 31 characters, none of []:*?/\\, no name twice (whatever the case)."""
    name = UNFIT_FOR_SHEET_NAME.sub(" ", title).strip().strip("'")[:LONGEST_SHEET_NAME] or "Sheet"
    number = 1
    while name.lower() in taken:
        number += 1
        tail = f" {number}"
        name = name[: LONGEST_SHEET_NAME - len(tail)].removesuffix(f" {number - 1}") + tail
    taken.add(name.lower())
    return name
