"""Accounts: the first one, invitations, passwords, roles."""

from datetime import datetime, timedelta

from sqlalchemy import update

from trainer.crypto import keyring, new_token
from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor, Grant, Role, TokenKind
from trainer.domain.people import mask_phone
from trainer.errors import NotFound, Refused
from trainer.models.account import AccessToken, Account, RoleGrant
from trainer.queries.account import get_account_by_phone, get_account_by_username, get_actor, has_accounts
from trainer.services import access, audit
from trainer.services.message import notify
from trainer.services.password import NewPassword, set_password
from trainer.services.session import end_sessions

INVITATION_LIFE = timedelta(days=7)


class UsernameTaken(Refused):
    code = "username_taken"


class PhoneTaken(Refused):
    """Another account signs in with this phone number."""

    code = "phone_taken"


class AlreadySetUp(Refused):
    code = "already_set_up"


class OwnAccount(Refused):
    """Nobody gives herself rights, takes her own away, or disables herself."""

    code = "own_account"


def issue_setup_link(*, by: Actor, at: datetime) -> str:
    """The one-time token of the first administrator's link; a new one spends those before it."""
    if has_accounts():
        raise AlreadySetUp()
    db.session.execute(
        update(AccessToken).where(AccessToken.kind == TokenKind.SETUP, AccessToken.used_at.is_(None)).values(used_at=at)
    )
    return access.issue(TokenKind.SETUP, None, new_token(), INVITATION_LIFE, by=by, at=at)


def create_first_administrator(token: str, *, username: str, name: str, password: NewPassword, at: datetime) -> Account:
    """Spend the set-up link: the one account that nobody else made. She is administrator and manager everywhere."""
    used = access.spend(TokenKind.SETUP, token, at=at)
    if has_accounts():
        raise AlreadySetUp()
    account = Account(username=username.strip(), name=name.strip(), created_at=at)
    db.session.add(account)
    db.session.flush()
    used.account_id = account.id
    by = Actor(account.id, account.name)
    for role in (Role.SYSTEM_ADMINISTRATOR, Role.MANAGER):
        _give(account, Grant(role), by=by, at=at)
    audit.record("account.create", "account", account.id, by=by, at=at, username=account.username)
    set_password(account, password, by=by, at=at)
    return account


def invite(
    username: str, name: str, organisation: str, grant: Grant, *, by: Actor, at: datetime
) -> tuple[Account, str]:
    """A new account without a password, and the token of its single-use invitation link."""
    account = create_account(username, name, organisation, grant, by=by, at=at)
    return account, access.issue(TokenKind.INVITATION, account.id, new_token(), INVITATION_LIFE, by=by, at=at)


def create_account(username: str, name: str, organisation: str, grant: Grant, *, by: Actor, at: datetime) -> Account:
    """A new account that has no password yet, and no link to choose one."""
    username = username.strip()
    if get_account_by_username(username):
        raise UsernameTaken(username=username)
    account = Account(username=username, name=name.strip(), organisation=organisation.strip() or None, created_at=at)
    db.session.add(account)
    db.session.flush()
    audit.record("account.create", "account", account.id, by=by, at=at, username=username)
    grant_role(account, grant, by=by, at=at)
    return account


def reissue_invitation(account: Account, *, by: Actor, at: datetime) -> str:
    """A fresh link for setting a password (forgotten, or the invitation ran out); older links and sessions end."""
    db.session.execute(
        update(AccessToken)
        .where(AccessToken.account_id == account.id, AccessToken.used_at.is_(None))
        .values(used_at=at)
    )
    end_sessions(account.id, at=at)
    return access.issue(TokenKind.INVITATION, account.id, new_token(), INVITATION_LIFE, by=by, at=at)


def accept_invitation(token: str, password: NewPassword, *, at: datetime) -> Account:
    """Set the password by an invitation link; ends every session the account had."""
    used = access.spend(TokenKind.INVITATION, token, at=at)
    account = db.session.get(Account, used.account_id)
    is_new = account.password_hash is None
    set_password(account, password, by=Actor(account.id, account.name), at=at)
    end_sessions(account.id, at=at)
    if is_new:
        link = f"/accounts/{account.id}"
        notify("invitation_accepted", to_accounts=[used.issued_by], link=link, by=SYSTEM, at=at, name=account.name)
    return account


def change_password(account_id: int, password: NewPassword, *, by: Actor, at: datetime) -> None:
    """Her own: the sessions end, but for the one she did it in, whose token the caller changes."""
    account = db.session.get(Account, account_id, with_for_update=True)
    set_password(account, password, by=by, at=at)
    end_sessions(account.id, at=at, but=by.session_id)


def update_profile(account: Account, *, name: str, phone: str | None, by: Actor, at: datetime) -> None:
    """Her own name, and the phone number that she may sign in with. Raises PhoneTaken."""
    index = keyring().blind_index("phone", phone) if phone else None
    other = get_account_by_phone(index) if index else None
    if other and other.id != account.id:
        raise PhoneTaken()
    before = {"name": account.name, "phone": mask_phone(account.phone)}
    account.name, account.phone, account.phone_index = name, phone, index
    after = {"name": account.name, "phone": mask_phone(account.phone)}
    audit.record("account.update", "account", account.id, by=by, at=at, before=before, after=after)


def grant_role(account: Account, grant: Grant, *, by: Actor, at: datetime) -> None:
    """Give a role; one that the account holds already, over the same area, stays as it is. Raises OwnAccount."""
    if account.id == by.account_id:
        raise OwnAccount()
    db.session.refresh(account, with_for_update=True)
    if grant not in get_actor(account).grants:
        _give(account, grant, by=by, at=at)
        # The new role may ask for a second factor, which the sessions before it never gave.
        end_sessions(account.id, at=at)
        if account.password_hash:  # a newcomer finds her role in the invitation
            notify("role_given", to_accounts=[account.id], by=SYSTEM, at=at, role=grant.role)


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
    end_sessions(account.id, at=at)
    audit.record("account.revoke_role", "account", account.id, by=by, at=at, role=row.role)
    if account.id != by.account_id:
        notify("role_taken", to_accounts=[account.id], by=SYSTEM, at=at, role=row.role)


def set_active(account: Account, active: bool, *, by: Actor, at: datetime) -> None:
    """Disable an account (its sessions end at once) or let it in again."""
    if account.id == by.account_id:
        raise OwnAccount()
    if account.active == active:
        return
    account.active, account.shut_because, account.active_changed_at = active, "", at
    if not active:
        end_sessions(account.id, at=at)
    audit.record("account.enable" if active else "account.disable", "account", account.id, by=by, at=at)
