"""Second factors of staff: an authenticator begun and confirmed, its codes and the recovery codes checked, taken off."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select, update

from trainer.crypto import keyring, new_recovery_code, new_totp_secret, totp_address, totp_step
from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.sign_in import SignInRules
from trainer.domain.visitor import Visitor
from trainer.errors import Refused
from trainer.models.account import Account
from trainer.models.second_factor import RecoveryCode, SecondFactor
from trainer.queries.account import get_actor
from trainer.services import audit, throttle
from trainer.services.session import end_sessions, place_of

TRIES = 5
RECOVERY_CODES = 10
# How the app names this entry among the others.
SITE = "She Power training"


class SecondFactorOn(Refused):
    """It is there already: it has to be switched off, or reset by two people, before another takes its place."""

    code = "second_factor_on"


class NoSecondFactor(Refused):
    code = "no_second_factor"


class SecondFactorRequired(Refused):
    """One of the account's roles has to sign in with it."""

    code = "second_factor_required"


class WrongFactorCode(Refused):
    code = "wrong_factor_code"


class CodesLocked(Refused):
    """So many wrong codes that the right one waits too."""

    code = "codes_locked"
    status = 429


class Proof(StrEnum):
    """By what somebody showed that she holds the second factor."""

    AUTHENTICATOR = "authenticator"
    RECOVERY_CODE = "recovery_code"


def begin(account_id: int, *, by: Actor, at: datetime) -> None:
    """A fresh secret for an authenticator app; in force once a code from it was right. Raises SecondFactorOn."""
    _one_by_one(account_id)
    held = db.session.get(SecondFactor, account_id)
    if held and held.confirmed_at:
        raise SecondFactorOn()
    if held is None:
        held = SecondFactor(account_id=account_id)
        db.session.add(held)
    held.secret, held.created_at, held.last_step = new_totp_secret(), at, None
    audit.record("second_factor.begin", "account", account_id, by=by, at=at)


def confirm(account_id: int, code: str, *, by: Actor, at: datetime, visitor: Visitor) -> list[str] | None:
    """The first code of a new authenticator: right, it is in force, and these are the recovery codes to show once.

    None for a wrong code, which is counted: the caller commits, then refuses. Other sessions end, for they came in
    without it. Raises NoSecondFactor, SecondFactorOn, CodesLocked.
    """
    _one_by_one(account_id)
    held = db.session.get(SecondFactor, account_id)
    if held is None:
        raise NoSecondFactor()
    if held.confirmed_at:
        raise SecondFactorOn()
    if not _take(held, code, visitor, at=at):
        return None
    held.confirmed_at = at
    end_sessions(account_id, at=at, but=by.session_id)
    audit.record("second_factor.confirm", "account", account_id, by=by, at=at)
    return _fresh_codes(account_id)


def check(account_id: int, code: str, *, by: Actor, at: datetime, visitor: Visitor) -> Proof | None:
    """What `code` proves, a six-digit one of the authenticator or a recovery code; each is taken once.

    None for a wrong one, which is counted: the caller commits, then refuses. Raises NoSecondFactor, CodesLocked.
    """
    _one_by_one(account_id)
    held = db.session.get(SecondFactor, account_id)
    if held is None or held.confirmed_at is None:
        raise NoSecondFactor()
    proof = _take(held, code, visitor, at=at)
    audit.record("second_factor.check", "account", account_id, by=by, at=at, success=proof is not None, proof=proof)
    return proof


def _one_by_one(account_id: int) -> None:
    """Whoever tries codes of one account at the same moment waits here: none is taken twice."""
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())


def _take(held: SecondFactor, code: str, visitor: Visitor, *, at: datetime) -> Proof | None:
    tried = _tried(held.account_id, visitor)
    if throttle.is_shut(tried, TRIES, at=at):
        raise CodesLocked()
    typed = "".join(code.split()).lower()
    proof = _proof(held, typed, at=at)
    if proof is None:
        throttle.note_wrong(tried, at=at)
    else:
        throttle.forget(tried)
    return proof


def _tried(account_id: int, visitor: Visitor) -> str:
    """One count an account, from wherever: a million codes are few. Its owner's known browser has its own."""
    place = place_of(account_id, visitor)
    return throttle.subject("second_factor", account_id, "" if place == visitor.network else place)


def _proof(held: SecondFactor, typed: str, *, at: datetime) -> Proof | None:
    step = totp_step(held.secret, typed, at)
    if step is not None and step > (held.last_step or 0):
        held.last_step = step
        return Proof.AUTHENTICATOR
    spent = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == held.account_id,
            RecoveryCode.code_hash == _digest(typed),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
    )
    return Proof.RECOVERY_CODE if spent.rowcount else None


def _digest(code: str) -> str:
    return keyring().blind_index("recovery_code", code.replace("-", ""))


def _fresh_codes(account_id: int) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(account_id=account_id, code_hash=_digest(code)) for code in codes)
    return codes


def renew_codes(account_id: int, *, by: Actor, at: datetime) -> list[str]:
    """A new set of recovery codes to show once; the old ones are worth nothing. Raises NoSecondFactor."""
    _one_by_one(account_id)
    held = db.session.get(SecondFactor, account_id)
    if held is None or held.confirmed_at is None:
        raise NoSecondFactor()
    audit.record("second_factor.renew_codes", "account", account_id, by=by, at=at)
    return _fresh_codes(account_id)


def replace(account_id: int, code: str, *, by: Actor, at: datetime, visitor: Visitor) -> Proof | None:
    """Another phone, for whoever proves that she holds the present one or its recovery codes: begun, not yet in force.

    None for a wrong code, which is counted: the caller commits, then refuses. Raises as `check` does.
    """
    proof = check(account_id, code, by=by, at=at, visitor=visitor)
    if proof:
        take_off(account_id)
        db.session.expire_all()
        begin(account_id, by=by, at=at)
    return proof


def switch_off(account_id: int, *, by: Actor, at: datetime, rules: SignInRules) -> None:
    """Sign in by the password alone again. Raises SecondFactorRequired where a role must not."""
    if rules.wants_second_factor(get_actor(db.session.get(Account, account_id)).roles):
        raise SecondFactorRequired()
    take_off(account_id)
    end_sessions(account_id, at=at, but=by.session_id)
    audit.record("second_factor.switch_off", "account", account_id, by=by, at=at)


def take_off(account_id: int) -> None:
    """The authenticator and its recovery codes are gone."""
    for table in (RecoveryCode, SecondFactor):
        db.session.execute(delete(table).where(table.account_id == account_id))


def address_of(held: SecondFactor, name: str) -> str:
    """What the QR code of a second factor that is being set up says to the app."""
    return totp_address(held.secret, account=name, site=SITE)
