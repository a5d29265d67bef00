"""Staff accounts that nobody uses are shut: an open door that nobody watches."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select

from trainer.database import db
from trainer.domain.actors import SYSTEM, Role
from trainer.models.account import Account, RoleGrant
from trainer.services import audit
from trainer.services.message import notify
from trainer.services.session import end_sessions

UNUSED = "unused"


def shut_unused(days: int, *, at: datetime) -> list[int]:
    """Shut whoever has not signed in for `days`, counted from her invitation or from being let in again; their ids.

    One who keeps the whole system always stays: whoever of those in question was here last.
    """
    statement = (
        select(Account)
        .where(Account.person_id.is_(None), Account.active, _last_used() <= at - timedelta(days=days))
        .order_by(Account.id)
        .with_for_update()
    )
    keepers = _keepers()
    unused = list(db.session.scalars(statement))
    if keepers and set(keepers) <= {account.id for account in unused}:
        unused = [account for account in unused if account.id != keepers[0]]
    for account in unused:
        account.active, account.shut_because, account.active_changed_at = False, UNUSED, at
        end_sessions(account.id, at=at)
        audit.record("account.disable", "account", account.id, by=SYSTEM, at=at, because=UNUSED, days=days)
    shut = [account.id for account in unused]
    if shut:
        readers = [number for number in keepers if number not in shut]
        facts = {"count": len(shut), "days": days}
        notify("account_shut_unused", to_accounts=readers, link="/accounts?state=shut", by=SYSTEM, at=at, **facts)
    return shut


def _last_used() -> ColumnElement[datetime]:
    """The latest of: signed in, let in again, invited."""
    latest = func.coalesce(Account.last_sign_in_at, Account.created_at)
    again = func.coalesce(Account.active_changed_at, Account.created_at)
    return case((again > latest, again), else_=latest)


def _keepers() -> list[int]:
    """Active accounts that can sign in as system administrator of the whole site, the last used first."""
    rows = db.session.scalars(
        select(Account.id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            Account.active,
            Account.password_hash.is_not(None),
            RoleGrant.role == Role.SYSTEM_ADMINISTRATOR,
            RoleGrant.region_code.is_(None),
            RoleGrant.cohort_id.is_(None),
            RoleGrant.revoked_at.is_(None),
        )
        .order_by(_last_used().desc(), Account.id)
    )
    return list(dict.fromkeys(rows))
