"""Workbooks of cells, .xlsx and .xls, opened warily: a small file can hold a very big sheet."""

import io
import re
import warnings
import zipfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import BinaryIO

from trainer.errors import UnreadableFile
from trainer.platforms import bounds
from trainer.platforms.texts import Opened

CHUNK = 1 << 18
AT_ONCE = 500
DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# A row or cell beyond 250,000 rows or 300 columns: the native reader makes room for everything before it. Looked for in
# each row's own number and its last cell. In an order that no program writes one may get through; then the memory that
# the child is given is the limit.
REFERENCE = rb"""\s(?>(?:[^>]*?\s)??r\s*=\s*["'])"""
FAR_NUMBER = rb"(?:\d{7}|[3-9]\d{5}|2[5-9]\d{4})"
FAR_ROW = re.compile(b"<row" + REFERENCE + FAR_NUMBER)
FAR_CELL = re.compile(b"<c" + REFERENCE + rb"(?:(?:[A-Z]{3}|K[O-Z]|[L-Z][A-Z])\d|[A-Z]{0,2}" + FAR_NUMBER + b")")
# Patterns of plain signs: they are found three times as soon as by `in` and `count`.
SHEET_DATA, ROW = re.compile(b"<sheetData"), re.compile(b"<row")
# Of what was seen, looked at again together with what comes next; and how far from a row's end its last cell may be.
OVERLAP = 1 << 10
# The row-by-row reader takes a tenth of a millisecond a row: nothing for what people nearly always send.
MANY_ROWS = 20_000
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
VBA = "_VBA_PROJECT".encode("utf-16-le")
WORKBOOK_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))

Sheets = Iterable[tuple[str, Opened]]


@dataclass
class Survey:
    """What one look through every part of a package found: true bytes, rows of its biggest sheet, far-off cells."""

    unzipped: int = 0
    rows: int = 0
    is_far: bool = False

    @property
    def is_for_native_reader(self) -> bool:
        """Big, and nothing in it that would make the quick reader take all memory."""
        return self.rows > MANY_ROWS and not self.is_far


def open_xlsx(file: BinaryIO) -> Sheets:
    """The visible sheets in their order."""
    return _open_native(file) if survey(file).is_for_native_reader else _open_by_rows(file)


def _open_by_rows(file: BinaryIO) -> Sheets:
    """Through a reader that holds one row at a time."""
    import openpyxl  # noqa: PLC0415 (slow to load, not needed for text files)

    try:
        with warnings.catch_warnings(action="ignore"):
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][: bounds.MAX_TABLES]
    except MemoryError:
        raise
    except Exception as error:  # the library raises a dozen kinds for a damaged file
        raise UnreadableFile("damaged_file") from error
    return [(sheet.title, partial(_rows_of, sheet)) for sheet in sheets]


def _rows_of(sheet) -> Iterator[Sequence[object]]:
    # The stated dimension of a sheet is wrong in files of some office programs: all but one cell would be lost.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True)
    while True:
        try:
            with warnings.catch_warnings(action="ignore"):
                some = list(islice(rows, AT_ONCE))
        except MemoryError:
            raise
        except Exception as error:
            raise UnreadableFile("damaged_file") from error
        if not some:
            return
        yield from some


def survey(file: BinaryIO) -> Survey:
    """Reads every part once, counting true bytes: the sizes a zip states about itself are not to be believed."""
    found = Survey()
    try:
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
            _check_entries(entries)
            for entry in entries:
                _look_through(package, entry, found)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zipfile.zlib.error) as error:
        raise UnreadableFile("damaged_file") from error
    return found


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename.lower() for entry in entries}
    if len(entries) > bounds.MAX_ENTRIES:
        raise UnreadableFile("too_many_entries", most=bounds.MAX_ENTRIES)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile("encrypted")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise UnreadableFile("macro_file")
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise UnreadableFile("not_a_workbook")


def _look_through(package: zipfile.ZipFile, entry: zipfile.ZipInfo, found: Survey) -> None:
    is_markup = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    is_sheet = False
    tail, rows = b"", 0
    with package.open(entry) as part:
        while chunk := part.read(CHUNK):
            found.unzipped += len(chunk)
            if found.unzipped > bounds.MAX_UNZIPPED:
                raise UnreadableFile("unpacks_too_large", most_mib=bounds.MAX_UNZIPPED // bounds.MIB)
            if not is_markup:
                continue
            # Without NULs, what is written in UTF-16 is found too.
            seen = (tail + chunk).replace(b"\x00", b"")
            # One sign is found much sooner than two.
            if b"!" in seen and DOCTYPE.search(seen):
                raise UnreadableFile("unsafe_xml")
            is_sheet = is_sheet or SHEET_DATA.search(seen) is not None
            if is_sheet:
                found_rows, is_far = _look_at_rows(seen, len(tail))
                rows, found.is_far = rows + found_rows, found.is_far or is_far
            tail = seen[-OVERLAP:]
    found.rows = max(found.rows, rows)


def _look_at_rows(seen: bytes, known: int) -> tuple[int, bool]:
    """How many rows begin behind the `known` bytes, and whether a row or the last cell of one is far off."""
    starts = [row.start() for row in ROW.finditer(seen)]
    last, is_far_row, is_far_cell = seen.rfind, FAR_ROW.match, FAR_CELL.match
    is_far = is_far_cell(seen, last(b"<c ")) is not None
    for at in starts:
        if is_far_row(seen, at) or is_far_cell(seen, last(b"<c", at - OVERLAP if at > OVERLAP else 0, at)):
            is_far = True
    # The name of a tag may begin among the known ones.
    return len(starts) - bisect_left(starts, known - len(ROW.pattern) + 1), is_far


def open_xls(file: BinaryIO) -> Sheets:
    """The old binary workbook."""
    file.seek(0)
    content = file.read()
    if ENCRYPTED in content:
        raise UnreadableFile("encrypted")
    if VBA in content:
        raise UnreadableFile("macro_file")
    if not any(name in content for name in WORKBOOK_STREAMS):
        raise UnreadableFile("not_a_workbook")
    return _open_native(io.BytesIO(content))


def _open_native(file: BinaryIO) -> Sheets:
    """Through a native reader that is quick and can end the whole process: only in a limited child."""
    import python_calamine  # noqa: PLC0415 (native library of several MiB, needed for few files)

    file.seek(0)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(file)
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible
            and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        sheets = [(name, book.get_sheet_by_name(name)) for name in names[: bounds.MAX_TABLES]]
    except python_calamine.PasswordError as error:
        raise UnreadableFile("encrypted") from error
    except python_calamine.CalamineError as error:
        raise UnreadableFile("damaged_file") from error
    return [(name, partial(_rows_of_native, sheet)) for name, sheet in sheets]


def _rows_of_native(sheet) -> Iterator[Sequence[object]]:
    # Columns before the first with something in it are left out; rows are not.
    before = [None] * sheet.start[1] if sheet.start else []
    rows = sheet.iter_rows()
    return map(before.__add__, rows) if before else rows
