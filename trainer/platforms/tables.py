"""A file from outside as plain tables: told apart by its content, never by its name."""

import re
from dataclasses import dataclass
from typing import BinaryIO

from trainer.errors import UnreadableFile
from trainer.platforms import bounds
from trainer.platforms.texts import read_delimited, read_html
from trainer.platforms.workbooks import read_xls, read_xlsx

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


def read_tables(content: bytes | BinaryIO) -> TableFile:
    """Raises UnreadableFile with its own reason for each unfitness. Untrusted files are read in a limited child."""
    content = content if isinstance(content, bytes) else content.read()
    if not content.strip(b"\x00\t\r\n "):
        raise UnreadableFile("empty_file")
    if content.startswith(PICTURES):
        raise UnreadableFile("picture")
    if content.startswith(OTHERS):
        raise UnreadableFile("not_a_table")
    if content.startswith(ZIP):
        _at_most(content, bounds.MAX_FILE)
        return TableFile("xlsx", None, [Table(name, rows) for name, rows in read_xlsx(content)])
    if content.startswith(OLE):
        _at_most(content, bounds.MAX_FILE)
        return TableFile("xls", None, [Table(name, rows) for name, rows in read_xls(content)])
    if _is_markup(content):
        _at_most(content, bounds.MAX_FILE)
        encoding, tables = read_html(content)
        return TableFile("html", encoding, [Table(None, rows) for rows in tables])
    _at_most(content, bounds.MAX_TEXT_FILE)
    encoding, rows = read_delimited(content)
    return TableFile("text", encoding, [Table(None, rows)])


def _at_most(content: bytes, most: int) -> None:
    if len(content) > most:
        raise UnreadableFile("too_large", most_mib=most // bounds.MIB)


def _is_markup(content: bytes) -> bool:
    head = content[:512].removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").replace(b"\x00", b"")
    return re.match(rb"\s*<", head) is not None
