"""Cells in all the ways platforms write them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.domain.days import CHINA
from trainer.platforms.normalise import (
    BadCellError,
    Yearless,
    average,
    count,
    duration,
    heading,
    identifier,
    moment,
    money,
    rate,
    span,
    text,
)


@pytest.mark.parametrize("cell", [None, "", " ", "-", "--", "—", "\t", "/", "无", "'", '=""'])
@pytest.mark.parametrize("read", [money, count, duration, moment, identifier, text])
def test_empty(read, cell):
    assert read(cell) is None


@pytest.mark.parametrize(
    ("cell", "fen", "exact"),
    [
        ("1234.5", 123450, True),
        ("¥1,234.50", 123450, True),
        ("￥１，２３４．５０", 123450, True),
        ("\t58.90", 5890, True),
        ("'58.90", 5890, True),
        ('="58.90"', 5890, True),
        ("12.5元", 1250, True),
        ("1.2万", 1_200_000, False),
        ("3.4亿", 34_000_000_000, False),
        ("5.1w", 5_100_000, False),
        ("10万+", 10_000_000, False),
        ("-10.00", -1000, True),
        ("−10.00", -1000, True),
        (".5", 50, True),
        ("0.005", 1, True),
        (1178, 117800, True),
        (0.1 + 0.2, 30, True),
        (1301.66, 130166, True),
    ],
)
def test_money(cell, fen, exact):
    assert money(cell) == (fen, exact)


@pytest.mark.parametrize(
    ("read", "cell"),
    [(money, "99999999999999"), (count, "2147483648"), (count, 2**31), (average, "21.5亿"), (rate, "99999999%")],
)
def test_figures_that_no_column_could_hold(read, cell):
    with pytest.raises(BadCellError, match="figure_too_big"):
        read(cell)


def test_money_in_ten_thousands_is_bounded_too():
    assert money("1.5", Decimal(10_000)) == (1_500_000, False)
    with pytest.raises(BadCellError, match="figure_too_big"):
        money("9999999999", Decimal(10_000))


@pytest.mark.parametrize(("cell", "whole"), [("55.5", 56), (55.4, 55), ("1.2万", 12_000), ("7", 7), ("-", None)])
def test_an_average_is_made_whole(cell, whole):
    assert (average(cell) or (None,))[0] == whole


@pytest.mark.parametrize(
    ("cell", "bp"),
    [("0.5%", 50), ("１２．３４％", 1234), ("12.3", 1230), (0.123, 1230), ("1", 10_000), ("-", None), ("0%", 0)],
)
def test_rates_in_hundredths_of_a_percent(cell, bp):
    assert rate(cell) == bp


@pytest.mark.parametrize("cell", ["abc", "1.2.3", "1,2", "1e5", "12%", "1 - 2", float("nan"), float("inf"), True])
def test_money_that_is_none(cell):
    with pytest.raises(BadCellError):
        money(cell)


def test_money_counted_in_ten_thousands():
    assert money("1.23", Decimal(10_000)) == (1_230_000, False)


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_money_never_loses_a_fen(fen):
    yuan = Decimal(fen) / 100
    assert money(f"{yuan:.2f}") == (fen, True)
    assert money(f"¥{yuan:,.2f}") == (fen, True)


@pytest.mark.parametrize(
    ("cell", "number", "exact"),
    [("1,286", 1286, True), (96, 96, True), (31.0, 31, True), ("1.2万", 12000, False), ("52人", 52, True)],
)
def test_count(cell, number, exact):
    assert count(cell) == (number, exact)


@pytest.mark.parametrize("cell", ["2.5", -1, "-3", "x", timedelta(1)])
def test_count_that_is_none(cell):
    with pytest.raises(BadCellError, match="bad_number"):
        count(cell)


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("2小时15分", 8100),
        ("2小时15分30秒", 8130),
        ("3小时0分", 10800),
        ("2时5分", 7500),
        ("135分钟", 8100),
        ("20分", 1200),
        ("58秒", 58),
        ("1分35秒", 95),
        ("1.5小时", 5400),
        ("1天2小时", 93600),
        ("2h15m", 8100),
        ("02:15:33", 8133),
        ("１３５分钟", 8100),
        ("8100", 8100),
        (8100, 8100),
        (0.09375, 8100),
        (timedelta(hours=2, minutes=15), 8100),
        (time(2, 15, 33), 8133),
    ],
)
def test_duration(cell, seconds):
    assert duration(cell) == seconds


def test_duration_in_the_unit_of_its_heading():
    assert duration("135", 60) == duration(135, 60) == 8100


@pytest.mark.parametrize("cell", ["2:15", "02:75:00", "很久", "小时", -5, datetime(2026, 1, 1, tzinfo=CHINA)])
def test_duration_that_is_none_or_could_be_two(cell):
    with pytest.raises(BadCellError, match="bad_duration"):
        duration(cell)


EVENING = datetime(2026, 3, 6, 19, 30, tzinfo=CHINA)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-06 19:30:00",
        "2026-03-06 19:30",
        "2026/3/6 19:30",
        "2026.03.06 19:30:00",
        "2026年3月6日 19:30",
        "2026年3月6日19时30分",
        "2026-03-06T19:30:00+08:00",
        "2026-03-06 19-30-00",
        "2026-03-06_19-30-00",
        "20260306193000",
        "\t2026-03-06 19:30:00",
        datetime(2026, 3, 6, 19, 30),  # noqa: DTZ001 (as workbooks give it)
        46087.8125,
    ],
)
def test_moment(cell):
    assert moment(cell) == EVENING


def test_a_day_alone_is_its_beginning():
    assert moment("2026-03-06") == moment(date(2026, 3, 6)) == EVENING.replace(hour=0, minute=0)


@pytest.mark.parametrize("cell", ["2026-02-30", "03月32日", "昨天", "2026-13-01 10:00", 12, 1e12, time(3)])
def test_moment_that_is_none(cell):
    with pytest.raises(BadCellError, match="bad_moment"):
        moment(cell)


def test_moments_without_a_year():
    assert moment("03月08日 19:30") == moment("3-8 19:30") == Yearless(3, 8, time(19, 30))
    assert moment("02月29日 19:30").in_year(2027) is None
    assert moment("02月29日 19:30").in_year(2028) == datetime(2028, 2, 29, 19, 30, tzinfo=CHINA)


def test_begin_and_end_in_one_cell():
    begin, end = datetime(2025, 9, 8, tzinfo=CHINA), datetime(2025, 9, 8, 7, 0, 46, tzinfo=CHINA)
    assert span("2025-09-08 00-00-00~2025-09-08 07-00-46") == (begin, end)
    assert span("2025-09-08_00-00-00～2025-09-08_07-00-46") == (begin, end)
    assert span("2025-09-08 00:00:00") == (begin, None)
    # Where it has no time, an export prints the first day there is.
    assert span("2025-09-08 00:00:00~0001-01-01 00:00:00") == (begin, None)
    with pytest.raises(BadCellError):
        span("0001-01-01")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("\t6923456780706251116", "6923456780706251116"),
        ("'2871234567890123456", "2871234567890123456"),
        ('="6923456780706251116"', "6923456780706251116"),
        ("６９２３", "6923"),
        (123456789012345, None),
        (12345, "12345"),
        (12345.0, "12345"),
        ("260517-607198974342268", "260517-607198974342268"),
    ],
)
def test_identifier(cell, said):
    assert identifier(cell) == (said or str(cell))


@pytest.mark.parametrize("cell", [6.923456789012346e18, 6923456789012345671, "6.92346E+18", "6.92346e18", 1.5])
def test_ids_turned_into_numbers_are_refused(cell):
    with pytest.raises(BadCellError, match="id_is_number"):
        identifier(cell)


@pytest.mark.parametrize(
    ("written", "label", "unit"),
    [
        ("累计成交金额（元）", "累计成交金额", "元"),
        ("动帐流水号", "动账流水号", None),
        ("买家实际支付金额", "买家实付金额", None),
        (" 店铺 ID ", "店铺id", None),
        ("退款金额（退款日）", "退款金额(退款日)", None),
        ("开播时长(分钟)", "开播时长", "分钟"),
        ("商品点击率(人数)", "商品点击率(人数)", None),
        ("订单号:", "订单号", None),
    ],
)
def test_heading(written, label, unit):
    assert heading(written)[::2] == (label, unit)
