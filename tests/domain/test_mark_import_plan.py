"""Whom rows of a file of marks mean, and what they would do to the roll."""

from datetime import date, datetime, timedelta

import pytest

from trainer.domain.attendance import AttendanceStatus as S
from trainer.domain.attendance import LessonState, MarkChannel
from trainer.domain.days import CHINA
from trainer.domain.imports import RowAction
from trainer.domain.mark_import import MarkFileKind, MarkRow
from trainer.domain.mark_import_plan import LEAVE_OUT, Decision, from_content, make_plan, to_content
from trainer.domain.mark_match import FileRules, Known, LessonAt, Standing, Woman

DAY = date(2026, 3, 9)
NEW, SAME, UPDATE, CONFLICT = RowAction.NEW, RowAction.SAME, RowAction.UPDATE, RowAction.CONFLICT
REJECTED, PERSON, DUPLICATE = RowAction.REJECTED, RowAction.NEEDS_PERSON, RowAction.DUPLICATE


def lesson(id_: int, day: int = 0, hour: int = 9, state=LessonState.OPEN, title: str = "直播入门") -> LessonAt:
    starts = datetime(2026, 3, 9, hour, tzinfo=CHINA) + timedelta(days=day)
    return LessonAt(id_, title, starts, starts + timedelta(minutes=100), state)


WOMEN = (
    Woman(1, 1, "王秀芳", "14000000001", DAY),
    Woman(2, 2, "李梅", "14000000002", DAY),
    Woman(3, 3, "李梅", "14000000003", DAY),
    Woman(4, 4, "张翠翠", "14000000004", DAY + timedelta(days=1)),
    Woman(5, 5, "赵兰", "", DAY),
    Woman(6, 6, "孙丽", "14000000006", DAY, on_the_roll=False),
)
STANDINGS = {
    (1, 5): Standing(S.ABSENT, 50, MarkChannel.ROLL),
    (1, 1): Standing(S.LATE, 10, MarkChannel.IMPORT),
}
ONE = Known(WOMEN, (lesson(1),), {}, frozenset({"周玉"}))
MARKED = Known(WOMEN, (lesson(1),), STANDINGS)


def plan(*rows: dict, known: Known = ONE, kind=MarkFileKind.MARKS, decisions=None):
    read = [MarkRow(number, number + 1, **{"status": "到"} | row) for number, row in enumerate(rows, 1)]
    return make_plan(read, known, FileRules(kind, DAY + timedelta(days=5)), decisions or {})


@pytest.mark.parametrize(
    ("row", "action", "whom"),
    [
        ({"seat": "1", "name": "王秀芳"}, NEW, 1),
        ({"name": "王 秀芳"}, NEW, 1),
        ({"name": "🌸王秀芳~"}, NEW, 1),
        ({"seat": "01号"}, NEW, 1),
        ({"name": "李梅", "phone": "0003"}, NEW, 3),
        ({"name": "李梅", "seat": "2"}, NEW, 2),
        ({"name": "赵兰", "phone": "14000009999"}, NEW, 5),
        ({"phone": "14000000002"}, NEW, 2),
        ({"name": "李梅"}, "mark_several_fit", (2, 3)),
        ({"name": "李梅", "phone": "9999"}, "mark_phone_of_another", (2, 3)),
        ({"name": "王秀芳", "phone": "0002"}, "mark_phone_of_another", (1,)),
        ({"name": "王秀芳", "seat": "2"}, "mark_seat_of_another", (1, 2)),
        ({"name": "王秀方", "seat": "1"}, "mark_other_name", (1,)),
        ({"name": "王秀方", "phone": "14000000001"}, "mark_other_name", (1,)),
        ({"seat": "1", "phone": "0002"}, "mark_who_is_it", (1, 2)),
        ({"name": "钱多"}, "mark_nobody", None),
        ({"seat": "77"}, "mark_nobody", None),
        ({"name": "周玉"}, "mark_of_another_cohort", None),
        ({"name": "孙丽"}, "mark_left_the_cohort", None),
        ({"name": "张翠翠"}, "roll_joined_later", None),
    ],
)
def test_whom_a_row_means(row, action, whom):
    [line] = plan(row)
    if action is NEW:
        assert (line.action, line.enrolment_id) == (NEW, whom)
    elif whom:
        assert (line.action, line.reason, tuple(sorted(line.might_be))) == (PERSON, action, whom)
    else:
        assert (line.action, line.reason) == (REJECTED, action)


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({"status": "", "time": "08:50"}, S.PRESENT),
        ({"status": "", "time": "09:15"}, S.PRESENT),
        ({"status": "", "time": "09:16"}, S.LATE),
        ({"status": "请假", "time": "09:16"}, S.EXCUSED),
        ({"status": "", "time": "10:41"}, "mark_after_lesson"),
        ({"status": "", "time": "2026-03-10 08:50"}, "mark_other_day"),
        ({"day": "3/10"}, "mark_other_day"),
        ({"status": "随便"}, "mark_unclear"),
    ],
)
def test_a_time_alone_is_held_against_the_start(row, status):
    [line] = plan({"name": "王秀芳"} | row)
    assert (line.reason or line.status) == status


def test_what_the_roll_says_now():
    same, told_by_a_person, by_a_list = plan(
        {"name": "赵兰", "status": "缺席"}, {"name": "赵兰"}, {"name": "王秀芳"}, known=MARKED
    )
    assert (same.action, told_by_a_person.action, told_by_a_person.of_row) == (SAME, DUPLICATE, 2)
    assert (by_a_list.action, by_a_list.old, by_a_list.counts) == (UPDATE, S.LATE, True)
    [line] = plan({"name": "赵兰"}, known=MARKED)
    assert (line.action, line.old, line.counts) == (CONFLICT, S.ABSENT, False)
    [line] = plan({"name": "赵兰"}, known=MARKED, decisions={1: Decision(overwrite=True)})
    assert line.counts


def test_what_staff_decide():
    rows = ({"name": "李梅"}, {"name": "李梅", "seat": "3"})
    one, other = plan(*rows, decisions={1: Decision("2")})
    assert (one.action, one.enrolment_id, other.enrolment_id) == (NEW, 2, 3)
    one, other = plan(*rows, decisions={1: Decision("3")})
    assert (one.action, other.action, other.of_row) == (NEW, DUPLICATE, 2)
    assert plan(*rows, decisions={1: Decision(LEAVE_OUT)})[0].reason == "mark_left_out"
    assert plan(*rows, decisions={1: Decision("99")})[0].reason == "mark_nobody"


def test_minutes_are_added_up_for_each_woman():
    rows = (
        {"name": "王秀芳", "minutes": "35"},
        {"name": "李梅", "phone": "0002", "minutes": "59"},
        {"name": "大同王秀芳🌸", "phone": "14000000001", "minutes": "25"},
        {"name": "赵兰", "time": "09:00", "left": "10:30"},
        {"name": "李梅大姐"},
        {"name": "看客123", "minutes": "90"},
    )
    lines = plan(*({"status": ""} | row for row in rows), kind=MarkFileKind.PLATFORM)
    assert [(line.action, line.minutes, line.reason) for line in lines] == [
        (NEW, 60, ""),
        (REJECTED, 59, "mark_watched_short"),
        (DUPLICATE, None, ""),
        (NEW, 90, ""),
        (PERSON, None, "mark_other_name"),
        (REJECTED, None, "mark_nobody"),
    ]
    assert {line.status for line in lines if line.counts} == {S.PRESENT}


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"lesson": "3/9上午"}, 1),
        ({"lesson": "3月9日下午"}, 2),
        ({"day": "2026-03-10"}, 3),
        ({"lesson": "结业典礼"}, 4),
        ({"lesson": "3/9"}, "mark_which_lesson"),
        ({"lesson": "3/20"}, "mark_no_lesson"),
        ({}, "mark_which_lesson"),
        ({"lesson": "3/11"}, "roll_cancelled"),
        ({"lesson": "3/30"}, "roll_not_begun"),
    ],
)
def test_which_lesson_a_column_means(row, found):
    lessons = (
        *(lesson(1), lesson(2, hour=14), lesson(3, 1), lesson(4, 2, title="结业典礼")),
        *(lesson(5, 2, 14, LessonState.CANCELLED), lesson(6, 21)),
    )
    if row.get("lesson") == "3/11":
        lessons = (lessons[0], lessons[4])
    [line] = plan({"name": "王秀芳"} | row, known=Known(WOMEN, lessons, {}))
    assert (line.reason or line.lesson_id) == found


def test_a_line_survives_being_staged():
    for line in plan({"name": "李梅"}, {"name": "王秀芳", "time": "09:20"}, {"name": "孙"}):
        assert from_content(line.action, to_content(line)) == line
