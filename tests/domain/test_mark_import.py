"""What the cells of a file of marks mean."""

from datetime import date, datetime

import pytest

from trainer.domain.attendance import AttendanceStatus as S
from trainer.domain.days import CHINA
from trainer.domain.mark_import import (
    WORDS,
    MarkRow,
    Stay,
    UnclearCell,
    minutes_watched,
    read_day,
    read_half,
    read_minutes,
    read_moment,
    read_status,
)

DAY = date(2026, 3, 9)


def at(hour: int, minute: int = 0, second: int = 0, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        *((word, status) for status, word in WORDS.items()),
        *(
            (text, S.PRESENT)
            for text in ("√", " ✓ ", "到课", "出勤", "已签到", "签 到", "正常", "是", "Present", "到（正常）")
        ),
        *((text, S.LATE) for text in ("△", "迟到10分钟", "晚到", "late", "迟")),
        *((text, S.LEFT_EARLY) for text in ("早退", "提前离开", "Left early")),
        *((text, S.EXCUSED) for text in ("○", "〇", "请假", "事假", "病假（3天）", "公假")),
        *((text, S.ABSENT) for text in ("×", "x", "✗", "缺勤", "缺席", "旷课", "未到", "未签到", "没来", "否")),
        *((text, S.MADE_UP) for text in ("补课", "已补课")),
        *((text, None) for text in ("", "-", "—", "未点名", "　")),
    ],
)
def test_statuses_as_people_write_them(text, status):
    assert read_status(text) is status


@pytest.mark.parametrize("text", ["大概到了吧", "到期", "不清楚", "3", "=1+1", "到或迟到"])
def test_nothing_is_guessed(text):
    with pytest.raises(UnclearCell):
        read_status(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("08:31", at(8, 31)),
        ("8：31：05", at(8, 31, 5)),
        ("2026-03-09 08:31:00", at(8, 31)),
        ("2026/3/9 8:31", at(8, 31)),
        ("3月9日 下午2:05", at(14, 5)),
        ("2026年3月10日8点31分", at(8, 31, day=date(2026, 3, 10))),
        ("2:05 PM", at(14, 5)),
        ("0.354861111111111", at(8, 31)),
        ("", None),
    ],
)
def test_times(text, moment):
    assert read_moment(text, DAY) == moment


@pytest.mark.parametrize("text", ["早上", "25:00", "8:75", "abc"])
def test_no_times(text):
    with pytest.raises(UnclearCell):
        read_moment(text, DAY)


@pytest.mark.parametrize(
    ("text", "day", "later_half"),
    [
        ("3/9上午", DAY, False),
        ("3月10日 下午", date(2026, 3, 10), True),
        ("2026-03-09", DAY, None),
        ("12.31", date(2025, 12, 31), None),
        ("13/9", None, None),
        ("2/30", None, None),
        ("08:31", None, None),
        ("姓名", None, None),
    ],
)
def test_days_and_halves(text, day, later_half):
    assert (read_day(text, DAY), read_half(text)) == (day, later_half)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *(("45", 45), ("45分钟", 45), ("1小时20分", 80), ("1.5小时", 90), ("3600秒", 60)),
        *(("01:20:30", 80.5), ("45:30", 45.5), ("0分", 0), ("", None)),
    ],
)
def test_minutes(text, minutes):
    assert read_minutes(text) == minutes


@pytest.mark.parametrize("text", ["很久", "-5", "1e9", "nan", "."])
def test_no_minutes(text):
    with pytest.raises(UnclearCell):
        read_minutes(text)


def test_two_phones_at_once_count_once():
    stays = [Stay(0, at(9), at(10)), Stay(0, at(9, 30), at(10, 30)), Stay(0, at(9, 40), at(9, 50)), Stay(15)]
    assert minutes_watched(stays) == 105


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        *(
            ("14000000001", "14000000001"),
            ("+86 140-0000-0001", "14000000001"),
            ("140****0001", "0001"),
            ("0001", "0001"),
        ),
        *(("1", "0001"), ("****0001", "0001"), ("12345", ""), ("", "")),
    ],
)
def test_phones_and_their_tails(phone, digits):
    assert MarkRow(1, 2, phone=phone).digits == digits
