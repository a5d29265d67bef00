"""Taking the second factor off somebody who lost phone and recovery codes: one administrator asks, another decides."""

from datetime import datetime

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.errors import NotFound, Refused
from trainer.models.account import Account
from trainer.models.second_factor import SecondFactorReset
from trainer.queries.account import get_account_by_username
from trainer.queries.message import administrator_ids
from trainer.queries.second_factor import get_open_reset, has_second_factor
from trainer.services import audit
from trainer.services.account import OwnAccount
from trainer.services.message import notify
from trainer.services.second_factor import NoSecondFactor, take_off
from trainer.services.session import end_sessions


class ResetAsked(Refused):
    """Somebody asked for it before: it waits for its second person."""

    code = "reset_asked"


class SecondPersonNeeded(Refused):
    """Whoever asked does not decide."""

    code = "second_person_needed"


class NoSuchAccount(Refused):
    code = "no_such_account"


def ask(account: Account, reason: str, *, by: Actor, at: datetime) -> SecondFactorReset:
    """Raises OwnAccount, NoSecondFactor, ResetAsked."""
    if account.id == by.account_id:
        raise OwnAccount()
    db.session.refresh(account, with_for_update=True)
    if not has_second_factor(account.id):
        raise NoSecondFactor()
    if get_open_reset(account.id):
        raise ResetAsked()
    reset = SecondFactorReset(account_id=account.id, asked_by=by.account_id, asked_at=at, reason=reason)
    db.session.add(reset)
    db.session.flush()
    audit.record("second_factor.ask_reset", "account", account.id, by=by, at=at, reason=reason)
    others = [number for number in administrator_ids() if number not in (by.account_id, account.id)]
    facts = {"asker": by.name, "name": account.name}
    notify("second_factor_reset_asked", to_accounts=others, link="/second-factor-resets", by=SYSTEM, at=at, **facts)
    return reset


def decide(reset_id: int, approved: bool, *, by: Actor, at: datetime) -> SecondFactorReset:
    """Agree, and the second factor is gone and the sessions end; or not. Raises NotFound, SecondPersonNeeded, OwnAccount."""
    reset = db.session.get(SecondFactorReset, reset_id, with_for_update=True)
    if reset is None or reset.decided_at:
        raise NotFound()
    if by.account_id == reset.asked_by:
        raise SecondPersonNeeded()
    if by.account_id == reset.account_id:
        raise OwnAccount()
    _close(reset, approved, by=by, at=at)
    return reset


def _close(reset: SecondFactorReset, approved: bool, *, by: Actor, at: datetime) -> None:
    reset.decided_by, reset.decided_at, reset.approved = by.account_id, at, approved
    if approved:
        take_off(reset.account_id)
        end_sessions(reset.account_id, at=at)
    verb = "second_factor.reset" if approved else "second_factor.refuse_reset"
    audit.record(verb, "account", reset.account_id, by=by, at=at, asked_by=reset.asked_by)


def reset_from_the_server(username: str, reason: str, *, at: datetime) -> Account:
    """By whoever has the server, where there is no second administrator; a reset that waits is done with it.

    Raises NoSuchAccount, NoSecondFactor.
    """
    account = get_account_by_username(username)
    if account is None:
        raise NoSuchAccount(username=username)
    if not has_second_factor(account.id):
        raise NoSecondFactor()
    reset = get_open_reset(account.id)
    if reset is None:
        reset = SecondFactorReset(account_id=account.id, asked_at=at, reason=reason)
        db.session.add(reset)
        audit.record("second_factor.ask_reset", "account", account.id, by=SYSTEM, at=at, reason=reason)
    _close(reset, True, by=SYSTEM, at=at)
    return account
