"""Trainees' ways in: six digits read aloud."""

from datetime import datetime, timedelta

from sqlalchemy import update

from trainer.crypto import keyring, new_code, same
from trainer.database import db
from trainer.domain.actors import Actor, Grant, Role, TokenKind
from trainer.domain.people import Problem, clean_phone
from trainer.domain.visitor import Visitor
from trainer.errors import Refused
from trainer.models.account import AccessToken, Account
from trainer.models.person import Person
from trainer.queries.account import get_account_of_person, list_open_codes_for_phone
from trainer.services import access, audit, throttle
from trainer.services.account import grant_role
from trainer.services.session import NOBODY, open_session

CODE_LIFE = timedelta(minutes=10)


class WrongCode(Refused):
    code = "wrong_code"


class NoPhoneForCode(Refused):
    """She signs in with her phone number and the code."""

    code = "no_phone_for_code"


def sign_in_with_code(phone: str, code: str, *, at: datetime, life: timedelta, visitor: Visitor = NOBODY) -> str | None:
    """A 90-day device session for the woman whose spoken code this is; None where it is wrong.

    A wrong code costs every open code of that phone one of its five tries, and that must outlive the refusal:
    so the caller commits, then refuses. Raises TooManyTries where an address tries one phone after the other.
    """
    throttle.refuse_flood("code", visitor.place, at=at)
    codes = _open_codes(phone, at=at)
    digest = access.digest(TokenKind.TRAINEE_CODE, code.strip())
    for token in codes:
        if same(token.token_hash, digest):
            token.used_at = at
            account = db.session.get(Account, token.account_id)
            return open_session(account, at=at, life=life, is_device=True, visitor=visitor)
    for token in codes:
        token.tries_left -= 1
    throttle.note_wrong(throttle.subject("code", visitor.place), at=at)
    return None


def _open_codes(phone: str, *, at: datetime) -> list[AccessToken]:
    try:
        number = clean_phone(phone)
    except Problem:
        return []
    return list_open_codes_for_phone(keyring().blind_index("phone", number), at=at)


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
    return access.issue(TokenKind.TRAINEE_CODE, account.id, new_code(), CODE_LIFE, by=by, at=at)


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
