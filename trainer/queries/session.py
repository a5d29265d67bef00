"""Live sessions and the browsers they run in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select

from trainer.crypto import hash_token
from trainer.database import db
from trainer.domain.browsers import Browser, Machine, read_user_agent
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


@dataclass(frozen=True)
class SessionRow:
    """A live session as its owner sees it."""

    id: int
    browser: Browser
    machine: Machine
    address: str
    created_at: datetime
    last_seen_at: datetime


def list_live_sessions(account_id: int, *, at: datetime, idle_since: datetime) -> list[SessionRow]:
    """The account's sessions that still let somebody in, the one used last first."""
    rows = db.session.execute(
        select(
            *(SignInSession.id, SignInSession.user_agent, SignInSession.address),
            *(SignInSession.created_at, SignInSession.last_seen_at),
        )
        .where(SignInSession.account_id == account_id, *_lets_in(at, idle_since))
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
    )
    return [SessionRow(number, *read_user_agent(agent), *rest) for number, agent, *rest in rows]


def count_live_sessions(account_ids: Sequence[int], *, at: datetime, idle_since: datetime) -> dict[int, int]:
    """How many of them each account has, where it has any: many at once show an account that people share."""
    rows = db.session.execute(
        select(SignInSession.account_id, func.count())
        .where(SignInSession.account_id.in_(account_ids), *_lets_in(at, idle_since))
        .group_by(SignInSession.account_id)
    )
    return dict(rows.all())


def _lets_in(at: datetime, idle_since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SignInSession.revoked_at.is_(None),
        SignInSession.expires_at > at,
        SignInSession.pending.is_(None),
        SignInSession.is_device | (SignInSession.last_seen_at >= idle_since),
    )
