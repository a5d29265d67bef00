"""The audit trail's one pen: every verb that changes something that matters records here."""

import json
from datetime import UTC, datetime

from sqlalchemy import insert, select

from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import Actor
from trainer.domain.audit import FIRST_HASH, Event
from trainer.domain.people import mask_name
from trainer.domain.privacy import mask_details
from trainer.models.audit import AuditEvent
from trainer.services import throttle

# Every act asks these two: made once, over the table.
_EVENTS = AuditEvent.__table__
_LAST = select(_EVENTS.c.seq, _EVENTS.c.hash).order_by(_EVENTS.c.seq.desc()).limit(1)
_APPEND = insert(_EVENTS)

# Of one account within a quarter of an hour: whoever tries every number there is does not fill the trail.
MOST_REFUSALS = 20


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
    """Append an event to the chain, in the act's own transaction.

    `details`: before/after values; those of protected fields are masked here once more, whatever a caller passes.
    """
    session = db.session
    session.flush()
    take_turns(LockKey.AUDIT)
    last = session.execute(_LAST).one_or_none()
    event = Event(
        seq=(last.seq if last else 0) + 1,
        at=at.astimezone(UTC),
        account_id=by.account_id,
        # The trail cannot be blanked: of a trainee it holds her name masked.
        actor_name=mask_name(by.name) if by.person_id else by.name,
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        success=success,
        details=mask_details(json.loads(json.dumps(details, default=str))),
        previous_hash=last.hash if last else FIRST_HASH,
        address=by.address,
    )
    session.execute(_APPEND, {**vars(event), "hash": event.reckon()})


def record_refusal(action: str, object_type: str, object_id: object, *, by: Actor, at: datetime, **details) -> None:
    """Append that somebody signed in was refused; the last that is written says that more are not."""
    counted = throttle.subject("refused", by.account_id)
    if throttle.is_shut(counted, MOST_REFUSALS, at=at):
        return
    throttle.note_wrong(counted, at=at)
    if throttle.is_shut(counted, MOST_REFUSALS, at=at):
        details["more_not_recorded"] = True
    record(action, object_type, object_id, by=by, at=at, success=False, **details)
