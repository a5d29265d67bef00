"""Files of marks for tests."""

import io

import openpyxl

HEADINGS = ("座号", "姓名", "后四位", "状态", "签到时间", "备注")


def mark_file(*rows: tuple, headings: tuple = HEADINGS, above: tuple = ()) -> bytes:
    """A workbook of `rows` under `headings`."""
    book = openpyxl.Workbook()
    for row in (*above, headings, *rows):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
