"""Calls and visits of a class after its course: the list, what it comes to, and whom nobody has spoken with yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, case, func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.follow_up import FOLLOWED, FollowUpKind, FollowUpOutcome, FollowUpPurpose
from trainer.domain.people import mask_phone
from trainer.models.account import Account
from trainer.models.enrolment import Enrolment
from trainer.models.follow_up import FollowUp
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.permissions import Permission
from trainer.queries.person import is_here
from trainer.queries.scoping import Page, fetch_page, visible


@dataclass(frozen=True)
class FollowUpRow:
    """A call or a visit; taken back it stays to be read. `by`: who made it."""

    id: int
    cohort_id: int
    cohort: str
    person_id: int
    name: str
    seat: int | None
    kind: FollowUpKind
    purpose: FollowUpPurpose
    outcome: FollowUpOutcome
    day: date
    minutes: int
    broadcasts_still: bool | None
    words: str | None
    by: str | None
    taken_back_at: datetime | None
    taken_back_because: str | None


def follow_ups_page(
    cohort_id: int,
    *,
    kind: FollowUpKind | None = None,
    purpose: FollowUpPurpose | None = None,
    by: int | None = None,
    page: int = 1,
    per_page: int = 20,
) -> Page[FollowUpRow]:
    """The newest first; `by`: of this account. Two statements."""
    wanted = {FollowUp.kind: kind, FollowUp.purpose: purpose, FollowUp.by: by}
    cut = [column == value for column, value in wanted.items() if value is not None]
    return fetch_page(_follow_ups(Cohort.id == cohort_id, *cut), _row, page=page, per_page=per_page)


def list_follow_ups(cohort_id: int) -> list[FollowUpRow]:
    """All of a class, the newest first."""
    return [_row(row) for row in db.session.execute(_follow_ups(Cohort.id == cohort_id))]


def list_follow_ups_of(actor: Actor, person_id: int) -> list[FollowUpRow]:
    """Hers, in classes whose outcomes the reader may record."""
    reach = visible(actor, Permission.RECORD_OUTCOMES, region=Cohort.region_code, cohort=Cohort.id)
    return [_row(row) for row in db.session.execute(_follow_ups(Enrolment.person_id == person_id, reach))]


def get_follow_up(follow_up_id: int) -> FollowUpRow | None:
    row = db.session.execute(_follow_ups(FollowUp.id == follow_up_id)).one_or_none()
    return _row(row) if row else None


def _follow_ups(*which: ColumnElement[bool]) -> Select:
    return (
        select(
            *(FollowUp.id, Cohort.id.label("cohort_id"), Cohort.name.label("cohort"), Person.id.label("person_id")),
            *(Person.name, Enrolment.seat_number, FollowUp.kind, FollowUp.purpose, FollowUp.outcome, FollowUp.day),
            *(FollowUp.minutes, FollowUp.broadcasts_still, FollowUp.words, Account.name.label("caller")),
            *(FollowUp.taken_back_at, FollowUp.taken_back_because),
        )
        .join(Enrolment, Enrolment.id == FollowUp.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Account, Account.id == FollowUp.by)
        .where(*which)
        .order_by(FollowUp.day.desc(), FollowUp.id.desc())
    )


def _row(row) -> FollowUpRow:
    return FollowUpRow(*row)


def list_callers(cohort_id: int) -> list[tuple[int, str]]:
    """(account, name) of whoever called or visited women of a class."""
    rows = db.session.execute(
        select(Account.id, Account.name)
        .join(FollowUp, FollowUp.by == Account.id)
        .join(Enrolment, Enrolment.id == FollowUp.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id)
        .distinct()
        .order_by(Account.name, Account.id)
    )
    return [tuple(row) for row in rows]


@dataclass(frozen=True)
class Graduate:
    """A woman who completed the course, and what was tried since its last day. `spoken`: how often with her."""

    enrolment_id: int
    person_id: int
    name: str
    seat: int | None
    village: str | None
    tries: int
    spoken: int
    last_on: date | None


@dataclass(frozen=True)
class SpokenWith:
    """Graduates of a class, and those with whom nobody has spoken since the course: never tried first, then who waits
    longest."""

    graduates: int
    to_call: Sequence[Graduate]

    @property
    def count(self) -> int:
        return self.graduates - len(self.to_call)


def get_spoken_with(cohort_id: int) -> SpokenWith:
    """One statement."""
    counts = (FollowUp.taken_back_at.is_(None)) & (FollowUp.day > Cohort.ends_on)
    spoken = case((FollowUp.outcome == FollowUpOutcome.SPOKEN, 1), else_=0)
    woman = (Enrolment.id, Person.id, Person.name, Enrolment.seat_number, Person.village)
    rows = db.session.execute(
        select(*woman, func.count(FollowUp.id), func.coalesce(func.sum(spoken), 0), func.max(FollowUp.day))
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(FollowUp, (FollowUp.enrolment_id == Enrolment.id) & counts)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status == EnrolmentStatus.COMPLETED, is_here())
        .group_by(*woman)
    )
    women = [Graduate(*row) for row in rows]
    left = [woman for woman in women if not woman.spoken]
    return SpokenWith(len(women), sorted(left, key=lambda woman: (woman.last_on or date.min, woman.seat or 0)))


@dataclass(frozen=True)
class FollowedWoman:
    """Whom a call is taken down for; her phone masked."""

    enrolment_id: int
    person_id: int
    name: str
    seat: int | None
    status: EnrolmentStatus
    phone: str


def list_women_followed(cohort_id: int) -> list[FollowedWoman]:
    """By seat: of the class, and those with whom it is compared."""
    rows = db.session.execute(
        select(Enrolment.id, Person.id, Person.name, Enrolment.seat_number, Enrolment.status, Person.phone)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(FOLLOWED), is_here())
        .order_by(Enrolment.seat_number.is_(None), Enrolment.seat_number, Enrolment.id)
    )
    return [FollowedWoman(*woman, mask_phone(phone)) for *woman, phone in rows]


def get_woman_followed(enrolment_id: int) -> tuple[int, int] | None:
    """(class, person) behind a place."""
    row = db.session.execute(select(Enrolment.cohort_id, Enrolment.person_id).where(Enrolment.id == enrolment_id))
    return row.one_or_none()
