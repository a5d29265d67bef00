"""Tables written as text: delimited lines in any encoding in use, and web pages that call themselves .xls."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from html.parser import HTMLParser
from typing import BinaryIO, TextIO

from trainer.errors import UnreadableFile
from trainer.platforms import bounds

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = (",", "\t", ";")
CHUNK = 1 << 20
CELL_LIMIT = 1 << 20
MAX_SPAN = 50

# Begins at the first row again whenever it is called.
Opened = Callable[[], Iterator[Sequence[object]]]


def find_encoding(content: bytes | BinaryIO) -> str:
    """Byte-order mark, else UTF-16 by its NUL bytes, else strict UTF-8, else GB18030: right for every file tried."""
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    file.seek(0)
    head = file.read(4096)
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return _decodes(file, encoding) or _unknown()
    if b"\x00" in head:
        # In UTF-16 every digit, comma and line end has its NUL on one side.
        odd, even = head[1::2].count(0), head[0::2].count(0)
        return _decodes(file, "utf-16-le" if odd > even else "utf-16-be") or _unknown()
    return _decodes(file, "utf-8") or _decodes(file, "gb18030") or _unknown()


def _decodes(file: BinaryIO, encoding: str) -> str | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            if "\x00" in decoder.decode(chunk):
                return None
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return encoding


def _unknown() -> str:
    raise UnreadableFile("unknown_encoding")


def open_delimited(file: BinaryIO) -> tuple[str, Opened]:
    """The encoding and the rows of a comma, tab or semicolon file; the file closes with them."""
    encoding = find_encoding(file)
    delimiter = _find_delimiter(file, encoding)
    file.seek(0)
    lines = io.TextIOWrapper(file, encoding=encoding, newline="")
    return encoding, lambda: _records(lines, delimiter)


def _records(lines: TextIO, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(CELL_LIMIT)
    lines.seek(0)
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error as error:
        raise UnreadableFile("damaged_file") from error


def _find_delimiter(file: BinaryIO, encoding: str) -> str:
    """The one under which most of the first lines fall into the same number of cells, the more the better."""
    file.seek(0)
    head = file.read(1 << 16).decode(encoding, errors="ignore").splitlines()[:40]

    def regularity(delimiter: str) -> int:
        widths = Counter(len(row) for row in csv.reader(head, delimiter=delimiter) if len(row) > 1)
        return max((times * width for width, times in widths.items()), default=0)

    return max(DELIMITERS, key=regularity)


def read_html(file: BinaryIO) -> tuple[str, list[bounds.Rows]]:
    """The tables of a web page with at least one row; a page without any is not a table."""
    file.seek(0)
    content = file.read()
    encoding = _html_encoding(content)
    parser = _TableParser()
    parser.feed(content.decode(encoding, errors="replace"))
    parser.close()
    tables = [rows for rows in map(bounds.gather, parser.tables[: bounds.MAX_TABLES]) if rows]
    if not tables:
        raise UnreadableFile("not_a_table")
    return encoding, tables


def _html_encoding(content: bytes) -> str:
    stated = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", content[:4096], re.IGNORECASE)
    if stated and stated[1].lower() in (b"gb2312", b"gbk", b"gb18030"):
        return "gb18030"
    return find_encoding(content)


class _TableParser(HTMLParser):
    """Cells of every table; a cell spanning columns leaves blanks after it, as in a workbook."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.cell: list[str] | None = None
        self.blanks = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self._end_cell()
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._end_cell()
            span = dict(attrs).get("colspan") or "1"
            self.cell, self.blanks = [], min(int(span), MAX_SPAN) - 1 if span.isdecimal() else 0
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)

    def _end_cell(self) -> None:
        if self.cell is not None and self.tables and self.tables[-1]:
            self.tables[-1][-1].extend(["".join(self.cell).strip(), *[""] * self.blanks])
        self.cell = None
