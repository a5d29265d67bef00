"""The writer of workbooks: text stays text, numbers stay numbers, and the sheet prints."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from trainer.documents.workbook import Chart, Column, Sheet, export_lines, write_workbook

STARTS = ["=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠", "\n="]


def read(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name).decode() for name in package.namelist() if name.endswith(".xml")}


@pytest.mark.parametrize("start", STARTS)
def test_no_value_becomes_a_formula_wherever_it_stands(start):
    danger = f'{start}HYPERLINK("http://x",1)'
    kinds = ("text", "number", "percent", "date", "moment")
    sheet = Sheet(
        danger, [Column(danger, kind) for kind in kinds], [[danger] * len(kinds)], title_rows=(danger, danger)
    )
    content = write_workbook([sheet])
    assert not any(re.search(r"<f[ >]", part) for part in parts(content).values())
    cells = [cell for row in read(content).active.iter_rows(min_row=3) for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all("HYPERLINK" in cell.value for cell in cells)


def test_links_and_numbers_in_text_stay_text():
    content = write_workbook([Sheet("a", [Column("x")], [["http://example.com"], ["140299197402090404"], ["1E5"]])])
    assert [cell.value for cell in read(content).active["A"]] == [
        "x",
        "http://example.com",
        "140299197402090404",
        "1E5",
    ]
    assert not any("hyperlink" in part for name, part in parts(content).items() if name.startswith("xl/worksheets"))


def test_kinds_of_cells():
    columns = [
        Column("身份证号", "text", 22),
        Column("人数", "number"),
        Column("净成交额（元）", "money"),
        Column("日期", "date"),
        Column("时间", "moment"),
        Column("出勤率", "percent"),
    ]
    moment = datetime(2026, 3, 9, 8, 57, tzinfo=ZoneInfo("Asia/Shanghai"))
    row = [14029919740209, 3, 1234560, date(2026, 3, 9), moment, 0.867]
    page = read(write_workbook([Sheet("名册", columns, [row, [None] * 6])])).active
    cells = page[2]
    values = [str(cell.value) for cell in cells]
    assert values == ["14029919740209", "3", "12345.6", "2026-03-09 00:00:00", "2026-03-09 08:57:00", "0.867"]
    formats = [cell.number_format for cell in cells]
    assert formats == ["@", "General", "#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0.0%"]
    assert [cell.value for cell in page[3]] == [None] * 6


def test_a_moment_in_utc_is_a_mistake():
    with pytest.raises(ValueError, match=r"clock\.local"):
        write_workbook([Sheet("a", [Column("x", "moment")], [[datetime(2026, 3, 9, 1, 0, tzinfo=UTC)]])])


def test_title_header_and_print(app):
    at = datetime(2026, 11, 22, 11, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    with app.test_request_context():
        lines = export_lines("第三期学员名册", unit="大同市妇联", at=at, by="王芳")
    assert lines == ("第三期学员名册", "制表单位：大同市妇联    导出时间：2026-11-22 11:05    导出人：王芳")
    sheet = Sheet("名册", [Column("姓名"), Column("联系电话")], [["王秀芳", "140****0001"]], title_rows=lines)
    page = read(write_workbook([sheet])).active
    assert page["A1"].value == lines[0]
    assert page["A2"].value == lines[1]
    assert [cell.value for cell in page[3]] == ["姓名", "联系电话"]
    assert page.freeze_panes == "A4"
    assert page.page_setup.orientation == "landscape"
    assert page.print_title_rows == "$3:$3"
    assert page.page_setup.fitToHeight == 0


def test_bad_cells_and_quiet_rows_look_different():
    sheet = Sheet(
        "a",
        [Column("x"), Column("y")],
        [["示例", "1"], ["2", "3"]],
        quiet=frozenset({0}),
        highlighted=frozenset({(1, 1)}),
    )
    page = read(write_workbook([sheet])).active
    assert page["A2"].font.i
    assert not page["A3"].font.i
    assert page["B3"].fill.fgColor.rgb == "FFF9D9DE"
    assert page["A3"].fill.fgColor.rgb != "FFF9D9DE"


def test_pick_lists_of_any_length():
    nations = tuple(f"民族{number}" for number in range(80))
    content = write_workbook([Sheet("名册", [Column("姓名"), Column("民族", choices=nations)], [])])
    book = read(content)
    assert book["_lists"].sheet_state == "hidden"
    assert [cell.value for cell in book["_lists"]["A"]] == list(nations)
    (rule,) = book["名册"].data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("B2:B1002", "_lists!$A$1:$A$80")


def test_sheet_names_that_a_spreadsheet_refuses():
    titles = ["a/b[1]:*?", "名册" * 20, "名册" * 20, "", "History'"]
    book = read(write_workbook([Sheet(title, [Column("x")], []) for title in titles]))
    assert len({name.lower() for name in book.sheetnames}) == len(titles)
    assert all(0 < len(name) <= 31 for name in book.sheetnames)


def test_a_very_long_text_is_cut_not_lost():
    page = read(write_workbook([Sheet("a", [Column("x")], [["长" * 40_000]])])).active
    assert len(page["A2"].value) == 32_767


@pytest.mark.parametrize("kind", ["column", "bar", "line", "stacked", "steps"])
def test_a_chart_draws_the_columns_of_its_table(kind):
    columns = [Column("=阶段"), Column("=人数", "number"), Column("比例", "percent")]
    rows = [["入班", 100, 1.0], ["结业", 86, 0.86]]
    content = write_workbook([Sheet("=漏斗", columns, rows, ("标题",), chart=Chart(kind, 0, (1, 2)))])
    (drawn,) = [part for name, part in parts(content).items() if name.startswith("xl/charts/chart")]
    series = re.findall(r"<c:ser>.*?</c:ser>", drawn)
    assert [re.findall(r"<c:f>([^<]*)</c:f>", one) for one in series] == [
        ["'=漏斗'!$B$2", "'=漏斗'!$A$3:$A$4", "'=漏斗'!$B$3:$B$4"],
        ["'=漏斗'!$C$2", "'=漏斗'!$A$3:$A$4", "'=漏斗'!$C$3:$C$4"],
    ]
    # Words that look like formulas stay words.
    assert {"漏斗", "阶段"} <= set(re.findall(r"<a:t>([^<]*)</a:t>", drawn))


def test_a_table_without_rows_has_no_chart():
    content = write_workbook([Sheet("a", [Column("x"), Column("y", "number")], [], chart=Chart("column", 0, (1,)))])
    assert not any(name.startswith("xl/charts") for name in parts(content))
