"""Paid work of a class by name list: whom its graduates pay since the course, one row, who may be an employer."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from trainer.database import db
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.outcome_effort import PaidDays
from trainer.models.account import Account
from trainer.models.enrolment import Enrolment
from trainer.models.file import StoredFile
from trainer.models.follow_up import PaidWork
from trainer.models.person import Person
from trainer.queries.effort import of_graduates, worker_key
from trainer.queries.person import is_here


@dataclass(frozen=True)
class WorkRow:
    """Days for which a woman's business paid a worker; taken back it stays to be read. `by`: who entered it."""

    id: int
    person_id: int
    employer: str
    seat: int | None
    worker: str
    is_woman: bool
    is_seasonal: bool
    from_on: date
    until_on: date
    paid_days: int
    has_evidence: bool
    by: str | None
    at: datetime
    taken_back_at: datetime | None
    taken_back_because: str | None

    @property
    def counts(self) -> bool:
        return self.taken_back_at is None

    @property
    def days(self) -> PaidDays:
        return PaidDays(self.is_woman, self.is_seasonal, self.paid_days, worker_key(self.person_id, self.worker))


def list_works(cohort_id: int) -> list[WorkRow]:
    """By employer, of each the last days first. One statement."""
    return _works(cohort_id)


def get_work(cohort_id: int, work_id: int) -> WorkRow | None:
    return next(iter(_works(cohort_id, PaidWork.id == work_id)), None)


def _works(cohort_id: int, *which: ColumnElement[bool]) -> list[WorkRow]:
    columns = (
        *(PaidWork.id, PaidWork.person_id, Person.name, Enrolment.seat_number, PaidWork.worker, PaidWork.is_woman),
        *(PaidWork.is_seasonal, PaidWork.from_on, PaidWork.until_on, PaidWork.paid_days),
        *(PaidWork.evidence_id.is_not(None), Account.name, PaidWork.at),
        *(PaidWork.taken_back_at, PaidWork.taken_back_because),
    )
    rows = (
        of_graduates(cohort_id, *columns)
        .join(Person, Person.id == PaidWork.person_id)
        .outerjoin(Account, Account.id == PaidWork.by)
        .where(*which)
        .order_by(None)
        .order_by(Enrolment.seat_number, PaidWork.person_id, PaidWork.from_on.desc(), PaidWork.id)
    )
    return [WorkRow(*row) for row in db.session.execute(rows)]


def list_employers(cohort_id: int) -> list[tuple[int, int | None, str]]:
    """(place in the class, seat, name) of its graduates."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.seat_number, Person.name)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status == EnrolmentStatus.COMPLETED, is_here())
        .order_by(Enrolment.seat_number, Enrolment.id)
    )
    return [tuple(row) for row in rows]


def get_evidence(work_id: int) -> StoredFile | None:
    of = select(StoredFile).join(PaidWork, PaidWork.evidence_id == StoredFile.id)
    return db.session.scalar(of.where(PaidWork.id == work_id))
