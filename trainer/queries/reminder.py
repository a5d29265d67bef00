"""Whom to remind of the lessons of a day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import and_, select

from trainer.database import db
from trainer.domain.attendance import LessonState
from trainer.domain.days import day_begins
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.queries.attendance_request import leave_granted_for


@dataclass
class CohortDay:
    """The lessons of one cohort on one day: when and where the first one is, who comes, who teaches."""

    cohort_id: int
    teacher_name: str
    teacher_phone: str
    place: str
    starts_at: datetime
    titles: list[str] = field(default_factory=list)
    instructors: set[int] = field(default_factory=set)
    women: Sequence[int] = ()


def list_days_of_cohorts(day: date) -> list[CohortDay]:
    """Every cohort with a lesson planned on that day: two statements."""
    days: dict[int, CohortDay] = {}
    lessons: dict[int, set[int]] = {}
    for row in db.session.execute(_LESSONS.where(*_on(day)).order_by(Lesson.starts_at, Lesson.id)):
        one = days.setdefault(row.cohort_id, CohortDay(*row[:5]))
        one.titles.append(row.title)
        one.instructors |= {row.instructor_id} if row.instructor_id else set()
        lessons.setdefault(row.cohort_id, set()).add(row.id)
    for cohort_id, women in _women(lessons).items():
        days[cohort_id].women = women
    return list(days.values())


_LESSONS = select(
    *(Lesson.cohort_id, Cohort.teacher_name, Cohort.teacher_phone, Lesson.place, Lesson.starts_at),
    *(Lesson.id, Lesson.title, Lesson.instructor_id),
).join(Cohort, Cohort.id == Lesson.cohort_id)


def _on(day: date):
    begins = day_begins(day)
    return Lesson.starts_at >= begins, Lesson.starts_at < begins + timedelta(days=1), _PLANNED


_PLANNED = Lesson.state == LessonState.PLANNED


def _women(lessons: dict[int, set[int]]) -> dict[int, list[int]]:
    """People on the rolls by cohort, without those who have leave for every lesson of the day."""
    leave = and_(
        AttendanceRequest.enrolment_id == Enrolment.id,
        AttendanceRequest.lesson_id == Lesson.id,
        leave_granted_for(Lesson.starts_at),
    )
    rows = db.session.execute(
        select(Enrolment.cohort_id, Enrolment.person_id)
        .join(Lesson, Lesson.cohort_id == Enrolment.cohort_id)
        .outerjoin(AttendanceRequest, leave)
        .where(
            Enrolment.status.in_(ON_THE_ROLL),
            Lesson.id.in_(set().union(*lessons.values())),
            AttendanceRequest.id.is_(None),
        )
        .distinct()
    )
    women: dict[int, list[int]] = {}
    for cohort_id, person_id in rows:
        women.setdefault(cohort_id, []).append(person_id)
    return women
