"""The audit trail as it is read: pages of events, one thing's events, the whole chain, its head, what is sealed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from trainer.database import db
from trainer.domain.audit import Event, Filter, Link
from trainer.domain.days import day_begins
from trainer.models.audit import AuditEvent, AuditSegment
from trainer.models.file import StoredFile
from trainer.queries.scoping import Page, contains, fetch_page

COLUMNS = (
    AuditEvent.seq,
    AuditEvent.at,
    AuditEvent.account_id,
    AuditEvent.actor_name,
    AuditEvent.action,
    AuditEvent.object_type,
    AuditEvent.object_id,
    AuditEvent.success,
    AuditEvent.details,
    AuditEvent.previous_hash,
    AuditEvent.hash,
    AuditEvent.address,
)
# Of one thing: more than this happened to nothing yet, and a page must end.
MOST_OF_A_THING = 2000


@dataclass(frozen=True)
class Segment:
    """Events that lie sealed in a file."""

    first_seq: int
    last_seq: int
    closing_hash: str
    last_at: datetime
    file_id: int
    sha256: str


def events_page(wanted: Filter, *, page: int = 1, per_page: int = 20) -> Page[Event]:
    """The events that a filter takes, the newest first."""
    statement = select(*COLUMNS).where(*_conditions(wanted)).order_by(AuditEvent.seq.desc())
    return fetch_page(statement, lambda row: Event(*row), page=page, per_page=per_page)


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """The SQL twin of `Filter.takes`."""
    asked = []
    if wanted.who:
        asked.append(contains(func.lower(AuditEvent.actor_name), wanted.who.lower()))
    if wanted.action:
        family = AuditEvent.action.startswith(wanted.action, autoescape=True)
        asked.append(family if wanted.is_family else AuditEvent.action == wanted.action)
    if wanted.thing:
        asked.append(AuditEvent.object_type == wanted.thing)
    if wanted.number:
        asked.append(AuditEvent.object_id == wanted.number)
    if wanted.success is not None:
        asked.append(AuditEvent.success.is_(wanted.success))
    if wanted.since:
        asked.append(AuditEvent.at >= day_begins(wanted.since))
    if wanted.until:
        asked.append(AuditEvent.at < day_begins(wanted.until) + timedelta(days=1))
    if wanted.address:
        asked.append(AuditEvent.address == wanted.address)
    return asked


def list_actions() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action)))


def list_object_types() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.object_type).distinct().order_by(AuditEvent.object_type)))


def get_event(seq: int) -> Event | None:
    row = db.session.execute(select(*COLUMNS).where(AuditEvent.seq == seq)).one_or_none()
    return Event(*row) if row else None


def list_events_of(thing: str, number: str, *, until: datetime | None = None) -> list[Event]:
    """What happened to one thing up to and including a moment, in order; the latest where there is too much."""
    statement = select(*COLUMNS).where(AuditEvent.object_type == thing, AuditEvent.object_id == number)
    if until is not None:
        statement = statement.where(AuditEvent.at <= until)
    rows = db.session.execute(statement.order_by(AuditEvent.seq.desc()).limit(MOST_OF_A_THING))
    return [Event(*row) for row in reversed(rows.all())]


def walk_chain(of: Connection | None = None) -> Iterator[Event]:
    """Every event that is not sealed, in order, a thousand at a time in memory; `of`: in another database than ours."""
    statement, last = select(*COLUMNS).order_by(AuditEvent.seq).limit(1000), 0
    while rows := (of or db.session).execute(statement.where(AuditEvent.seq > last)).all():
        yield from (Event(*row) for row in rows)
        last = rows[-1].seq


def get_head() -> Event | None:
    """The last event: publish its number and hash, and nobody can cut the tail off unseen."""
    row = db.session.execute(select(*COLUMNS).order_by(AuditEvent.seq.desc()).limit(1)).one_or_none()
    return Event(*row) if row else None


def list_segments() -> list[Segment]:
    columns = (AuditSegment.first_seq, AuditSegment.last_seq, AuditSegment.closing_hash, AuditSegment.last_at)
    rows = db.session.execute(
        select(*columns, AuditSegment.file_id, StoredFile.sha256)
        .join(StoredFile, StoredFile.id == AuditSegment.file_id)
        .order_by(AuditSegment.first_seq)
    )
    return [Segment(*row) for row in rows]


def get_sealed_end(of: Connection | None = None) -> Link:
    """Where the sealed events end: the chain in the table goes on from there; `of`: in another database than ours."""
    row = (
        (of or db.session)
        .execute(
            select(AuditSegment.last_seq, AuditSegment.closing_hash).order_by(AuditSegment.last_seq.desc()).limit(1)
        )
        .one_or_none()
    )
    return Link(*row) if row else Link()


def last_seq_before(moment: datetime, *, most: int) -> int | None:
    """The last event of a stretch of at most `most` that is older than `moment` throughout; never the newest."""
    first, newest = db.session.execute(select(func.min(AuditEvent.seq), func.max(AuditEvent.seq))).one()
    if first is None:
        return None
    young = db.session.scalar(select(func.min(AuditEvent.seq)).where(AuditEvent.at >= moment))
    last = min((young or newest) - 1, newest - 1, first + most - 1)
    return last if last >= first else None
