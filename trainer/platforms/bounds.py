"""How big a file from outside may be, and the one place rows are gathered without outgrowing it."""

from collections.abc import Iterable, Sequence

from trainer.errors import UnreadableFile

MIB = 1024 * 1024
MAX_FILE = 20 * MIB
MAX_TEXT_FILE = 120 * MIB
MAX_UNZIPPED = 200 * MIB
MAX_ENTRIES = 2_000
MAX_ROWS = 250_000
MAX_COLUMNS = 300
MAX_TABLES = 50

Rows = list[tuple[object, ...]]


def gather(rows: Iterable[Sequence[object]]) -> Rows:
    """The rows as tuples, blank cells as None, trailing blanks cut off; row numbers stay those a person sees.

    Formatting often reaches to the last row and column of a sheet: only cells with something in them count.
    """
    gathered: Rows = []
    blank = 0
    seen: dict[object, object] = {}
    for row in rows:
        cells = _trimmed(row, seen)
        if not cells:
            blank += 1
            continue
        if len(gathered) + blank >= MAX_ROWS:
            raise UnreadableFile("too_many_rows", most=MAX_ROWS)
        if len(cells) > MAX_COLUMNS:
            raise UnreadableFile("too_many_columns", most=MAX_COLUMNS)
        gathered.extend([()] * blank)
        blank = 0
        gathered.append(cells)
    return gathered


def _trimmed(row: Sequence[object], seen: dict[object, object]) -> tuple[object, ...]:
    """Equal short texts share one object: a 70-column export repeats most of its cells."""
    cells = [_shared(cell, seen) for cell in row]
    while cells and cells[-1] is None:
        cells.pop()
    return tuple(cells)


def _shared(cell: object, seen: dict[object, object]) -> object:
    if not isinstance(cell, str):
        return cell
    if not cell or cell.isspace():
        return None
    if len(cell) > 40 or len(seen) > 50_000:
        return seen.get(cell, cell)
    return seen.setdefault(cell, cell)
