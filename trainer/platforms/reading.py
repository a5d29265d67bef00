"""The rows under the headings: cells become typed values by field, column by column."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice, zip_longest
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
    plain_ids,
    plain_moment,
    plain_moments,
    plain_money,
)
from trainer.platforms.data_rows import Look, has_signs
from trainer.platforms.headers import Column, Match
from trainer.platforms.normalise import Figure, average, duration, folded, rate, span, text
from trainer.platforms.plain import moment_of
from trainer.platforms.profile import COUNT_FIELDS, ID_FIELDS, MOMENT_FIELDS, MONEY_FIELDS, RATE_FIELDS
from trainer.platforms.sheet import AMOUNTS, SUMMED, Sheet, as_figure, shown, starred
from trainer.platforms.tables import rows_of

# Few enough that their cells are still at hand when the rows are put together.
AT_ONCE = 200
MOST_ACCOUNTS = 20
EMPTY_PARCEL, REMARK_LENGTH = "空包", 2_000
YUAN_IN_UNIT = {"万元": Decimal(10_000), "分": Decimal("0.01")}
SECONDS_IN_UNIT = {"分": 60, "分钟": 60, "min": 60, "小时": 3600, "h": 3600, "秒": 1, "s": 1}
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# A fault in these makes the row unusable; in others the cell is left out and a warning kept.
ESSENTIAL = AMOUNTS | {"started_at", "paid_at", "session_id", "order_id", "sub_order_id", "flow_id"}


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
    look = Look(sheet.match, [column.name for column in columns])
    for _ in islice(rows, sheet.match.row + 1):
        pass
    while some := list(islice(rows, AT_ONCE)):
        filled = [row for row in some if row[1]]
        if filled:
            yield from _read_some(sheet, columns, look, filled)


def _read_some(
    sheet: Sheet, columns: list[ReadColumn], look: Look, rows: list[tuple[int, Sequence[object]]]
) -> Iterator[tuple[int, Values]]:
    """A few hundred rows, read column by column."""
    names = look.names
    across = list(zip_longest(*[cells for _, cells in rows]))
    blank = (None,) * len(rows)
    by_column = [read(across[column.index] if column.index < len(across) else blank) for _, column, read in columns]
    spoilt = [column for column in columns if column.read.is_spoilt]
    odd = _odd_texts(columns, by_column)
    may_be_other = any(map(has_signs, across))
    usable = []
    for (number, cells), read in zip(rows, zip(*by_column, strict=True), strict=True):
        sheet.cells = cells
        is_sure = look.is_plain(read) and not (may_be_other and has_signs(cells))
        if not is_sure and look.is_no_data(sheet, number, read):
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
        return Reader(lenient_id, at_once=plain_ids)
    if name in ID_FIELDS:
        return Reader(plain_id, at_once=plain_ids)
    if name in COUNT_FIELDS:
        return Reader(average if name == "avg_online" else plain_count)
    if name in MOMENT_FIELDS:
        return Reader(plain_moment, at_once=plain_moments)
    return Reader(WORDS.get(name, rate if name in RATE_FIELDS else text))


def _starred(cell: object) -> str | None:
    """A number to add on WeChat, or a buyer's, is in many a title."""
    said = text(cell)
    return starred(said) if said else said


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
            exact = set(map(type, found)) == {int}
            added = sum(found) if exact else sum(as_figure(value).number for value in found)
            sheet.sums[name] = Figure(before.number + added, before.exact and exact)


def _odd_texts(columns: list[ReadColumn], read: list[list[object]]) -> list[tuple[str, frozenset[object]]]:
    """The texts that a spreadsheet would take for formulas; hardly a file has one."""
    found = [
        (
            column.name,
            frozenset(said for said in set(cells) if isinstance(said, str) and said.startswith(FORMULA_SIGNS)),
        )
        for column, cells in zip(columns, read, strict=True)
        if column.name in ("title", "product")
    ]
    return sorted(((name, odd) for name, odd in found if odd), reverse=True)


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
