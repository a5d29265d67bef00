"""Answers of the demonstration: of the class that has not begun one sign-up is admitted and two wait; of the class under
way one woman was transferred to it, one has withdrawn."""

from datetime import timedelta

from sqlalchemy import select

from trainer.database import db
from trainer.domain.enrolment import EnrolmentStatus, WhoAsked
from trainer.domain.sign_up import SignUpState
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort
from trainer.models.sign_up import SignUp
from trainer.queries.account import get_account, get_actor
from trainer.services.demo_place import Place
from trainer.services.enrolment_change import withdraw
from trainer.services.sign_up_review import Decision, Pick, settle
from trainer.services.transfer import transfer

_S = EnrolmentStatus
# One after the other, of the sign-ups as they came; the rest wait for an answer.
ANSWERS = (Decision(_S.ADMITTED), Decision(_S.WAITLISTED), Decision(_S.WAITLISTED))
RUNNING = "140200"


def add_answers(place: Place) -> None:
    """By the manager, yesterday; who moves up from the waitlist is decided by hand there."""
    open_ones = select(SignUp).where(SignUp.state == SignUpState.OPEN).order_by(SignUp.id)
    sign_ups = db.session.scalars(open_ones.limit(len(ANSWERS))).all()
    cohort = db.session.get(Cohort, sign_ups[0].cohort_id)
    cohort.waitlist_moves_up = False
    who = {"by": get_actor(get_account(place.accounts["manager"])), "at": place.at - timedelta(hours=19)}
    for sign_up, decision in zip(sign_ups, ANSWERS, strict=True):
        settle(Pick(sign_up.id, sign_up.version, None), decision, **who)
    mover, leaver = _of_the_class_under_way()
    transfer(mover, "离家近，方便接送孩子", to_cohort_id=cohort.id, seen=_S.ACTIVE, **who)
    withdraw(leaver, WhoAsked.FAMILY, "家中老人需要照料", seen=_S.ACTIVE, **who)


def _of_the_class_under_way() -> list[int]:
    """The two who sit last."""
    first = select(Cohort.id).where(Cohort.region_code == RUNNING).order_by(Cohort.id).limit(1).scalar_subquery()
    here = (Enrolment.cohort_id == first, Enrolment.status == _S.ACTIVE)
    return list(db.session.scalars(select(Enrolment.id).where(*here).order_by(Enrolment.id.desc()).limit(2)))
