"""Rosters as counties send them: the sample, its copies in other clothes, all kinds of headings, totals and asides."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from trainer.domain import people
from trainer.domain import roster as roster_rules
from trainer.domain.people import Sex
from trainer.domain.roster import Remark, find_duplicates
from trainer.errors import UnreadableFile
from trainer.platforms import roster as roster_reader
from trainer.platforms.roster import read_roster
from trainer.platforms.tables import Table, TableFile, read_tables
from trainer.wording import SENTENCES

SAMPLES = Path(__file__).parent.parent / "samples"
SAMPLE = "roster_datong_SYNTHETIC.xlsx"
EXPECTED = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))[SAMPLE]
HEADINGS = 2  # the index of the sample's row of headings
ID = "14029919930713106X"


@pytest.fixture(scope="module")
def sample():
    sheet = openpyxl.load_workbook(SAMPLES / SAMPLE).active
    return [list(cells) for cells in sheet.iter_rows(values_only=True)]


def as_workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
        for cell in (cell for line in sheet.iter_rows() for cell in line if isinstance(cell.value, str)):
            cell.data_type = "s"  # or =1+1 would become a formula
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def as_text(rows, encoding):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def assert_is_the_sample(roster, moved=0):
    """What EXPECTED.json says of the sample, its rows moved down by so many."""
    assert len(roster.rows) == EXPECTED["data_rows"]
    assert [(row - moved, problem.field) for row, problem in roster.rejected] == [
        (row, field) for row, field, _ in EXPECTED["rejected"]
    ]
    assert [(row - moved, warning.field) for row, warning in roster.warnings] == [
        (row, field) for row, field, _ in EXPECTED["warnings"]
    ]
    duplicates = find_duplicates(roster.rows)
    assert [[first - moved, later - moved] for first, later in duplicates.pairs] == EXPECTED["duplicates_in_file"]
    assert duplicates.needs_a_person == {}
    rejected = {row for row, _ in roster.rejected}
    assert len(roster.rows) - len(rejected) - len(duplicates.pairs) == EXPECTED["accepted"]


def test_sample():
    roster = read_roster(read_tables((SAMPLES / SAMPLE).read_bytes()), today=date(2026, 11, 22))
    assert_is_the_sample(roster)
    assert (roster.sheet, roster.header_row, roster.unknown_columns) == ("花名册", 3, ())
    assert (roster.total_row.row, roster.total_row.stated) == (104, 100)
    assert roster.rejected == [
        (19, Remark("phone", "phone_digits", {"digits": 10})),
        (26, Remark("id_number", "id_lost_digits", {})),
        (34, Remark("id_number", "id_check_digit", {})),
        (59, Remark("name", "name_missing", {})),
    ]
    assert roster.warnings == [(84, Remark("name", "formula_like", {"columns": "姓 名、备注"}))]


def test_sample_rows():
    rows = {row.row: row for row in read_roster(read_tables((SAMPLES / SAMPLE).read_bytes())).rows}
    first = rows[4]
    assert (first.name, first.sex, first.id_number, first.phone) == (
        *("梁红霞", Sex.FEMALE),
        *("140299199311028401", "14000000200"),
    )
    assert (first.birth_year, first.ethnicity, first.education, first.has_shop) == (1993, "汉族", "大专", True)
    assert (first.county, first.township, first.village, first.business) == ("云州区", "城关镇", "大西沟村", "土豆粉条")
    assert (first.accounts, first.note, first.problems, first.warnings) == ({}, None, (), ())
    assert [rows[number].phone for number in (7, 11, 15)] == ["14000000203", "14000000207", "14000000211"]
    assert rows[54].name == "阿依古丽·买买提"
    assert rows[79].id_number is None
    assert rows[84].name == '＝HYPERLINK("http://x")'
    assert rows[84].note == "=1+1"
    assert rows[84].raw[0] == "81"
    assert rows[84].raw[13] == "=1+1"
    assert rows[19].raw[4] == "1400000021"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_sample_as_text(sample, encoding):
    roster = read_roster(read_tables(as_text(sample, encoding)))
    assert_is_the_sample(roster)
    assert roster.header_row == 3


ALIASES = [
    {"姓 名": "*姓名", "身份证号码": "公民身份号码", "联系电话": "手机号", "县（区）": "县区", "文化程度": "学历"},
    {"姓 名": "学员姓名（必填）", "身份证号码": "身份证号", "联系电话": "电  话", "从事产业": "产业", "村": "行政村"},
    {
        "姓 名": "姓\n名",
        "联系电话": "联系方式(手机)",
        "县（区）": "所在县",
        "乡镇": "乡镇（街道）",
        "快手号": "快手账号",
    },
    {
        "身份证号码": "身份证件号码【18位】",
        "联系电话": "手机号码：",
        "民族": "民 族",
        "是否开店": "有无店铺",
        "备注": "备 注",
    },
]


@pytest.mark.parametrize("aliases", ALIASES)
def test_columns_renamed(sample, aliases):
    rows = [[aliases.get(cell, cell) for cell in cells] if at == HEADINGS else cells for at, cells in enumerate(sample)]
    roster = read_roster(read_tables(as_workbook(("花名册", rows))))
    assert_is_the_sample(roster)
    assert roster.unknown_columns == ()
    assert len(roster.columns) == 14


@pytest.mark.parametrize("order", [range(13, -1, -1), [4, 1, 0, 3, 2, *range(13, 4, -1)], [*range(7, 14), *range(7)]])
def test_columns_reordered(sample, order):
    table = [[cells[at] for at in order] if at >= HEADINGS else cells for at, cells in enumerate(sample[:-1])]
    roster = read_roster(read_tables(as_workbook(("花名册", table))))
    assert_is_the_sample(roster)
    assert roster.rows[0].phone == "14000000200"


def test_headings_on_the_first_row(sample):
    roster = read_roster(read_tables(as_workbook(("Sheet1", sample[HEADINGS:]))))
    assert roster.header_row == 1
    assert_is_the_sample(roster, moved=-2)


def test_second_sheet_after_the_instructions(sample):
    instructions = [
        ["填写说明"],
        ["列名", "怎么填"],
        ["姓名", "必填"],
        ["身份证号", "18位"],
        ["联系电话", "11位手机号"],
    ]
    roster = read_roster(read_tables(as_workbook(("填写说明", instructions), ("名单", sample))))
    assert roster.sheet == "名单"
    assert_is_the_sample(roster)


def roster_of(*rows, **kwargs):
    return read_roster(TableFile("xlsx", None, [Table("名单", [tuple(cells) for cells in rows])]), **kwargs)


def only_row(headings, cells, **kwargs):
    (row,) = roster_of(headings, cells, **kwargs).rows
    return row


def test_a_second_roster_is_told_of():
    one = Table("一班", [("姓名", "电话", "村"), ("王芳", "14000000200")])
    two = Table("二班", [("姓名", "电话"), ("李芳", "14000000201")])
    roster = read_roster(TableFile("xlsx", None, [two, one]))
    assert roster.sheet == "一班"
    assert roster.warnings == [(1, Remark("sheet", "other_sheets", {"sheets": "二班"}))]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("王芳", "14000000200")],
        [("电话", "村"), ("14000000200", "上庄村")],
        [("姓名", "备注"), ("王芳", "")],
        [()] * 20 + [("姓名", "电话", "村"), ("王芳", "14000000200", "上庄村")],
    ],
)
def test_no_roster(rows):
    with pytest.raises(UnreadableFile) as caught:
        roster_of(*rows)
    assert caught.value.reason == "no_roster_header"


def test_headings_over_two_rows():
    roster = roster_of(
        ("花名册",),
        ("序号", "姓名", "联系方式", None, "住址", None),
        (None, None, "手机", "微信", "乡镇", "村"),
        (1, "王芳", "14000000200", "wx", "城关镇", "上庄村"),
    )
    assert roster.header_row == 3
    assert roster.unknown_columns == ("微信",)
    (row,) = roster.rows
    assert (row.row, row.phone, row.township, row.village) == (4, "14000000200", "城关镇", "上庄村")


def test_a_first_row_of_data_is_not_taken_for_headings():
    roster = roster_of(("姓名", "电话", "类别"), ("王芳", "14000000200", "产业"))
    assert [row.name for row in roster.rows] == ["王芳"]


def test_unknown_columns_and_a_second_column_of_one_kind():
    roster = roster_of(("姓名", "手机", "联系电话", "血型", None), ("王芳", "14000000200", "0352-1234567", "A"))
    assert roster.unknown_columns == ("联系电话", "血型")
    assert roster.rows[0].phone == "14000000200"
    assert roster.rows[0].raw == ("王芳", "14000000200", "0352-1234567", "A", "")


def test_what_is_no_person_is_left_out():
    headings = ("序号", "姓名", "联系电话", "备注")
    roster = roster_of(
        headings,
        ("示例", "张三", "14000000299"),
        (0, "张三（示例）", "14000000299"),
        (1, "王芳", "14000000200"),
        (),
        (2, None, None),
        ("小计", 1),
        headings,
        (3, "李芳", "14000000201", "产品样例"),
        ("合 计", None, "2人"),
        ("填表人：", "王五", "审核人：", "赵六"),
        ("注：电话要写全", None),
    )
    assert [row.name for row in roster.rows] == ["王芳", "李芳"]
    assert [row.row for row in roster.rows] == [4, 9]
    assert (roster.total_row.row, roster.total_row.stated) == (10, 2)
    assert roster.warnings == []


@pytest.mark.parametrize("total", [("合计", 3), ("合计：3人",), ("共计", None, "３ 人"), ("共 3 人",)])
def test_a_total_that_disagrees(total):
    roster = roster_of(("姓名", "电话", "村"), ("王芳", "14000000200"), total)
    assert len(roster.rows) == 1
    assert roster.warnings == [(3, Remark("total", "total_disagrees", {"stated": 3, "counted": 1}))]


def test_a_total_without_a_number():
    roster = roster_of(("姓名", "电话", "村"), ("王芳", "14000000200"), ("合计",))
    assert roster.total_row.stated is None
    assert roster.warnings == []


@pytest.mark.parametrize("blank", [None, "", " ", "-", "——", "/", "无", "暂无"])
def test_signs_for_nothing(blank):
    row = only_row(("姓名", "身份证号", "电话", "快手号", "备注"), ("王芳", blank, blank, blank, blank))
    assert (row.id_number, row.phone, row.accounts, row.note) == (None, None, {}, None)
    assert (row.problems, row.warnings) == ((), ())


@pytest.mark.parametrize(
    ("cell", "has_shop"),
    [
        ("是", True),
        ("有", True),
        ("√", True),
        ("Ｙ".lower(), None),
        ("否", False),
        ("无", False),
        ("×", False),
        (None, None),
    ],
)
def test_has_shop(cell, has_shop):
    row = only_row(("姓名", "电话", "是否开店"), ("王芳", "14000000200", cell))
    assert row.has_shop is has_shop


@pytest.mark.parametrize(
    ("cell", "kind"), [("农民", "farmer"), ("返乡人员", "returnee"), ("妇联主席", "cadre"), ("", None)]
)
def test_kind_of_person(cell, kind):
    row = only_row(("姓名", "电话", "人员类别"), ("王芳", "14000000200", cell))
    assert (row.kind, row.warnings) == (kind, ())


def test_unreadable_answers_are_warned_of():
    headings = ("姓名", "电话", "是否开店", "性别", "出生年份", "学员类型")
    row = only_row(headings, ("王芳", "14000000200", "打算开", "妇", "八五年", "仙女"))
    assert row.problems == ()
    assert {warning[:2] for warning in row.warnings} == {
        ("has_shop", "yes_no_unreadable"),
        ("sex", "sex_unreadable"),
        ("birth_year", "birth_year_unreadable"),
        ("kind", "kind_unreadable"),
    }


@pytest.mark.parametrize(
    "cell",
    [
        1985,
        1985.0,
        "1985",
        "1985年",
        "１９８５．６",
        "1985-06-01",
        "198506",
        "19850601",
        datetime(1985, 6, 1, tzinfo=UTC),
    ],
)
def test_birth_year(cell):
    row = only_row(("姓名", "电话", "出生年月"), ("王芳", "14000000200", cell))
    assert (row.birth_year, row.warnings) == (1985, ())


@pytest.mark.parametrize("cell", ["85.6", 31048, "19851", "1885"])
def test_no_birth_year(cell):
    row = only_row(("姓名", "电话", "出生年月"), ("王芳", "14000000200", cell))
    assert row.birth_year is None
    assert [warning.code for warning in row.warnings] == ["birth_year_unreadable"]


def test_the_id_number_outweighs_what_stands_beside_it():
    row = only_row(("姓名", "身份证号", "性别", "出生年份"), ("王芳", ID, "男", "1992"))
    assert (row.sex, row.birth_year, row.problems) == (Sex.FEMALE, 1993, ())
    assert row.warnings == (
        Remark("sex", "sex_contradicts_id", {}),
        Remark("birth_year", "birth_year_contradicts_id", {"stated": 1992, "known": 1993}),
    )


def test_every_problem_of_a_row_is_told():
    row = only_row(("姓名", "身份证号", "电话", "乡镇"), ("123", 1.4029919800916752e17, "0352-1234567", "镇" * 61))
    assert row.problems == (
        Remark("name", "name_without_letters", {}),
        Remark("id_number", "id_lost_digits", {}),
        Remark("phone", "phone_not_mobile", {}),
        Remark("township", "text_too_long", {"most": 60, "length": 61}),
    )


def test_born_after_today():
    row = only_row(("姓名", "身份证号", "村"), ("王芳", ID, "上庄村"), today=date(1990, 1, 1))
    assert [problem.code for problem in row.problems] == ["id_date"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"])
def test_formula_like_text_stays_text(sign):
    row = only_row(("姓名", "电话", "快手号"), ("王芳", "+86-14000000200", f"{sign}SUM(A1)"))
    assert row.accounts == {"kuaishou": f"{sign}SUM(A1)".strip()}
    assert row.warnings == (Remark("kuaishou", "formula_like", {"columns": "快手号"}),)


def test_text_forced_by_a_formula_is_just_text():
    row = only_row(("姓名", "身份证号", "电话"), ("王芳", f'="{ID}"', '="14000000200"'))
    assert (row.id_number, row.phone, row.problems, row.warnings) == (ID, "14000000200", (), ())


def test_a_rare_character_lost_on_the_way():
    row = only_row(("姓名", "电话", "村"), ("李?芳", "14000000200", "上庄村"))
    assert (row.problems, row.warnings) == ((), (Remark("name", "name_doubtful", {}),))


def test_accounts():
    headings = ("姓名", "电话", "快手号", "抖音账号", "淘宝店铺", "微信视频号", "拼多多店铺")
    row = only_row(headings, ("王芳", "14000000200", 1234567, "dy_1", "王芳的店", "芳芳", "拼店"))
    assert row.accounts == {
        "kuaishou": "1234567",
        "douyin": "dy_1",
        "taobao": "王芳的店",
        "wechat_channels": "芳芳",
        "pinduoduo": "拼店",
    }


def test_every_reason_has_its_sentence():
    said_by = r'Problem\(|(?:Remark|warn)\((?:field|fields\[0\]|"\w+"), |reason=|return |else |needs_a_person\('
    code = re.compile(rf'(?:{said_by})"([a-z]+_[a-z_]+)"')
    sources = (people, roster_rules, roster_reader)
    codes = {found for module in sources for found in code.findall(Path(module.__file__).read_text(encoding="utf-8"))}
    assert len(codes) > 25
    assert codes - SENTENCES.keys() == set()
