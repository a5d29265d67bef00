"""Certificates: a woman's own, those within reach, one with its history, and what a number says to whoever checks it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor, Scope
from trainer.domain.certificate import (
    CertificateFacts,
    CertificateState,
    from_content,
    has_right_digit,
    is_ours,
    tidy_number,
)
from trainer.models.account import Account
from trainer.models.certificate import Certificate
from trainer.models.completion_exception import CompletionException
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import Cohort, Programme
from trainer.permissions import Permission
from trainer.queries.certificate_facts import has_earned, has_none
from trainer.queries.scoping import Page, contains, fetch_page, visible


@dataclass(frozen=True)
class OwnCertificate:
    """One of her certificates, as her own pages list it."""

    id: int
    number: str
    cohort: str
    issued_on: date
    state: CertificateState


_OWN = (Certificate.id, Certificate.number, Cohort.name, Certificate.issued_on, Certificate.state)


def list_own_certificates(person_id: int) -> list[OwnCertificate]:
    """All of hers, the newest first: those that do not count any more too, with their state."""
    rows = db.session.execute(
        select(*_OWN)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    )
    return [OwnCertificate(*row) for row in rows]


@dataclass(frozen=True)
class Issued:
    """A certificate as it is put on paper, into a picture or onto a list."""

    id: int
    number: str
    issued_on: date
    facts: CertificateFacts | None


_ISSUED = (Certificate.id, Certificate.number, Certificate.issued_on, Certificate.content)


def _issued(row) -> Issued:
    id_, number, issued_on, content = row
    return Issued(id_, number, issued_on, from_content(content))


def get_own_certificate(person_id: int, certificate_id: int) -> Issued | None:
    """One of hers that is valid: of another there is nothing to keep."""
    row = db.session.execute(
        select(*_ISSUED)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(
            Certificate.id == certificate_id,
            Enrolment.person_id == person_id,
            Certificate.state == CertificateState.VALID,
        )
    ).one_or_none()
    return _issued(row) if row else None


def list_valid(actor: Actor, cohort_id: int, certificate_ids: Collection[int] | None = None) -> list[Issued]:
    """The valid ones of a cohort that she may print, in the order of their numbers, all or some."""
    statement = (
        select(*_ISSUED)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.id == cohort_id, Certificate.state == CertificateState.VALID)
        .where(_within_reach(actor, Permission.EXPORT_PEOPLE))
        .order_by(Certificate.series_id, Certificate.serial, Certificate.id)
    )
    if certificate_ids is not None:
        statement = statement.where(Certificate.id.in_(certificate_ids))
    issued = (_issued(row) for row in db.session.execute(statement))
    return [one for one in issued if one.facts]  # of whoever was erased there is nothing to print


def numbers_taken(numbers: Collection[str]) -> set[str]:
    """Those of these numbers that a certificate has, and those that ours would have one day."""
    if not numbers:
        return set()
    held = set(db.session.scalars(select(Certificate.number).where(Certificate.number.in_(numbers))))
    return held | {number for number in numbers if is_ours(number) and has_right_digit(number)}


@dataclass(frozen=True)
class Entitled:
    """Somebody who has earned a certificate and never had one."""

    enrolment_id: int
    person_id: int
    seat: int | None
    name: str


def list_entitled(actor: Actor, permission: Permission, cohort_id: int) -> list[Entitled]:
    """Of a cohort in which she may do what `permission` says, by seat."""
    rows = db.session.execute(
        select(Enrolment.id, Person.id, Enrolment.seat_number, Person.name)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.id == cohort_id, visible(actor, permission, region=Cohort.region_code, cohort=Cohort.id))
        .where(has_earned(), has_none())
        .order_by(Enrolment.seat_number, Enrolment.id)
    )
    return [Entitled(*row) for row in rows]


def list_to_issue(actor: Actor, cohort_id: int) -> list[int]:
    """Enrolments for which she may issue one now."""
    return [one.enrolment_id for one in list_entitled(actor, Permission.ISSUE_CERTIFICATES, cohort_id)]


@dataclass(frozen=True)
class CertificateRow:
    """A line of a list or of the register; the name is the printed one."""

    id: int
    number: str
    name: str
    cohort_id: int
    cohort: str
    person_id: int
    issued_on: date
    state: CertificateState
    ended_at: datetime | None
    content: str

    @property
    def facts(self) -> CertificateFacts | None:
        """Only opened where somebody reads it."""
        return from_content(self.content)


def _rows(actor: Actor, text: str, state: CertificateState | None, cohort_id: int | None) -> Select:
    statement = (
        select(
            *(Certificate.id, Certificate.number, Certificate.name, Cohort.id, Cohort.name, Enrolment.person_id),
            *(Certificate.issued_on, Certificate.state, Certificate.ended_at, Certificate.content),
        )
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(_within_reach(actor))
    )
    if cohort_id is not None:
        statement = statement.where(Cohort.id == cohort_id)
    if state is not None:
        statement = statement.where(Certificate.state == state)
    if text:
        wanted = (contains(Certificate.number, text.upper()), Certificate.number == tidy_number(text))
        statement = statement.where(or_(*wanted, contains(Certificate.name, text)))
    return statement


def _within_reach(actor: Actor, permission: Permission = Permission.VIEW_CERTIFICATES) -> ColumnElement[bool]:
    return visible(actor, permission, region=Cohort.region_code, cohort=Cohort.id)


def certificates_page(
    actor: Actor,
    *,
    text: str = "",
    state: CertificateState | None = None,
    cohort_id: int | None = None,
    page: int = 1,
    per_page: int = 20,
) -> Page[CertificateRow]:
    """Those within reach, the newest first; `text` is a number, a part of one, or a part of a name."""
    statement = _rows(actor, text, state, cohort_id).order_by(Certificate.id.desc())
    return fetch_page(statement, lambda row: CertificateRow(*row), page=page, per_page=per_page)


def list_register(
    actor: Actor,
    *,
    text: str = "",
    state: CertificateState | None = None,
    cohort_id: int | None = None,
    most: int = 20_000,
) -> list[CertificateRow]:
    """The same in the order of issuing, without pages: those whose names she may take out of the house."""
    may_leave = _within_reach(actor, Permission.EXPORT_PEOPLE)
    statement = _rows(actor, text, state, cohort_id).where(may_leave).order_by(Certificate.id).limit(most)
    return [CertificateRow(*row) for row in db.session.execute(statement)]


def count_by_state(cohort_id: int) -> dict[CertificateState, int]:
    rows = db.session.execute(
        select(Certificate.state, func.count())
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id)
        .group_by(Certificate.state)
    )
    return dict.fromkeys(CertificateState, 0) | dict(rows.all())


@dataclass(frozen=True)
class CertificateInFull:
    """One certificate as its page shows it."""

    id: int
    number: str
    name: str
    state: CertificateState
    issued_on: date
    issued_by: str | None
    ended_at: datetime | None
    ended_by: str | None
    end_reason: str | None
    is_taken_over: bool
    exception_reason: str | None
    version: int
    enrolment_id: int
    person_id: int
    name_now: str
    cohort_id: int
    cohort: str
    region_code: str
    facts: CertificateFacts | None

    @property
    def scope(self) -> Scope:
        return Scope(region_code=self.region_code, cohort_id=self.cohort_id)


def get_certificate(certificate_id: int) -> CertificateInFull | None:
    issuer, ender = aliased(Account), aliased(Account)
    row = db.session.execute(
        select(
            *(Certificate.id, Certificate.number, Certificate.name, Certificate.state, Certificate.issued_on),
            *(issuer.name, Certificate.ended_at, ender.name, Certificate.end_reason),
            *(Certificate.series_id.is_(None), CompletionException.reason, Certificate.version),
            *(Enrolment.id, Person.id, Person.name, Cohort.id, Cohort.name, Cohort.region_code, Certificate.content),
        )
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(issuer, issuer.id == Certificate.issued_by)
        .outerjoin(ender, ender.id == Certificate.ended_by)
        .outerjoin(CompletionException, CompletionException.id == Certificate.exception_id)
        .where(Certificate.id == certificate_id)
    ).one_or_none()
    return CertificateInFull(*row[:-1], from_content(row[-1])) if row else None


@dataclass(frozen=True)
class Step:
    """One of all certificates of the same enrolment."""

    id: int
    number: str
    state: CertificateState
    issued_on: date
    ended_at: datetime | None
    end_reason: str | None
    replaces_id: int | None


def list_history(enrolment_id: int) -> list[Step]:
    """In the order of issuing."""
    columns = (Certificate.id, Certificate.number, Certificate.state, Certificate.issued_on)
    ending = (Certificate.ended_at, Certificate.end_reason, Certificate.replaces_id)
    rows = db.session.execute(
        select(*columns, *ending).where(Certificate.enrolment_id == enrolment_id).order_by(Certificate.id)
    )
    return [Step(*row) for row in rows]


@dataclass(frozen=True)
class Checked:
    """What a number says to whoever asks; without `facts` the record was erased."""

    number: str
    state: CertificateState
    issued_on: date
    ended_at: datetime | None
    is_taken_over: bool
    programme: str
    cohort: str
    facts: CertificateFacts | None


def find_number(number: str) -> Checked | None:
    """By the tidied number."""
    row = db.session.execute(
        select(
            *(Certificate.number, Certificate.state, Certificate.issued_on, Certificate.ended_at),
            *(Certificate.series_id.is_(None), Programme.name, Cohort.name, Certificate.content),
        )
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Certificate.number == number)
    ).one_or_none()
    return Checked(*row[:-1], from_content(row[-1])) if row else None
