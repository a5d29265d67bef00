"""Messages as their readers find them: the inbox, one message, how many are new."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select

from trainer.database import db
from trainer.domain.actors import Actor, Role
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.message import INBOX, NAME, fill
from trainer.domain.selection import ApplicationState
from trainer.models.account import Account, RoleGrant
from trainer.models.application import Application
from trainer.models.enrolment import Enrolment
from trainer.models.message import Delivery, Message
from trainer.models.review import Assignment
from trainer.models.selection import Round
from trainer.queries.conflict import is_held
from trainer.queries.scoping import Page, fetch_page


@dataclass(frozen=True)
class InboxRow:
    """A message as its reader has it: a notice is a code with values, a letter a subject and a body."""

    id: int
    code: str | None
    values: dict
    subject: str | None
    body: str | None
    link: str | None
    sender: str | None
    created_at: datetime
    read_at: datetime | None


def own(actor: Actor) -> ColumnElement[bool]:
    """A WHERE clause over Delivery: what lies in her inbox."""
    hers = Delivery.account_id == actor.account_id
    if actor.person_id is not None:
        hers = or_(hers, Delivery.person_id == actor.person_id)
    return and_(Delivery.channel == INBOX, hers)


def unread_of_account() -> ScalarSelect[int]:
    """How many messages the account of the statement around it, over the tables, has not read."""
    lies, reader = Delivery.__table__.c, Account.__table__.c
    return (
        select(func.count())
        .where(
            lies.channel == INBOX,
            lies.read_at.is_(None),
            or_(lies.account_id == reader.id, lies.person_id == reader.person_id),
        )
        .correlate(Account.__table__)
        .scalar_subquery()
    )


def inbox_page(actor: Actor, *, unread: bool = False, page: int = 1, per_page: int = 20) -> Page[InboxRow]:
    """What is new first, then the newest."""
    statement = _inbox(actor).order_by(Delivery.read_at.is_not(None), Message.created_at.desc(), Delivery.id.desc())
    if unread:
        statement = statement.where(Delivery.read_at.is_(None))
    return fetch_page(statement, lambda row: _row(actor, row), page=page, per_page=per_page)


def get_own_message(actor: Actor, delivery_id: int) -> InboxRow | None:
    row = db.session.execute(_inbox(actor).where(Delivery.id == delivery_id)).one_or_none()
    return _row(actor, row) if row else None


def _inbox(actor: Actor):
    return (
        select(
            *(Delivery.id, Message.code, Message.values, Message.subject, Message.body, Message.link, Account.name),
            *(Message.created_at, Delivery.read_at),
        )
        .join(Message, Message.id == Delivery.message_id)
        .outerjoin(Account, Account.id == Message.sent_by)
        .where(own(actor))
    )


def _row(actor: Actor, row) -> InboxRow:
    """A letter's `{name}` is the reader's."""
    id_, code, values, subject, body, *rest = row
    filled = [None if text is None else fill(text, {NAME: actor.name}) for text in (subject, body)]
    return InboxRow(id_, code, values, *filled, *rest)


def administrator_ids() -> list[int]:
    """Accounts that keep the whole system."""
    keeping = [RoleGrant.role == Role.SYSTEM_ADMINISTRATOR, RoleGrant.revoked_at.is_(None), Account.active]
    keeping += [RoleGrant.region_code.is_(None), RoleGrant.cohort_id.is_(None)]
    statement = select(Account.id).join(RoleGrant, RoleGrant.account_id == Account.id).where(*keeping)
    return list(db.session.scalars(statement.distinct().order_by(Account.id)))


def people_on_the_roll(cohort_id: int) -> list[int]:
    statement = select(Enrolment.person_id).where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL))
    return list(db.session.scalars(statement.order_by(Enrolment.seat_number)))


def count_sheets(round_id: int) -> list[tuple[int, int]]:
    """(evaluator, applications she is to read in the wave that is open)."""
    rows = db.session.execute(
        select(Assignment.account_id, func.count())
        .join(Application, Application.id == Assignment.application_id)
        .join(Round, Round.id == Assignment.round_id)
        .where(Assignment.round_id == round_id, Application.state == ApplicationState.SUBMITTED)
        .where(Assignment.withdrawn_at.is_(None), Assignment.wave >= Round.first_open_wave)
        .where(~is_held(Assignment.application_id, Assignment.account_id))
        .group_by(Assignment.account_id)
        .order_by(Assignment.account_id)
    )
    return [tuple(row) for row in rows]
