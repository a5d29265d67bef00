"""A cohort's attendance: each woman's counts, rate and standing under the rule in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from trainer.database import db
from trainer.domain.attendance import (
    AttendanceStatus,
    LessonOutcome,
    LessonState,
    WomanAttendance,
    is_lost_without,
    summarise,
)
from trainer.domain.days import china_day
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.programme import CompletionRule
from trainer.models.attendance import Attendance
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import CompletionRuleVersion
from trainer.models.region import Region


@dataclass(frozen=True)
class CohortAttendance:
    """A cohort's attendance under the rule that is in force. `lost_without_next`: how many women more could not reach
    the bar if `next_lesson`, the first one planned, were cancelled."""

    rule: CompletionRule
    lessons_closed: int
    minutes_closed: int
    lessons_left: int
    rows: Sequence[WomanAttendance]
    next_lesson: str | None
    lost_without_next: int


def get_cohort_attendance(cohort_id: int) -> CohortAttendance:
    """Everybody on the roll of a cohort by seat: four statements whatever the size."""
    rule = get_rules([cohort_id])[cohort_id]
    lessons = list_lessons_that_count([cohort_id])
    marks = marks_of(Enrolment.cohort_id == cohort_id)
    women = db.session.execute(
        select(
            *(Enrolment.id, Person.id, Enrolment.seat_number, Person.name.label("woman"), Person.name_initials),
            *(Region.name, Enrolment.joined_on),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Region, Region.code == Person.region_code)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL))
        .order_by(Enrolment.seat_number)
    )
    closed = [lesson for lesson in lessons if lesson.closed]
    ahead = next((at for at, lesson in enumerate(lessons) if lesson.planned), None)
    rows, lost = [], 0
    for *woman, joined_on in women:
        hers = outcomes(lessons, marks.get(woman[0], {}), joined_on)
        summary = summarise(hers, rule)
        rows.append(WomanAttendance(*woman, summary))
        # Whoever has missed nothing loses nothing.
        if ahead is not None and summary.can_reach and (summary.max_possible_rate or 1) < 1:
            lost += is_lost_without(hers, ahead, rule)
    return CohortAttendance(
        rule,
        len(closed),
        sum(lesson.minutes for lesson in closed),
        len(lessons) - len(closed),
        rows,
        lessons[ahead].title if ahead is not None else None,
        lost,
    )


@dataclass(frozen=True)
class CountingLesson:
    """What of a lesson the rate needs; cancelled ones are not among them."""

    id: int
    cohort_id: int
    minutes: int
    closed: bool
    day: date
    planned: bool
    title: str


def list_lessons_that_count(cohort_ids: Sequence[int]) -> list[CountingLesson]:
    """The lessons of these cohorts in order of time, without the cancelled ones."""
    rows = db.session.execute(
        select(Lesson.id, Lesson.cohort_id, Lesson.credit_minutes, Lesson.state, Lesson.starts_at, Lesson.title)
        .where(Lesson.cohort_id.in_(cohort_ids), Lesson.state != LessonState.CANCELLED)
        .order_by(Lesson.starts_at, Lesson.id)
    )
    return [
        CountingLesson(
            *(id_, cohort_id, minutes, state is LessonState.CLOSED, china_day(starts_at)),
            *(state is LessonState.PLANNED, title),
        )
        for id_, cohort_id, minutes, state, starts_at, title in rows
    ]


def marks_of(which) -> dict[int, dict[int, AttendanceStatus]]:
    """Statuses by enrolment and lesson."""
    marks: dict[int, dict[int, AttendanceStatus]] = {}
    for enrolment_id, lesson_id, status in db.session.execute(
        select(Attendance.enrolment_id, Attendance.lesson_id, Attendance.status)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(which)
    ):
        marks.setdefault(enrolment_id, {})[lesson_id] = status
    return marks


def outcomes(
    lessons: Sequence[CountingLesson], marks: dict[int, AttendanceStatus], joined_on: date
) -> list[LessonOutcome]:
    """The lessons as they stand for one woman."""
    return [
        LessonOutcome(lesson.minutes, lesson.closed, marks.get(lesson.id), joined_on <= lesson.day)
        for lesson in lessons
    ]


RULE = CompletionRuleVersion.__table__.c
_RULES_OF = (
    select(RULE.cohort_id, RULE.min_rate_bp, RULE.max_unexcused, RULE.excused_counts)
    .where(RULE.cohort_id.in_(bindparam("cohorts", expanding=True)))
    .order_by(RULE.number)
)


def get_rules(cohort_ids: Sequence[int]) -> dict[int, CompletionRule]:
    """The completion rule in force for each cohort: its highest version."""
    db.session.flush()  # a rule that this very act has set is among them
    versions = db.session.execute(_RULES_OF, {"cohorts": list(cohort_ids)})
    return {cohort_id: CompletionRule() for cohort_id in cohort_ids} | {
        cohort_id: CompletionRule(*terms) for cohort_id, *terms in versions
    }
