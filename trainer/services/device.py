"""Browsers that people sign in from: told again by a long-lived cookie, of which only the hash is kept."""

from datetime import datetime, timedelta

from trainer.crypto import hash_token, keyring, new_token
from trainer.database import db
from trainer.domain.visitor import Visitor
from trainer.models.account import Device
from trainer.queries.session import find_device

# As long as browsers keep a cookie.
LIFE = timedelta(days=400)


def recognise(cookie: str, *, at: datetime) -> tuple[str, int | None]:
    """(token, row) of the browser with this cookie, if somebody signed in from it in the last 400 days.

    An unknown browser gets (a fresh token, None): what the cookie held is never taken over. Only reads.
    """
    known = find_device(cookie, since=at - LIFE) if cookie else None
    return (cookie, known.id) if known else (new_token(), None)


def remember(visitor: Visitor, *, at: datetime) -> int | None:
    """Keep the browser that somebody signs in from; the known one is seen again. None for one that takes no cookie."""
    if not visitor.device_token:
        return None
    device = find_device(visitor.device_token, since=at - LIFE)
    if device is None:
        device = Device(token_hash=hash_token(visitor.device_token), created_at=at, last_seen_at=at)
        db.session.add(device)
    device.last_seen_at, device.user_agent = at, visitor.user_agent[:200]
    db.session.flush()
    return device.id


def device_key(cookie: str) -> str:
    """What marks keep of a browser: the same for the same cookie, and nothing to find the cookie by."""
    return keyring().blind_index("device", cookie)[:16] if cookie else ""
