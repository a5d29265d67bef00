"""Acts of staff on one enrolment: withdrawn and taken back, put on the waitlist, admitted, back into training."""

from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.enrolment import ON_THE_ROLL, STEPS, EnrolmentStatus, StatusCause, WhoAsked
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.services.enrolment import NoSuchStep, move_enrolment
from trainer.services.sign_up_answer import tell_her
from trainer.services.waitlist import admit, begin, check_place, follow_change, hold_places

_S = EnrolmentStatus
_STAFF = StatusCause.STAFF


class WentElsewhere(Refused):
    """She left by a transfer: taking that back ends her place in the other class as well."""

    code = "enrolment_went_elsewhere"


def withdraw(
    enrolment_id: int, asked_by: WhoAsked, reason: str, *, seen: EnrolmentStatus, by: Actor, at: datetime
) -> list[int]:
    """She leaves the class; returns the enrolments that moved up into her place.

    `seen`: the status the page showed. Raises NotFound, Conflict, NoSuchStep.
    """
    enrolment, cohort = hold_enrolment(enrolment_id, seen)
    move_enrolment(enrolment, _S.WITHDRAWN, cause=_STAFF, by=by, at=at, reason=reason, asked_by=asked_by)
    return follow_change(cohort, at=at)


def take_withdrawal_back(
    enrolment_id: int, reason: str, *, over: bool = False, seen: EnrolmentStatus, by: Actor, at: datetime
) -> None:
    """She is again what she was before she left. Raises NotFound, Conflict, NoSuchStep, WentElsewhere, NoPlaceFree,
    OverWithoutReason."""
    enrolment, cohort = hold_enrolment(enrolment_id, seen)
    if enrolment.status is not _S.WITHDRAWN:
        raise NoSuchStep(before=enrolment.status, to=_S.ACTIVE)
    go_back(enrolment, cohort, reason, cause=_STAFF, over=over, by=by, at=at)
    follow_change(cohort, at=at, but=enrolment.id)


def go_back(
    enrolment: Enrolment, cohort: Cohort, reason: str, *, cause: StatusCause, over: bool, by: Actor, at: datetime
) -> None:
    """From withdrawn to where she was before; the caller has held the cohort."""
    events = select(EnrolmentEvent.status, EnrolmentEvent.cause).where(EnrolmentEvent.enrolment_id == enrolment.id)
    steps = db.session.execute(events.order_by(EnrolmentEvent.id.desc()).limit(2)).all()
    if steps[0].cause is StatusCause.TRANSFER and cause is not StatusCause.TRANSFER:
        raise WentElsewhere()
    before = steps[1].status if len(steps) > 1 and steps[1].status in STEPS[_S.WITHDRAWN] else _S.APPLIED
    if before in ON_THE_ROLL:
        check_place(cohort, over=over, reason=reason)
    move_enrolment(enrolment, before, cause=cause, by=by, at=at, reason=reason)
    begin(enrolment, cohort, at=at)


def put_on_waitlist(enrolment_id: int, reason: str, *, seen: EnrolmentStatus, by: Actor, at: datetime) -> None:
    """At its end, whatever she was before. Raises NotFound, Conflict, NoSuchStep."""
    enrolment, cohort = hold_enrolment(enrolment_id, seen)
    move_enrolment(enrolment, _S.WAITLISTED, cause=_STAFF, by=by, at=at, reason=reason)
    tell_her([enrolment], cohort, by=by, at=at)
    follow_change(cohort, at=at, but=enrolment.id)


def admit_one(
    enrolment_id: int, reason: str, *, over: bool = False, seen: EnrolmentStatus, by: Actor, at: datetime
) -> None:
    """She has a place, whoever else waits. Raises NotFound, Conflict, NoSuchStep, NoPlaceFree, OverWithoutReason."""
    enrolment, cohort = hold_enrolment(enrolment_id, seen)
    check_place(cohort, over=over, reason=reason)
    admit(enrolment, cohort, cause=_STAFF, by=by, at=at, reason=reason)
    tell_her([enrolment], cohort, by=by, at=at)
    follow_change(cohort, at=at)


def reject(enrolment_id: int, reason: str, *, seen: EnrolmentStatus, by: Actor, at: datetime) -> None:
    """Whoever applied or waits is not admitted. Raises NotFound, Conflict, NoSuchStep."""
    enrolment, cohort = hold_enrolment(enrolment_id, seen)
    move_enrolment(enrolment, _S.REJECTED, cause=_STAFF, by=by, at=at, reason=reason)
    tell_her([enrolment], cohort, by=by, at=at)


def back_into_training(enrolment_id: int, reason: str, *, seen: EnrolmentStatus, by: Actor, at: datetime) -> None:
    """It was said too early how her class ended. Raises NotFound, Conflict, NoSuchStep, CertificateStands."""
    enrolment, cohort = hold_enrolment(enrolment_id, seen)
    if enrolment.status not in (_S.COMPLETED, _S.NOT_COMPLETED):
        raise NoSuchStep(before=enrolment.status, to=_S.ACTIVE)
    move_enrolment(enrolment, _S.ACTIVE, cause=_STAFF, by=by, at=at, reason=reason)
    follow_change(cohort, at=at)


def hold_enrolment(enrolment_id: int, seen: EnrolmentStatus, *also: int) -> tuple[Enrolment, Cohort]:
    """The enrolment with its cohort, and the cohorts of `also`, held until the act ends. Nothing is done with a woman
    who was erased, or whose record was put together with another. Raises NotFound, Conflict."""
    cohort_id = db.session.scalar(select(Enrolment.cohort_id).where(Enrolment.id == enrolment_id))
    if cohort_id is None:
        raise NotFound()
    cohort = hold_places(cohort_id, *also)[cohort_id]
    enrolment = db.session.get(Enrolment, enrolment_id, populate_existing=True)
    person = db.session.get(Person, enrolment.person_id, with_for_update={"read": True, "key_share": True})
    if person.erased_at or person.merged_into_id:
        raise NotFound()
    if enrolment.status is not seen:
        raise Conflict()
    return enrolment, cohort
