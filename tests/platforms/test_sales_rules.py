"""Broadcasts, and what holds for every file: years, refund basis, totals, faults, unknown columns, sheets."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.platforms.makers import TODAY, as_csv, as_xlsx, codes, inspected, sample, sums
from trainer import platforms
from trainer.domain.days import CHINA
from trainer.domain.sales import Platform, RefundBasis
from trainer.errors import UnreadableFile
from trainer.platforms.inspection import inspect_file, inspection_summary
from trainer.platforms.tables import read_tables
from trainer.wording import SENTENCES

PLATFORMS = Path(platforms.__file__).parent

# --- Broadcasts

WECHAT_LIVE = ("直播信息", "开播时间", "直播时长", "观看人数", "最高在线", "总热度", "成交金额")


def broadcast(day="03月08日 19:30", gmv="¥10.00", title="好物"):
    return (title, day, "2小时", "100", "10", "5", gmv)


def test_the_year_is_the_latest_that_is_not_in_the_future():
    found = inspected(WECHAT_LIVE, broadcast("12月28日 19:30"), broadcast("01月03日 19:30"), today=date(2027, 1, 15))
    assert [row.started_at.year for row in found.rows] == [2026, 2027]
    assert all(row.year_assumed for row in found.rows)
    assert codes(found.warnings) == [(2, "year_assumed"), (3, "year_assumed")]


def test_the_year_follows_from_a_known_period():
    found = inspected(WECHAT_LIVE, broadcast(), period=(date(2025, 1, 1), date(2025, 6, 30)))
    assert [(row.started_at.year, row.year_assumed) for row in found.rows] == [(2025, False)]
    stated = inspect_file(as_csv([("统计周期：2024-03-01~2024-03-31",), WECHAT_LIVE, broadcast()]), today=TODAY)
    assert [(row.started_at.year, row.year_assumed) for row in stated.rows] == [(2024, False)]
    vague = inspected(WECHAT_LIVE, broadcast(), period=(date(2024, 1, 1), TODAY))
    assert [(row.started_at.year, row.year_assumed) for row in vague.rows] == [(2026, True)]


def test_title_and_time_in_one_cell():
    header = tuple(name for name in WECHAT_LIVE if name != "开播时间")
    found = inspected(header, ("春耕好物 03月08日 19:30", "2小时", "100", "10", "5", "¥10.00"))
    assert [(row.title, row.started_at) for row in found.rows] == [
        ("春耕好物", datetime(2026, 3, 8, 19, 30, tzinfo=CHINA))
    ]


DOUYIN_LIVE = ("直播间ID", "直播标题", "直播时间", "直播间观看人数", "成交订单数", "直播间成交金额", "退款金额")


def test_begin_and_end_in_one_column():
    row = ("1", "夜播", "2025-09-08 00-00-00~2025-09-08 07-00-46", "1.2万", 3, "88.00", "-")
    found = inspected(DOUYIN_LIVE, row)
    assert sums(found, "duration_s", "viewers", "viewers_exact", "refund_fen", "gmv_incl_abnormal_fen") == (
        25246,
        12000,
        False,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("label", "basis"),
    [("退款金额(退款日)", RefundBasis.REFUND_DAY), ("退款金额(支付日)", RefundBasis.PAYMENT_DAY), ("退款金额", None)],
)
def test_refund_basis_is_read_off_the_heading(label, basis):
    header = ("直播标题", "直播ID", "开播时间", "直播时长", "累计观众数", "累计订单数", "累计成交金额(元)", label)
    found = inspected(header, ("好物", "J1", "2026-03-06 19:30", "2小时", 5, 1, "10.00", "2.00"))
    assert found.platform is Platform.KUAISHOU
    assert found.rows[0].refund_basis is basis
    assert codes(found.warnings) == ([] if basis else [(1, "refund_basis_unknown")])


def test_impossible_figures_are_asked_about():
    header = (*DOUYIN_LIVE, "最高在线人数", "成交人数")
    row = ("1", "＝夜播", "2025-09-08 10:00:00", "50", 3, "10.00", "20.00", 60, 4)
    found = inspected(header, row)
    assert codes(found.warnings) == [(2, "formula_like_text")] + [(2, "figure_above")] * 3
    assert [problem.field for problem in found.warnings[1:]] == ["最高在线人数", "成交人数", "退款金额"]


# --- Any file


def test_rows_with_faults_are_refused_one_by_one_with_what_they_held():
    found = inspected(
        DOUYIN_LIVE,
        ("1", "a", "2025-09-08 10:00:00", "50", 3, "10.00", "0"),
        (7417300000000000123, "b", "2025-09-08 11:00:00", "50", 3, "10.00", "0"),
        ("3", "c", "2025-09-31 11:00:00", "50", 3, "很多", "0"),
        ("4", "d", None, "50", 3, "10.00", "0"),
        ("1", "a", "2025-09-08 10:00:00", "50", 3, "11.00", "0"),
        ("1", "a", "2025-09-08 10:00:00", "50", 3, "10.00", "0"),
        ("7", "e", "2025-09-08 12:00:00", "50", 3, "-10.00", "0"),
        ("8", "f", "2025-09-08 13:00:00", "不详", 3, "10.00", "0"),
    )
    assert codes(found.rejected) == [
        *[(3, "id_is_number"), (4, "bad_moment"), (4, "bad_money"), (5, "cell_missing")],
        *[(6, "key_twice"), (8, "amount_negative")],
    ]
    assert codes(found.warnings) == [(7, "duplicate_row"), (9, "bad_number")]
    assert [row.row for row in found.rows] == [2, 9]
    assert inspection_summary(found)["data_rows"] == 8
    assert found.rejected_cells[4]["直播间成交金额"] == "很多"


def test_totals_are_compared_and_not_counted():
    kuaishou_live = read_tables(sample("kuaishou_live_sessions_SYNTHETIC.xlsx")).tables[0].rows
    rows = [tuple("¥17,780.51" if cell == "¥17,780.50" else cell for cell in row) for row in kuaishou_live]
    found = inspect_file(as_csv(rows), today=TODAY)
    assert sums(found, "gmv_fen", "data_rows") == (1778050, 6)
    assert [(problem.row, problem.field, problem.code, problem.values) for problem in found.warnings] == [
        (10, "累计成交金额(元)", "total_differs", {"stated": 1778051, "summed": 1778050})
    ]


def test_notes_and_repeated_headings_are_no_data():
    row = ("1", "a", "2025-09-08 10:00:00", "50", 3, "10.00", "0")
    found = inspected(DOUYIN_LIVE, row, DOUYIN_LIVE, ("2", *row[1:]), (), ("数据更新于昨日",))
    assert inspection_summary(found)["data_rows"] == 2
    assert codes(found.warnings) == [(6, "note_row")]


def test_an_unknown_file_says_which_columns_it_has():
    with pytest.raises(UnreadableFile) as refused:
        inspect_file(as_csv([("姓名", "身份证号", "村"), ("王某", "1", "上庄")]), today=TODAY)
    assert refused.value.reason == "unknown_columns"
    assert refused.value.values["columns"] == "姓名、身份证号、村"


def test_unknown_columns_are_named_and_not_read():
    found = inspected(
        (*DOUYIN_LIVE, "新出的列", "联系电话"), ("1", "a", "2025-09-08 10:00", 5, 3, "1", "0", "秘密", "14000009999")
    )
    assert found.unknown_columns == ("新出的列",)
    assert "秘密" not in repr(found)
    assert "14000009999" not in repr(found)


BARE = ("直播标题", "开播时间", "直播时长", "观众数", "成交金额", "成交订单数")


def test_the_shop_decides_only_what_the_headings_leave_open():
    row = ("好物", "2026-03-06 19:30", "2小时", 5, "10.00", 1)
    with pytest.raises(UnreadableFile) as refused:
        inspected(BARE, row)
    assert refused.value.reason in ("unknown_columns", "ambiguous_columns")
    for platform in (Platform.KUAISHOU, Platform.PINDUODUO, Platform.WECHAT_CHANNELS):
        assert inspected(BARE, row, platform=platform).platform is platform
    # Headings that nobody has seen in a real file decide nothing against the shop.
    for platform in (Platform.WECHAT_CHANNELS, Platform.PINDUODUO):
        assert inspected((*BARE, "新增关注"), (*row, 1), platform=platform).platform is platform
    clear = inspected(DOUYIN_LIVE, ("1", "a", "2025-09-08 10:00", 5, 3, "1", "0"), platform=Platform.KUAISHOU)
    assert clear.platform is Platform.DOUYIN


def test_a_second_sheet_of_the_kind_is_not_hidden():
    rows = [DOUYIN_LIVE, ("1", "a", "2025-09-08 10:00", 5, 3, "1", "0")]
    found = inspect_file(as_xlsx(rows, after=[("二月", rows)]), today=TODAY)
    assert [(problem.code, problem.values) for problem in found.warnings] == [("sheet_not_read", {"sheet": "二月"})]


def test_the_fingerprint_is_of_the_headings_whatever_their_order():
    row = ("1", "a", "2025-09-08 10:00", 5, 3, "1", "0")
    one, other = inspected(DOUYIN_LIVE, row), inspected(DOUYIN_LIVE[::-1], row[::-1])
    assert one.fingerprint == other.fingerprint
    assert one.sha256 != other.sha256
    assert inspected((*DOUYIN_LIVE, "新出的列"), row).fingerprint != one.fingerprint


def test_every_code_has_its_sentence():
    """Codes as they stand in the source, beside the sentences a person is shown."""
    by_name = r'(?:warn|reject)\(\s*[\w.]+, (?:"\w*"|name|names|amount|sheet\.[\w.\[\]]+), "(\w+)"'
    coded = r'(?:UnreadableFile|BadCellError|_number)\((?:cell, )?"(\w+)"|Problem\([^"]*"?"?, "(\w+)"'
    refused = r'"refused", \("(\w+)"'
    said = "\n".join(path.read_text(encoding="utf-8") for path in PLATFORMS.glob("*.py") if path.name != "roster.py")
    found = re.findall("|".join((by_name, coded, refused)), said)
    codes_of_source = {code for groups in found for code in groups if code}
    assert len(codes_of_source) >= 45
    assert codes_of_source - SENTENCES.keys() == set()
