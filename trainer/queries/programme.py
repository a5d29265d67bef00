"""Programmes: lists, and one with its partners and targets."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import selectinload

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.programme import ProgrammeDraft, Promise
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort, Programme
from trainer.models.region import Region
from trainer.permissions import Permission
from trainer.queries.scoping import Page, contains, fetch_page, visible


@dataclass(frozen=True)
class ProgrammeRow:
    """A line of the list of programmes."""

    id: int
    name: str
    region: str
    starts_on: date
    ends_on: date
    cohorts: int
    people: int


def _visible(actor: Actor):
    return visible(actor, Permission.VIEW_PROGRAMME, region=Programme.region_code, overlapping=True)


def programmes_page(actor: Actor, *, text: str = "", page: int = 1, per_page: int = 20) -> Page[ProgrammeRow]:
    """Programmes she may see, the newest first."""
    cohorts = select(func.count()).where(Cohort.programme_id == Programme.id).scalar_subquery()
    people = (
        select(func.count(distinct(Enrolment.person_id)))
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.programme_id == Programme.id, Enrolment.status.in_(ON_THE_ROLL))
        .scalar_subquery()
    )
    statement = (
        select(Programme.id, Programme.name, Region.name, Programme.starts_on, Programme.ends_on, cohorts, people)
        .join(Region, Region.code == Programme.region_code)
        .where(_visible(actor))
        .order_by(Programme.starts_on.desc(), Programme.id.desc())
    )
    if text:
        statement = statement.where(contains(Programme.name, text))
    return fetch_page(statement, lambda row: ProgrammeRow(*row), page=page, per_page=per_page)


def get_programme(programme_id: int) -> Programme | None:
    """With its partners and targets."""
    return db.session.scalar(
        select(Programme)
        .where(Programme.id == programme_id)
        .options(selectinload(Programme.partners), selectinload(Programme.targets))
    )


def get_programme_by_name(name: str) -> Programme | None:
    return db.session.scalar(select(Programme).where(Programme.name == name))


def list_programmes(actor: Actor) -> list[tuple[int, str, str]]:
    """(id, name, region code) of the programmes she may see, for a select field."""
    rows = db.session.execute(
        select(Programme.id, Programme.name, Programme.region_code)
        .where(_visible(actor))
        .order_by(Programme.starts_on.desc(), Programme.id.desc())
    )
    return [tuple(row) for row in rows]


def list_cohort_regions(programme_id: int) -> list[tuple[str, str]]:
    """(code, name) of the regions that its cohorts lie in."""
    rows = db.session.execute(
        select(Region.code, Region.name)
        .where(Region.code.in_(select(Cohort.region_code).where(Cohort.programme_id == programme_id)))
        .order_by(Region.code)
    )
    return [tuple(row) for row in rows]


def programme_draft(programme: Programme) -> ProgrammeDraft:
    """The programme as it is described now."""
    return ProgrammeDraft(
        programme.name,
        programme.region_code,
        programme.starts_on,
        programme.ends_on,
        programme.description,
        tuple((partner.name, partner.kind) for partner in programme.partners),
        {target.kind: Promise(target.value, target.due_on, target.source) for target in programme.targets},
    )
