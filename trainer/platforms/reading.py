"""The rows under the headings: cells become typed values by field, total rows are set aside to compare."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from trainer.domain.sales import Problem
from trainer.platforms import bounds
from trainer.platforms.cells import (
    Bad,
    Reader,
    lenient_id,
    money_in,
    plain_count,
    plain_id,
    plain_moment,
    plain_money,
)
from trainer.platforms.headers import Column, Match
from trainer.platforms.normalise import Figure, average, duration, folded, heading, rate, span, text
from trainer.platforms.plain import moment_of
from trainer.platforms.profile import (
    ASIDE_FIELDS,
    COUNT_FIELDS,
    ID_FIELDS,
    MOMENT_FIELDS,
    MONEY_FIELDS,
    NEVER_SHOWN,
    RATE_FIELDS,
)
from trainer.platforms.tables import rows_of

# Read column by column: few enough that their cells are still at hand when the rows are put together.
AT_ONCE = 200
MOST_WARNINGS = 20_000
MOST_REJECTED_CELLS = 5_000
MOST_ACCOUNTS = 20
EMPTY_PARCEL, REMARK_LENGTH = "空包", 2_000
TOTAL = re.compile(r"(合计|总计|汇总|整体|小计|总和)[:：]?(\(.*\))?")
TOTAL_SIGNS = frozenset("计总汇整")
SURE_TOTAL = ("合计", "总计")
# How the example in our templates begins (domain/sales_guide.py).
EXAMPLE = "示例："
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
    """What reading leaves besides the rows themselves. A bad file must not fill the memory with what is wrong in it."""

    match: Match
    data_rows: int = 0
    rejected: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    warning_count: int = 0
    rejected_cells: dict[int, dict[str, str]] = field(default_factory=dict)
    totals: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    sums: dict[str, Figure] = field(default_factory=dict)
    accounts: dict[str, None] = field(default_factory=dict)
    # The row being read.
    cells: Sequence[object] = ()

    def written(self, name: str) -> str:
        """The heading a person finds in the file for a field."""
        column = self.match.columns.get(name)
        return column.heading.written if column else ""

    def warn(self, row: int, name: str, code: str, **values: object) -> None:
        self.note(Problem(row, self.written(name), code, values))

    def note(self, problem: Problem) -> None:
        """A warning kept, as long as there are few; all are counted."""
        self.warning_count += 1
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(problem)

    def reject(self, row: int, name: str, code: str, **values: object) -> None:
        self.refuse(Problem(row, self.written(name), code, values))

    def refuse(self, problem: Problem) -> None:
        """The row being read is left out for this reason: one at least is kept of every row, its cells of the first."""
        if problem.row != self._refused_last() or len(self.rejected) < MOST_WARNINGS:
            self.rejected.append(problem)
        if len(self.rejected_cells) < MOST_REJECTED_CELLS:
            self.rejected_cells.setdefault(problem.row, self._shown_cells())

    def _refused_last(self) -> int | None:
        return self.rejected[-1].row if self.rejected else None

    def _shown_cells(self) -> dict[str, str]:
        """The columns that are read, as written, for the workbook of rows to be mended."""
        cells = bounds.trimmed(self.cells)
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


# None where the cell is blank, or was left out with a warning.
Values = Mapping[str, object]


class ReadColumn(NamedTuple):
    """A column that is read: under which name, where it stands, and how its cells are."""

    name: str
    column: Column
    read: Reader


def read_rows(sheet: Sheet) -> Iterator[tuple[int, Values]]:
    """Row number and field → value of every data row without an essential fault. Fills `sheet` as it goes."""
    rows = enumerate(rows_of(sheet.match.table), 1)
    columns = _columns(sheet.match)
    rest = _Look(sheet.match, columns)
    for _ in islice(rows, sheet.match.row + 1):
        pass
    while some := list(islice(rows, AT_ONCE)):
        filled = [(number, cells) for number, cells in some if cells]
        if filled:
            yield from _read_some(sheet, columns, rest, filled)


def _read_some(
    sheet: Sheet, columns: list[ReadColumn], look: "_Look", rows: list[tuple[int, Sequence[object]]]
) -> Iterator[tuple[int, Values]]:
    """A few hundred rows, read column by column."""
    names = [column.name for column in columns]
    by_column = [column.read(cells) for column, cells in zip(columns, _transposed(columns, rows), strict=True)]
    spoilt = [column for column in columns if column.read.is_spoilt]
    odd = _odd_texts(columns, by_column)
    usable = []
    for (number, cells), read in zip(rows, zip(*by_column, strict=True), strict=True):
        sheet.cells = cells
        if not look.is_plain(cells, read) and _is_no_data(sheet, look, number, read, columns):
            continue
        sheet.data_rows += 1
        values = dict(zip(names, read, strict=True))
        if spoilt and not _without_bad(sheet, number, values, spoilt):
            continue
        usable.append(values)
        for name, texts in odd:
            if values[name] in texts:
                sheet.warn(number, name, "formula_like_text")
        yield number, values
    _note_figures(sheet, [name for name in names if name in SUMMED], usable)
    if "account" in names:
        accounts = dict.fromkeys(said for values in usable if (said := values["account"]))
        sheet.accounts = dict.fromkeys([*sheet.accounts, *accounts][:MOST_ACCOUNTS])


def _transposed(columns: list[ReadColumn], rows: list[tuple[int, Sequence[object]]]) -> list[Sequence[object]]:
    """The cells of each column that is read."""
    places = [column.column.index for column in columns]
    width = max(places) + 1
    whole = [cells if len(cells) >= width else (*cells, *[None] * (width - len(cells))) for _, cells in rows]
    return [[cells[at] for cells in whole] for at in places]


class _Look:
    """Tells rows of data from headings repeated, totals and notes: nearly all by one cheap look."""

    def __init__(self, match: Match, columns: list[ReadColumn]) -> None:
        self.columns = len(match.columns)
        # A workbook has numbers in its rows.
        self.is_text = True
        self.labels = [found.label if (found := heading(cell)) else None for cell in match.table.rows[match.row]]
        # A row with a figure under its heading is no second row of headings.
        figures = [at for at, column in enumerate(columns) if column.name in AMOUNTS]
        self.figure = figures[0] if figures else None
        self.other = next((at for at, column in enumerate(columns) if at != self.figure), None)

    def is_plain(self, cells: Sequence[object], read: tuple[object, ...]) -> bool:
        """Surely data; False only says that a closer look is needed."""
        if self.figure is None or self.other is None or read[self.other] is None:
            return False
        figure = read[self.figure]
        if figure is None or figure.__class__ is Bad:
            return False
        if self.is_text:
            try:
                said = "".join(cells)
            except TypeError:
                self.is_text = False
        if not self.is_text:
            said = "".join([cell for cell in cells if cell.__class__ is str])
        return not ("计" in said or "总" in said or "汇" in said or "整" in said or EXAMPLE in said)

    def is_heading_again(self, cells: Sequence[object]) -> bool:
        return len(cells) == len(self.labels) and all(
            label == (found.label if (found := heading(cell)) else None)
            for label, cell in zip(self.labels, cells, strict=True)
        )

    def is_note(self, cells: Sequence[object]) -> bool:
        """One filled cell, a sentence, under a table of many columns: a footnote."""
        filled = [cell for cell in cells if cell is not None]
        return len(filled) == 1 and isinstance(filled[0], str) and self.columns > 2


def _is_no_data(sheet: Sheet, look: _Look, number: int, read: tuple[object, ...], columns: list[ReadColumn]) -> bool:
    cells = bounds.trimmed(sheet.cells)
    if look.is_heading_again(cells):
        return True
    if label := _total_label(cells):
        if label.startswith(COMPARED):
            # What cannot be read in a total row is not asked for.
            stated = zip(columns, read, strict=True)
            sheet.totals.append(
                (number, {c.name: value for c, value in stated if c.name in SUMMED and _as_figure(value)})
            )
        return True
    if _is_example(cells):
        return True
    if look.is_note(cells):
        sheet.warn(number, "", "note_row")
        return True
    return False


def _is_example(cells: Sequence[object]) -> bool:
    """The row that our templates show how to fill in with."""
    return str(next((cell for cell in cells if cell is not None), "")).startswith(EXAMPLE)


def _total_label(cells: tuple[object, ...]) -> str | None:
    """合计 or 总计 alone in a cell; other words for it, which may be names too, only in one of the first filled cells."""
    filled = [cell for cell in cells if cell is not None]
    for at, cell in enumerate(filled):
        if isinstance(cell, str) and len(cell) < 12 and not TOTAL_SIGNS.isdisjoint(cell):
            said = re.sub(r"\s", "", unicodedata.normalize("NFKC", cell))
            if TOTAL.fullmatch(said) and (at < 3 or said.startswith(SURE_TOTAL)):
                return said
    return None


def _columns(match: Match) -> list[ReadColumn]:
    found = [ReadColumn(name, column, _reader(name, column)) for name, column in match.columns.items()]
    for kind, several in (("income", match.incomes), ("expense", match.expenses)):
        found += [ReadColumn(f"{kind}:{at}", column, _reader(kind, column)) for at, column in enumerate(several)]
    return found


def _reader(name: str, column: Column) -> Reader:
    unit = column.heading.unit
    if name in MONEY_FIELDS:
        yuan = YUAN_IN_UNIT.get(unit or "")
        return Reader(money_in(yuan) if yuan else plain_money)
    if name == "duration":
        return Reader(lambda cell: duration(cell, SECONDS_IN_UNIT.get(unit or "")))
    if name == "parcel":
        return Reader(lenient_id, remembers=False)
    if name in ID_FIELDS:
        return Reader(plain_id, remembers=False)
    if name in COUNT_FIELDS:
        return Reader(average if name == "avg_online" else plain_count)
    if name in MOMENT_FIELDS:
        return Reader(plain_moment, remembers=False)
    return Reader(WORDS.get(name, rate if name in RATE_FIELDS else text))


def _starred(cell: object) -> str | None:
    """A number to add on WeChat, or a buyer's, is in many a title."""
    said = text(cell)
    return PHONE.sub("1**********", said) if said else said


def _speaks_of_empty_parcel(cell: object) -> bool | None:
    """All that is ever taken from a remark."""
    return EMPTY_PARCEL in (text(cell, most=REMARK_LENGTH) or "") or None


WORDS: dict[str, Callable[[object], object]] = {
    "started_at": lambda cell: None if bounds.is_blank(cell) else span(cell),
    "title": _starred,
    "product": _starred,
    "remark": _speaks_of_empty_parcel,
    **dict.fromkeys(("status", "after_sale", "live_source", "direction", "movement"), folded),
}


def _without_bad(sheet: Sheet, number: int, values: dict[str, object], spoilt: list[ReadColumn]) -> bool:
    """What could not be read is None in `values`, and told; False where the row cannot do without it."""
    usable = True
    for name, column, _ in spoilt:
        bad = values[name]
        if bad.__class__ is not Bad:
            continue
        values[name] = None
        problem = Problem(number, column.heading.written, bad.code, {"value": shown(sheet.cells[column.index])})
        if name.split(":")[0] in ESSENTIAL or (bad.code == "id_is_number" and name in sheet.match.profile.key):
            sheet.refuse(problem)
            usable = False
        else:
            sheet.note(problem)
    return usable


def _note_figures(sheet: Sheet, names: list[str], rows: list[Values]) -> None:
    for name in names:
        found = [value for values in rows if (value := values[name]) is not None]
        if found:
            before = sheet.sums.get(name, Figure(0, True))
            exact = all(value.__class__ is int for value in found)
            added = sum(found) if exact else sum(_as_figure(value).number for value in found)
            sheet.sums[name] = Figure(before.number + added, before.exact and exact)


def _odd_texts(columns: list[ReadColumn], read: list[list[object]]) -> list[tuple[str, frozenset[object]]]:
    """The texts that a spreadsheet would take for formulas; hardly a file has one."""
    found = [
        (column.name, frozenset(said for said in set(cells) if isinstance(said, str) and FORMULA.match(said)))
        for column, cells in zip(columns, read, strict=True)
        if column.name in ("title", "product")
    ]
    return sorted(((name, odd) for name, odd in found if odd), reverse=True)


def _as_figure(value: object) -> Figure | None:
    if isinstance(value, Figure):
        return value
    return Figure(value, True) if isinstance(value, int) else None


def number(values: Values, name: str) -> int | None:
    """A figure without its exactness."""
    found = values.get(name)
    return found.number if found.__class__ is Figure else found


def is_exact(values: Values, name: str) -> bool:
    """A whole number is exact; one that the platform rounded is a Figure."""
    return values.get(name).__class__ is not Figure


def seconds(values: Values, name: str) -> int | None:
    """A full moment in seconds since 1970; one without its year is none."""
    found = values.get(name)
    return found if found.__class__ is int else None


def dated(values: Values, name: str) -> datetime | None:
    found = seconds(values, name)
    return None if found is None else moment_of(found)


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
