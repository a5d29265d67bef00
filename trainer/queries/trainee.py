"""What a woman sees of herself: her cohorts, her lessons, where she stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select

from trainer.database import db
from trainer.domain.attendance import (
    ATTENDED,
    AttendanceStatus,
    AttendanceSummary,
    LessonOutcome,
    LessonState,
    summarise,
)
from trainer.domain.days import china_day
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus
from trainer.domain.programme import CompletionRule
from trainer.models.attendance import Attendance
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.queries.attendance import get_rules

# Applying and waiting are worth seeing; a rejection is told by people.
SHOWN = ON_THE_ROLL | {EnrolmentStatus.APPLIED, EnrolmentStatus.WAITLISTED}


@dataclass(frozen=True)
class OwnLesson:
    """A lesson as one woman sees it; `status` is provisional until the lesson is closed."""

    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    minutes: int
    state: LessonState
    status: AttendanceStatus | None
    applicable: bool

    @property
    def counts(self) -> bool:
        return self.applicable and self.state is not LessonState.CANCELLED

    @property
    def is_closed(self) -> bool:
        return self.state is LessonState.CLOSED

    def is_over(self, now: datetime) -> bool:
        return self.is_closed or self.ends_at <= now

    @property
    def day(self) -> date:
        return china_day(self.starts_at)

    @property
    def is_provisional(self) -> bool:
        return self.status is not None and not self.is_closed


@dataclass(frozen=True)
class OwnCohort:
    """A cohort of hers with all its lessons in order of time."""

    id: int
    name: str
    place: str
    starts_on: date
    ends_on: date
    teacher_name: str
    teacher_phone: str
    status: EnrolmentStatus
    seat: int
    rule: CompletionRule
    lessons: Sequence[OwnLesson]
    summary: AttendanceSummary

    @property
    def is_on_the_roll(self) -> bool:
        return self.status in ON_THE_ROLL

    @property
    def lessons_in_all(self) -> int:
        return sum(1 for lesson in self.lessons if lesson.counts)

    def lessons_over(self, now: datetime) -> int:
        return sum(1 for lesson in self.lessons if lesson.counts and lesson.is_over(now))

    def lessons_unsettled(self, now: datetime) -> int:
        """Over, but not closed by the staff."""
        return sum(1 for lesson in self.lessons if lesson.counts and lesson.is_over(now) and not lesson.is_closed)

    @property
    def lessons_attended(self) -> int:
        """Those she was at; what an excuse is worth is the rate's business."""
        return sum(1 for lesson in self.lessons if lesson.counts and lesson.is_closed and lesson.status in ATTENDED)

    def next_lesson(self, now: datetime) -> OwnLesson | None:
        """The first one that is not over yet."""
        return next((lesson for lesson in self.lessons if lesson.counts and not lesson.is_over(now)), None)


def list_own_cohorts(person_id: int, *, today: date) -> list[OwnCohort]:
    """Her cohorts, the current one first, then what is to come, then what is over: three statements."""
    women = db.session.execute(
        select(Enrolment.id, Enrolment.status, Enrolment.seat_number, Enrolment.joined_on, Cohort)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == person_id, Enrolment.status.in_(SHOWN))
    ).all()
    rules = get_rules([cohort.id for *_, cohort in women])
    lessons = _lessons_of([id_ for id_, *_ in women])
    own = [_own_cohort(row, rules[row[-1].id], lessons.get(row[0], [])) for row in women]
    return sorted(own, key=lambda cohort: _nearness(cohort, today))


def get_teacher(person_id: int, *, today: date) -> tuple[str, str] | None:
    """Name and phone of the class teacher of the cohort that comes first among hers."""
    rows = db.session.execute(
        select(Cohort.starts_on, Cohort.ends_on, Cohort.id, Cohort.teacher_name, Cohort.teacher_phone)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.person_id == person_id, Enrolment.status.in_(SHOWN))
    ).all()
    first = min(rows, key=lambda cohort: _nearness(cohort, today), default=None)
    return (first.teacher_name, first.teacher_phone) if first else None


def _lessons_of(enrolment_ids: Sequence[int]) -> dict[int, list[OwnLesson]]:
    """Lessons in order of time by enrolment, with her status."""
    rows = db.session.execute(
        select(
            *(Enrolment.id, Enrolment.joined_on, Lesson.title, Lesson.starts_at, Lesson.ends_at, Lesson.place),
            *(Lesson.credit_minutes, Lesson.state, Attendance.status),
        )
        .join(Lesson, Lesson.cohort_id == Enrolment.cohort_id)
        .outerjoin(Attendance, and_(Attendance.lesson_id == Lesson.id, Attendance.enrolment_id == Enrolment.id))
        .where(Enrolment.id.in_(enrolment_ids))
        .order_by(Lesson.starts_at, Lesson.id)
    )
    lessons: dict[int, list[OwnLesson]] = {}
    for enrolment_id, joined_on, *facts in rows:
        applicable = joined_on <= china_day(facts[1])
        lessons.setdefault(enrolment_id, []).append(OwnLesson(*facts, applicable))
    return lessons


def _own_cohort(row, rule: CompletionRule, lessons: Sequence[OwnLesson]) -> OwnCohort:
    _enrolment_id, status, seat, _joined_on, cohort = row
    outcomes = [
        LessonOutcome(lesson.minutes, lesson.is_closed, lesson.status, lesson.applicable)
        for lesson in lessons
        if lesson.state is not LessonState.CANCELLED
    ]
    return OwnCohort(
        cohort.id,
        cohort.name,
        cohort.place,
        cohort.starts_on,
        cohort.ends_on,
        cohort.teacher_name,
        cohort.teacher_phone,
        status,
        seat,
        rule,
        lessons,
        summarise(outcomes, rule),
    )


def _nearness(cohort: OwnCohort, today: date) -> tuple[int, int]:
    if cohort.starts_on <= today <= cohort.ends_on:
        return 0, cohort.ends_on.toordinal()
    if today < cohort.starts_on:
        return 1, cohort.starts_on.toordinal()
    return 2, -cohort.ends_on.toordinal()
