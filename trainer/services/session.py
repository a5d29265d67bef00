"""Sessions: a password checked, a session opened, taken step by step to its rights, seen, ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from trainer.crypto import hash_token, keyring, new_token, same, verify_password
from trainer.database import db
from trainer.domain.actors import Actor, SignInStep
from trainer.domain.people import Problem, clean_phone
from trainer.domain.sign_in import SignInRules
from trainer.domain.visitor import Visitor
from trainer.errors import NotFound, Refused
from trainer.models.account import Account, SignInSession
from trainer.queries.account import find_account_to_sign_in, get_actor
from trainer.queries.second_factor import has_second_factor
from trainer.queries.session import has_signed_in_from
from trainer.services import audit, device, throttle

FAILURES_ALLOWED = 5
NOBODY = Visitor()
ANY_RULES = SignInRules()
# How long a right password waits for the second factor or the new password.
PENDING_LIFE = timedelta(minutes=10)


class WrongCredentials(Refused):
    """The same answer for an unknown name, a wrong password and a disabled account."""

    code = "wrong_credentials"


class NotYourPassword(Refused):
    """Somebody signed in who changes how she signs in, and does not know the password."""

    code = "not_your_password"


@dataclass(frozen=True)
class Entry:
    """A session as its cookie gets it: the token, what still stands before its rights, how long it lives."""

    token: str
    pending: SignInStep | None
    life: timedelta


def check_credentials(
    name: str, password: str, *, at: datetime, visitor: Visitor = NOBODY
) -> tuple[Account | None, bool]:
    """(account, right?) by user name or phone, changing nothing, so that the slow hash runs outside the write lock.

    Raises TooManyTries where an address, or a known browser, tries again and again.
    """
    account = find_account_to_sign_in(name.strip(), _phone_index(name))
    throttle.refuse_flood("password", place_of(account.id if account else None, visitor), at=at)
    right = verify_password(account.password_hash if account and account.active else None, password)
    return account, right and not _is_locked(account.id, visitor, at=at)


def _phone_index(text: str) -> str | None:
    try:
        return keyring().blind_index("phone", clean_phone(text))
    except Problem:
        return None


def is_own_password(account: Account, password: str, *, at: datetime, visitor: Visitor) -> bool:
    """Whether somebody signed in knows the password too; a wrong one is for the caller to count. Only reads."""
    return verify_password(account.password_hash, password) and not _is_locked(account.id, visitor, at=at)


def place_of(account_id: int | None, visitor: Visitor) -> str:
    """Whom a try is counted against: the browser for whoever signed in from it before, else the address.

    Known by other accounts' sign-ins alone is not known: nobody buys herself guesses by signing in as herself.
    """
    if account_id and visitor.device_id and has_signed_in_from(account_id, visitor.device_id):
        return visitor.place
    return visitor.network


def _at_account(account_id: int, visitor: Visitor) -> str:
    """An account is shut for the place that guesses, not for its owner elsewhere."""
    return throttle.subject("account", account_id, place_of(account_id, visitor))


def _is_locked(account_id: int, visitor: Visitor, *, at: datetime) -> bool:
    return throttle.is_shut(_at_account(account_id, visitor), FAILURES_ALLOWED, at=at)


def count_failure(account_id: int | None, *, at: datetime, visitor: Visitor = NOBODY) -> None:
    """A failed sign-in: after five the account waits a quarter of an hour, the right password too.

    A name that nobody has (None) counts against the address alone.
    """
    tried = [throttle.subject("password", place_of(account_id, visitor))]
    account = db.session.get(Account, account_id, with_for_update=True) if account_id else None
    if account and not _is_locked(account.id, visitor, at=at):
        tried.append(_at_account(account.id, visitor))
        audit.record("account.sign_in", "account", account.id, by=_owner(account, visitor), at=at, success=False)
    throttle.note_wrong(*tried, at=at)


def open_session(
    account: Account,
    *,
    at: datetime,
    life: timedelta,
    is_device: bool = False,
    visitor: Visitor = NOBODY,
    pending: SignInStep | None = None,
) -> str:
    """Start a session; returns the token for the cookie, which is stored only as a hash."""
    token = new_token()
    session = SignInSession(
        token_hash=hash_token(token),
        account_id=account.id,
        created_at=at,
        last_seen_at=at,
        expires_at=at + life,
        is_device=is_device,
        # A trainee has just proved who she is: acts on her own data ask again after ten minutes.
        confirmed_at=at if is_device else None,
        user_agent=visitor.user_agent[:200],
        address=visitor.address,
        device_id=None if pending else device.remember(visitor, at=at),
        pending=pending,
    )
    db.session.add(session)
    by = _owner(account, visitor)
    if pending:
        audit.record("account.password_right", "account", account.id, by=by, at=at, waits_for=pending)
    else:
        account.last_sign_in_at = at
        audit.record("account.sign_in", "account", account.id, by=by, at=at, device=is_device)
    return token


def _owner(account: Account, visitor: Visitor) -> Actor:
    return Actor(account.id, account.name, account.person_id, address=visitor.address or None)


def sign_in(
    account_id: int,
    *,
    checked: str | None = None,
    at: datetime,
    visitor: Visitor = NOBODY,
    rules: SignInRules = ANY_RULES,
) -> Entry:
    """A session for an account whose password was just found right: with its rights, or waiting for what is missing.

    `checked`: the hash it was found right by. Where it is another by now, the password was changed meanwhile.
    """
    account = db.session.get(Account, account_id, with_for_update=True)
    if account is None or not account.active or _is_locked(account_id, visitor, at=at):
        raise WrongCredentials()
    if checked is not None and not same(checked, account.password_hash or ""):
        raise WrongCredentials()
    throttle.forget(_at_account(account_id, visitor))
    pending = rules.first_step(
        get_actor(account).roles, enrolled=has_second_factor(account_id), set_at=password_since(account), at=at
    )
    life = PENDING_LIFE if pending else rules.life
    token = open_session(account, at=at, life=life, visitor=visitor, pending=pending)
    if not pending:
        _note_roles_left_behind(account, visitor, rules, at=at)
    return Entry(token, pending, life)


def go_on(session_id: int, *, at: datetime, visitor: Visitor, rules: SignInRules) -> Entry:
    """The step that a session waited for is done: a fresh token for what comes next, or for all its rights."""
    session = _live(session_id)
    account = db.session.get(Account, session.account_id)
    pending = rules.last_step(password_since(account), at=at)
    life = PENDING_LIFE if pending else rules.life
    token = new_token()
    session.token_hash, session.pending, session.last_seen_at, session.expires_at = (
        *(hash_token(token), pending),
        *(at, at + life),
    )
    if not pending:
        account.last_sign_in_at, session.device_id = at, device.remember(visitor, at=at)
        audit.record("account.sign_in", "account", account.id, by=_owner(account, visitor), at=at, device=False)
        _note_roles_left_behind(account, visitor, rules, at=at)
    return Entry(token, pending, life)


def _note_roles_left_behind(account: Account, visitor: Visitor, rules: SignInRules, *, at: datetime) -> None:
    """Whoever signs in from outside the administrators' networks has not these roles there."""
    grants = get_actor(account).grants
    left = {grant.role for grant in grants} - {grant.role for grant in rules.carried(grants, visitor.address)}
    if left:
        by = _owner(account, visitor)
        audit.record("account.outside_networks", "account", account.id, by=by, at=at, success=False, roles=sorted(left))


def password_since(account: Account) -> datetime:
    return account.password_set_at or account.created_at


def change_token(session_id: int, *, at: datetime) -> Entry:
    """A fresh token for the session in which its owner changed how she signs in; the old one is worth nothing."""
    session, token = _live(session_id), new_token()
    session.token_hash = hash_token(token)
    return Entry(token, session.pending, session.expires_at - at)


def _live(session_id: int) -> SignInSession:
    session = db.session.get(SignInSession, session_id, with_for_update=True)
    if session is None or session.revoked_at:
        raise NotFound()
    return session


def sign_out(session_id: int, *, by: Actor, at: datetime) -> None:
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    audit.record("account.sign_out", "account", by.account_id, by=by, at=at)


def end_own_session(session_id: int, *, by: Actor, at: datetime) -> None:
    """End one of her own sessions, from another of them. Raises NotFound for somebody else's."""
    session = _live(session_id)
    if session.account_id != by.account_id:
        raise NotFound()
    session.revoked_at = at
    audit.record("account.end_session", "account", by.account_id, by=by, at=at)


def end_other_sessions(*, by: Actor, at: datetime) -> int:
    """End her sessions everywhere but here; returns how many."""
    ended = end_sessions(by.account_id, at=at, but=by.session_id)
    audit.record("account.end_sessions", "account", by.account_id, by=by, at=at, ended=ended)
    return ended


def touch_session(session_id: int, *, at: datetime) -> None:
    """Remember that the session was used; called at most once a minute."""
    db.session.execute(update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=at))


def end_sessions(account_id: int, *, at: datetime, but: int | None = None) -> int:
    """End the account's sessions, but for one where given; returns how many."""
    ended = db.session.execute(
        update(SignInSession)
        .where(
            SignInSession.account_id == account_id,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > at,
            SignInSession.id != (but or 0),
        )
        .values(revoked_at=at)
    )
    return ended.rowcount
