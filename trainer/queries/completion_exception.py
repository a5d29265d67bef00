"""Exceptions from the completion rule: one with its woman, those of a class, those that wait for a signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor, Scope
from trainer.domain.completion_exception import ExceptionState
from trainer.domain.enrolment import EnrolmentStatus
from trainer.models.account import Account
from trainer.models.completion_exception import CompletionException
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.permissions import Permission
from trainer.queries.scoping import visible


@dataclass(frozen=True)
class ExceptionRow:
    """One exception; `reason` and `answer` are read by the staff of her area alone."""

    id: int
    enrolment_id: int
    person_id: int
    name: str
    seat: int
    status: EnrolmentStatus
    cohort_id: int
    cohort: str
    region_code: str
    state: ExceptionState
    reason: str | None
    proposed_at: datetime
    proposed_by: int | None
    proposer: str | None
    answer: str | None
    decided_at: datetime | None
    decider: str | None
    version: int

    @property
    def scope(self) -> Scope:
        return Scope(self.region_code, self.cohort_id)

    @property
    def is_open(self) -> bool:
        return self.state is ExceptionState.PROPOSED


def get_exception(actor: Actor, exception_id: int) -> ExceptionRow | None:
    row = db.session.execute(_rows(actor).where(CompletionException.id == exception_id)).one_or_none()
    return ExceptionRow(*row) if row else None


def list_exceptions(
    actor: Actor, *, cohort_id: int | None = None, enrolment_id: int | None = None
) -> Sequence[ExceptionRow]:
    """Within her reach, those that wait first, then the newest."""
    statement = _rows(actor)
    if cohort_id is not None:
        statement = statement.where(Cohort.id == cohort_id)
    if enrolment_id is not None:
        statement = statement.where(Enrolment.id == enrolment_id)
    rows = [ExceptionRow(*row) for row in db.session.execute(statement.order_by(CompletionException.id.desc()))]
    return sorted(rows, key=lambda row: not row.is_open)


def _rows(actor: Actor) -> Select:
    proposer, decider = aliased(Account), aliased(Account)
    return (
        select(
            *(CompletionException.id, Enrolment.id, Person.id, Person.name, Enrolment.seat_number, Enrolment.status),
            *(Cohort.id, Cohort.name, Cohort.region_code, CompletionException.state, CompletionException.reason),
            *(CompletionException.proposed_at, CompletionException.proposed_by, proposer.name),
            *(CompletionException.answer, CompletionException.decided_at, decider.name, CompletionException.version),
        )
        .join(Enrolment, Enrolment.id == CompletionException.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(proposer, proposer.id == CompletionException.proposed_by)
        .outerjoin(decider, decider.id == CompletionException.decided_by)
        .where(_reach(actor, Permission.VIEW_EXCEPTIONS))
    )


def _reach(actor: Actor, permission: Permission):
    return visible(actor, permission, region=Cohort.region_code, cohort=Cohort.id)


def to_decide(actor: Actor) -> Select:
    """(id, name, cohort, proposed at) of what somebody else proposed and nobody has decided."""
    return (
        select(
            *(CompletionException.id, Person.name, Cohort.name.label("detail"), CompletionException.proposed_at),
        )
        .join(Enrolment, Enrolment.id == CompletionException.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            _reach(actor, Permission.APPROVE_EXCEPTIONS),
            CompletionException.state == ExceptionState.PROPOSED,
            or_(CompletionException.proposed_by.is_(None), CompletionException.proposed_by != actor.account_id),
        )
        .order_by(CompletionException.proposed_at, CompletionException.id)
    )
