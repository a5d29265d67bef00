"""Satisfaction: whom it is asked, who has answered, and what all answers together say."""

from datetime import date, timedelta

from sqlalchemy import bindparam, func, or_, select

from trainer.database import db
from trainer.domain.attendance import LessonState
from trainer.domain.days import china_day, day_begins
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.feedback import FEWEST, OPEN_FOR, Face, FeedbackSummary, Question, is_open
from trainer.models.enrolment import Enrolment
from trainer.models.feedback import FeedbackAnswer, FeedbackGiven
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort

# Made once: the page that every phone opens asks it.
_LAST = func.max(Lesson.starts_at)
_GIVEN = select(FeedbackGiven.enrolment_id).where(FeedbackGiven.enrolment_id == Enrolment.id)
_ASKED = (
    select(Cohort.id, Cohort.name)
    .join(Enrolment, Enrolment.cohort_id == Cohort.id)
    .join(Lesson, Lesson.cohort_id == Cohort.id)
    .where(
        Enrolment.person_id == bindparam("person"),
        Enrolment.status.in_(ON_THE_ROLL),
        Lesson.state != LessonState.CANCELLED,
        ~_GIVEN.exists(),
    )
    .group_by(Cohort.id, Cohort.name)
    .having(bindparam("first") <= _LAST, bindparam("end") > _LAST)
    .order_by(_LAST)
)


def asks_feedback(person_id: int, *, today: date) -> list[tuple[int, str]]:
    """(cohort, its name) of those that ask her now and that she has not answered: one statement."""
    days = {"first": day_begins(today - OPEN_FOR), "end": day_begins(today + timedelta(days=1))}
    return [tuple(row) for row in db.session.execute(_ASKED, {"person": person_id, **days})]


def last_lesson_on(cohort_id: int) -> date | None:
    """Its day; cancelled ones aside."""
    last = select(func.max(Lesson.starts_at)).where(
        Lesson.cohort_id == cohort_id, Lesson.state != LessonState.CANCELLED
    )
    starts_at = db.session.scalar(last)
    return starts_at and china_day(starts_at)


def has_answered(cohort_id: int, person_id: int) -> bool | None:
    """None where she is not on the roll."""
    given = select(FeedbackGiven.enrolment_id).where(FeedbackGiven.enrolment_id == Enrolment.id)
    return db.session.scalar(
        select(given.exists()).where(
            Enrolment.cohort_id == cohort_id, Enrolment.person_id == person_id, Enrolment.status.in_(ON_THE_ROLL)
        )
    )


def get_feedback(cohort_id: int, *, today: date) -> FeedbackSummary:
    """What may be told of it now: three statements."""
    last_on = last_lesson_on(cohort_id)
    open_now = is_open(last_on, today)
    answered = select(FeedbackGiven.enrolment_id).where(FeedbackGiven.enrolment_id == Enrolment.id).exists()
    asked, given = db.session.execute(
        select(func.count(), func.count().filter(answered)).where(
            Enrolment.cohort_id == cohort_id, or_(Enrolment.status.in_(ON_THE_ROLL), answered)
        )
    ).one()
    told = select(*(getattr(FeedbackAnswer, name) for name in Question), FeedbackAnswer.words)
    told = told.where(FeedbackAnswer.cohort_id == cohort_id)
    if open_now:
        told = told.where(FeedbackAnswer.told)
    rows = db.session.execute(told.order_by(FeedbackAnswer.id)).all()
    rows = rows if len(rows) >= FEWEST else []
    counts = {
        question: {face: sum(1 for row in rows if row[column] == face) for face in sorted(Face, reverse=True)}
        for column, question in enumerate(Question)
    }
    return FeedbackSummary(last_on, open_now, asked, given, len(rows), counts, [row.words for row in rows if row.words])
