"""Live sessions and the browsers they run in."""

from datetime import datetime

from sqlalchemy import exists, select

from trainer.crypto import hash_token
from trainer.database import db
from trainer.models.account import Device, SignInSession


def find_device(token: str, *, since: datetime) -> Device | None:
    """The browser whose cookie holds `token`, seen since."""
    return db.session.scalar(select(Device).where(Device.token_hash == hash_token(token), Device.last_seen_at > since))


def has_signed_in_from(account_id: int, device_id: int) -> bool:
    """Whether this account had a session in that browser before."""
    return bool(
        db.session.scalar(
            select(exists().where(SignInSession.account_id == account_id, SignInSession.device_id == device_id))
        )
    )
