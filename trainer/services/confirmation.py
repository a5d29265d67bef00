"""Asking again who she is: the last four digits of her phone or ID number, where a slip or an act on her data wants them."""

import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import select

from trainer.crypto import same
from trainer.database import db
from trainer.domain.actors import Actor
from trainer.errors import Refused
from trainer.models.account import Account, SignInSession
from trainer.models.person import Person
from trainer.services import audit, throttle

FRESH = timedelta(minutes=10)
TRIES = 5


class WrongDigits(Refused):
    code = "wrong_digits"


class DigitsLocked(Refused):
    """So many wrong digits that the right ones wait too."""

    code = "digits_locked"
    status = 429


def ending(digits: str) -> str:
    """The same digits are the same, however they were typed."""
    return unicodedata.normalize("NFKC", digits).strip().upper()


def proves(person: Person, digits: str) -> bool:
    """Whether `digits` end her phone number or her ID number (whose last may be X)."""
    typed = ending(digits)
    ends = [number[-4:] for number in (person.phone, person.id_number) if number]
    return sum(same(typed, end) for end in ends) > 0  # both are compared, whichever fits


def confirm(session_id: int, digits: str, *, by: Actor, at: datetime) -> bool:
    """Whether she proved who she is; her session remembers when.

    A wrong try is counted, and that must outlive the refusal: so the caller commits, then refuses.
    Raises DigitsLocked after five of them, for a quarter of an hour.
    """
    tried = throttle.subject("digits", by.account_id)
    # Guesses come one by one, from whichever of her phones.
    db.session.execute(select(Account.id).where(Account.id == by.account_id).with_for_update())
    session = db.session.get(SignInSession, session_id)
    if throttle.is_shut(tried, TRIES, at=at):
        raise DigitsLocked()
    right = proves(db.session.get(Person, by.person_id), digits)
    if right:
        session.confirmed_at = at
        throttle.forget(tried)
    else:
        throttle.note_wrong(tried, at=at)
    audit.record("account.confirm", "account", by.account_id, by=by, at=at, success=right)
    return right
