"""Accounts, sessions and who is behind a request."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased

from trainer.crypto import hash_token
from trainer.database import db
from trainer.domain.actors import Actor, Grant, Role, SignInStep, TokenKind
from trainer.models.account import AccessToken, Account, PastPassword, RoleGrant, SignInSession, WrongTry
from trainer.models.installation import SiteFlag
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.region import Region
from trainer.queries.message import unread_of_account
from trainer.queries.scoping import Page, contains, fetch_page


@dataclass(frozen=True)
class LiveSession:
    """A session as a request finds it."""

    id: int
    actor: Actor
    last_seen_at: datetime
    is_device: bool
    pending: SignInStep | None = None
    confirmed_at: datetime | None = None
    device_id: int | None = None
    # Messages in her inbox that she has not opened.
    unread: int = 0


# Every request asks this: made once, over the tables, it costs a tenth of what it did through the mapper.
SESSION, ACCOUNT, GRANT = SignInSession.__table__.c, Account.__table__.c, RoleGrant.__table__.c
_LIVE = (
    select(
        *(SESSION.id, SESSION.account_id, SESSION.last_seen_at, SESSION.is_device),
        *(SESSION.pending, SESSION.confirmed_at, SESSION.device_id),
        *(ACCOUNT.name, ACCOUNT.person_id, unread_of_account().label("unread")),
        *(GRANT.role, GRANT.region_code, GRANT.cohort_id),
    )
    .select_from(SignInSession.__table__)
    .join(Account.__table__, ACCOUNT.id == SESSION.account_id)
    .outerjoin(RoleGrant.__table__, (GRANT.account_id == ACCOUNT.id) & GRANT.revoked_at.is_(None))
    .where(
        SESSION.token_hash == bindparam("token"),
        SESSION.revoked_at.is_(None),
        SESSION.expires_at > bindparam("at"),
        ACCOUNT.active,
    )
    .order_by(GRANT.id)
)
_GRANTS_OF = (
    select(GRANT.role, GRANT.region_code, GRANT.cohort_id)
    .where(GRANT.account_id == bindparam("account"), GRANT.revoked_at.is_(None))
    .order_by(GRANT.id)
)


def get_live_session(
    token: str, *, at: datetime, idle_since: datetime, administrators_idle_since: datetime
) -> LiveSession | None:
    """The session behind a cookie, unless it is revoked, over, idle too long, or its account is disabled.

    With the roles of its account, a row each, in one statement.
    """
    rows = db.session.execute(_LIVE, {"token": hash_token(token), "at": at}).all()
    if not rows:
        return None
    row = rows[0]
    held = tuple(Grant(*one[-3:]) for one in rows if one.role is not None)
    administers = any(grant.role is Role.SYSTEM_ADMINISTRATOR for grant in held)
    if not row.is_device and row.last_seen_at < (administrators_idle_since if administers else idle_since):
        return None
    if row.is_device:  # a device session carries trainee rights only
        held = tuple(grant for grant in held if grant.role is Role.TRAINEE)
    actor = Actor(row.account_id, row.name, row.person_id, held, session_id=row.id)
    return LiveSession(
        *(row.id, actor, row.last_seen_at, row.is_device),
        *(row.pending, row.confirmed_at, row.device_id, row.unread),
    )


def get_actor(account: Account, *, session_id: int | None = None) -> Actor:
    """The account with the roles it holds now."""
    db.session.flush()  # what this very act has given is among them
    return Actor(account.id, account.name, account.person_id, _grants_of(account.id), session_id=session_id)


def _grants_of(account_id: int) -> tuple[Grant, ...]:
    return tuple(Grant(*row) for row in db.session.execute(_GRANTS_OF, {"account": account_id}))


def get_account(account_id: int) -> Account | None:
    return db.session.get(Account, account_id)


def get_staff_account(account_id: int) -> Account | None:
    """An account as administrators keep them; trainees' are none of theirs: a name there is one of the register."""
    return db.session.scalar(select(Account).where(Account.id == account_id, Account.person_id.is_(None)))


def get_account_by_username(username: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.username == username))


def get_account_by_phone(phone_index: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.phone_index == phone_index))


def find_account_to_sign_in(name: str, phone_index: str | None) -> Account | None:
    """The account with this user name, else the one of staff with this phone number."""
    named = Account.username == name
    statement = select(Account).where(named | (Account.phone_index == phone_index) if phone_index else named)
    return db.session.scalar(statement.order_by(named.desc()).limit(1))


def list_past_passwords(account_id: int, *, most: int) -> list[str]:
    """The hashes of the account's last passwords, the newest first."""
    return list(
        db.session.scalars(
            select(PastPassword.password_hash)
            .where(PastPassword.account_id == account_id)
            .order_by(PastPassword.set_at.desc(), PastPassword.id.desc())
            .limit(most)
        )
    )


def get_account_of_person(person_id: int) -> Account | None:
    return db.session.scalar(select(Account).where(Account.person_id == person_id))


def get_open_token(kind: TokenKind, token: str, *, at: datetime, to_spend: bool = False) -> AccessToken | None:
    """A token that still lets somebody in; held until the act ends where it is `to_spend`."""
    statement = select(AccessToken).where(
        AccessToken.kind == kind,
        AccessToken.token_hash == hash_token(token),
        AccessToken.used_at.is_(None),
        AccessToken.expires_at > at,
        AccessToken.tries_left > 0,
    )
    return db.session.scalar(statement.with_for_update() if to_spend else statement)


def list_open_codes_for_phone(phone_index: str, *, at: datetime) -> list[AccessToken]:
    """Unused trainee codes of the women who share this phone, held until the act ends: guesses come one by one."""
    return list(
        db.session.scalars(
            select(AccessToken)
            .join(Account, Account.id == AccessToken.account_id)
            .join(Person, Person.id == Account.person_id)
            .where(
                AccessToken.kind == TokenKind.TRAINEE_CODE,
                AccessToken.used_at.is_(None),
                AccessToken.expires_at > at,
                AccessToken.tries_left > 0,
                Person.phone_index == phone_index,
                Account.active,
            )
            .order_by(AccessToken.id)
            .with_for_update(of=AccessToken)
        )
    )


def count_wrong_tries(subject: str, *, since: datetime) -> int:
    return db.session.scalar(
        select(func.count()).select_from(WrongTry).where(WrongTry.subject == subject, WrongTry.at > since)
    )


def database_answers() -> bool:
    return db.session.scalar(select(1)) == 1


def has_accounts() -> bool:
    """False on an empty installation: nobody can sign in yet."""
    return bool(db.session.scalar(select(exists().where(Account.id.is_not(None)))))


def get_flag(name: str) -> str | None:
    return db.session.scalar(select(SiteFlag.value).where(SiteFlag.name == name))


@dataclass(frozen=True)
class GrantRow:
    """A role an account holds now, with the names of what it reaches."""

    id: int
    role: Role
    region: str | None
    cohort: str | None
    granted_at: datetime
    granted_by: str | None


def list_grants(account_id: int) -> list[GrantRow]:
    giver = aliased(Account)
    rows = db.session.execute(
        select(RoleGrant.id, RoleGrant.role, Region.name, Cohort.name, RoleGrant.granted_at, giver.name)
        .outerjoin(giver, giver.id == RoleGrant.granted_by)
        .outerjoin(Region, Region.code == RoleGrant.region_code)
        .outerjoin(Cohort, Cohort.id == RoleGrant.cohort_id)
        .where(RoleGrant.account_id == account_id, RoleGrant.revoked_at.is_(None))
        .order_by(RoleGrant.id)
    )
    return [GrantRow(*row) for row in rows]


def cohort_choices() -> list[tuple[int, str]]:
    """(id, code and name) of every cohort, the newest first, to limit a role to."""
    rows = db.session.execute(select(Cohort.id, Cohort.code, Cohort.name).order_by(Cohort.starts_on.desc(), Cohort.id))
    return [(number, f"{code} {name}") for number, code, name in rows]


@dataclass(frozen=True)
class AccountRow:
    """A line of the list of accounts."""

    id: int
    username: str | None
    name: str
    organisation: str | None
    active: bool
    last_sign_in_at: datetime | None
    grants: tuple[Grant, ...]
    # Why and since when it is shut.
    shut_because: str
    active_changed_at: datetime | None


@dataclass(frozen=True)
class InvitationRow:
    """A link for choosing a password that still works."""

    issued_at: datetime
    expires_at: datetime
    issued_by: str | None


def get_open_invitation(account_id: int, *, at: datetime) -> InvitationRow | None:
    row = db.session.execute(
        select(AccessToken.issued_at, AccessToken.expires_at, Account.name)
        .outerjoin(Account, Account.id == AccessToken.issued_by)
        .where(
            AccessToken.account_id == account_id,
            AccessToken.kind == TokenKind.INVITATION,
            AccessToken.used_at.is_(None),
            AccessToken.expires_at > at,
        )
        .order_by(AccessToken.id.desc())
        .limit(1)
    ).one_or_none()
    return InvitationRow(*row) if row else None


def accounts_page(
    *, text: str = "", role: Role | None = None, active: bool | None = None, page: int = 1, per_page: int = 20
) -> Page[AccountRow]:
    """Accounts that sign in with a password, by name; their grants in one further statement."""
    statement = select(Account).where(Account.person_id.is_(None)).order_by(Account.name, Account.id)
    if text:
        statement = statement.where(contains(Account.name, text) | contains(Account.username, text))
    if active is not None:
        statement = statement.where(Account.active.is_(active))
    if role:
        statement = statement.where(
            Account.id.in_(select(RoleGrant.account_id).where(RoleGrant.role == role, RoleGrant.revoked_at.is_(None)))
        )
    found = fetch_page(statement, lambda row: row[0], page=page, per_page=per_page)
    grants: dict[int, list[Grant]] = {}
    for account_id, *grant in db.session.execute(
        select(RoleGrant.account_id, RoleGrant.role, RoleGrant.region_code, RoleGrant.cohort_id)
        .where(RoleGrant.account_id.in_([a.id for a in found.items]), RoleGrant.revoked_at.is_(None))
        .order_by(RoleGrant.id)
    ):
        grants.setdefault(account_id, []).append(Grant(*grant))
    rows = [
        AccountRow(
            *(a.id, a.username, a.name, a.organisation, a.active, a.last_sign_in_at, tuple(grants.get(a.id, ()))),
            *(a.shut_because, a.active_changed_at),
        )
        for a in found.items
    ]
    return Page(rows, found.total, found.page, found.per_page)
