"""The ledger of help given: its pages and totals, who may be entered, a woman's own hours, the tariff."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor, region_prefix
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.service_hours import Rate, ServiceKind, ServiceState, ServiceTotals
from trainer.models.account import Account
from trainer.models.enrolment import Enrolment
from trainer.models.file import StoredFile
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.region import Region
from trainer.models.service_hours import ServiceEntry, ServiceTariff
from trainer.permissions import Permission
from trainer.queries.cohort import visible_cohorts
from trainer.queries.person import is_here, matches_text, visible_people
from trainer.queries.scoping import Page, fetch_page

# So many names are ticked on one page; of a larger group a part is looked for by name.
MOST_TO_TICK = 200


@dataclass(frozen=True)
class EntryRow:
    """One piece of help; `entered_by` and `decided_by` are accounts."""

    id: int
    person_id: int
    name: str
    region: str
    kind: ServiceKind
    day: date
    minutes: int
    points: int | None
    state: ServiceState
    cohort: str | None
    words: str | None
    has_picture: bool
    entered_at: datetime
    entered_by: int | None
    entered_by_name: str | None
    decided_at: datetime | None
    decided_by_name: str | None
    answer: str | None

    @property
    def waits(self) -> bool:
        return self.state is ServiceState.PROPOSED

    def may_be_decided_by(self, actor: Actor) -> bool:
        """Two people: never who entered it, nor who helped."""
        return self.waits and actor.account_id != self.entered_by and actor.person_id != self.person_id


@dataclass(frozen=True)
class Wanted:
    """What the ledger is cut to."""

    state: ServiceState | None = None
    kind: ServiceKind | None = None
    region_code: str = ""
    person_id: int | None = None
    year: int | None = None


_ENTERER, _DECIDER = aliased(Account), aliased(Account)
_COLUMNS = (
    *(ServiceEntry.id, ServiceEntry.person_id, Person.name, Region.name.label("region"), ServiceEntry.kind),
    *(ServiceEntry.day, ServiceEntry.minutes, ServiceEntry.points, ServiceEntry.state, Cohort.name.label("cohort")),
    *(ServiceEntry.words, ServiceEntry.evidence_id.is_not(None).label("has_picture"), ServiceEntry.entered_at),
    *(ServiceEntry.entered_by, _ENTERER.name.label("entered_by_name"), ServiceEntry.decided_at),
    *(_DECIDER.name.label("decided_by_name"), ServiceEntry.answer),
)


def _rows(*which) -> Select:
    """Entries with their names, the newest day first."""
    return (
        select(*_COLUMNS)
        .join(Person, Person.id == ServiceEntry.person_id)
        .join(Region, Region.code == Person.region_code)
        .outerjoin(Cohort, Cohort.id == ServiceEntry.cohort_id)
        .outerjoin(_ENTERER, _ENTERER.id == ServiceEntry.entered_by)
        .outerjoin(_DECIDER, _DECIDER.id == ServiceEntry.decided_by)
        .where(*which)
        .order_by(ServiceEntry.day.desc(), ServiceEntry.id.desc())
    )


def in_year(column, year: int) -> ColumnElement[bool]:
    """A column of days, not of moments."""
    return and_(column >= date(year, 1, 1), column <= date(year, 12, 31))


def _matching(
    actor: Actor, wanted: Wanted, permission: Permission = Permission.VIEW_PEOPLE
) -> list[ColumnElement[bool]]:
    which = [visible_people(actor, permission)]
    if wanted.state:
        which.append(ServiceEntry.state == wanted.state)
    if wanted.kind:
        which.append(ServiceEntry.kind == wanted.kind)
    if wanted.region_code:
        which.append(Person.region_code.startswith(region_prefix(wanted.region_code)))
    if wanted.person_id:
        which.append(ServiceEntry.person_id == wanted.person_id)
    if wanted.year:
        which.append(in_year(ServiceEntry.day, wanted.year))
    return which


def entries_page(actor: Actor, wanted: Wanted, *, page: int = 1, per_page: int = 20) -> Page[EntryRow]:
    return fetch_page(_rows(*_matching(actor, wanted)), lambda row: EntryRow(*row), page=page, per_page=per_page)


def list_entries(actor: Actor, wanted: Wanted, *, most: int) -> list[EntryRow]:
    """The same rows without pages, for a workbook: of those whose names she may take out of the house."""
    rows = _rows(*_matching(actor, wanted, Permission.EXPORT_PEOPLE)).limit(most)
    return [EntryRow(*row) for row in db.session.execute(rows)]


def _sums() -> tuple[ColumnElement[int], ...]:
    def of(state: ServiceState, column):
        return func.coalesce(func.sum(case((ServiceEntry.state == state, column), else_=0)), 0)

    done, waits = ServiceState.APPROVED, ServiceState.PROPOSED
    return (
        *(func.count(), of(done, ServiceEntry.minutes), of(done, ServiceEntry.points)),
        of(waits, ServiceEntry.minutes),
    )


def get_totals(actor: Actor, wanted: Wanted, permission: Permission = Permission.VIEW_PEOPLE) -> ServiceTotals:
    """Of all that fits, not of a page alone."""
    which = _matching(actor, wanted, permission)
    statement = select(*_sums()).join(Person, Person.id == ServiceEntry.person_id).where(*which)
    return ServiceTotals(*map(int, db.session.execute(statement).one()))


def get_totals_of(person_id: int, *, year: int | None = None) -> ServiceTotals:
    """Of one person, in a year or in all: one statement."""
    statement = select(*_sums()).where(ServiceEntry.person_id == person_id)
    if year:
        statement = statement.where(in_year(ServiceEntry.day, year))
    return ServiceTotals(*map(int, db.session.execute(statement).one()))


def get_entry_for(actor: Actor, permission: Permission, entry_id: int) -> EntryRow | None:
    row = db.session.execute(_rows(ServiceEntry.id == entry_id, visible_people(actor, permission))).one_or_none()
    return EntryRow(*row) if row else None


def list_to_approve(actor: Actor, entry_ids: Collection[int]) -> list[EntryRow]:
    """Of these, the ones within her reach, whatever their state."""
    which = (ServiceEntry.id.in_(entry_ids), visible_people(actor, Permission.APPROVE_SERVICE))
    return [EntryRow(*row) for row in db.session.execute(_rows(*which))]


def list_own_entries(person_id: int, *, most: int = 50) -> list[EntryRow]:
    return [EntryRow(*row) for row in db.session.execute(_rows(ServiceEntry.person_id == person_id).limit(most))]


def get_evidence(entry_id: int) -> StoredFile | None:
    return db.session.scalar(
        select(StoredFile)
        .join(ServiceEntry, ServiceEntry.evidence_id == StoredFile.id)
        .where(ServiceEntry.id == entry_id)
    )


def regions_of_helpers(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the counties of those who stand in the ledger."""
    helpers = select(Person.region_code).join(ServiceEntry, ServiceEntry.person_id == Person.id)
    within = select(Region.code, Region.name).where(Region.code.in_(helpers.where(visible_people(actor))))
    return [tuple(row) for row in db.session.execute(within.order_by(Region.code))]


@dataclass(frozen=True)
class Helper:
    """Somebody whose help may be entered."""

    id: int
    name: str
    region: str
    village: str | None


def list_helpers(
    actor: Actor, *, text: str = "", cohort_id: int | None = None, ids: Collection[int] | None = None
) -> list[Helper]:
    """Whom she may tick: those of a cohort, or found by name, or `ids`; at most MOST_TO_TICK, one more says so."""
    statement = (
        select(Person.id, Person.name, Region.name, Person.village)
        .join(Region, Region.code == Person.region_code)
        .where(visible_people(actor, Permission.RECORD_SERVICE), is_here())
        .order_by(Person.name_pinyin, Person.id)
        .limit(MOST_TO_TICK + 1)
    )
    if ids is not None:
        statement = statement.where(Person.id.in_(ids))
    if cohort_id:
        on_roll = (Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL))
        statement = statement.where(Person.id.in_(select(Enrolment.person_id).where(*on_roll)))
    if text:
        statement = statement.where(matches_text(text))
    return [Helper(*row) for row in db.session.execute(statement)]


def list_cohorts_to_help(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the cohorts within her reach, the newest first."""
    rows = db.session.execute(
        select(Cohort.id, Cohort.name)
        .where(visible_cohorts(actor, Permission.RECORD_SERVICE))
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    )
    return [tuple(row) for row in rows]


def list_rates() -> list[Rate]:
    """Every rate that was ever set, the newest first."""
    rates = select(ServiceTariff.kind, ServiceTariff.from_on, ServiceTariff.points_per_hour)
    return [Rate(*row) for row in db.session.execute(rates.order_by(ServiceTariff.from_on.desc()))]


def list_rate_history() -> list[tuple[Rate, datetime, str | None]]:
    """(rate, set at, by whom), the newest first."""
    rows = db.session.execute(
        select(
            *(ServiceTariff.kind, ServiceTariff.from_on, ServiceTariff.points_per_hour),
            *(ServiceTariff.set_at, Account.name),
        )
        .outerjoin(Account, Account.id == ServiceTariff.set_by)
        .order_by(ServiceTariff.from_on.desc(), ServiceTariff.kind, ServiceTariff.id)
    )
    return [(Rate(*row[:3]), row[3], row[4]) for row in rows]
