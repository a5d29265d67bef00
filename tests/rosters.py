"""Rosters for tests: the sample as a county sent it, and small ones made by hand."""

import io
from pathlib import Path

import openpyxl

SAMPLE = Path(__file__).parent / "samples" / "roster_datong_SYNTHETIC.xlsx"
HEADINGS = ("序号", "姓名", "身份证号", "联系电话", "县区", "村", "快手号", "备注")
# Invented: an area code that does not exist, phones nobody holds.
ID_1, ID_2 = "140299199311028401", "140299197002140708"


def roster_file(*rows: tuple, headings: tuple = HEADINGS) -> bytes:
    """A workbook of `rows`, each (name, ID number, phone, county, village, account, note) as far as given."""
    book = openpyxl.Workbook()
    book.active.append(headings)
    for number, row in enumerate(rows, 1):
        book.active.append((number, *row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def cells(content: bytes, sheet: int = 0) -> list[tuple]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[sheet].iter_rows(values_only=True))
