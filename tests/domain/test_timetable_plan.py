"""Plans of a timetable, with pencil and paper: working days, rhythms, days moved, half days passed on."""

from datetime import date, datetime, time, timedelta

import pytest

from trainer.domain.attendance import LessonKind
from trainer.domain.days import CHINA
from trainer.domain.holiday import DayKind, Rest, SpecialDay, is_working_day, rest_on, years_without
from trainer.domain.timetable import LessonDraft
from trainer.domain.timetable_plan import (
    MOST_ROWS,
    Hindrance,
    InTheWay,
    Rhythm,
    Standing,
    days_in_rhythm,
    days_moved,
    hindrances,
    to_next_half_days,
)


def september(*days):
    return [date(2026, 9, day) for day in days]


# The week of 国庆 2026: Sunday 20 September is worked, 1 to 7 October are off.
HOLIDAYS = {date(2026, 9, 20): SpecialDay(DayKind.WORKED, "国庆节")} | {
    date(2026, 10, day): SpecialDay(DayKind.OFF, "国庆节") for day in range(1, 8)
}


@pytest.mark.parametrize(
    ("day", "works", "rest"),
    [
        (date(2026, 9, 18), True, None),
        (date(2026, 9, 19), False, Rest()),
        (date(2026, 9, 20), True, None),
        (date(2026, 10, 1), False, Rest("国庆节")),
        (date(2026, 10, 3), False, Rest("国庆节")),
    ],
)
def test_whether_people_work_on_a_day(day, works, rest):
    assert is_working_day(day, HOLIDAYS) is works
    assert rest_on(day, HOLIDAYS) == rest


def test_who_teaches_on_weekends_still_has_holidays():
    assert rest_on(date(2026, 9, 19), HOLIDAYS, weekends_too=False) is None
    assert rest_on(date(2026, 10, 3), HOLIDAYS, weekends_too=False) == Rest("国庆节")


def test_a_year_of_which_nothing_is_known_is_named():
    assert years_without([date(2026, 12, 31), date(2027, 1, 4)], HOLIDAYS) == [2027]
    assert is_working_day(date(2027, 10, 1), HOLIDAYS)  # a Friday: only the weekday is known


@pytest.mark.parametrize(
    ("first", "rhythm", "days"),
    [
        (17, Rhythm(every=1, times=3), september(18, 19, 20, 21)),
        (17, Rhythm(every=1, until=date(2026, 9, 20)), september(18, 19, 20)),
        (17, Rhythm(every=7, times=2), [date(2026, 9, 24), date(2026, 10, 1), date(2026, 10, 8)]),
        (17, Rhythm(weekdays=frozenset({5, 6}), times=2), september(19, 20)),
        (19, Rhythm(every=7, times=1), september(26)),
        (17, Rhythm(every=3, until=date(2026, 9, 18)), []),
    ],
    ids=["off days do not count", "until", "weekly over a holiday", "chosen weekends", "begun on one", "too early"],
)
def test_days_that_follow_from_a_rhythm(first, rhythm, days):
    assert days_in_rhythm(date(2026, 9, first), rhythm, HOLIDAYS) == days


def test_a_rhythm_without_an_end_stops_by_itself():
    assert len(days_in_rhythm(date(2026, 9, 17), Rhythm(every=1), {})) == MOST_ROWS
    never = {date(2026, 9, 17) + timedelta(days=n): SpecialDay(DayKind.OFF, "停") for n in range(900)}
    assert len(days_in_rhythm(date(2026, 9, 17), Rhythm(every=40, times=5), never)) < MOST_ROWS


def test_moved_days_keep_their_gaps_or_pass_over_rest():
    days = september(14, 14, 15, 17)
    straight = days_moved(days, timedelta(days=3), HOLIDAYS, past_rest=False)
    assert list(straight.values()) == september(17, 18, 20)
    passed = days_moved(days, timedelta(days=16), HOLIDAYS, past_rest=True)
    assert list(passed.values()) == [date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 12)]


def test_a_class_held_on_a_weekend_is_moved_onto_weekends():
    moved = days_moved(september(11, 12), timedelta(days=7), {}, past_rest=True)
    assert list(moved.values()) == september(18, 19)


def draft(day, begins=(8, 30), ends=(11, 30), **values):
    return LessonDraft("课", LessonKind.LECTURE, date(2026, 9, day), time(*begins), time(*ends), 180, "礼堂", **values)


AFTERNOON = {"begins": (14, 30), "ends": (17, 30)}


def standing(day, begins=8, ends=11, cohort=1, **values):
    at = [datetime(2026, 9, day, hour, 30, tzinfo=CHINA) for hour in (begins, ends)]
    return Standing(9, cohort, "站着的课", *at, **values)


def test_a_lesson_gives_way_until_a_half_day_is_free():
    lessons = {1: draft(17), 2: draft(17, **AFTERNOON), 3: draft(18, begins=(9, 0)), 4: draft(21)}
    moved = to_next_half_days(lessons, 1, [], HOLIDAYS)
    assert {n: (one.day.day, one.begins, one.ends) for n, one in moved.items()} == {
        1: (17, time(14, 30), time(17, 30)),
        2: (18, time(8, 30), time(11, 30)),
        3: (18, time(15, 0), time(17, 30)),
    }


def test_half_days_off_and_fixed_ones_are_passed_over():
    lessons = {1: draft(18, **AFTERNOON)}
    assert to_next_half_days(lessons, 1, [], {})[1].day.day == 21  # over the weekend
    fixed = [standing(21)]
    moved = to_next_half_days(lessons, 1, fixed, {})[1]
    assert (moved.day.day, moved.begins) == (21, time(14, 30))


def test_what_began_earlier_in_the_same_half_day_stays():
    lessons = {1: draft(17, ends=(9, 30)), 2: draft(17, begins=(10, 0))}
    moved = to_next_half_days(lessons, 2, [], {})
    assert {n: (one.begins, one.ends) for n, one in moved.items()} == {2: (time(16, 0), time(17, 30))}


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (standing(17), (InTheWay(Hindrance.TAKEN, "站着的课"),)),
        (standing(17, begins=11, ends=12), ()),
        (standing(17, cohort=2, instructor_id=5, teacher="孙老师"), (InTheWay(Hindrance.INSTRUCTOR_BUSY, "孙老师"),)),
        (standing(17, cohort=2, instructor_id=6, teacher="李老师"), ()),
        (standing(17, cohort=2), ()),
    ],
)
def test_what_stands_in_the_way(other, found):
    wanted = draft(17, instructor_id=5)
    assert hindrances(wanted, 1, date(2026, 9, 14), date(2026, 9, 18), [other]) == found


@pytest.mark.parametrize(("day", "outside"), [(13, True), (14, False), (18, False), (19, True)])
def test_a_cohort_has_its_days(day, outside):
    found = hindrances(draft(day), 1, date(2026, 9, 14), date(2026, 9, 18), [])
    assert found == ((InTheWay(Hindrance.OUTSIDE),) if outside else ())
