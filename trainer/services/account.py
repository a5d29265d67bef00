"""Signing in and out, invitations, codes, roles."""

from datetime import datetime, timedelta

from sqlalchemy import update

from trainer.crypto import hash_password, hash_token, keyring, new_code, new_token, same, verify_password
from trainer.database import db
from trainer.domain.actors import Actor, Grant, Role, TokenKind
from trainer.domain.people import Problem, clean_phone
from trainer.errors import NotFound, Refused
from trainer.models.account import AccessToken, Account, RoleGrant, SignInSession
from trainer.models.person import Person
from trainer.queries.account import (
    get_account_by_username,
    get_account_of_person,
    get_actor,
    get_open_token,
    has_accounts,
    list_open_codes_for_phone,
)
from trainer.services import audit, throttle

CODE_LIFE = timedelta(minutes=10)
INVITATION_LIFE = timedelta(days=7)
FAILURES_ALLOWED = 5
LOCK = throttle.WINDOW


class WrongCredentials(Refused):
    """The same answer for an unknown name, a wrong password and a disabled account."""

    code = "wrong_credentials"


class WrongCode(Refused):
    code = "wrong_code"


class LinkSpent(Refused):
    """The link was used, has run out, or never existed."""

    code = "link_spent"


class WeakPassword(Refused):
    code = "weak_password"


class UsernameTaken(Refused):
    code = "username_taken"


class AlreadySetUp(Refused):
    code = "already_set_up"


class NoPhoneForCode(Refused):
    """She signs in with her phone number and the code."""

    code = "no_phone_for_code"


class OwnAccount(Refused):
    """Nobody gives herself rights, takes her own away, or disables herself."""

    code = "own_account"


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


def sign_in_with_code(
    phone: str, code: str, *, at: datetime, life: timedelta, address: str = "", user_agent: str = ""
) -> str | None:
    """A 90-day device session for the woman whose spoken code this is; None where it is wrong.

    A wrong code costs every open code of that phone one of its five tries, and that must outlive the refusal:
    so the caller commits, then refuses. Raises TooManyTries where an address tries one phone after the other.
    """
    throttle.refuse_flood("code", address, at=at)
    codes = _open_codes(phone, at=at)
    digest = _digest(TokenKind.TRAINEE_CODE, code.strip())
    for token in codes:
        if same(token.token_hash, digest):
            token.used_at = at
            account = db.session.get(Account, token.account_id)
            return open_session(account, at=at, life=life, is_device=True, user_agent=user_agent)
    for token in codes:
        token.tries_left -= 1
    throttle.note_wrong(throttle.subject("code", address), at=at)
    return None


def _open_codes(phone: str, *, at: datetime) -> list[AccessToken]:
    try:
        number = clean_phone(phone)
    except Problem:
        return []
    return list_open_codes_for_phone(keyring().blind_index("phone", number), at=at)


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


def issue_setup_link(*, by: Actor, at: datetime) -> str:
    """The one-time token of the first administrator's link; a new one spends those before it."""
    if has_accounts():
        raise AlreadySetUp()
    db.session.execute(
        update(AccessToken).where(AccessToken.kind == TokenKind.SETUP, AccessToken.used_at.is_(None)).values(used_at=at)
    )
    return _issue(TokenKind.SETUP, None, new_token(), INVITATION_LIFE, by=by, at=at)


def create_first_administrator(token: str, *, username: str, name: str, password: str, at: datetime) -> Account:
    """Spend the set-up link: the one account that nobody else made. She is administrator and manager everywhere."""
    used = _spend(TokenKind.SETUP, token, at=at)
    if has_accounts():
        raise AlreadySetUp()
    check_password(password, username)
    account = Account(
        username=username.strip(), name=name.strip(), password_hash=hash_password(password), created_at=at
    )
    db.session.add(account)
    db.session.flush()
    used.account_id = account.id
    by = Actor(account.id, account.name)
    for role in (Role.SYSTEM_ADMINISTRATOR, Role.MANAGER):
        _give(account, Grant(role), by=by, at=at)
    audit.record("account.create", "account", account.id, by=by, at=at, username=account.username)
    return account


def invite(
    username: str, name: str, organisation: str, grant: Grant, *, by: Actor, at: datetime
) -> tuple[Account, str]:
    """A new account without a password, and the token of its single-use invitation link."""
    username = username.strip()
    if get_account_by_username(username):
        raise UsernameTaken(username=username)
    account = Account(username=username, name=name.strip(), organisation=organisation.strip() or None, created_at=at)
    db.session.add(account)
    db.session.flush()
    audit.record("account.create", "account", account.id, by=by, at=at, username=username)
    grant_role(account, grant, by=by, at=at)
    return account, _issue(TokenKind.INVITATION, account.id, new_token(), INVITATION_LIFE, by=by, at=at)


def reissue_invitation(account: Account, *, by: Actor, at: datetime) -> str:
    """A fresh link for setting a password (forgotten, or the invitation ran out); older links and sessions end."""
    db.session.execute(
        update(AccessToken)
        .where(AccessToken.account_id == account.id, AccessToken.used_at.is_(None))
        .values(used_at=at)
    )
    _end_sessions(account.id, at=at)
    return _issue(TokenKind.INVITATION, account.id, new_token(), INVITATION_LIFE, by=by, at=at)


def accept_invitation(token: str, password: str, *, at: datetime) -> Account:
    """Set the password by an invitation link; ends every session the account had."""
    used = _spend(TokenKind.INVITATION, token, at=at)
    account = db.session.get(Account, used.account_id)
    check_password(password, account.username)
    account.password_hash = hash_password(password)
    _end_sessions(account.id, at=at)
    audit.record("account.set_password", "account", account.id, by=Actor(account.id, account.name), at=at)
    return account


def issue_trainee_code(account: Account, *, by: Actor, at: datetime) -> str:
    """Six digits to read aloud to one woman, good for ten minutes and one use; an older code of hers is spent."""
    db.session.execute(
        update(AccessToken)
        .where(
            AccessToken.kind == TokenKind.TRAINEE_CODE,
            AccessToken.account_id == account.id,
            AccessToken.used_at.is_(None),
        )
        .values(used_at=at)
    )
    return _issue(TokenKind.TRAINEE_CODE, account.id, new_code(), CODE_LIFE, by=by, at=at)


def issue_code_for(person: Person, *, by: Actor, at: datetime) -> str:
    """A trainee's code for a woman of the register; her account is made with the first. Raises NoPhoneForCode."""
    if person.phone_index is None:
        raise NoPhoneForCode(name=person.name)
    account = get_account_of_person(person.id)
    if account is None:
        account = Account(name=person.name, person_id=person.id, created_at=at)
        db.session.add(account)
        db.session.flush()
        audit.record("account.create", "account", account.id, by=by, at=at, person=person.id)
        grant_role(account, Grant(Role.TRAINEE), by=by, at=at)
    return issue_trainee_code(account, by=by, at=at)


def grant_role(account: Account, grant: Grant, *, by: Actor, at: datetime) -> None:
    """Give a role; one that the account holds already, over the same area, stays as it is. Raises OwnAccount."""
    if account.id == by.account_id:
        raise OwnAccount()
    db.session.refresh(account, with_for_update=True)
    if grant not in get_actor(account).grants:
        _give(account, grant, by=by, at=at)


def _give(account: Account, grant: Grant, *, by: Actor, at: datetime) -> None:
    db.session.add(
        RoleGrant(
            account_id=account.id,
            role=grant.role,
            region_code=grant.region_code,
            cohort_id=grant.cohort_id,
            granted_at=at,
            granted_by=by.account_id,
        )
    )
    audit.record(
        "account.grant_role",
        "account",
        account.id,
        by=by,
        at=at,
        role=grant.role,
        region=grant.region_code,
        cohort=grant.cohort_id,
    )


def revoke_role(grant_id: int, account: Account, *, by: Actor, at: datetime) -> None:
    """Take a role back; the account's sessions end, so that the right is gone with the next click."""
    row = db.session.get(RoleGrant, grant_id)
    if row is None or row.account_id != account.id or row.revoked_at:
        raise NotFound()
    if account.id == by.account_id and row.role is Role.SYSTEM_ADMINISTRATOR:
        raise OwnAccount()
    row.revoked_at = at
    _end_sessions(account.id, at=at)
    audit.record("account.revoke_role", "account", account.id, by=by, at=at, role=row.role)


def set_active(account: Account, active: bool, *, by: Actor, at: datetime) -> None:
    """Disable an account (its sessions end at once) or let it in again."""
    if account.id == by.account_id:
        raise OwnAccount()
    account.active = active
    if not active:
        _end_sessions(account.id, at=at)
    audit.record("account.enable" if active else "account.disable", "account", account.id, by=by, at=at)


def check_password(password: str, username: str | None) -> None:
    """等保: at least ten characters of three kinds, without the username in it. Raises WeakPassword."""
    kinds = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    variety = sum(any(kind(c) for c in password) for kind in kinds)
    if len(password) < 10 or variety < 3 or (username and username.lower() in password.lower()):
        raise WeakPassword()


def _issue(kind: TokenKind, account_id: int | None, token: str, life: timedelta, *, by: Actor, at: datetime) -> str:
    db.session.add(
        AccessToken(
            kind=kind,
            token_hash=_digest(kind, token),
            account_id=account_id,
            issued_by=by.account_id,
            issued_at=at,
            expires_at=at + life,
        )
    )
    audit.record(f"access.{kind}", "account", account_id or "-", by=by, at=at)
    return token


def _digest(kind: TokenKind, token: str) -> str:
    """How a way in is stored. Six digits are soon all tried: without the key their hash must say nothing."""
    return keyring().blind_index("code", token) if kind is TokenKind.TRAINEE_CODE else hash_token(token)


def _spend(kind: TokenKind, token: str, *, at: datetime) -> AccessToken:
    found = get_open_token(kind, token, at=at, to_spend=True)
    if found is None:
        raise LinkSpent()
    found.used_at = at
    return found


def _end_sessions(account_id: int, *, at: datetime) -> None:
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.revoked_at.is_(None))
        .values(revoked_at=at)
    )
