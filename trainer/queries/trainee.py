"""What a woman sees of herself: her cohorts, her lessons, where she stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, select

from trainer.database import db
from trainer.domain.attendance import (
    ATTENDED,
    AttendanceStatus,
    AttendanceSummary,
    LessonOutcome,
    LessonState,
    summarise,
)
from trainer.domain.check_in import ScreenState, screen_state
from trainer.domain.days import china_day
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus
from trainer.domain.programme import CompletionRule
from trainer.models.attendance import Attendance
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort, CompletionRuleVersion

# Applying and waiting are worth seeing; a rejection is told by people.
SHOWN = ON_THE_ROLL | {EnrolmentStatus.APPLIED, EnrolmentStatus.WAITLISTED}


@dataclass(frozen=True)
class OwnLesson:
    """A lesson as one woman sees it; `status` is provisional until the lesson is closed."""

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
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

    def takes_codes(self, now: datetime) -> bool:
        """Whether she can check in by the code on its screen, and has not."""
        on = screen_state(self.state, self.starts_at, self.ends_at, now) is ScreenState.OPEN
        return on and self.status not in ATTENDED

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

    def is_known(self, today: date) -> bool:
        """Of a class held before this system no lessons are."""
        return bool(self.lessons) or today <= self.ends_on

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

    def lessons_to_come(self, now: datetime) -> bool:
        """Whether one begins yet, of which she could be excused."""
        return any(lesson.counts and lesson.starts_at > now for lesson in self.lessons)

    def next_lesson(self, now: datetime) -> OwnLesson | None:
        """The first one that is not over yet."""
        return next((lesson for lesson in self.lessons if lesson.counts and not lesson.is_over(now)), None)


# Made once, over the tables: the pages that every phone opens.
COHORT, ENROLMENT = Cohort.__table__.c, Enrolment.__table__.c
LESSON, ATTENDANCE = Lesson.__table__.c, Attendance.__table__.c
RULE, _VERSION = CompletionRuleVersion.__table__.c, CompletionRuleVersion.__table__.alias().c
_NEWEST = select(func.max(_VERSION.number)).where(_VERSION.cohort_id == COHORT.id).scalar_subquery()
_OWN_COHORTS = (
    select(
        *(
            COHORT.id,
            COHORT.name,
            COHORT.place,
            COHORT.starts_on,
            COHORT.ends_on,
            COHORT.teacher_name,
            COHORT.teacher_phone,
        ),
        *(ENROLMENT.id.label("enrolment_id"), ENROLMENT.status, ENROLMENT.seat_number),
        *(RULE.min_rate_bp, RULE.max_unexcused, RULE.excused_counts),
    )
    .join(Enrolment.__table__, ENROLMENT.cohort_id == COHORT.id)
    .outerjoin(CompletionRuleVersion.__table__, and_(RULE.cohort_id == COHORT.id, RULE.number == _NEWEST))
    .where(ENROLMENT.person_id == bindparam("person"), ENROLMENT.status.in_(SHOWN))
)
_OWN_LESSONS = (
    select(
        *(ENROLMENT.id, ENROLMENT.joined_on, LESSON.id.label("lesson_id"), LESSON.title, LESSON.starts_at),
        *(LESSON.ends_at, LESSON.place, LESSON.link, LESSON.credit_minutes, LESSON.state, ATTENDANCE.status),
    )
    .select_from(Enrolment.__table__)
    .join(Lesson.__table__, LESSON.cohort_id == ENROLMENT.cohort_id)
    .outerjoin(Attendance.__table__, and_(ATTENDANCE.lesson_id == LESSON.id, ATTENDANCE.enrolment_id == ENROLMENT.id))
    .where(ENROLMENT.id.in_(bindparam("enrolments", expanding=True)))
    .order_by(LESSON.starts_at, LESSON.id)
)


def list_own_cohorts(person_id: int, *, today: date) -> list[OwnCohort]:
    """Her cohorts, the current one first, then what is to come, then what is over: two statements."""
    enrolled = db.session.execute(_OWN_COHORTS, {"person": person_id}).all()
    lessons = _lessons_of([row.enrolment_id for row in enrolled])
    own = [_own_cohort(row, lessons.get(row.enrolment_id, [])) for row in enrolled]
    return sorted(own, key=lambda cohort: _nearness(cohort, today))


def get_teacher(person_id: int, *, today: date) -> tuple[str, str] | None:
    """Name and phone of the class teacher of the cohort that comes first among hers; of a class held before this
    system nobody knows one."""
    rows = [row for row in db.session.execute(_OWN_COHORTS, {"person": person_id}) if row.teacher_phone]
    first = min(rows, key=lambda cohort: _nearness(cohort, today), default=None)
    return (first.teacher_name, first.teacher_phone) if first else None


def _lessons_of(enrolment_ids: Sequence[int]) -> dict[int, list[OwnLesson]]:
    """Lessons in order of time by enrolment, with her status."""
    rows = db.session.execute(_OWN_LESSONS, {"enrolments": list(enrolment_ids)})
    lessons: dict[int, list[OwnLesson]] = {}
    for enrolment_id, joined_on, *facts in rows:
        applicable = joined_on <= china_day(facts[2])
        lessons.setdefault(enrolment_id, []).append(OwnLesson(*facts, applicable))
    return lessons


def _own_cohort(row, lessons: Sequence[OwnLesson]) -> OwnCohort:
    rule = CompletionRule() if row.min_rate_bp is None else CompletionRule(*row[-3:])
    outcomes = [
        LessonOutcome(lesson.minutes, lesson.is_closed, lesson.status, lesson.applicable)
        for lesson in lessons
        if lesson.state is not LessonState.CANCELLED
    ]
    return OwnCohort(
        *(row.id, row.name, row.place, row.starts_on, row.ends_on, row.teacher_name, row.teacher_phone),
        *(row.status, row.seat_number, rule),
        lessons,
        summarise(outcomes, rule),
    )


def _nearness(cohort: OwnCohort, today: date) -> tuple[int, int]:
    if cohort.starts_on <= today <= cohort.ends_on:
        return 0, cohort.ends_on.toordinal()
    if today < cohort.starts_on:
        return 1, cohort.starts_on.toordinal()
    return 2, -cohort.ends_on.toordinal()
