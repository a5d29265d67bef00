"""Addresses from which a calendar program fetches lessons: made, taken back, and when they were last used."""

from datetime import datetime, timedelta

from sqlalchemy import update

from trainer.crypto import hash_token, new_token
from trainer.database import db
from trainer.domain.actors import Actor
from trainer.models.calendar import CalendarFeed
from trainer.services import audit

# Programs fetch every few minutes: it is enough to know the hour.
SEEN_EVERY = timedelta(hours=1)


def make_feed(*, by: Actor, at: datetime) -> str:
    """A fresh secret; the one before no longer works. It is told once: only its hash is kept."""
    _revoke(by, at)
    token = new_token()
    feed = CalendarFeed(account_id=by.account_id, token_hash=hash_token(token), made_at=at)
    db.session.add(feed)
    db.session.flush()
    audit.record("calendar_feed.make", "calendar_feed", feed.id, by=by, at=at)
    return token


def revoke_feed(*, by: Actor, at: datetime) -> bool:
    """Whether there was one."""
    gone = _revoke(by, at)
    if gone:
        audit.record("calendar_feed.revoke", "account", by.account_id, by=by, at=at)
    return bool(gone)


def _revoke(by: Actor, at: datetime) -> int:
    live = (CalendarFeed.account_id == by.account_id, CalendarFeed.revoked_at.is_(None))
    return db.session.execute(update(CalendarFeed).where(*live).values(revoked_at=at)).rowcount


def is_worth_noting(feed: CalendarFeed, *, at: datetime) -> bool:
    return feed.fetched_at is None or at - feed.fetched_at > SEEN_EVERY


def note_fetch(feed_id: int, *, at: datetime) -> None:
    """Not an act of anybody: a program asked."""
    db.session.execute(update(CalendarFeed).where(CalendarFeed.id == feed_id).values(fetched_at=at))
