"""Statements of what waits about sign-ups: those to answer, and the women to be told."""

from datetime import timedelta

from sqlalchemy import Select, select

from trainer.domain.sign_up import AnswerChannel, SignUpState
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort
from trainer.models.sign_up import SignUp
from trainer.permissions import Permission
from trainer.queries.scoping import visible

# A text message leaves within minutes, in the morning at the latest; then somebody calls.
TEXT_WITHIN = timedelta(hours=15)


def open_sign_ups(asked) -> Select:
    return (
        select(SignUp.id, SignUp.name, Cohort.name.label("detail"), SignUp.at)
        .join(Cohort, Cohort.id == SignUp.cohort_id)
        .where(SignUp.state == SignUpState.OPEN, _reach(asked))
        .order_by(SignUp.at, SignUp.id)
    )


def answers_to_tell(asked) -> Select:
    """Settled, and nobody has told her."""
    by_text = (SignUp.answer_by == AnswerChannel.SMS) & (SignUp.settled_at > asked.now - TEXT_WITHIN)
    return (
        select(SignUp.id, SignUp.name, Enrolment.status.label("detail"), SignUp.settled_at)
        .join(Cohort, Cohort.id == SignUp.cohort_id)
        .join(Enrolment, Enrolment.id == SignUp.enrolment_id)
        .where(SignUp.state == SignUpState.SETTLED, SignUp.told_at.is_(None), ~by_text, _reach(asked))
        .order_by(SignUp.settled_at, SignUp.id)
    )


def _reach(asked):
    return visible(asked.actor, Permission.MANAGE_ENROLMENTS, region=Cohort.region_code, cohort=Cohort.id)
