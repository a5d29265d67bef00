"""A cohort's timetable: a lesson as it is planned, the two halves of a day, and what comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from trainer.domain.attendance import LessonKind, LessonState
from trainer.domain.days import CHINA, china_day
from trainer.domain.holiday import Holidays, Rest, rest_on


@dataclass(frozen=True)
class HalfDay:
    """When a half day begins and ends unless somebody says otherwise."""

    begins: time
    ends: time


MORNING = HalfDay(time(8, 30), time(11, 30))
AFTERNOON = HalfDay(time(14, 30), time(17, 30))
CREDIT_MINUTES = 180


@dataclass(frozen=True)
class LessonDraft:
    """A lesson as it is planned, in the hours of China; an account as instructor or a name alone."""

    title: str
    kind: LessonKind
    day: date
    begins: time
    ends: time
    credit_minutes: int
    place: str
    instructor_id: int | None = None
    instructor_name: str = ""
    link: str = ""

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.day, self.begins, CHINA)

    @property
    def ends_at(self) -> datetime:
        return datetime.combine(self.day, self.ends, CHINA)

    def on(self, day: date) -> "LessonDraft":
        """The same on another day."""
        return replace(self, day=day)


@dataclass(frozen=True)
class Slot:
    """A half day of a cohort; `taken` is the title of the lesson that stands there, `rest` why nobody works then."""

    day: date
    half: HalfDay
    taken: str | None = None
    rest: Rest | None = None


def slots(
    days: Iterable[date], lessons: Sequence[tuple[datetime, datetime, str]], holidays: Holidays | None = None
) -> list[Slot]:
    """Both half days of each day; one is taken where a lesson (start, end, title) touches it."""
    return [
        Slot(day, half, _title_in(day, half, lessons), rest_on(day, holidays or {}))
        for day in days
        for half in (MORNING, AFTERNOON)
    ]


def _title_in(day: date, half: HalfDay, lessons: Sequence[tuple[datetime, datetime, str]]) -> str | None:
    begins, ends = datetime.combine(day, half.begins, CHINA), datetime.combine(day, half.ends, CHINA)
    return next((title for start, end, title in lessons if start < ends and end > begins), None)


def days_between(first: date, last: date, *, most: int) -> list[date]:
    """The days from `first` to `last`, both included, `most` of them at the most."""
    return [first + timedelta(days=n) for n in range(min((last - first).days + 1, most))]


# So long before a lesson begins the women come in, and the roll is what matters, whatever else is still open.
ARRIVING = timedelta(minutes=30)


class Step(StrEnum):
    """The one thing to do next for a cohort."""

    MAKE_TIMETABLE = "make_timetable"
    TAKE_IN_ROSTER = "take_in_roster"
    TAKE_ROLL = "take_roll"
    CLOSE_LESSON = "close_lesson"
    WAIT = "wait"
    ALL_CLOSED = "all_closed"


@dataclass(frozen=True)
class PlannedLesson:
    """A lesson as far as what comes next depends on it."""

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    state: LessonState


def next_step(lessons: Sequence[PlannedLesson], enrolled: int, *, at: datetime) -> tuple[Step, PlannedLesson | None]:
    """What to do now, and the lesson it is about. `lessons` in order of time."""
    counting = [lesson for lesson in lessons if lesson.state is not LessonState.CANCELLED]
    left = [lesson for lesson in counting if lesson.state is not LessonState.CLOSED]
    if not counting:
        return Step.MAKE_TIMETABLE, None
    if not enrolled:
        return Step.TAKE_IN_ROSTER, None
    if not left:
        return Step.ALL_CLOSED, None
    for lesson in left:
        if lesson.starts_at - ARRIVING <= at < lesson.ends_at:
            return Step.TAKE_ROLL, lesson
    first = left[0]
    if first.ends_at <= at:
        return Step.CLOSE_LESSON, first
    return (Step.TAKE_ROLL if china_day(first.starts_at) == china_day(at) else Step.WAIT), first
