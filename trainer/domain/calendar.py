"""The calendar: a lesson as a calendar shows it, a month in weeks, and how far a feed reaches."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from trainer.domain.attendance import LessonKind, LessonState
from trainer.domain.days import china_day

# A feed is fetched again and again: what was a month ago and what comes in half a year is enough.
FEED_BACK, FEED_AHEAD = timedelta(days=30), timedelta(days=180)
FEED_MOST = 1_000


@dataclass(frozen=True)
class CalendarLesson:
    """One lesson, with nothing about any woman."""

    id: int
    title: str
    kind: LessonKind
    state: LessonState
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    instructor: str
    cohort_id: int
    cohort_name: str
    version: int

    @property
    def day(self) -> date:
        return china_day(self.starts_at)

    @property
    def is_cancelled(self) -> bool:
        return self.state is LessonState.CANCELLED


@dataclass(frozen=True)
class CalendarDay:
    """A day of the page; `in_month` False for the days that only fill its first and last week."""

    day: date
    in_month: bool
    lessons: Sequence[CalendarLesson]


def weeks_of(month: date, lessons: Sequence[CalendarLesson]) -> list[list[CalendarDay]]:
    """The month in weeks from Monday to Sunday, each day with its lessons in order of time."""
    by_day: dict[date, list[CalendarLesson]] = {}
    for lesson in lessons:
        by_day.setdefault(lesson.day, []).append(lesson)
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    return [[CalendarDay(day, day.month == month.month, by_day.get(day, ())) for day in week] for week in weeks]


def month_after(month: date, steps: int) -> date:
    """The first day of the month so many months on, or back."""
    months = month.year * 12 + month.month - 1 + steps
    return date(months // 12, months % 12 + 1, 1)
