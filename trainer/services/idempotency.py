"""Idempotency keys: a form that creates something makes it once, however often it is sent."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from trainer.database import db, on_postgresql
from trainer.domain.actors import Actor
from trainer.errors import Conflict
from trainer.models.installation import IdempotencyKey


def claim(key: str, action: str, *, by: Actor, at: datetime) -> str | None:
    """None: the key is now ours, go ahead. Text: it was done before, with this result.

    A second request with the same key waits in the database until the first has ended. Raises Conflict where the
    key was used by somebody else or for something else.
    """
    row = {"key": key, "action": action, "account_id": by.account_id, "created_at": at}
    statement = dialect_insert()(IdempotencyKey).values(**row).on_conflict_do_nothing().returning(IdempotencyKey.key)
    if db.session.scalar(statement) is not None:
        return None
    done = db.session.get(IdempotencyKey, key)
    if done is None or done.action != action or done.account_id != by.account_id or done.result is None:
        raise Conflict()
    return done.result


def remember(key: str, result: object) -> None:
    """Keep what the act that claimed `key` made."""
    db.session.get(IdempotencyKey, key).result = str(result)


def dialect_insert():
    """The database's own INSERT, which knows ON CONFLICT."""
    return postgresql_insert if on_postgresql() else sqlite_insert
