"""A file from outside as plain tables: told apart by its content, never by its name."""

import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import BinaryIO

from trainer.errors import UnreadableFile
from trainer.platforms import bounds
from trainer.platforms.texts import Opened, open_delimited, read_html
from trainer.platforms.workbooks import open_xls, open_xlsx

# What is looked at to tell what a file is; only these rows are kept of one that is read row by row.
HEAD = 200
CHUNK = 1 << 16

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")
OTHERS = (b"%PDF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf", b"PK\x05\x06")


@dataclass(frozen=True)
class Table:
    """One sheet. `rows[i]` is row i + 1 as a person sees it; short rows are not padded; a blank row is ().

    Cells are str, int, float, datetime, date, time, timedelta, bool or None; text is as it stands in the file.
    """

    name: str | None
    rows: list[tuple[object, ...]]


@dataclass(frozen=True)
class TableFile:
    """`container` is xlsx, xls, html or text; `encoding` is set for html and text."""

    container: str
    encoding: str | None
    tables: list[Table]


@dataclass(frozen=True)
class OpenTable(Table):
    """One of a file that is still being read: `rows` are only its first.

    `read` begins at the first row whenever it is called; its cells are as they come, blank ones not made None.
    """

    read: Callable[[], Iterator[Sequence[object]]]


def read_tables(content: bytes | BinaryIO) -> TableFile:
    """Raises UnreadableFile with its own reason for each unfitness. Untrusted files are read in a limited child."""
    found = open_tables(io.BytesIO(content) if isinstance(content, bytes) else content)
    return replace(found, tables=[Table(table.name, bounds.gather(table.read())) for table in found.tables])


def open_tables(file: BinaryIO) -> TableFile:
    """The tables with something in them as OpenTable: their first rows, the others read from the file when asked for.

    Raises UnreadableFile, as reading the rows does.
    """
    container, encoding, opened = _opened(file)
    tables = [
        OpenTable(name, head, partial(_within, read))
        for name, read in opened
        if (head := bounds.gather(islice(bounds.within(read()), HEAD)))
    ]
    if not tables:
        raise UnreadableFile("empty_file")
    return TableFile(container, encoding, tables)


def rows_of(table: Table) -> Iterator[Sequence[object]]:
    """All its rows, () for a blank one; those of an OpenTable as its `read` gives them."""
    return table.read() if isinstance(table, OpenTable) else iter(table.rows)


def _within(read: Opened) -> Iterator[Sequence[object]]:
    return bounds.within(read())


def _opened(file: BinaryIO) -> tuple[str, str | None, Iterable[tuple[str | None, Opened]]]:
    head = _head(file)
    if head.startswith(PICTURES):
        raise UnreadableFile("picture")
    if head.startswith(OTHERS):
        raise UnreadableFile("not_a_table")
    if head.startswith(ZIP):
        _at_most(file, bounds.MAX_FILE)
        return "xlsx", None, open_xlsx(file)
    if head.startswith(OLE):
        _at_most(file, bounds.MAX_FILE)
        return "xls", None, open_xls(file)
    if _is_markup(head):
        _at_most(file, bounds.MAX_FILE)
        encoding, tables = read_html(file)
        return "html", encoding, [(None, partial(iter, rows)) for rows in tables]
    _at_most(file, bounds.MAX_TEXT_FILE)
    encoding, read = open_delimited(file)
    return "text", encoding, [(None, read)]


def _head(file: BinaryIO) -> bytes:
    """The first bytes of a file in which there is something."""
    file.seek(0)
    head = chunk = file.read(CHUNK)
    while not chunk.strip(b"\x00\t\r\n "):
        if not chunk:
            raise UnreadableFile("empty_file")
        chunk = file.read(CHUNK)
    return head


def _at_most(file: BinaryIO, most: int) -> None:
    if file.seek(0, os.SEEK_END) > most:
        raise UnreadableFile("too_large", most_mib=most // bounds.MIB)


def _is_markup(head: bytes) -> bool:
    head = head[:512].removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").replace(b"\x00", b"")
    return re.match(rb"\s*<", head) is not None
