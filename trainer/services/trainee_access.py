"""Trainees' ways in: her account, six digits read aloud, a slip of paper with a QR code."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import update

from trainer.crypto import keyring, new_code, new_token, same
from trainer.database import db
from trainer.domain.actors import Actor, Grant, Role, TokenKind
from trainer.domain.people import Problem, clean_phone
from trainer.domain.visitor import Visitor
from trainer.errors import Refused
from trainer.models.account import AccessToken, Account
from trainer.models.person import Person
from trainer.queries.account import get_account_of_person, list_open_codes_for_phone
from trainer.queries.device import get_open_slip
from trainer.services import access, audit, throttle
from trainer.services.account import grant_role
from trainer.services.confirmation import proves
from trainer.services.message import notify
from trainer.services.phone import end_in_browser, end_phones
from trainer.services.session import NOBODY, open_session

CODE_LIFE = timedelta(minutes=10)
SLIP_LIFE = timedelta(days=7)


class WrongCode(Refused):
    code = "wrong_code"


class NoPhoneForCode(Refused):
    """She signs in with her phone number and the code."""

    code = "no_phone_for_code"


class NoNumberForSlip(Refused):
    """Her slip asks for the end of her phone or ID number."""

    code = "no_number_for_slip"


class SlipSpent(Refused):
    """The slip was used, replaced, tried too often, has run out, or never existed."""

    code = "slip_spent"
    status = 410


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
            return _let_in(token, at=at, life=life, visitor=visitor)
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


def sign_in_with_slip(
    slip: str, digits: str, *, at: datetime, life: timedelta, visitor: Visitor = NOBODY
) -> str | None:
    """A 90-day device session for the woman whose slip this is; None where the digits are not hers.

    Wrong digits cost the slip one of its five tries: so the caller commits, then refuses. Raises SlipSpent.
    """
    found = get_open_slip(slip, at=at, to_spend=True)
    if found is None:
        raise SlipSpent()
    token, person = found
    if proves(person, digits):
        return _let_in(token, at=at, life=life, visitor=visitor)
    token.tries_left -= 1
    by = Actor(None, "", address=visitor.address or None)
    audit.record("access.slip_try", "account", token.account_id, by=by, at=at, success=False, left=token.tries_left)
    return None


def disown_slip(slip: str, *, at: datetime, visitor: Visitor = NOBODY) -> None:
    """Somebody holds a slip that is not hers: it is worth nothing any more, and whoever issued it is told."""
    found = get_open_slip(slip, at=at, to_spend=True)
    if found is None:
        raise SlipSpent()
    token, person = found
    token.used_at = at
    by = Actor(None, "", address=visitor.address or None)
    audit.record("access.slip_disowned", "account", token.account_id, by=by, at=at)
    notify("slip_disowned", to_accounts=[token.issued_by], link=f"/people/{person.id}", by=by, at=at, name=person.name)


def _let_in(token: AccessToken, *, at: datetime, life: timedelta, visitor: Visitor) -> str:
    token.used_at = at
    return enter(token.account_id, at=at, life=life, visitor=visitor)


def enter(account_id: int, *, at: datetime, life: timedelta, visitor: Visitor) -> str:
    """A woman is in on this phone: her session before in the same browser ends, those of other women there go on."""
    if visitor.device_id:
        end_in_browser(account_id, visitor.device_id, at=at)
    return open_session(db.session.get(Account, account_id), at=at, life=life, is_device=True, visitor=visitor)


def issue_trainee_code(account: Account, *, by: Actor, at: datetime) -> str:
    """Six digits to read aloud to one woman, good for ten minutes and one use; an older code of hers is spent."""
    return _issue(TokenKind.TRAINEE_CODE, account, new_code(), CODE_LIFE, by=by, at=at)


def issue_code_for(person: Person, *, by: Actor, at: datetime) -> str:
    """A code for a woman of the register. Raises NoPhoneForCode."""
    if person.phone_index is None:
        raise NoPhoneForCode(name=person.name)
    return issue_trainee_code(account_of(person, by=by, at=at), by=by, at=at)


def issue_slip_for(person: Person, *, by: Actor, at: datetime) -> str:
    """The token of her slip's QR code, good for seven days and one use; an older slip of hers is spent.

    Raises NoNumberForSlip.
    """
    if not person.phone_index and not person.id_number_index:
        raise NoNumberForSlip(name=person.name)
    return _issue(TokenKind.SLIP, account_of(person, by=by, at=at), new_token(), SLIP_LIFE, by=by, at=at)


def _issue(kind: TokenKind, account: Account, token: str, life: timedelta, *, by: Actor, at: datetime) -> str:
    _spend_open(account.id, [kind], at=at)
    return access.issue(kind, account.id, token, life, by=by, at=at)


def _spend_open(account_id: int, kinds: Iterable[TokenKind], *, at: datetime) -> None:
    db.session.execute(
        update(AccessToken)
        .where(AccessToken.account_id == account_id, AccessToken.kind.in_(kinds), AccessToken.used_at.is_(None))
        .values(used_at=at)
    )


def lose_phones(person: Person, *, by: Actor, at: datetime) -> None:
    """Her phone is in other hands: every phone of hers is signed out, and no slip or code of before lets anybody in."""
    account = account_of(person, by=by, at=at)
    # Before the phones: whoever is just coming in by one of them is in when the phones are ended.
    _spend_open(account.id, (TokenKind.SLIP, TokenKind.TRAINEE_CODE), at=at)
    end_phones(account.id, by=by, at=at)


def account_of(person: Person, *, by: Actor, at: datetime) -> Account:
    """A woman's account; it is made with her first way in."""
    account = get_account_of_person(person.id)
    if account is None:
        account = Account(name=person.name, person_id=person.id, created_at=at)
        db.session.add(account)
        db.session.flush()
        audit.record("account.create", "account", account.id, by=by, at=at, person=person.id)
        grant_role(account, Grant(Role.TRAINEE), by=by, at=at)
    return account
