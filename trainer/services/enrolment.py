"""Enrolments: a person put into a cohort, and each dated step that follows; nothing is overwritten."""

from datetime import date, datetime

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.enrolment import ON_THE_ROLL, STEPS, EnrolmentStatus, StatusCause
from trainer.errors import Refused
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.services import audit


class NoSuchStep(Refused):
    """Between these two statuses nothing leads."""

    code = "enrolment_no_such_step"


def enrol(
    cohort_id: int,
    person_id: int,
    status: EnrolmentStatus,
    *,
    joined_on: date,
    cause: StatusCause,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Enrolment:
    """A new enrolment with its first step. The caller has taken its turn (LockKey.ROSTER): seats are given in order."""
    enrolment = Enrolment(cohort_id=cohort_id, person_id=person_id, status=status, joined_on=joined_on)
    db.session.add(enrolment)
    _seat(enrolment)
    db.session.flush()
    _record(enrolment, cause=cause, by=by, at=at, reason=reason)
    audit.record(
        *("enrolment.make", "enrolment", enrolment.id),
        **{"by": by, "at": at, "cohort": cohort_id, "status": status, "cause": cause},
    )
    return enrolment


def move_enrolment(
    enrolment: Enrolment,
    to: EnrolmentStatus,
    *,
    cause: StatusCause,
    by: Actor,
    at: datetime,
    reason: str = "",
    rule_id: int | None = None,
) -> None:
    """One step. The caller has taken its turn (LockKey.ROSTER) and fetched the enrolment after it. Raises NoSuchStep."""
    before = enrolment.status
    if to not in STEPS[before]:
        raise NoSuchStep(before=before, to=to)
    enrolment.status = to
    _seat(enrolment)
    _record(enrolment, cause=cause, by=by, at=at, reason=reason, rule_id=rule_id)
    audit.record(
        *("enrolment.move", "enrolment", enrolment.id),
        **{"by": by, "at": at, "before": before, "after": to, "cause": cause, "with_reason": bool(reason)},
    )


def _seat(enrolment: Enrolment) -> None:
    """Whoever comes on the roll gets a seat number, and keeps it whatever happens afterwards."""
    if enrolment.status not in ON_THE_ROLL or enrolment.seat_number is not None:
        return
    taken = select(func.max(Enrolment.seat_number)).where(Enrolment.cohort_id == enrolment.cohort_id)
    with db.session.no_autoflush:
        enrolment.seat_number = (db.session.scalar(taken) or 0) + 1


def _record(enrolment: Enrolment, *, by: Actor, at: datetime, **facts: object) -> None:
    step = {"enrolment_id": enrolment.id, "status": enrolment.status, "at": at, "by": by.account_id}
    db.session.add(EnrolmentEvent(**step, **facts))
    db.session.flush()
