"""The timetable: free half days, and what comes next for a cohort."""

from datetime import date, datetime, time

import pytest

from trainer.domain.attendance import LessonKind, LessonState
from trainer.domain.days import CHINA
from trainer.domain.programme import common_area, lies_within
from trainer.domain.timetable import (
    AFTERNOON,
    MORNING,
    LessonDraft,
    PlannedLesson,
    Step,
    days_between,
    next_step,
    slots,
)

DAY = date(2026, 3, 9)


def at(hour, minute=0, day=9):
    return datetime(2026, 3, day, hour, minute, tzinfo=CHINA)


def lesson(number=1, day=9, begins=8, ends=11, state=LessonState.PLANNED):
    return PlannedLesson(number, f"第{number}课", at(begins, 30, day), at(ends, 30, day), state)


CLOSED, OPEN, CANCELLED = LessonState.CLOSED, LessonState.OPEN, LessonState.CANCELLED


@pytest.mark.parametrize(
    ("lessons", "enrolled", "now", "step", "about"),
    [
        ([], 30, at(9), Step.MAKE_TIMETABLE, None),
        ([lesson(state=CANCELLED)], 30, at(9), Step.MAKE_TIMETABLE, None),
        ([lesson()], 0, at(9), Step.TAKE_IN_ROSTER, None),
        ([lesson()], 30, at(7), Step.TAKE_ROLL, 1),
        ([lesson(state=OPEN)], 30, at(9), Step.TAKE_ROLL, 1),
        ([lesson(state=OPEN)], 30, at(11, 30), Step.CLOSE_LESSON, 1),
        ([lesson(1), lesson(2, begins=14, ends=17)], 30, at(12), Step.CLOSE_LESSON, 1),
        ([lesson(1), lesson(2, begins=14, ends=17)], 30, at(14), Step.TAKE_ROLL, 2),
        ([lesson(1, state=CLOSED), lesson(2, begins=14, ends=17)], 30, at(12), Step.TAKE_ROLL, 2),
        ([lesson(1), lesson(2, day=10)], 30, at(12), Step.CLOSE_LESSON, 1),
        ([lesson(1, state=CLOSED), lesson(2, day=10)], 30, at(12), Step.WAIT, 2),
        ([lesson(1, state=CLOSED), lesson(2, day=10, state=CANCELLED)], 30, at(12), Step.ALL_CLOSED, None),
        ([lesson(1, day=10)], 30, at(23, 59), Step.WAIT, 1),
        ([lesson(1, day=10)], 30, at(0, 1, 10), Step.TAKE_ROLL, 1),
    ],
)
def test_the_next_step(lessons, enrolled, now, step, about):
    found, subject = next_step(lessons, enrolled, at=now)
    assert (found, subject.id if subject else None) == (step, about)


def test_slots_are_both_halves_of_each_day_with_what_stands_there():
    found = slots([DAY, date(2026, 3, 10)], [(at(9), at(10), "晨会"), (at(11, 30), at(14, 30), "午休讲座")])
    assert [(slot.day.day, slot.half, slot.taken) for slot in found] == [
        (9, MORNING, "晨会"),
        (9, AFTERNOON, None),
        (10, MORNING, None),
        (10, AFTERNOON, None),
    ]


def test_days_are_counted_with_both_ends_and_no_more_than_asked():
    assert days_between(DAY, DAY, most=14) == [DAY]
    assert len(days_between(DAY, date(2026, 12, 31), most=14)) == 14


def test_a_draft_is_in_the_hours_of_china():
    draft = LessonDraft("开班", LessonKind.LECTURE, DAY, time(8, 30), time(11, 30), 180, "礼堂")
    assert draft.starts_at.isoformat() == "2026-03-09T08:30:00+08:00"
    assert draft.ends_at.isoformat() == "2026-03-09T11:30:00+08:00"


@pytest.mark.parametrize(
    ("first", "second", "common"),
    [
        ("140000", "140200", "140200"),
        ("140215", "140200", "140215"),
        ("140200", "140200", "140200"),
        ("141000", "140200", None),
        ("110000", "140000", None),
    ],
)
def test_the_common_area_is_the_smaller_one(first, second, common):
    assert common_area(first, second) == common_area(second, first) == common
    assert lies_within(first, second) == (common == first)
