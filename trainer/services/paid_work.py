"""Whom a graduate's business paid, by name: entered once, no day of a worker twice, taken back with a reason."""

from datetime import date, datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.days import china_day
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.file import FilePurpose
from trainer.domain.paid_work import PaidWorkDraft
from trainer.errors import NotFound, Refused
from trainer.models.enrolment import Enrolment
from trainer.models.follow_up import PaidWork
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.queries.person import is_here
from trainer.services import audit
from trainer.services.evidence import keep_evidence
from trainer.services.file import Sealed
from trainer.services.outcomes import touch_cohorts_of
from trainer.services.taken_down import add, find_made, take_row_back


class WorkListedAlready(Refused):
    """The same worker stands in her list for some of these days: a day is paid once."""

    code = "paid_work_overlap"
    status = 409


class NotAGraduate(Refused):
    code = "paid_work_not_of_class"


def record_paid_work(
    enrolment_id: int, draft: PaidWorkDraft, *, nonce: str, evidence: Sealed | None = None, by: Actor, at: datetime
) -> PaidWork:
    """Of the woman behind a place in a class; sent twice with one nonce it stands once.

    Raises NotAGraduate, WorkListedAlready, people.Problem (the name), whatever PaidWorkDraft.check raises, Conflict,
    NotFound (she is not there, or was erased).
    """
    person_id, status, course_end = _hold_employer(enrolment_id)
    if made := find_made(PaidWork, nonce, by=by):
        return made
    if status is not EnrolmentStatus.COMPLETED:
        raise NotAGraduate()
    draft.check(course_end, china_day(at))
    _require_free_days(person_id, draft)
    kept = keep_evidence(evidence, FilePurpose.OUTCOME_EVIDENCE, person_id=person_id, by=by, at=at)
    said = {**vars(draft), "worker": draft.name}
    row = add(PaidWork(person_id=person_id, **said, evidence_id=kept), nonce, by=by, at=at)
    touch_cohorts_of(person_id, at=at)
    audit.record("paid_work.record", "paid_work", row.id, by=by, at=at, after=_told(row))
    return row


def take_back(work_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Raises NoReasonToTakeBack, TakenBackBefore, NotFound."""
    row = take_row_back(PaidWork, work_id, reason, by=by, at=at)
    touch_cohorts_of(row.person_id, at=at)
    audit.record("paid_work.take_back", "paid_work", row.id, by=by, at=at, before=_told(row), with_reason=True)


def _told(row: PaidWork) -> dict[str, object]:
    """Without the worker's name."""
    facts = {"person": row.person_id, "is_woman": row.is_woman, "is_seasonal": row.is_seasonal}
    return {**facts, "from_on": row.from_on, "until_on": row.until_on, "paid_days": row.paid_days}


def _hold_employer(enrolment_id: int) -> tuple[int, EnrolmentStatus, date]:
    """Held until the act ends: two who enter her workers at once see each other's rows."""
    held = (
        select(Person.id, Enrolment.status, Cohort.ends_on)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.id == enrolment_id, is_here())
        .with_for_update(key_share=True, of=Person)
    )
    row = db.session.execute(held).one_or_none()
    if row is None:
        raise NotFound()
    return tuple(row)


def _require_free_days(person_id: int, draft: PaidWorkDraft) -> None:
    """Names lie encrypted: those of one employer are few, and compared here."""
    columns = (PaidWork.worker, PaidWork.from_on, PaidWork.until_on, PaidWork.paid_days)
    hers = select(*columns).where(PaidWork.person_id == person_id, PaidWork.taken_back_at.is_(None))
    for worker, from_on, until_on, days in db.session.execute(hers):
        if worker == draft.name and draft.overlaps(from_on, until_on):
            raise WorkListedAlready(worker=worker, from_on=from_on, until_on=until_on, days=days)
