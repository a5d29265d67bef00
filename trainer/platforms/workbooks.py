"""Workbooks of cells, .xlsx and .xls, opened warily: a small file can hold a very big sheet."""

import io
import re
import warnings
import zipfile

from trainer.errors import UnreadableFile
from trainer.platforms import bounds

CHUNK = 1 << 18
DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
VBA = "_VBA_PROJECT".encode("utf-16-le")
WORKBOOK_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))

Sheets = list[tuple[str, bounds.Rows]]


def read_xlsx(content: bytes) -> Sheets:
    """The visible sheets with something on them, in their order, row by row without building the sheet in memory."""
    import openpyxl  # noqa: PLC0415 (slow to load, not needed for text files)

    check_package(content)
    try:
        with warnings.catch_warnings(action="ignore"):
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][: bounds.MAX_TABLES]
            return _filled((sheet.title, _rows_of(sheet)) for sheet in sheets)
    except (UnreadableFile, MemoryError):
        raise
    except Exception as error:  # the library raises a dozen kinds for a damaged file
        raise UnreadableFile("damaged_file") from error


def _rows_of(sheet) -> bounds.Rows:
    # The stated dimension of a sheet is wrong in files of some office programs: all but one cell would be lost.
    sheet.reset_dimensions()
    return bounds.gather(sheet.iter_rows(values_only=True))


def _filled(sheets) -> Sheets:
    filled = [(name, rows) for name, rows in sheets if rows]
    if not filled:
        raise UnreadableFile("empty_file")
    return filled


def check_package(content: bytes) -> None:
    """Reads every part once, counting true bytes: the sizes a zip states about itself are not to be believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            _check_entries(entries)
            unzipped = 0
            for entry in entries:
                unzipped = _check_part(package, entry, unzipped)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zipfile.zlib.error) as error:
        raise UnreadableFile("damaged_file") from error


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


def _check_part(package: zipfile.ZipFile, entry: zipfile.ZipInfo, unzipped: int) -> int:
    is_markup = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    tail = b""
    with package.open(entry) as part:
        while chunk := part.read(CHUNK):
            unzipped += len(chunk)
            if unzipped > bounds.MAX_UNZIPPED:
                raise UnreadableFile("unpacks_too_large", most_mib=bounds.MAX_UNZIPPED // bounds.MIB)
            # Without NULs, a DOCTYPE written in UTF-16 is found too.
            if is_markup and DOCTYPE.search((tail + chunk).replace(b"\x00", b"")):
                raise UnreadableFile("unsafe_xml")
            tail = chunk[-64:]
    return unzipped


def read_xls(content: bytes) -> Sheets:
    """The old binary workbook, through a native reader that can end the whole process: only in a limited child."""
    import python_calamine  # noqa: PLC0415 (native library of several MiB, needed for few files)

    if ENCRYPTED in content:
        raise UnreadableFile("encrypted")
    if VBA in content:
        raise UnreadableFile("macro_file")
    if not any(name in content for name in WORKBOOK_STREAMS):
        raise UnreadableFile("not_a_workbook")
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible
            and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        return _filled((name, _rows_of_xls(book, name)) for name in names[: bounds.MAX_TABLES])
    except python_calamine.PasswordError as error:
        raise UnreadableFile("encrypted") from error
    except python_calamine.CalamineError as error:
        raise UnreadableFile("damaged_file") from error


def _rows_of_xls(book, name: str) -> bounds.Rows:
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return bounds.gather([_whole(cell) for cell in row] for row in rows)


def _whole(cell: object) -> object:
    """This format knows no integers: 2.0 was a 2 on the sheet."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
