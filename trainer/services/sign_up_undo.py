"""Sign-ups put right: struck out where nobody real sent them, an answer taken back; nothing of it is deleted but a
consent that was written down for the wrong woman."""

from datetime import datetime

from sqlalchemy import delete, exists, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.consent import ConsentChannel
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus, StatusCause, steps_between
from trainer.domain.sign_up import SignUpState
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.attendance import Mark
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.person import Consent
from trainer.models.sign_up import SignUp
from trainer.services import audit
from trainer.services.enrolment import move_enrolment
from trainer.services.sign_up_review import hold_open
from trainer.services.waitlist import check_place, follow_change, hold_places

_S = EnrolmentStatus
BY_ITSELF = (StatusCause.BEGUN, StatusCause.WAITLIST)


class NotSettled(Refused):
    code = "sign_up_not_settled"
    status = 409


class AnswerBuiltUpon(Refused):
    """She has been marked at lessons, or her class has ended for her: from there she goes by a withdrawal."""

    code = "sign_up_built_upon"


def strike_out(sign_up_id: int, reason: str, *, seen: int, by: Actor, at: datetime) -> None:
    """Nobody real sent it; it stays, with the reason. Raises NotFound, NotOpen, Conflict."""
    sign_up = hold_open(sign_up_id, seen)
    sign_up.state, sign_up.reason = SignUpState.STRUCK_OUT, reason
    sign_up.settled_at, sign_up.settled_by = at, by.account_id
    audit.record("sign_up.strike_out", "sign_up", sign_up.id, by=by, at=at, cohort=sign_up.cohort_id, with_reason=True)


def put_back(sign_up_id: int, *, seen: int, by: Actor, at: datetime) -> None:
    """It was somebody after all. Raises NotFound, NotSettled, Conflict."""
    sign_up = _held(sign_up_id, seen, SignUpState.STRUCK_OUT)
    _open_again(sign_up, "")
    audit.record("sign_up.put_back", "sign_up", sign_up.id, by=by, at=at, cohort=sign_up.cohort_id)


def take_answer_back(sign_up_id: int, reason: str, *, seen: int, by: Actor, at: datetime) -> None:
    """The sign-up is open again. Her enrolment goes step by step to where it was before the answer, or ends as withdrawn
    where the answer had made it; her record in the register stays.

    Raises NotFound, NotSettled, Conflict, AnswerBuiltUpon.
    """
    cohort_id = db.session.scalar(select(SignUp.cohort_id).where(SignUp.id == sign_up_id))
    if cohort_id is None:
        raise NotFound()
    cohort = hold_places(cohort_id)[cohort_id]
    sign_up = _held(sign_up_id, seen, SignUpState.SETTLED)
    enrolment = db.session.get(Enrolment, sign_up.enrolment_id, populate_existing=True)
    before = _status_before(sign_up, enrolment)
    _refuse_built_upon(sign_up, enrolment, before)
    if before in ON_THE_ROLL and enrolment.status not in ON_THE_ROLL:
        check_place(cohort, over=False, reason="")
    gone = _forget_consent(sign_up, enrolment.person_id)
    for step in steps_between(enrolment.status, before):
        move_enrolment(enrolment, step, cause=StatusCause.STAFF, by=by, at=at, reason=reason)
    _open_again(sign_up, reason)
    told = {"enrolment": enrolment.id, "status": before, "consents_removed": gone, "with_reason": True}
    audit.record("sign_up.take_answer_back", "sign_up", sign_up.id, by=by, at=at, **told)
    follow_change(cohort, at=at, but=enrolment.id)


def _held(sign_up_id: int, seen: int, state: SignUpState) -> SignUp:
    sign_up = db.session.get(SignUp, sign_up_id, with_for_update=True, populate_existing=True)
    if sign_up is None:
        raise NotFound()
    if sign_up.state is not state:
        raise NotSettled(state=sign_up.state)
    if sign_up.version != seen:
        raise Conflict()
    return sign_up


def _open_again(sign_up: SignUp, reason: str) -> None:
    sign_up.state, sign_up.reason = SignUpState.OPEN, reason
    sign_up.enrolment_id = sign_up.settled_at = sign_up.settled_by = sign_up.told_at = sign_up.told_by = None


def _status_before(sign_up: SignUp, enrolment: Enrolment) -> EnrolmentStatus:
    """What the history said before the answer, and before the application that came with it."""
    event = EnrolmentEvent
    before = select(event.status).where(event.enrolment_id == enrolment.id, event.at < sign_up.settled_at)
    hers = (event.cause == StatusCause.SIGN_UP) & (event.id >= _first_of_answer(sign_up, enrolment))
    return db.session.scalar(before.where(~hers).order_by(event.id.desc()).limit(1)) or _S.WITHDRAWN


def _first_of_answer(sign_up: SignUp, enrolment: Enrolment) -> int:
    """The last application by a sign-up before the answer: it was written down together with it."""
    event = EnrolmentEvent
    hers = (event.enrolment_id == enrolment.id, event.cause == StatusCause.SIGN_UP, event.at < sign_up.settled_at)
    return db.session.scalar(select(event.id).where(*hers).order_by(event.id.desc()).limit(1)) or 0


def _refuse_built_upon(sign_up: SignUp, enrolment: Enrolment, before: EnrolmentStatus) -> None:
    """What came by itself goes with the answer; what somebody did or said of her since does not."""
    if enrolment.status is before:
        return
    marked = exists().where(Mark.enrolment_id == enrolment.id)
    event = EnrolmentEvent
    later = exists().where(
        *(event.enrolment_id == enrolment.id, event.at > sign_up.settled_at, event.cause.not_in(BY_ITSELF))
    )
    if db.session.scalar(select(marked | later)):
        raise AnswerBuiltUpon()


def _forget_consent(sign_up: SignUp, person_id: int) -> int:
    """It was written down for whoever she was taken for; settled again, it is written down again."""
    mistaken = (
        Consent.person_id == person_id,
        Consent.channel == ConsentChannel.ONLINE,
        Consent.given_at == sign_up.at,
    )
    return db.session.execute(delete(Consent).where(*mistaken, Consent.withdrawn_at.is_(None))).rowcount
