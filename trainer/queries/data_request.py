"""Requests about one's own data: hers, the queue of staff, and what stands in the way of an erasure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select

from trainer.database import db
from trainer.domain.actors import Actor, Grant, Scope
from trainer.domain.data_request import CORRECTABLE, RequestKind, RequestState
from trainer.domain.days import china_day
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.selection import ApplicationState, RoundState
from trainer.models.account import Account, RoleGrant
from trainer.models.application import Application
from trainer.models.data_request import DataRequest
from trainer.models.enrolment import Enrolment
from trainer.models.file import StoredFile
from trainer.models.message import Delivery
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.region import Region
from trainer.models.sales import Livestream, OrderLine, Shop
from trainer.models.selection import Round, Selection
from trainer.permissions import ROLE_PERMISSIONS, Permission, covers
from trainer.queries.person import visible_people
from trainer.queries.scoping import Page, fetch_page

TAKES_PART = (EnrolmentStatus.APPLIED, EnrolmentStatus.WAITLISTED, EnrolmentStatus.ADMITTED, EnrolmentStatus.ACTIVE)


@dataclass(frozen=True)
class RequestRow:
    """A line of the queue."""

    id: int
    person_id: int
    name: str
    region: str
    kind: RequestKind
    state: RequestState
    asked_at: datetime
    due_on: date
    prepared: bool

    def is_overdue(self, today: date) -> bool:
        return self.state is RequestState.OPEN and self.due_on < today


def requests_page(
    actor: Actor,
    *,
    kind: RequestKind | None = None,
    state: RequestState | None = RequestState.OPEN,
    page: int = 1,
    per_page: int = 20,
) -> Page[RequestRow]:
    """Requests of people within her reach, the nearest deadline first; two statements."""
    statement = (
        select(
            *(DataRequest.id, Person.id, Person.name, Region.name, DataRequest.kind, DataRequest.state),
            *(DataRequest.asked_at, DataRequest.due_on, DataRequest.prepared_at.is_not(None)),
        )
        .join(Person, Person.id == DataRequest.person_id)
        .join(Region, Region.code == Person.region_code)
        .where(_within_reach(actor))
        .order_by(DataRequest.due_on, DataRequest.id)
    )
    if kind:
        statement = statement.where(DataRequest.kind == kind)
    if state:
        statement = statement.where(DataRequest.state == state)
    return fetch_page(statement, lambda row: RequestRow(*row), page=page, per_page=per_page)


def list_handlers(region_code: str) -> list[int]:
    """Accounts that handle requests of people who live there."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if Permission.HANDLE_DATA_REQUESTS in held]
    rows = db.session.execute(
        select(Account.id, RoleGrant.role, RoleGrant.region_code, RoleGrant.cohort_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role.in_(roles), RoleGrant.revoked_at.is_(None), Account.active)
        .order_by(Account.id)
    )
    there = Scope(region_code)
    return [id_ for id_, *limits in rows if covers(Grant(*limits), there, Actor(id_, ""))]


def list_overdue_requests(today: date) -> list[tuple[int, str, date]]:
    """(request, region of the person, due) of all that are open past their day."""
    rows = db.session.execute(
        select(DataRequest.id, Person.region_code, DataRequest.due_on)
        .join(Person, Person.id == DataRequest.person_id)
        .where(DataRequest.state == RequestState.OPEN, DataRequest.due_on < today)
        .order_by(DataRequest.id)
    )
    return [tuple(row) for row in rows]


def _within_reach(actor: Actor) -> ColumnElement[bool]:
    return visible_people(actor, Permission.HANDLE_DATA_REQUESTS)


def get_request_for(actor: Actor, request_id: int) -> DataRequest | None:
    """The request, if its person is within the actor's reach."""
    return db.session.scalar(
        select(DataRequest)
        .join(Person, Person.id == DataRequest.person_id)
        .where(DataRequest.id == request_id, _within_reach(actor))
    )


def get_names(*account_ids: int | None) -> Mapping[int, str]:
    """Who recorded, prepared and handled it."""
    rows = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return dict(rows.all())


def list_requests_of(person_id: int) -> list[DataRequest]:
    """The newest first."""
    return list(
        db.session.scalars(
            select(DataRequest).where(DataRequest.person_id == person_id).order_by(DataRequest.id.desc())
        )
    )


def list_blocks(person_id: int, *, at: datetime) -> list[str]:
    """Why she cannot be erased yet: names of courses that run and of selections not decided. Two statements."""
    running = db.session.scalars(
        select(Cohort.name)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.person_id == person_id, Enrolment.status.in_(TAKES_PART), Cohort.ends_on >= china_day(at))
        .order_by(Cohort.id)
    )
    undecided = db.session.scalars(_undecided().where(Application.person_id == person_id).order_by(Selection.id))
    return [*running, *undecided]


def _undecided() -> Select:
    """Names of selections in which somebody is a candidate and a round's result is not frozen."""
    return (
        select(Selection.name)
        .join(Application, Application.selection_id == Selection.id)
        .where(
            Application.state == ApplicationState.SUBMITTED,
            select(Round.id).where(Round.selection_id == Selection.id, Round.state != RoundState.FROZEN).exists(),
        )
    )


def in_undecided_selection(person_id) -> ColumnElement[bool]:
    """The same as a clause over a column of people."""
    return _undecided().where(Application.person_id == person_id).exists()


@dataclass(frozen=True)
class Footprint:
    """How much of hers there is: what goes, and what stays without her."""

    shops: int
    broadcasts: int
    orders: int
    plans: int
    messages: int
    files: int
    cohorts: int


def get_footprint(person_id: int) -> Footprint:
    """One statement."""
    own_shops = select(Shop.id).where(Shop.person_id == person_id)
    counts = [
        select(func.count()).where(Shop.person_id == person_id),
        select(func.count()).where(Livestream.shop_id.in_(own_shops)),
        select(func.count()).where(OrderLine.shop_id.in_(own_shops)),
        select(func.count()).where(Application.person_id == person_id, Application.plan != ""),
        select(func.count()).where(Delivery.person_id == person_id),
        select(func.count()).where(StoredFile.person_id == person_id),
        select(func.count()).where(Enrolment.person_id == person_id),
    ]
    return Footprint(*db.session.execute(select(*(count.scalar_subquery() for count in counts))).one())


def get_own_request(person_id: int, request_id: int) -> DataRequest | None:
    return db.session.scalar(
        select(DataRequest).where(DataRequest.id == request_id, DataRequest.person_id == person_id)
    )


def get_correctable(person_id: int) -> Mapping[str, object]:
    """What the record says in the fields that a correction may propose."""
    columns = [getattr(Person, name) for name in CORRECTABLE]
    return dict(db.session.execute(select(*columns).where(Person.id == person_id)).one()._mapping)
