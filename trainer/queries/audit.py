"""The audit trail as it is read: pages of events, the whole chain, its head."""

from collections.abc import Iterator

from sqlalchemy import select

from trainer.database import db
from trainer.domain.audit import Event
from trainer.models.audit import AuditEvent
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


def events_page(
    *, who: str = "", action: str = "", object_type: str = "", object_id: str = "", page: int = 1, per_page: int = 20
) -> Page[Event]:
    """Events, the newest first, by name, by the beginning of the action (`lesson.`), by thing."""
    statement = select(*COLUMNS).order_by(AuditEvent.seq.desc())
    if who:
        statement = statement.where(contains(AuditEvent.actor_name, who))
    if action:
        statement = statement.where(AuditEvent.action.startswith(action, autoescape=True))
    if object_type:
        statement = statement.where(AuditEvent.object_type == object_type)
    if object_id:
        statement = statement.where(AuditEvent.object_id == object_id)
    return fetch_page(statement, lambda row: Event(*row), page=page, per_page=per_page)


def list_object_types() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.object_type).distinct().order_by(AuditEvent.object_type)))


def walk_chain() -> Iterator[Event]:
    """Every event in order, a thousand at a time in memory."""
    statement, last = select(*COLUMNS).order_by(AuditEvent.seq).limit(1000), 0
    while rows := db.session.execute(statement.where(AuditEvent.seq > last)).all():
        yield from (Event(*row) for row in rows)
        last = rows[-1].seq


def get_head() -> Event | None:
    """The last event: publish its number and hash, and nobody can cut the tail off unseen."""
    row = db.session.execute(select(*COLUMNS).order_by(AuditEvent.seq.desc()).limit(1)).one_or_none()
    return Event(*row) if row else None
