"""Enrolments: a person put into a cohort, and each dated step that follows; nothing is overwritten."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, insert, select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.certificate import CertificateState
from trainer.domain.enrolment import ON_THE_ROLL, STEPS, EnrolmentStatus, StatusCause, WhoAsked
from trainer.errors import Refused
from trainer.models.certificate import Certificate
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.services import audit
from trainer.services.outcomes import touch_cohort, touch_cohorts_with


class NoSuchStep(Refused):
    """Between these two statuses nothing leads."""

    code = "enrolment_no_such_step"


class CertificateStands(Refused):
    """Whoever holds a valid certificate has completed: it is revoked first."""

    code = "enrolment_certificate_stands"


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
    since: datetime | None = None,
) -> Enrolment:
    """A new enrolment with its first step. The caller has taken its turn (LockKey.ROSTER): seats are given in order.

    `since`: when the step was, where it is entered later.
    """
    enrolment = Enrolment(cohort_id=cohort_id, person_id=person_id, status=status, joined_on=joined_on)
    db.session.add(enrolment)
    _seat(enrolment)
    db.session.flush()
    _record(enrolment, cause=cause, by=by, at=since or at, reason=reason)
    touch_cohort(cohort_id, at=at)
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
    since: datetime | None = None,
    asked_by: WhoAsked | None = None,
) -> None:
    """One step. The caller has taken its turn (LockKey.ROSTER) and fetched the enrolment after it.

    Raises NoSuchStep, CertificateStands.
    """
    before = enrolment.status
    if to not in STEPS[before]:
        raise NoSuchStep(before=before, to=to)
    if before is EnrolmentStatus.COMPLETED:
        _refuse_certified(enrolment.id)
    enrolment.status = to
    _seat(enrolment)
    _record(enrolment, cause=cause, by=by, at=since or at, reason=reason, rule_id=rule_id, asked_by=asked_by)
    touch_cohort(enrolment.cohort_id, at=at)
    audit.record(
        *("enrolment.move", "enrolment", enrolment.id),
        **{"by": by, "at": at, "before": before, "after": to, "cause": cause, "with_reason": bool(reason)},
    )


def _refuse_certified(enrolment_id: int) -> None:
    valid = (Certificate.enrolment_id == enrolment_id, Certificate.state == CertificateState.VALID)
    if number := db.session.scalar(select(Certificate.number).where(*valid)):
        raise CertificateStands(number=number)


def move_enrolments(
    moves: Mapping[EnrolmentStatus, Sequence[int]],
    *,
    cause: StatusCause,
    by: Actor,
    at: datetime,
    reason: str = "",
    rule_id: int | None = None,
) -> None:
    """Many at once to each status, all of them on the roll before and after: two statements a status, whatever the
    number. The caller has taken its turn (LockKey.ROSTER), and writes the audit trail. Raises NoSuchStep."""
    for to, ids in moves.items():
        if not ids:
            continue
        may_come_from = {before for before, steps in STEPS.items() if to in steps} & ON_THE_ROLL
        which = Enrolment.id.in_(ids), Enrolment.status.in_(may_come_from)
        moved = db.session.execute(
            update(Enrolment).where(*which).values(status=to), execution_options={"synchronize_session": False}
        )
        if moved.rowcount != len(ids):
            raise NoSuchStep(before="—", to=to)
        facts = {"status": to, "cause": cause, "at": at, "by": by.account_id, "reason": reason, "rule_id": rule_id}
        db.session.execute(insert(EnrolmentEvent), [{"enrolment_id": id_, **facts} for id_ in ids])
    touch_cohorts_with([id_ for ids in moves.values() for id_ in ids], at=at)
    db.session.expire_all()


def _seat(enrolment: Enrolment) -> None:
    """Whoever comes on the roll gets a seat number, and keeps it whatever happens afterwards."""
    if enrolment.status not in ON_THE_ROLL or enrolment.seat_number is not None:
        return
    taken = select(func.max(Enrolment.seat_number)).where(Enrolment.cohort_id == enrolment.cohort_id)
    with db.session.no_autoflush:
        enrolment.seat_number = (db.session.scalar(taken) or 0) + 1


def _record(enrolment: Enrolment, *, cause: StatusCause, by: Actor, at: datetime, **facts: object) -> None:
    """Whoever enters a sign-up did not make it: that step is the woman's own."""
    step = {"enrolment_id": enrolment.id, "status": enrolment.status, "at": at, "cause": cause}
    step["by"] = None if cause is StatusCause.SIGN_UP else by.account_id
    db.session.add(EnrolmentEvent(**step, **facts))
    db.session.flush()
