"""Transfers: a woman goes on in another class, and back again; what she attended stays with the class she attended."""

from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus, StatusCause
from trainer.errors import NotFound, Refused
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort
from trainer.services import audit
from trainer.services.enrolment import enrol, move_enrolment
from trainer.services.enrolment_change import go_back, hold_enrolment
from trainer.services.message import notify
from trainer.services.roster_commit import joining_day
from trainer.services.sign_up_answer import words_about
from trainer.services.waitlist import admit, begin, check_place, follow_change

_S = EnrolmentStatus
TRANSFER = StatusCause.TRANSFER


class AlreadyThere(Refused):
    """She is on the roll of the other class."""

    code = "transfer_already_there"


class NotTransferred(Refused):
    """There is no transfer in force to take back."""

    code = "transfer_not_in_force"
    status = 409


def transfer(
    enrolment_id: int,
    reason: str,
    *,
    to_cohort_id: int,
    over: bool = False,
    seen: EnrolmentStatus,
    by: Actor,
    at: datetime,
) -> Enrolment:
    """Withdrawn here, admitted there; both say so. An enrolment that she has there goes on.

    Raises NotFound, Conflict, NoSuchStep, AlreadyThere, NoPlaceFree, OverWithoutReason.
    """
    old, cohort = hold_enrolment(enrolment_id, seen, to_cohort_id)
    target = db.session.get(Cohort, to_cohort_id)
    if target.id == cohort.id or target.is_taken_over:
        raise NotFound()
    hers = select(Enrolment).where(Enrolment.cohort_id == target.id, Enrolment.person_id == old.person_id)
    new = db.session.scalar(hers)
    if new is not None and new.status in ON_THE_ROLL:
        raise AlreadyThere(name=target.name)
    check_place(target, over=over, reason=reason)
    move_enrolment(old, _S.WITHDRAWN, cause=TRANSFER, by=by, at=at, reason=reason)
    new = _enter(new, old, target, reason, by=by, at=at)
    audit.record("enrolment.transfer", "enrolment", old.id, by=by, at=at, to=new.id, cohort=target.id, over=over)
    facts = {"old": cohort.name} | words_about(target)
    notify("enrolment_transferred", to_people=[old.person_id], link="/me", by=by, at=at, **facts)
    follow_change(cohort, at=at)
    follow_change(target, at=at)
    return new


def _enter(new: Enrolment | None, old: Enrolment, target: Cohort, reason: str, *, by: Actor, at: datetime) -> Enrolment:
    if new is None:
        step = {"cause": TRANSFER, "by": by, "at": at, "reason": reason}
        new = enrol(target.id, old.person_id, _S.ADMITTED, joined_on=joining_day(target, at), **step)
        begin(new, target, at=at)
    else:
        admit(new, target, cause=TRANSFER, by=by, at=at, reason=reason)
    new.transferred_from_id = old.id
    db.session.flush()
    return new


def take_transfer_back(
    enrolment_id: int, reason: str, *, over: bool = False, seen: EnrolmentStatus, by: Actor, at: datetime
) -> Enrolment:
    """Asked of the new one: it ends as withdrawn, and the old one is again what it was before.

    Raises NotFound, Conflict, NotTransferred, NoPlaceFree, OverWithoutReason.
    """
    known = db.session.execute(
        select(Enrolment.transferred_from_id).where(Enrolment.id == enrolment_id)
    ).scalar_one_or_none()
    source = db.session.get(Enrolment, known) if known else None
    if source is None:
        raise NotTransferred()
    new, cohort = hold_enrolment(enrolment_id, seen, source.cohort_id)
    old = db.session.get(Enrolment, source.id, populate_existing=True)
    if new.transferred_from_id != old.id or new.status is _S.WITHDRAWN or old.status is not _S.WITHDRAWN:
        raise NotTransferred()
    home = db.session.get(Cohort, old.cohort_id)
    move_enrolment(new, _S.WITHDRAWN, cause=TRANSFER, by=by, at=at, reason=reason)
    go_back(old, home, reason, cause=TRANSFER, over=over, by=by, at=at)
    audit.record("enrolment.transfer_back", "enrolment", old.id, by=by, at=at, left=new.id, over=over)
    follow_change(cohort, at=at)
    follow_change(home, at=at)
    return old
