"""Satisfaction: whom it is asked, who has answered, and what all answers together say."""

from datetime import date, timedelta

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.attendance import LessonState
from trainer.domain.days import day_begins
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.feedback import OPEN_FOR
from trainer.models.enrolment import Enrolment
from trainer.models.feedback import FeedbackGiven
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort


def asks_feedback(person_id: int, *, today: date) -> list[tuple[int, str]]:
    """(cohort, its name) of those that ask her now and that she has not answered: one statement."""
    last = func.max(Lesson.starts_at)
    given = select(FeedbackGiven.enrolment_id).where(FeedbackGiven.enrolment_id == Enrolment.id)
    rows = db.session.execute(
        select(Cohort.id, Cohort.name)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .join(Lesson, Lesson.cohort_id == Cohort.id)
        .where(
            Enrolment.person_id == person_id,
            Enrolment.status.in_(ON_THE_ROLL),
            Lesson.state != LessonState.CANCELLED,
            ~given.exists(),
        )
        .group_by(Cohort.id, Cohort.name)
        .having(last >= day_begins(today - OPEN_FOR), last < day_begins(today + timedelta(days=1)))
        .order_by(last)
    )
    return [tuple(row) for row in rows]
