"""What somebody taught: hours by month and class, closed lessons apart from those still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from trainer.domain.attendance import LessonState


@dataclass(frozen=True)
class TaughtLesson:
    """A lesson she gives; never a cancelled one."""

    id: int
    title: str
    state: LessonState
    starts_at: datetime
    ends_at: datetime
    place: str
    credit_minutes: int
    cohort_id: int
    cohort_name: str
    day: date

    @property
    def clock_minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def is_given(self) -> bool:
        """Only what is closed is certain to have taken place."""
        return self.state is LessonState.CLOSED


@dataclass(frozen=True)
class TaughtHours:
    """One class in one month (its first day): lessons, minutes that count, minutes on the clock."""

    month: date
    cohort_id: int
    cohort_name: str
    given: int
    credit_minutes: int
    clock_minutes: int
    planned: int


def hours_taught(lessons: Sequence[TaughtLesson]) -> list[TaughtHours]:
    """The newest month first; what is not closed only counts as planned."""
    groups: dict[tuple[date, int], list[TaughtLesson]] = {}
    for lesson in lessons:
        groups.setdefault((lesson.day.replace(day=1), lesson.cohort_id), []).append(lesson)
    return [
        _hours(month, of_one)
        for (month, _cohort), of_one in sorted(groups.items(), key=lambda pair: (-pair[0][0].toordinal(), pair[0][1]))
    ]


def _hours(month: date, lessons: Sequence[TaughtLesson]) -> TaughtHours:
    given = [lesson for lesson in lessons if lesson.is_given]
    return TaughtHours(
        month,
        lessons[0].cohort_id,
        lessons[0].cohort_name,
        len(given),
        sum(lesson.credit_minutes for lesson in given),
        sum(lesson.clock_minutes for lesson in given),
        len(lessons) - len(given),
    )
