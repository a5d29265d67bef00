"""The blank roster form and the workbook of rows to be mended: both can be read again by the importer."""

from datetime import date

from tests.rosters import ID_1, cells
from trainer.documents.roster import FORM, write_bad_rows, write_roster_form
from trainer.domain.imports import RowAction
from trainer.domain.roster import Remark, RosterRow
from trainer.domain.roster_plan import PlannedRow
from trainer.platforms.roster import ALIASES, read_roster
from trainer.platforms.tables import read_tables


def test_the_blank_form_is_understood_and_its_example_skipped():
    content = write_roster_form("大同市第一期学员花名册", ["云州区", "阳高县"])
    file = read_roster(read_tables(content), today=date(2026, 3, 1))
    assert (file.sheet, file.header_row, file.rows, file.unknown_columns) == ("花名册", 2, (), ())
    assert len(file.columns) == len(FORM)
    assert file.columns.keys() < ALIASES.keys()
    assert [row[0] for row in cells(content, 1)] == ["栏目", *(heading for heading, *_rest in FORM)]


def test_rows_to_be_mended_keep_what_the_county_wrote():
    row = RosterRow(
        19,
        name="阎改花",
        problems=(Remark("phone", "phone_digits", {"digits": 10}),),
        raw=("16", "阎改花", ID_1, "1400000021", "=1+1", "right of the last heading"),
    )
    headings = ("序号", "姓 名", "身份证号码", "联系电话", "备注")
    columns = {"number": 0, "name": 1, "id_number": 2, "phone": 3, "note": 4}
    content = write_bad_rows(
        ("待改正",),
        headings,
        columns,
        [PlannedRow(row, RowAction.REJECTED)],
        reasons={19: "手机号是 10 位数字"},
        reason_heading="错误原因",
        row_heading="原行号",
    )
    assert cells(content)[1:] == [
        (*headings, "错误原因", "原行号"),
        ("16", "阎改花", ID_1, "1400000021", "=1+1", "手机号是 10 位数字", 19),
    ]
    again = read_roster(read_tables(content))
    assert (again.columns, again.unknown_columns) == (columns, ("错误原因", "原行号"))
    assert [(number, problem.code) for number, problem in again.rejected] == [(3, "phone_digits")]
