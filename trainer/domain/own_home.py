"""A trainee's first page: the one thing that comes next for her."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

# A task is put before the lessons of later days when its day is so near.
DUE_SOON = timedelta(days=7)


class NextStepKind(StrEnum):
    """In the order in which they go before each other."""

    CHECK_IN = "check_in"
    LESSON_TODAY = "lesson_today"
    TASK_AGAIN = "task_again"
    ENTRY_AGAIN = "entry_again"
    TASK_DUE = "task_due"
    FEEDBACK = "feedback"
    SURVEY = "survey"
    CONSENT = "consent"
    LESSON = "lesson"
    TASK = "task"
    WAITING = "waiting"
    NO_TIMETABLE = "no_timetable"
    CERTIFICATE = "certificate"
    OVER = "over"
    NO_COHORT = "no_cohort"


@dataclass(frozen=True)
class NextStep:
    """`about`: the lesson, the task, the typed broadcast, the questionnaire, (cohort, its name), the certificate, or nothing."""

    kind: NextStepKind
    about: object = None


class Lesson(Protocol):
    starts_at: datetime
    day: date

    def takes_codes(self, now: datetime) -> bool: ...


class Cohort(Protocol):
    is_on_the_roll: bool
    ends_on: date
    lessons: Sequence[Lesson]

    def next_lesson(self, now: datetime) -> Lesson | None: ...


class Task(Protocol):
    needs_doing: bool
    remark: str | None
    due_on: date | None
    is_sent_back: bool


def next_step(
    cohorts: Sequence[Cohort],
    tasks: Sequence[Task],
    feedback: Sequence[tuple[int, str]],
    certificates: Sequence[object],
    *,
    returned: Sequence[object] = (),
    surveys: Sequence[object] = (),
    asks_consent: bool,
    today: date,
    now: datetime,
) -> NextStep:
    """Of everything that is open, what cannot wait goes first; of several courses the nearest comes first."""
    coming = [lesson for one in cohorts if one.is_on_the_roll and (lesson := one.next_lesson(now))]
    to_do = [task for task in tasks if task.needs_doing]
    due = [task for task in to_do if task.due_on and task.due_on <= today + DUE_SOON]
    found = {
        NextStepKind.CHECK_IN: [lesson for lesson in coming if lesson.takes_codes(now)],
        NextStepKind.LESSON_TODAY: [lesson for lesson in coming if lesson.day == today],
        NextStepKind.TASK_AGAIN: [task for task in to_do if task.is_sent_back],
        NextStepKind.ENTRY_AGAIN: returned,
        NextStepKind.TASK_DUE: due,
        NextStepKind.FEEDBACK: feedback,
        NextStepKind.SURVEY: surveys,
        NextStepKind.CONSENT: [None] if asks_consent else [],
        NextStepKind.LESSON: sorted(coming, key=lambda lesson: lesson.starts_at),
        NextStepKind.TASK: to_do,
        NextStepKind.WAITING: [one for one in cohorts[:1] if not one.is_on_the_roll],
        NextStepKind.NO_TIMETABLE: [one for one in cohorts[:1] if not one.lessons and today <= one.ends_on],
        NextStepKind.CERTIFICATE: certificates,
        NextStepKind.OVER: cohorts,
    }
    return next((NextStep(kind, some[0]) for kind, some in found.items() if some), NextStep(NextStepKind.NO_COHORT))
