"""Sessions: a password checked, a session opened, seen, ended."""

from datetime import datetime, timedelta

from sqlalchemy import update

from trainer.crypto import hash_token, new_token, verify_password
from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.visitor import Visitor
from trainer.errors import Refused
from trainer.models.account import Account, SignInSession
from trainer.queries.account import get_account_by_username
from trainer.queries.session import has_signed_in_from
from trainer.services import audit, device, throttle

FAILURES_ALLOWED = 5
LOCK = throttle.WINDOW
NOBODY = Visitor()


class WrongCredentials(Refused):
    """The same answer for an unknown name, a wrong password and a disabled account."""

    code = "wrong_credentials"


def check_credentials(
    username: str, password: str, *, at: datetime, visitor: Visitor = NOBODY
) -> tuple[Account | None, bool]:
    """(account, right?) without changing anything, so that the slow hash runs outside the write lock.

    Raises TooManyTries where an address, or a known browser, tries again and again.
    """
    account = get_account_by_username(username.strip())
    throttle.refuse_flood("password", _place(account.id if account else None, visitor), at=at)
    right = verify_password(account.password_hash if account and account.active else None, password)
    return account, right and not _is_locked(account.id, visitor, at=at)


def _place(account_id: int | None, visitor: Visitor) -> str:
    """Whom a try is counted against: the browser for whoever signed in from it before, else the address.

    Known by other accounts' sign-ins alone is not known: nobody buys herself guesses by signing in as herself.
    """
    if account_id and visitor.device_id and has_signed_in_from(account_id, visitor.device_id):
        return visitor.place
    return visitor.network


def _at_account(account_id: int, visitor: Visitor) -> str:
    """An account is shut for the place that guesses, not for its owner elsewhere."""
    return throttle.subject("account", account_id, _place(account_id, visitor))


def _is_locked(account_id: int, visitor: Visitor, *, at: datetime) -> bool:
    return throttle.is_shut(_at_account(account_id, visitor), FAILURES_ALLOWED, at=at)


def count_failure(account_id: int | None, *, at: datetime, visitor: Visitor = NOBODY) -> None:
    """A failed sign-in: after five the account waits a quarter of an hour, the right password too.

    A name that nobody has (None) counts against the address alone.
    """
    tried = [throttle.subject("password", _place(account_id, visitor))]
    account = db.session.get(Account, account_id, with_for_update=True) if account_id else None
    if account and not _is_locked(account.id, visitor, at=at):
        tried.append(_at_account(account.id, visitor))
        by = _owner(account, visitor)
        audit.record("account.sign_in", "account", account.id, by=by, at=at, success=False)
    throttle.note_wrong(*tried, at=at)


def open_session(
    account: Account, *, at: datetime, life: timedelta, is_device: bool = False, visitor: Visitor = NOBODY
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
        user_agent=visitor.user_agent[:200],
        address=visitor.address,
        device_id=device.remember(visitor, at=at),
    )
    db.session.add(session)
    audit.record("account.sign_in", "account", account.id, by=_owner(account, visitor), at=at, device=is_device)
    return token


def _owner(account: Account, visitor: Visitor) -> Actor:
    return Actor(account.id, account.name, address=visitor.address or None)


def sign_in(account_id: int, *, at: datetime, life: timedelta, visitor: Visitor = NOBODY) -> str:
    """A session for an account whose password was just found right."""
    account = db.session.get(Account, account_id, with_for_update=True)
    if account is None or not account.active or _is_locked(account_id, visitor, at=at):
        raise WrongCredentials()
    throttle.forget(_at_account(account_id, visitor))
    return open_session(account, at=at, life=life, visitor=visitor)


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
