"""Files told apart by content, and each unfit one refused with a reason of its own."""

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.makers import SHEET, as_csv, as_html, as_xlsx, repacked, sheet_xml
from trainer.errors import UnreadableFile
from trainer.platforms import bounds
from trainer.platforms.inspection import inspect_file, inspection_summary
from trainer.platforms.limits import run_limited
from trainer.platforms.tables import read_tables

ROWS = [("名称", "数量"), ("土鸡蛋", "2"), (), ("羊肚菌", "3")]
XLS = Path(__file__).parent / "files" / "kuaishou_live_SYNTHETIC.xls"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def reason_of(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_tables(content)
    return refused.value.reason


@pytest.mark.parametrize(
    ("content", "container", "encoding"),
    [
        (as_xlsx(ROWS), "xlsx", None),
        (as_html(ROWS), "html", "gb18030"),
        (as_html(ROWS, "utf-8"), "html", "utf-8"),
        (as_csv(ROWS), "text", "utf-8"),
        (as_csv(ROWS, "utf-8-sig"), "text", "utf-8-sig"),
        (as_csv(ROWS, "gbk"), "text", "gb18030"),
        (as_csv(ROWS, "utf-16"), "text", "utf-16"),
        (as_csv(ROWS, "utf-16-be"), "text", "utf-16-be"),
        (as_csv(ROWS, delimiter="\t"), "text", "utf-8"),
        (as_csv(ROWS, delimiter=";"), "text", "utf-8"),
    ],
)
def test_containers_and_encodings(content, container, encoding):
    found = read_tables(content)
    assert (found.container, found.encoding) == (container, encoding)
    assert found.tables[0].rows == ROWS


def test_cells_keep_their_kind_in_a_workbook():
    row = ("字", 3, 2.5, datetime(2026, 3, 6, 19, 30), timedelta(hours=26), time(2, 15), True, None, "末")  # noqa: DTZ001
    assert read_tables(as_xlsx([row])).tables[0].rows == [row]


def test_tabs_inside_cells_do_not_make_a_tab_file():
    rows = [("编号", "名称", "价"), ("\t6923", "\t蛋,大", "\t1"), ("\t6924", "\t菌", "\t2")]
    assert read_tables(as_csv(rows)).tables[0].rows == rows


def test_a_wrong_dimension_loses_nothing():
    cells = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>7</v></c></row>' for n in range(1, 6))
    content = sheet_xml(cells).replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>')
    assert len(read_tables(repacked(as_xlsx(ROWS), {SHEET: content})).tables[0].rows) == 5


def test_formatting_to_the_last_row_is_not_data():
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert read_tables(repacked(as_xlsx(ROWS), {SHEET: sheet_xml(cells)})).tables[0].rows == [(1,)]


def test_old_binary_workbook():
    answer = inspection_summary(run_limited(inspect_file, XLS.read_bytes(), today=date(2026, 11, 22)))
    assert (answer["platform"], answer["header_row"], answer["data_rows"]) == ("kuaishou", 3, 2)
    assert (answer["gmv_fen"], answer["orders"], answer["viewers"], answer["duration_s"]) == (123450, 31, 1324, 9300)
    assert [table.name for table in read_tables(XLS.read_bytes()).tables] == ["直播场次"]


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names:
            package.writestr(name, b"<x/>")
    return out.getvalue()


ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
FAR_ROW = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>')
FAR_COLUMN = sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>')
FAR_CORNER = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
PLAIN = as_xlsx(ROWS)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"\r\n \r\n", "empty_file"),
        (as_xlsx([]), "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "picture"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 40, "picture"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"<html><body><p>no table</p></body></html>", "not_a_table"),
        (packed("word/document.xml", "[Content_Types].xml"), "not_a_workbook"),
        (OLE + b"\x00" * 600 + "WordDocument".encode("utf-16-le"), "not_a_workbook"),
        (OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (OLE + "Workbook".encode("utf-16-le") + "_VBA_PROJECT_CUR".encode("utf-16-le"), "macro_file"),
        (OLE + b"\x00" * 600 + "Workbook".encode("utf-16-le"), "damaged_file"),
        (repacked(PLAIN, {"xl/vbaProject.bin": b"x"}), "macro_file"),
        (repacked(PLAIN, {SHEET: sheet_xml("", ENTITY)}), "unsafe_xml"),
        (repacked(PLAIN, {SHEET: sheet_xml("", LAUGHS)}), "unsafe_xml"),
        (repacked(PLAIN, {"xl/styles.xml": ENTITY.encode("utf-16")}), "unsafe_xml"),
        (repacked(PLAIN, {SHEET: FAR_ROW}), "too_many_rows"),
        (repacked(PLAIN, {SHEET: FAR_COLUMN}), "too_many_columns"),
        (repacked(PLAIN, {SHEET: FAR_CORNER}), "too_many_rows"),
        (repacked(PLAIN, {SHEET: b"<worksheet"}), "damaged_file"),
        (PLAIN[: len(PLAIN) // 2], "damaged_file"),
        (packed(*(f"x{n}" for n in range(bounds.MAX_ENTRIES + 1))), "too_many_entries"),
        (b"\xff" * 100, "unknown_encoding"),
        (as_csv([("a",) * 301]), "too_many_columns"),
        (b"a,b\n" * (bounds.MAX_ROWS + 1), "too_many_rows"),
        (b'a,"' + b"x" * (2 << 20) + b'"\n', "damaged_file"),
    ],
)
def test_refused_with_its_reason(content, reason):
    assert reason_of(content) == reason


STARTS = st.sampled_from(
    [b"", b"PK\x03\x04", OLE, OLE + "Workbook".encode("utf-16-le"), b"<table><tr>", b"\xff\xfe", PLAIN[:900]]
)


@settings(max_examples=150, deadline=None)
@given(STARTS, st.binary(max_size=2000))
def test_whatever_the_bytes_it_is_a_table_or_a_refusal(start, rest):
    with suppress(UnreadableFile):
        assert read_tables(start + rest).tables


def test_a_zip_bomb_is_stopped_while_unpacking(monkeypatch):
    bomb = repacked(PLAIN, {SHEET: b" " * (bounds.MAX_UNZIPPED + 1)})
    assert len(bomb) < 1 << 20
    assert reason_of(bomb) == "unpacks_too_large"


def test_an_encrypted_zip_entry():
    content = bytearray(PLAIN)
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    assert reason_of(bytes(content)) == "encrypted"


def test_size_limits(monkeypatch):
    monkeypatch.setattr(bounds, "MAX_FILE", 100)
    monkeypatch.setattr(bounds, "MAX_TEXT_FILE", 10)
    assert reason_of(PLAIN) == "too_large"
    assert reason_of(b"a,b\n" * 5) == "too_large"
    assert reason_of(b"<table>" + b"x" * 100) == "too_large"


def test_hidden_sheets_are_left_out():
    book = openpyxl.Workbook()
    book.active.append(["看得见", 1])
    hidden = book.create_sheet("藏")
    hidden.append(["看不见", 2])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert [table.rows for table in read_tables(out.getvalue()).tables] == [[("看得见", 1)]]
