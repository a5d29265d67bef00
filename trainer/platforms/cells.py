"""The cells of one column, read quickly: plain forms by a short way, and what was read once is remembered."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from trainer.domain.days import CHINA
from trainer.platforms.normalise import (
    FIRST_YEAR,
    MOST_COUNT,
    BadCellError,
    Figure,
    Yearless,
    count,
    identifier,
    moment,
    money,
)

REMEMBERED = 4_096
PLAIN_MONEY = re.compile(r"[\t ]*([0-9]{1,10})(?:\.([0-9]{1,2}))?[\t ]*")
PLAIN_HOUR = re.compile(r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2}) ([0-9]{2}):")
WITHIN_HOUR = {f"{at // 60:02}:{at % 60:02}": at for at in range(3600)} | {f"{at:02}": at * 60 for at in range(60)}


class Bad(NamedTuple):
    """What stands where a cell could not be read; `code` says why."""

    code: str


class Memory(dict):
    """Answers of a function by its argument; forgotten when they become many.

    Those for 0 and 1 are not kept: False and True equal them and would be taken for them.
    """

    def __init__(self, answer: Callable) -> None:
        super().__init__()
        self.answer = answer

    def __missing__(self, asked):
        if len(self) >= REMEMBERED:
            self.clear()
        found = self.answer(asked)
        if asked not in (0, 1):
            self[asked] = found
        return found


class Reader:
    """Reads a column's cells; `is_spoilt` once one of them was Bad.

    Answers are remembered, unless `at_once` is given: the short way through many cells, None where one of them is odd.
    """

    def __init__(
        self, read: Callable[[object], object], *, at_once: Callable[[Sequence[object]], list | None] | None = None
    ) -> None:
        self.read = read
        self.is_spoilt = False
        self.at_once = at_once
        self.known = Memory(self._read) if at_once is None else None

    def __call__(self, cells: Sequence[object]) -> list[object]:
        if self.known is not None:
            return list(map(self.known.__getitem__, cells))
        found = self.at_once(cells)
        return [self._read(cell) for cell in cells] if found is None else found

    def _read(self, cell: object) -> object:
        if cell is None or cell == "":
            return None
        try:
            return self.read(cell)
        except BadCellError as bad:
            self.is_spoilt = True
            return Bad(bad.code)


def plain_money(cell: object) -> int | Figure | None:
    """Fen of a column in yuan: a whole number where it is exact, as it nearly always is."""
    if cell.__class__ is str and (found := PLAIN_MONEY.fullmatch(cell)):
        yuan, fen = found.groups()
        return int(yuan) * 100 + (int(fen.ljust(2, "0")) if fen else 0)
    if cell.__class__ is int and abs(cell) < 10**10:
        return cell * 100
    if cell.__class__ is float and abs(cell) < 1e10 and (fen := round(cell * 100)) / 100 == cell:
        # The nearest float to these fen, so its shortest form is these fen as well.
        return fen
    return _exact(money(cell))


def money_in(unit: Decimal) -> Callable[[object], int | Figure | None]:
    return lambda cell: _exact(money(cell, unit))


def plain_count(cell: object) -> int | Figure | None:
    if cell.__class__ is str and len(cell) < 10 and cell.isascii() and cell.isdecimal():
        return int(cell)
    if (cell.__class__ is int or cell.__class__ is float) and 0 <= cell < MOST_COUNT and cell == int(cell):
        return int(cell)
    return _exact(count(cell))


def _exact(figure: Figure | None) -> int | Figure | None:
    return figure.number if figure is not None and figure.exact else figure


def plain_id(cell: object) -> str | None:
    if cell.__class__ is str:
        said = cell.strip("\t ")
        if said.isdecimal() and said.isascii() and len(said) <= 80:
            return said
    return identifier(cell)


def plain_ids(cells: Sequence[object]) -> list[object] | None:
    """As `plain_id`, of plain digits or blank cells only."""
    try:
        said = [cell.strip("\t ") or None for cell in cells]
    except AttributeError:
        return None
    digits = "".join(filter(None, said))
    if digits and not (digits.isdecimal() and digits.isascii()):
        return None
    return said if len(digits) <= 80 or max(map(len, filter(None, said))) <= 80 else None


def lenient_id(cell: object) -> str | None:
    """Blank where it cannot be told, for a number that nothing hangs on."""
    try:
        return plain_id(cell)
    except BadCellError:
        return None


def _hour(said: str) -> int:
    """Raises ValueError where it is not a day and an hour in plain digits."""
    found = PLAIN_HOUR.fullmatch(said)
    if found is None:
        raise ValueError(said)
    return seconds_of(datetime(*map(int, found.groups()), tzinfo=CHINA))


HOURS = Memory(_hour)
HOUR = len("2026-03-01 08:")


def plain_moment(cell: object) -> int | Yearless | None:
    """Whole seconds since 1970."""
    if cell.__class__ is str:
        try:
            return HOURS[cell[:HOUR]] + WITHIN_HOUR[cell[HOUR:]]
        except (KeyError, ValueError):
            pass
    found = moment(cell)
    return seconds_of(found) if isinstance(found, datetime) else found


def plain_moments(cells: Sequence[object]) -> list[object] | None:
    """As `plain_moment`, of moments printed in full or blank cells only."""
    try:
        return [HOURS[cell[:HOUR]] + WITHIN_HOUR[cell[HOUR:]] if cell else None for cell in cells]
    except (KeyError, ValueError, TypeError):
        return None


def seconds_of(found: datetime) -> int:
    if found.year < FIRST_YEAR:
        raise BadCellError("bad_moment")
    return round(found.timestamp())
