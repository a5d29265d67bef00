"""Files as people send them, made from rows: any encoding, container, order, place on the sheet; and hostile ones."""

import csv
import html
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl

from trainer.platforms.inspection import Inspection, inspect_file, inspection_summary

TODAY = date(2026, 11, 22)
SAMPLES = Path(__file__).parents[1] / "samples"
EXPECTED = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))

Rows = Sequence[Sequence[object]]


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def as_csv(rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(["" if cell is None else cell for cell in row] for row in rows)
    return out.getvalue().encode(encoding)


def as_xlsx(
    rows: Rows, *, name: str = "数据", before: Sequence[tuple[str, Rows]] = (), after: Sequence[tuple[str, Rows]] = ()
) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, filled in (*before, (name, rows), *after):
        sheet = book.create_sheet(title)
        for row in filled:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_html(rows: Rows, encoding: str = "gb18030") -> bytes:
    cells = "".join(
        "<tr>" + "".join(f"<td>{html.escape('' if cell is None else str(cell))}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f'<html><head><meta charset="{encoding}"></head><body><table>{cells}</table></body></html>'.encode(encoding)


def repacked(xlsx: bytes, changes: dict[str, bytes | None]) -> bytes:
    """The same package with parts replaced, added, or (None) left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def sheet_xml(cells: str, head: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?>{head}<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def inspected(header: tuple[str, ...], *rows: tuple[object, ...], **options) -> Inspection:
    return inspect_file(as_xlsx([header, *rows]), today=options.pop("today", TODAY), **options)


def codes(problems) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in problems]


def sums(inspection: Inspection, *names: str) -> tuple[object, ...]:
    answer = inspection_summary(inspection)
    return tuple(answer[name] for name in names)
