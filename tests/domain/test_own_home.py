"""The one thing that comes next for a trainee."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from trainer.domain.own_home import NextStepKind, next_step

NOW = datetime(2026, 3, 11, 0, 30, tzinfo=UTC)
TODAY = date(2026, 3, 11)
K = NextStepKind


@dataclass(frozen=True)
class Lesson:
    days: int
    is_open: bool = False

    @property
    def starts_at(self) -> datetime:
        return NOW + timedelta(days=self.days)

    @property
    def day(self) -> date:
        return TODAY + timedelta(days=self.days)

    def takes_codes(self, _now: datetime) -> bool:
        return self.is_open


@dataclass(frozen=True)
class Cohort:
    lessons: tuple[Lesson, ...] = ()
    is_on_the_roll: bool = True
    over: bool = False
    ends_on: date = TODAY

    def next_lesson(self, _now: datetime) -> Lesson | None:
        return None if self.over else next(iter(self.lessons), None)


@dataclass(frozen=True)
class Task:
    due_in: int | None = None
    is_sent_back: bool = False
    needs_doing: bool = True
    remark: str = field(default="")

    @property
    def due_on(self) -> date | None:
        return None if self.due_in is None else TODAY + timedelta(days=self.due_in)


OPEN, LATER = Cohort((Lesson(0, is_open=True),)), Cohort((Lesson(3),))
EVERYTHING = {"feedback": [(1, "班")], "certificates": ["证书"], "asks_consent": True}


@pytest.mark.parametrize(
    ("cohorts", "tasks", "rest", "kind"),
    [
        ([], [], {}, K.NO_COHORT),
        ([OPEN], [Task(is_sent_back=True)], EVERYTHING, K.CHECK_IN),
        ([Cohort((Lesson(0),))], [Task(is_sent_back=True)], EVERYTHING, K.LESSON_TODAY),
        ([LATER], [Task(1), Task(is_sent_back=True)], EVERYTHING, K.TASK_AGAIN),
        ([LATER], [Task(1)], EVERYTHING, K.TASK_DUE),
        ([LATER], [Task(8)], EVERYTHING, K.FEEDBACK),
        ([LATER], [Task(-3)], {"asks_consent": True}, K.TASK_DUE),
        ([LATER], [Task(7)], {}, K.TASK_DUE),
        ([LATER], [Task(8)], {"asks_consent": True, "surveys": ["问卷"]}, K.SURVEY),
        ([LATER], [Task(8)], {"asks_consent": True}, K.CONSENT),
        ([LATER], [Task(8)], {"certificates": ["证书"]}, K.LESSON),
        ([Cohort((Lesson(0),), over=True)], [Task()], {"certificates": ["证书"]}, K.TASK),
        ([LATER], [Task(1, needs_doing=False)], {}, K.LESSON),
        ([Cohort(is_on_the_roll=False)], [], {}, K.WAITING),
        ([Cohort((Lesson(0, is_open=True),), is_on_the_roll=False)], [], {}, K.WAITING),
        ([Cohort()], [], {}, K.NO_TIMETABLE),
        ([Cohort(ends_on=TODAY - timedelta(days=1))], [], {"certificates": ["证书"]}, K.CERTIFICATE),
        ([Cohort((Lesson(0),), over=True)], [], {"certificates": ["证书"]}, K.CERTIFICATE),
        ([Cohort((Lesson(0),), over=True)], [], {}, K.OVER),
    ],
)
def test_what_cannot_wait_goes_first(cohorts, tasks, rest, kind):
    given = {"feedback": [], "certificates": [], "asks_consent": False} | rest
    asked = {"asks_consent": given["asks_consent"], "surveys": given.get("surveys", ()), "today": TODAY, "now": NOW}
    assert next_step(cohorts, tasks, given["feedback"], given["certificates"], **asked).kind is kind


def test_of_two_courses_the_nearest_lesson_is_meant():
    far, near = Cohort((Lesson(5),)), Cohort((Lesson(2),))
    step = next_step([far, near], [], [], [], asks_consent=False, today=TODAY, now=NOW)
    assert step.about is near.lessons[0]
