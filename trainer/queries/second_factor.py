"""Second factors: whether an account has one, and the resets that somebody asked for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.models.account import Account
from trainer.models.second_factor import RecoveryCode, SecondFactor, SecondFactorReset


def get_second_factor(account_id: int) -> SecondFactor | None:
    """The account's authenticator, confirmed or only begun."""
    return db.session.get(SecondFactor, account_id)


def has_second_factor(account_id: int) -> bool:
    """Whether the account has one in force."""
    held = exists().where(SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_not(None))
    return bool(db.session.scalar(select(held)))


def count_recovery_codes(account_id: int) -> int:
    """How many still work."""
    return db.session.scalar(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    )


@dataclass(frozen=True)
class ResetRow:
    """A reset that was asked for, as administrators see it."""

    id: int
    account_id: int
    name: str
    username: str | None
    reason: str
    asked_by: int | None
    asker: str | None
    asked_at: datetime
    decider: str | None
    decided_at: datetime | None
    approved: bool | None


def list_resets(*, account_id: int | None = None, most: int = 50) -> list[ResetRow]:
    """Resets of all accounts, or of one: the open ones first, then the newest."""
    asker, decider = aliased(Account), aliased(Account)
    reset = SecondFactorReset
    statement = (
        select(
            *(reset.id, reset.account_id, Account.name, Account.username, reset.reason),
            *(reset.asked_by, asker.name, reset.asked_at, decider.name, reset.decided_at, reset.approved),
        )
        .join(Account, Account.id == reset.account_id)
        .outerjoin(asker, asker.id == reset.asked_by)
        .outerjoin(decider, decider.id == reset.decided_by)
        .order_by(reset.decided_at.is_not(None), reset.id.desc())
        .limit(most)
    )
    if account_id is not None:
        statement = statement.where(reset.account_id == account_id)
    return [ResetRow(*row) for row in db.session.execute(statement)]


def is_open_reset(reset_id: int) -> bool:
    """Whether there is such a reset that waits for its decision."""
    reset = SecondFactorReset
    return bool(db.session.scalar(select(exists().where(reset.id == reset_id, reset.decided_at.is_(None)))))


def get_open_reset(account_id: int) -> SecondFactorReset | None:
    return db.session.scalar(
        select(SecondFactorReset).where(
            SecondFactorReset.account_id == account_id, SecondFactorReset.decided_at.is_(None)
        )
    )
