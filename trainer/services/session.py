"""Sessions: a password checked, a session opened, seen, ended."""

from datetime import datetime, timedelta

from sqlalchemy import update

from trainer.crypto import hash_token, new_token, verify_password
from trainer.database import db
from trainer.domain.actors import Actor
from trainer.errors import Refused
from trainer.models.account import Account, SignInSession
from trainer.queries.account import get_account_by_username
from trainer.services import audit, throttle

FAILURES_ALLOWED = 5
LOCK = throttle.WINDOW


class WrongCredentials(Refused):
    """The same answer for an unknown name, a wrong password and a disabled account."""

    code = "wrong_credentials"


def check_credentials(username: str, password: str, *, at: datetime, address: str = "") -> tuple[Account | None, bool]:
    """(account, right?) without changing anything, so that the slow hash runs outside the write lock.

    Raises TooManyTries where an address tries one name after the other.
    """
    throttle.refuse_flood("password", address, at=at)
    account = get_account_by_username(username.strip())
    right = verify_password(account.password_hash if account and account.active else None, password)
    return account, right and not _is_locked(account.id, address, at=at)


def _at_account(account_id: int, address: str) -> str:
    """An account is shut for the address that guesses, not for its owner elsewhere."""
    return throttle.subject("account", account_id, address)


def _is_locked(account_id: int, address: str, *, at: datetime) -> bool:
    return throttle.is_shut(_at_account(account_id, address), FAILURES_ALLOWED, at=at)


def count_failure(account_id: int | None, *, at: datetime, address: str = "") -> None:
    """A failed sign-in: after five the account waits a quarter of an hour, the right password too.

    A name that nobody has (None) counts against the address alone.
    """
    tried = [throttle.subject("password", address)]
    account = db.session.get(Account, account_id, with_for_update=True) if account_id else None
    if account and not _is_locked(account.id, address, at=at):
        tried.append(_at_account(account.id, address))
        by = Actor(account.id, account.name)
        audit.record("account.sign_in", "account", account.id, by=by, at=at, success=False)
    throttle.note_wrong(*tried, at=at)


def open_session(
    account: Account, *, at: datetime, life: timedelta, is_device: bool = False, user_agent: str = ""
) -> str:
    """Start a session; returns the token for the cookie, which is stored only as a hash."""
    token = new_token()
    account.last_sign_in_at = at
    session = SignInSession(
        token_hash=hash_token(token),
        account_id=account.id,
        created_at=at,
        last_seen_at=at,
        expires_at=at + life,
        is_device=is_device,
        user_agent=user_agent[:200],
    )
    db.session.add(session)
    audit.record("account.sign_in", "account", account.id, by=Actor(account.id, account.name), at=at, device=is_device)
    return token


def sign_in(account_id: int, *, at: datetime, life: timedelta, address: str = "", user_agent: str = "") -> str:
    """A session for an account whose password was just found right."""
    account = db.session.get(Account, account_id, with_for_update=True)
    if account is None or not account.active or _is_locked(account_id, address, at=at):
        raise WrongCredentials()
    throttle.forget(_at_account(account_id, address))
    return open_session(account, at=at, life=life, user_agent=user_agent)


def sign_out(session_id: int, *, by: Actor, at: datetime) -> None:
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    audit.record("account.sign_out", "account", by.account_id, by=by, at=at)


def touch_session(session_id: int, *, at: datetime) -> None:
    """Remember that the session was used; called at most once a minute."""
    db.session.execute(update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=at))


def end_sessions(account_id: int, *, at: datetime) -> None:
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.revoked_at.is_(None))
        .values(revoked_at=at)
    )
