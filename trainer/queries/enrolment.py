"""One enrolment with its dated history, the places of a cohort, and who waits for one."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor, Scope
from trainer.domain.certificate import CertificateState
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus, StatusCause, WhoAsked
from trainer.domain.people import mask_phone
from trainer.models.account import Account
from trainer.models.attendance import Mark
from trainer.models.certificate import Certificate
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.person import Person
from trainer.models.programme import Cohort, CompletionRuleVersion
from trainer.models.sign_up import SignUp
from trainer.permissions import Permission
from trainer.queries.cohort import visible_cohorts
from trainer.queries.person import is_here

_S = EnrolmentStatus


@dataclass(frozen=True)
class Places:
    """Of a cohort: how many there are, are taken, and are waited for."""

    capacity: int
    taken: int
    waiting: int

    @property
    def free(self) -> int:
        return max(self.capacity - self.taken, 0)

    @property
    def can_move_up(self) -> int:
        """How many of those who wait have a place now."""
        return min(self.free, self.waiting)


def get_places(cohort_id: int) -> Places:
    taken = func.count().filter(Enrolment.status.in_(ON_THE_ROLL))
    waiting = func.count().filter(Enrolment.status == _S.WAITLISTED)
    capacity = select(Cohort.capacity).where(Cohort.id == cohort_id).scalar_subquery()
    return Places(*db.session.execute(select(capacity, taken, waiting).where(Enrolment.cohort_id == cohort_id)).one())


def count_by_status(cohort_id: int) -> dict[EnrolmentStatus, int]:
    """In the order of the statuses, without those nobody is in."""
    counted = select(Enrolment.status, func.count()).where(Enrolment.cohort_id == cohort_id).group_by(Enrolment.status)
    found = dict(db.session.execute(counted).all())
    return {status: found[status] for status in _S if status in found}


@dataclass(frozen=True)
class Waiting:
    """Somebody on the waitlist, and since when."""

    enrolment_id: int
    person_id: int
    name: str
    village: str | None
    phone: str
    since: datetime


def in_order_of_waiting(cohort_id: int) -> Select:
    """(enrolment, person) of those who wait, whoever has waited longest first: by the step that put her there."""
    steps = EnrolmentEvent.status == _S.WAITLISTED
    last = select(EnrolmentEvent.enrolment_id, func.max(EnrolmentEvent.id).label("step")).where(steps)
    last = last.group_by(EnrolmentEvent.enrolment_id).subquery()
    return (
        select(Enrolment.id, Enrolment.person_id)
        .join(last, last.c.enrolment_id == Enrolment.id)
        .join(EnrolmentEvent, EnrolmentEvent.id == last.c.step)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status == _S.WAITLISTED)
        .order_by(last.c.step)
    )


def list_waiting(cohort_id: int) -> list[Waiting]:
    columns = (Person.name, Person.village, Person.phone, EnrolmentEvent.at)
    found = in_order_of_waiting(cohort_id).join(Person, Person.id == Enrolment.person_id).add_columns(*columns)
    return [
        Waiting(id_, person_id, name, village, mask_phone(phone), at)
        for id_, person_id, name, village, phone, at in db.session.execute(found)
    ]


@dataclass(frozen=True)
class EnrolmentHead:
    """One enrolment: who is in which class, where she stands, and what it hangs together with."""

    id: int
    status: EnrolmentStatus
    seat: int | None
    joined_on: date
    person_id: int
    name: str
    phone: str
    is_gone: bool
    cohort_id: int
    cohort: str
    region_code: str
    starts_on: date
    ends_on: date
    transferred_from_id: int | None
    sign_up_id: int | None
    certificate: str | None
    marks: int

    @property
    def scope(self) -> Scope:
        return Scope(self.region_code, self.cohort_id)


def get_enrolment_head(enrolment_id: int) -> EnrolmentHead | None:
    """With her newest sign-up for this cohort and the number of a valid certificate."""
    sign_up = select(func.max(SignUp.id)).where(SignUp.enrolment_id == Enrolment.id).scalar_subquery()
    valid = and_(Certificate.enrolment_id == Enrolment.id, Certificate.state == CertificateState.VALID)
    marks = select(func.count(Mark.lesson_id.distinct())).where(Mark.enrolment_id == Enrolment.id).scalar_subquery()
    row = db.session.execute(
        select(
            *(Enrolment.id, Enrolment.status, Enrolment.seat_number, Enrolment.joined_on, Person.id, Person.name),
            *(Person.phone, ~is_here(), Cohort.id, Cohort.name, Cohort.region_code),
            *(Cohort.starts_on, Cohort.ends_on, Enrolment.transferred_from_id, sign_up, Certificate.number, marks),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(Certificate, valid)
        .where(Enrolment.id == enrolment_id)
    ).one_or_none()
    return EnrolmentHead(*row[:6], mask_phone(row[6]), bool(row[7]), *row[8:]) if row else None


@dataclass(frozen=True)
class HistoryStep:
    """What was said of her, when, by whom, and why."""

    id: int
    status: EnrolmentStatus
    at: datetime
    by: str | None
    cause: StatusCause | None
    asked_by: WhoAsked | None
    reason: str
    rule: int | None


def list_history(enrolment_id: int) -> list[HistoryStep]:
    """In the order in which it was written down."""
    event = EnrolmentEvent
    rows = db.session.execute(
        select(
            *(event.id, event.status, event.at, Account.name, event.cause, event.asked_by, event.reason),
            CompletionRuleVersion.number,
        )
        .outerjoin(Account, Account.id == event.by)
        .outerjoin(CompletionRuleVersion, CompletionRuleVersion.id == event.rule_id)
        .where(event.enrolment_id == enrolment_id)
        .order_by(event.id)
    )
    return [HistoryStep(*row) for row in rows]


@dataclass(frozen=True)
class OtherEnd:
    """The enrolment at the other end of a transfer."""

    enrolment_id: int
    cohort_id: int
    cohort: str
    status: EnrolmentStatus
    came_from: bool


def list_other_ends(head: EnrolmentHead) -> list[OtherEnd]:
    """Where she came from, and where she went."""
    other = aliased(Enrolment)
    is_source = other.id == (head.transferred_from_id or 0)
    rows = db.session.execute(
        select(other.id, Cohort.id, Cohort.name, other.status, is_source.label("came_from"))
        .join(Cohort, Cohort.id == other.cohort_id)
        .where(is_source | (other.transferred_from_id == head.id))
        .order_by(other.id)
    )
    return [OtherEnd(id_, cohort_id, name, status, bool(source)) for id_, cohort_id, name, status, source in rows]


@dataclass(frozen=True)
class TransferTarget:
    """A class that still takes somebody, with its places."""

    id: int
    name: str
    starts_on: date
    places: Places


def list_transfer_targets(actor: Actor, *, but: int, today: date) -> list[TransferTarget]:
    """Those within her reach that are not over, the next to begin first."""
    taken = func.count(Enrolment.id).filter(Enrolment.status.in_(ON_THE_ROLL))
    waiting = func.count(Enrolment.id).filter(Enrolment.status == _S.WAITLISTED)
    rows = db.session.execute(
        select(Cohort.id, Cohort.name, Cohort.starts_on, Cohort.capacity, taken, waiting)
        .outerjoin(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(visible_cohorts(actor, Permission.MANAGE_ENROLMENTS), Cohort.id != but)
        .where(Cohort.ends_on >= today, Cohort.is_taken_over.is_(False))
        .group_by(Cohort.id, Cohort.name, Cohort.starts_on, Cohort.capacity)
        .order_by(Cohort.starts_on, Cohort.id)
    )
    return [TransferTarget(id_, name, starts_on, Places(*counts)) for id_, name, starts_on, *counts in rows]


def list_classes_to_begin(today: date) -> list[int]:
    """Cohorts whose first day has come, with somebody admitted who is not in training yet."""
    admitted = select(Enrolment.cohort_id).where(Enrolment.status == _S.ADMITTED)
    which = (Cohort.id.in_(admitted), Cohort.starts_on <= today, Cohort.is_taken_over.is_(False))
    return list(db.session.scalars(select(Cohort.id).where(*which).order_by(Cohort.id)))
