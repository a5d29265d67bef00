"""Passwords: weighed and hashed outside the write lock, then set."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import delete

from trainer.crypto import hash_password, verify_password
from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.password import Fault, PasswordPolicy, find_fault
from trainer.errors import Refused
from trainer.models.account import Account, PastPassword
from trainer.queries.account import list_past_passwords
from trainer.services import audit


class WeakPassword(Refused):
    """The policy in force does not take this password; the code names what is wrong with it."""

    def __init__(self, fault: Fault, policy: PasswordPolicy) -> None:
        self.code = fault.value
        super().__init__(shortest=policy.shortest, kinds=policy.kinds, remembered=policy.remembered)


@dataclass(frozen=True)
class NewPassword:
    """A password that the policy took, hashed; what was typed is gone."""

    hash: str
    # How many of an account's passwords are remembered as hashes.
    remembered: int


def prepare(
    password: str, policy: PasswordPolicy, *, account: Account | None = None, username: str = ""
) -> NewPassword:
    """Weigh a password for an account (or a user name that is still to get one). Only reads, slowly.

    Raises WeakPassword.
    """
    owner = (account.username or "", account.phone or "") if account else (username, "")
    fault = find_fault(password, policy, username=owner[0], phone=owner[1], is_known=is_known)
    if fault is None and account and _had(account, password, policy):
        fault = Fault.USED_BEFORE
    if fault:
        raise WeakPassword(fault, policy)
    return NewPassword(hash_password(password), policy.remembered)


def _had(account: Account, password: str, policy: PasswordPolicy) -> bool:
    if not policy.remembered:
        return False
    hashes = dict.fromkeys([account.password_hash, *list_past_passwords(account.id, most=policy.remembered)])
    return any(verify_password(known, password) for known in hashes if known)


def set_password(account: Account, new: NewPassword, *, by: Actor, at: datetime) -> None:
    """Give the account its new password; as many as the policy remembers stay behind as hashes."""
    account.password_hash, account.password_set_at = new.hash, at
    db.session.add(PastPassword(account_id=account.id, password_hash=new.hash, set_at=at))
    db.session.flush()
    kept = list_past_passwords(account.id, most=new.remembered)
    db.session.execute(
        delete(PastPassword).where(PastPassword.account_id == account.id, PastPassword.password_hash.not_in(kept))
    )
    audit.record("account.set_password", "account", account.id, by=by, at=at)


def is_known(word: str) -> bool:
    """Whether a word is among the 30,000 passwords found most often in leaked lists."""
    return word in _known()


@cache
def _known() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 (a megabyte of words, needed by few requests)

    return frozenset(FREQUENCY_LISTS["passwords"])
