"""How big a file from outside may be, and the one place rows are gathered without outgrowing it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat

from trainer.errors import UnreadableFile

MIB = 1024 * 1024
MAX_FILE = 20 * MIB
MAX_TEXT_FILE = 120 * MIB
# 200,000 rows of 20 columns come to 217 MiB where each cell holds its own text, as exports written row by row do.
MAX_UNZIPPED = 256 * MIB
MAX_ENTRIES = 2_000
MAX_ROWS = 250_000
MAX_COLUMNS = 300
MAX_TABLES = 50

Rows = list[tuple[object, ...]]


def gather(rows: Iterable[Sequence[object]]) -> Rows:
    """The rows `within` bounds as tuples, blank cells as None, trailing blanks cut off.

    Equal short texts share one object: a 70-column export repeats most of its cells.
    """
    seen: dict[object, object] = {}
    return [tuple(_shared(cell, seen) for cell in trimmed(row)) for row in within(rows)]


def within(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    """The rows as they are, () for a blank one, so that row numbers stay those a person sees.

    Formatting often reaches to the last row and column of a sheet: only cells with something in them count.
    """
    count = blank = 0
    for row in rows:
        if not (row and row[0].__class__ is str and row[0].strip()) and all(map(is_blank, row)):
            blank += 1
            continue
        if count + blank >= MAX_ROWS:
            raise UnreadableFile("too_many_rows", most=MAX_ROWS)
        if len(row) > MAX_COLUMNS and len(trimmed(row)) > MAX_COLUMNS:
            raise UnreadableFile("too_many_columns", most=MAX_COLUMNS)
        yield from repeat((), blank)
        count += blank + 1
        blank = 0
        yield row


def is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def trimmed(row: Sequence[object]) -> tuple[object, ...]:
    """Blank cells as None, and none at the end."""
    cells = [None if is_blank(cell) else cell for cell in row]
    while cells and cells[-1] is None:
        cells.pop()
    return tuple(cells)


def whole(cell: object) -> object:
    """A reader of workbooks may know no integers: 2.0 was a 2 on the sheet."""
    return int(cell) if cell.__class__ is float and cell.is_integer() else cell


def _shared(cell: object, seen: dict[object, object]) -> object:
    if not isinstance(cell, str) or len(cell) > 40:
        return whole(cell)
    if len(seen) > 50_000:
        return seen.get(cell, cell)
    return seen.setdefault(cell, cell)
