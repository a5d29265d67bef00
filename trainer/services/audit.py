"""The audit trail's one pen: every verb that changes something that matters records here."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime

from sqlalchemy import insert, select

from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import Actor
from trainer.domain.audit import FIRST_HASH, Event
from trainer.models.audit import AuditEvent


def record(
    action: str,
    object_type: str,
    object_id: object,
    *,
    by: Actor,
    at: datetime,
    success: bool = True,
    **details: object,
) -> None:
    """Append an event to the chain, in the act's own transaction. `details`: before/after values, S2/S3 masked."""
    session = db.session
    session.flush()
    take_turns(LockKey.AUDIT)
    last = session.execute(
        select(AuditEvent.seq, AuditEvent.hash).order_by(AuditEvent.seq.desc()).limit(1)
    ).one_or_none()
    event = Event(
        seq=(last.seq if last else 0) + 1,
        at=at.astimezone(UTC),
        account_id=by.account_id,
        actor_name=by.name,
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        success=success,
        details=json.loads(json.dumps(details, default=str)),
        previous_hash=last.hash if last else FIRST_HASH,
        address=by.address,
    )
    session.execute(insert(AuditEvent).values(**asdict(replace(event, hash=event.reckon()))))
