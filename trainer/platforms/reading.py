"""The rows under the headings: cells become typed values by field, total rows are set aside to compare."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from trainer.domain.sales import Problem
from trainer.platforms.headers import Column, Match
from trainer.platforms.normalise import (
    BadCellError,
    Figure,
    count,
    duration,
    folded,
    heading,
    identifier,
    moment,
    money,
    span,
    text,
)
from trainer.platforms.profile import ASIDE_FIELDS, COUNT_FIELDS, ID_FIELDS, MOMENT_FIELDS, MONEY_FIELDS, NEVER_SHOWN

TOTAL = re.compile(r"(合计|总计|汇总|整体|小计|总和)[:：]?(\(.*\))?")
TOTAL_SIGNS = frozenset("计总汇整")
SURE_TOTAL = ("合计", "总计")
COMPARED = (*SURE_TOTAL, "汇总", "整体", "总和")
YUAN_IN_UNIT = {"万元": Decimal(10_000), "分": Decimal("0.01")}
SECONDS_IN_UNIT = {"分": 60, "分钟": 60, "min": 60, "小时": 3600, "h": 3600, "秒": 1, "s": 1}
PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
FORMULA = re.compile(r"[=+\-@＝＋－＠]")
# A fault in these makes the row unusable; in others the cell is left out and a warning kept.
AMOUNTS = frozenset(MONEY_FIELDS).difference(ASIDE_FIELDS)
ESSENTIAL = AMOUNTS | {"started_at", "paid_at", "session_id", "order_id", "sub_order_id", "flow_id"}
# People are left out: the platform's total counts each once, the rows once a broadcast.
SUMMED = AMOUNTS | {"orders", "items", "duration", "quantity"}


@dataclass(frozen=True)
class Control:
    """A figure of the file's own total row beside the sum of its rows; `name` is our field: its unit is known."""

    row: int
    field: str
    stated: int
    summed: int
    agrees: bool
    name: str


@dataclass
class Sheet:
    """What reading leaves besides the rows themselves."""

    match: Match
    data_rows: int = 0
    rejected: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    rejected_cells: dict[int, dict[str, str]] = field(default_factory=dict)
    totals: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    sums: dict[str, Figure] = field(default_factory=dict)
    accounts: dict[str, None] = field(default_factory=dict)

    def written(self, name: str) -> str:
        """The heading a person finds in the file for a field."""
        column = self.match.columns.get(name)
        return column.heading.written if column else ""

    def warn(self, row: int, name: str, code: str, **values: object) -> None:
        self.warnings.append(Problem(row, self.written(name), code, values))

    def reject(self, row: int, name: str, code: str, **values: object) -> None:
        self.rejected.append(Problem(row, self.written(name), code, values))
        self.rejected_cells.setdefault(row, self._cells(row))

    def _cells(self, row: int) -> dict[str, str]:
        """The columns that are read, as written, for the workbook of rows to be mended."""
        cells = self.match.table.rows[row - 1]
        return {
            column.heading.written: shown(cells[column.index])
            for name, column in self.match.columns.items()
            if name not in NEVER_SHOWN and column.index < len(cells) and cells[column.index] is not None
        }

    def controls(self) -> list[Control]:
        """Every figure of the last total row that can be compared."""
        if not self.totals:
            return []
        row, stated = self.totals[-1]
        found = []
        for name in sorted(SUMMED & stated.keys() & self.sums.keys()):
            figure, sum_of_rows = _as_figure(stated[name]), self.sums[name]
            if figure is not None:
                # Rounded figures (1.2万) can only agree roughly.
                allowed = 0 if figure.exact and sum_of_rows.exact else max(abs(figure.number) // 20, 1)
                agrees = abs(figure.number - sum_of_rows.number) <= allowed
                found.append(Control(row, self.written(name), figure.number, sum_of_rows.number, agrees, name))
        return found


Values = Mapping[str, object]


def read_rows(sheet: Sheet) -> Iterator[tuple[int, Values]]:
    """Row number and field → value of every data row without an essential fault. Fills `sheet` as it goes."""
    match = sheet.match
    readers = [(name, column, _reader(name, column)) for name, column in match.columns.items()]
    readers += [(f"income:{at}", column, _reader("income", column)) for at, column in enumerate(match.incomes)]
    readers += [(f"expense:{at}", column, _reader("expense", column)) for at, column in enumerate(match.expenses)]
    labels = [found.label if (found := heading(cell)) else None for cell in match.table.rows[match.row]]
    for index in range(match.row + 1, len(match.table.rows)):
        cells = match.table.rows[index]
        number = index + 1
        if not any(cell is not None for cell in cells) or _is_heading_again(cells, labels):
            continue
        if label := _total_label(cells):
            if label.startswith(COMPARED):
                sheet.totals.append((number, _lenient(cells, readers)))
        elif _is_note(cells, match):
            sheet.warn(number, "", "note_row")
        else:
            sheet.data_rows += 1
            values = _values(sheet, number, cells, readers)
            if values is not None:
                yield number, values
        # Used up: a big file's cells and the rows made of them need not be in memory together.
        match.table.rows[index] = ()


def _is_heading_again(cells: tuple[object, ...], labels: list[str | None]) -> bool:
    return len(cells) == len(labels) and [found.label if (found := heading(c)) else None for c in cells] == labels


def _total_label(cells: tuple[object, ...]) -> str | None:
    """合计 or 总计 alone in a cell; other words for it, which may be names too, only in one of the first filled cells."""
    filled = [cell for cell in cells if cell is not None]
    for at, cell in enumerate(filled):
        if isinstance(cell, str) and len(cell) < 12 and not TOTAL_SIGNS.isdisjoint(cell):
            said = re.sub(r"\s", "", unicodedata.normalize("NFKC", cell))
            if TOTAL.fullmatch(said) and (at < 3 or said.startswith(SURE_TOTAL)):
                return said
    return None


def _is_note(cells: tuple[object, ...], match: Match) -> bool:
    """One filled cell, a sentence, under a table of many columns: a footnote."""
    filled = [cell for cell in cells if cell is not None]
    return len(filled) == 1 and isinstance(filled[0], str) and len(match.columns) > 2


def _reader(name: str, column: Column) -> Callable[[object], object]:
    unit = column.heading.unit
    if name in MONEY_FIELDS:
        yuan = YUAN_IN_UNIT.get(unit or "", Decimal(1))
        return lambda cell: money(cell, yuan)
    if name == "duration":
        return lambda cell: duration(cell, SECONDS_IN_UNIT.get(unit or ""))
    if name in ID_FIELDS:
        return identifier
    if name in COUNT_FIELDS:
        return count
    if name in MOMENT_FIELDS:
        return moment
    if name == "started_at":
        return span
    if name in ("status", "after_sale", "live_source", "direction", "movement"):
        return folded
    return text


def _values(sheet: Sheet, number: int, cells: tuple[object, ...], readers: list) -> dict[str, object] | None:
    values: dict[str, object] = {}
    usable = True
    for name, column, read in readers:
        cell = cells[column.index] if column.index < len(cells) else None
        if cell is None:
            continue
        try:
            value = read(cell)
        except BadCellError as bad:
            problem = Problem(number, column.heading.written, bad.code, {"value": shown(cell)})
            if name.split(":")[0] in ESSENTIAL or (bad.code == "id_is_number" and name in sheet.match.profile.key):
                sheet.rejected.append(problem)
                sheet.rejected_cells.setdefault(number, sheet._cells(number))
                usable = False
            else:
                sheet.warnings.append(problem)
            continue
        if value is not None:
            values[name] = value
    if not usable:
        return None
    _note_figures(sheet, values)
    _note_texts(sheet, number, values)
    return values


def _note_figures(sheet: Sheet, values: dict[str, object]) -> None:
    for name in SUMMED & values.keys():
        figure = _as_figure(values[name])
        before = sheet.sums.get(name, Figure(0, True))
        sheet.sums[name] = Figure(before.number + figure.number, before.exact and figure.exact)


def _note_texts(sheet: Sheet, number: int, values: dict[str, object]) -> None:
    for name in ("title", "product"):
        if isinstance(values.get(name), str):  # a number to add on WeChat, or a buyer's
            values[name] = PHONE.sub("1**********", values[name])
        if FORMULA.match(str(values.get(name, ""))):
            sheet.warn(number, name, "formula_like_text")
    account = values.pop("account", None)
    if isinstance(account, str) and len(sheet.accounts) < 20:
        sheet.accounts.setdefault(account)


def _as_figure(value: object) -> Figure | None:
    if isinstance(value, Figure):
        return value
    return Figure(value, True) if isinstance(value, int) else None


def _lenient(cells: tuple[object, ...], readers: list) -> dict[str, object]:
    """A total row: what cannot be read in it is not asked for."""
    values: dict[str, object] = {}
    for name, column, read in readers:
        if name not in SUMMED or column.index >= len(cells):
            continue
        try:
            value = read(cells[column.index])
        except BadCellError:
            continue
        if value is not None:
            values[name] = value
    return values


def number(values: Values, name: str) -> int | None:
    """A figure without its exactness."""
    figure = values.get(name)
    return figure.number if isinstance(figure, Figure) else None


def is_exact(values: Values, name: str) -> bool:
    figure = values.get(name)
    return figure.exact if isinstance(figure, Figure) else True


def dated(values: Values, name: str) -> datetime | None:
    """A full moment; one without its year is none."""
    found = values.get(name)
    return found if isinstance(found, datetime) else None


def is_below_zero(sheet: Sheet, row: int, values: Values, names: tuple[str, ...]) -> bool:
    """Refuses the row where money that cannot be negative is."""
    for name in names:
        if (number(values, name) or 0) < 0:
            sheet.reject(row, name, "amount_negative")
            return True
    return False


def shown(cell: object) -> str:
    """A cell as it may be shown and kept in a report: short, and no phone number that slipped into it."""
    return PHONE.sub("1**********", str(cell).strip())[:40]
