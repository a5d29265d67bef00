"""Satisfaction: one answer a woman, kept so that nothing leads from it to her."""

import secrets
from datetime import date

from sqlalchemy import func, select, text, update

from trainer.database import db, on_postgresql
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.feedback import FEWEST, OPEN_FOR, Question, is_open
from trainer.errors import NotFound, Refused
from trainer.models.enrolment import Enrolment
from trainer.models.feedback import FeedbackAnswer, FeedbackGiven
from trainer.queries.feedback import last_lesson_on
from trainer.services.cohort import hold_cohort
from trainer.services.idempotency import dialect_insert

_ANSWERS = text("""
WITH gone AS (DELETE FROM feedback_answers WHERE cohort_id = :cohort RETURNING *)
INSERT INTO feedback_answers SELECT * FROM gone ORDER BY id
""")
_GIVEN = text("""
WITH gone AS (
    DELETE FROM feedback_given WHERE enrolment_id IN (SELECT id FROM enrolments WHERE cohort_id = :cohort) RETURNING *
)
INSERT INTO feedback_given SELECT * FROM gone ORDER BY enrolment_id
""")


class FeedbackNotOpen(Refused):
    code = "feedback_not_open"


class FeedbackGivenAlready(Refused):
    code = "feedback_given_already"
    status = 409


def give_feedback(cohort_id: int, person_id: int, faces: dict[Question, int], words: str, *, today: date) -> None:
    """Her one answer. Who gives it and when is not an argument: no trail and no row is to hold it beside the answer.

    Raises NotFound (not on the roll), FeedbackNotOpen, FeedbackGivenAlready.
    """
    hold_cohort(cohort_id)
    enrolment_id = db.session.scalar(
        select(Enrolment.id).where(
            Enrolment.cohort_id == cohort_id, Enrolment.person_id == person_id, Enrolment.status.in_(ON_THE_ROLL)
        )
    )
    if enrolment_id is None:
        raise NotFound()
    if not is_open(last_lesson_on(cohort_id), today):
        raise FeedbackNotOpen(days=OPEN_FOR.days)
    once = dialect_insert()(FeedbackGiven).values(enrolment_id=enrolment_id).on_conflict_do_nothing()
    if db.session.scalar(once.returning(FeedbackGiven.enrolment_id)) is None:
        raise FeedbackGivenAlready()
    answer = FeedbackAnswer(id=secrets.token_hex(16), cohort_id=cohort_id, words=words or None, **faces)
    db.session.add(answer)
    db.session.flush()
    _tell_in_groups(cohort_id)
    _lay_in_order(cohort_id)


def _tell_in_groups(cohort_id: int) -> None:
    """Those not told of yet, once there are enough of them to hide one another."""
    new = (FeedbackAnswer.cohort_id == cohort_id, ~FeedbackAnswer.told)
    if db.session.scalar(select(func.count()).select_from(FeedbackAnswer).where(*new)) >= FEWEST:
        db.session.execute(update(FeedbackAnswer).where(*new).values(told=True))


def _lay_in_order(cohort_id: int) -> None:
    """Write a cohort's rows of both tables anew, sorted by their keys.

    PostgreSQL keeps rows where they came to lie and each with the number of its transaction: read so, the two tables
    would tell pair by pair who said what. SQLite keeps both sorted by their keys and notes nothing else.
    """
    if not on_postgresql():
        return
    for anew in (_ANSWERS, _GIVEN):
        db.session.execute(anew, {"cohort": cohort_id})
