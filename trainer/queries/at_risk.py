"""Women at risk: what their closed lessons say, who is to be called, and what calling came to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from trainer.database import db
from trainer.domain.actors import Actor, Grant, Role, Scope
from trainer.domain.at_risk import REACHED, ContactOutcome, RiskReason, settled_reasons
from trainer.domain.enrolment import IN_TRAINING, EnrolmentStatus
from trainer.domain.people import mask_phone
from trainer.models.account import Account, RoleGrant
from trainer.models.at_risk import Contact, Risk
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.permissions import ROLE_PERMISSIONS, Permission, covers
from trainer.queries.attendance import get_rules, list_lessons_that_count, marks_of, outcomes
from trainer.queries.scoping import Page, fetch_page, visible


def list_reasons(cohort_id: int) -> dict[tuple[int, RiskReason], int]:
    """(enrolment, reason) of everybody in training who is at risk now, with the last closed lesson that applies to her:
    four statements whatever the size."""
    rule = get_rules([cohort_id])[cohort_id]
    lessons = list_lessons_that_count([cohort_id])
    marks = marks_of(Enrolment.cohort_id == cohort_id)
    women = db.session.execute(
        select(Enrolment.id, Enrolment.joined_on).where(
            Enrolment.cohort_id == cohort_id, Enrolment.status.in_(IN_TRAINING)
        )
    )
    found = {}
    for enrolment_id, joined_on in women:
        hers = outcomes(lessons, marks.get(enrolment_id, {}), joined_on)
        if reasons := settled_reasons(hers, rule):
            last = [
                lesson.id for lesson, hers_ in zip(lessons, hers, strict=True) if lesson.closed and hers_.applicable
            ]
            found |= {(enrolment_id, reason): last[-1] for reason in reasons}
    return found


def list_followers(region_code: str, cohort_id: int) -> list[int]:
    """The accounts that call the women of a class: its staff, and where it has none whoever manages the area."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if Permission.FOLLOW_UP in held]
    rows = db.session.execute(
        select(Account.id, RoleGrant.role, RoleGrant.region_code, RoleGrant.cohort_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role.in_(roles), RoleGrant.revoked_at.is_(None), Account.active)
        .order_by(Account.id)
    )
    there = Scope(region_code, cohort_id)
    near = [(id_, grant[0]) for id_, *grant in rows if covers(Grant(*grant), there, Actor(id_, ""))]
    return [id_ for id_, role in near if role is Role.COHORT_STAFF] or [id_ for id_, _role in near]


@dataclass(frozen=True)
class RiskLine:
    """A reason, with the closed lesson after which it was found; `ended_at` None while it holds."""

    reason: RiskReason
    lesson: str
    lesson_at: datetime
    found_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class ContactLine:
    """One call."""

    at: datetime
    by: str | None
    outcome: ContactOutcome
    words: str | None


@dataclass(frozen=True)
class AtRiskRow:
    """A woman of the list: `is_waiting` until somebody has spoken with her since the newest risk was found."""

    enrolment_id: int
    name: str
    seat: int
    cohort_id: int
    cohort: str
    is_waiting: bool
    called_at: datetime | None
    outcome: ContactOutcome | None
    risks: Sequence[RiskLine] = ()


_RISK = (Risk.reason, Lesson.title, Lesson.starts_at, Risk.found_at, Risk.ended_at)
_GRAVITY = case({reason: number for number, reason in enumerate(RiskReason)}, value=Risk.reason)


def _in_force() -> Select:
    """Women with a risk in force: how grave, and when the newest was found."""
    gravest, newest = func.min(_GRAVITY).label("gravest"), func.max(Risk.found_at).label("found_at")
    return select(Risk.enrolment_id, gravest, newest).where(Risk.ended_at.is_(None)).group_by(Risk.enrolment_id)


def _last_contact() -> ColumnElement[bool]:
    newest = select(func.max(Contact.id)).where(Contact.enrolment_id == Enrolment.id).correlate(Enrolment)
    return Contact.id == newest.scalar_subquery()


def _reach(actor: Actor) -> ColumnElement[bool]:
    within = visible(actor, Permission.FOLLOW_UP, region=Cohort.region_code, cohort=Cohort.id)
    return and_(within, Person.erased_at.is_(None))


def _women_at_risk(actor: Actor, *columns) -> tuple[Select, object, ColumnElement[bool]]:
    """The statement, the risks in force it is joined to, and whether she is still to be called."""
    risk = _in_force().subquery()
    waiting = or_(Contact.id.is_(None), Contact.outcome.not_in(REACHED), Contact.at < risk.c.found_at)
    statement = (
        select(*columns)
        .select_from(risk)
        .join(Enrolment, Enrolment.id == risk.c.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(Contact, _last_contact())
        .where(_reach(actor), Enrolment.status.in_(IN_TRAINING))
    )
    return statement, risk, waiting


def calls_to_make(actor: Actor) -> Select:
    """(enrolment, name, cohort, found at) of whom nobody has spoken with yet, the gravest first."""
    statement, risk, waiting = _women_at_risk(actor)
    return (
        statement.add_columns(Enrolment.id, Person.name, Cohort.name.label("detail"), risk.c.found_at)
        .where(waiting)
        .order_by(risk.c.gravest, risk.c.found_at, Enrolment.id)
    )


def at_risk_page(
    actor: Actor,
    *,
    cohort_id: int | None = None,
    reason: RiskReason | None = None,
    is_waiting: bool | None = None,
    page: int = 1,
    per_page: int = 20,
) -> Page[AtRiskRow]:
    """Whoever is still to be called first, of them the gravest, of those who waits longest: three statements."""
    statement, risk, waiting = _women_at_risk(actor)
    to_call = case((waiting, 1), else_=0)
    statement = statement.add_columns(
        *(Enrolment.id, Person.name.label("woman"), Enrolment.seat_number, Cohort.id.label("cohort_id"), Cohort.name),
        *(to_call.label("to_call"), Contact.at, Contact.outcome),
    ).order_by(to_call.desc(), risk.c.gravest, risk.c.found_at, Enrolment.id)
    if cohort_id:
        statement = statement.where(Cohort.id == cohort_id)
    if reason:
        same = select(Risk.id).where(Risk.enrolment_id == Enrolment.id, Risk.ended_at.is_(None), Risk.reason == reason)
        statement = statement.where(same.correlate(Enrolment).exists())
    if is_waiting is not None:
        statement = statement.where(to_call == int(is_waiting))
    found = fetch_page(statement, _row, page=page, per_page=per_page)
    return replace(found, items=_with_risks(found.items))


def _row(row) -> AtRiskRow:
    *woman, to_call, called_at, outcome = row
    return AtRiskRow(*woman, bool(to_call), called_at, outcome)


def _with_risks(rows: Sequence[AtRiskRow]) -> list[AtRiskRow]:
    risks: dict[int, list[RiskLine]] = {}
    for enrolment_id, *risk in db.session.execute(
        _risks_of([row.enrolment_id for row in rows]).where(Risk.ended_at.is_(None))
    ):
        risks.setdefault(enrolment_id, []).append(RiskLine(*risk))
    return [replace(row, risks=risks.get(row.enrolment_id, [])) for row in rows]


def _risks_of(enrolments: Sequence[int]) -> Select:
    return (
        select(Risk.enrolment_id, *_RISK)
        .join(Lesson, Lesson.id == Risk.lesson_id)
        .where(Risk.enrolment_id.in_(enrolments))
        .order_by(_GRAVITY, Risk.id.desc())
    )


def cohorts_at_risk(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the classes that the list has women of."""
    statement, _risk, _waiting = _women_at_risk(actor, Cohort.id, Cohort.name)
    rows = db.session.execute(statement.distinct().order_by(Cohort.name, Cohort.id))
    return [tuple(row) for row in rows]


@dataclass(frozen=True)
class FollowUp:
    """A woman in a class: her risks, those in force first, and the calls, the newest first."""

    enrolment_id: int
    person_id: int
    name: str
    phone: str
    seat: int
    status: EnrolmentStatus
    cohort_id: int
    cohort: str
    risks: Sequence[RiskLine]
    contacts: Sequence[ContactLine]

    @property
    def in_force(self) -> list[RiskLine]:
        return [risk for risk in self.risks if risk.ended_at is None]

    @property
    def past(self) -> list[RiskLine]:
        return [risk for risk in self.risks if risk.ended_at is not None]


def get_follow_up(actor: Actor, enrolment_id: int) -> FollowUp | None:
    """Whether she is at risk or not: the history stays. Her phone masked."""
    row = db.session.execute(
        select(
            *(Enrolment.id, Person.id, Person.name, Person.phone, Enrolment.seat_number, Enrolment.status),
            *(Cohort.id, Cohort.name),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.id == enrolment_id, _reach(actor))
    ).one_or_none()
    if row is None:
        return None
    id_, person_id, name, phone, *rest = row
    risks = [RiskLine(*risk) for _id, *risk in db.session.execute(_risks_of([enrolment_id]))]
    contacts = [line for _cohort, line in _contacts(Contact.enrolment_id == enrolment_id)]
    return FollowUp(id_, person_id, name, mask_phone(phone), *rest, risks, contacts)


def list_contacts_of(actor: Actor, person_id: int) -> list[tuple[str, ContactLine]]:
    """(class, call) of the classes within her reach, the newest first."""
    return _contacts(Enrolment.person_id == person_id, _reach(actor))


def _contacts(*which) -> list[tuple[str, ContactLine]]:
    rows = db.session.execute(
        select(Cohort.name.label("cohort"), Contact.at, Account.name, Contact.outcome, Contact.words)
        .join(Enrolment, Enrolment.id == Contact.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(Account, Account.id == Contact.by)
        .where(*which)
        .order_by(Contact.id.desc())
    )
    return [(cohort, ContactLine(*line)) for cohort, *line in rows]
