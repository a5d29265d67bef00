"""Trainees' ways in and the phones they use: an open slip, who is signed in on a phone, where a woman is signed in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from trainer.crypto import hash_token
from trainer.database import db
from trainer.domain.actors import Actor, TokenKind
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.models.account import AccessToken, Account, SignInSession
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.permissions import Permission
from trainer.queries.person import get_person_for, visible_people


def get_open_slip(slip: str, *, at: datetime, to_spend: bool = False) -> tuple[AccessToken, Person] | None:
    """A slip that still lets its woman in, and who she is; held until the act ends where it is `to_spend`."""
    statement = (
        select(AccessToken, Person)
        .join(Account, Account.id == AccessToken.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(
            AccessToken.kind == TokenKind.SLIP,
            AccessToken.token_hash == hash_token(slip),
            AccessToken.used_at.is_(None),
            AccessToken.expires_at > at,
            AccessToken.tries_left > 0,
            Account.active,
        )
    )
    row = db.session.execute(statement.with_for_update(of=AccessToken) if to_spend else statement).one_or_none()
    return tuple(row) if row else None


def _live(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (SignInSession.is_device, SignInSession.revoked_at.is_(None), SignInSession.expires_at > at)


@dataclass(frozen=True)
class WomanHere:
    """A woman who is signed in on a phone."""

    session_id: int
    account_id: int
    name: str
    last_seen_at: datetime


def list_women_here(device_id: int | None, *, at: datetime) -> list[WomanHere]:
    """Whoever used the phone last comes first; never a session with more than a trainee's rights."""
    if device_id is None:  # a browser that keeps no cookie: its sessions have nothing in common
        return []
    rows = db.session.execute(
        select(SignInSession.id, Account.id, Account.name, SignInSession.last_seen_at)
        .join(Account, Account.id == SignInSession.account_id)
        .where(SignInSession.device_id == device_id, *_live(at), Account.active)
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
    )
    return [WomanHere(*row) for row in rows]


@dataclass(frozen=True)
class PhoneRow:
    """A phone on which a woman is signed in: the id of her session there."""

    id: int
    user_agent: str
    since: datetime
    last_seen_at: datetime


def list_phones_of(account_id: int | None, *, at: datetime) -> list[PhoneRow]:
    """The last used first."""
    rows = db.session.execute(
        select(SignInSession.id, SignInSession.user_agent, SignInSession.created_at, SignInSession.last_seen_at)
        .where(SignInSession.account_id == account_id, *_live(at))
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
    )
    return [PhoneRow(*row) for row in rows]


def list_for_slips(actor: Actor, cohort_id: int, *, only_without_phone: bool, at: datetime) -> list[int]:
    """People on a cohort's roll in the order of their seats; `only_without_phone`: those signed in nowhere."""
    signed_in = exists().where(Account.person_id == Person.id, SignInSession.account_id == Account.id, *_live(at))
    statement = (
        select(Person.id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Enrolment.cohort_id == cohort_id,
            Enrolment.status.in_(ON_THE_ROLL),
            visible_people(actor, Permission.MANAGE_PEOPLE),
        )
        .order_by(Enrolment.seat_number)
    )
    return list(db.session.scalars(statement.where(~signed_in) if only_without_phone else statement))


def get_person_for_slip(actor: Actor, person_id: int) -> Person | None:
    """The woman, if `actor` may still issue slips for her."""
    return get_person_for(actor, Permission.MANAGE_PEOPLE, person_id)
