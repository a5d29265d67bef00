"""Signing up for a cohort without an account: the settings, the sign-up with its code, the answer found, taken back."""

import base64
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from trainer.crypto import keyring, same
from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import Actor
from trainer.domain.consent import NOTICE_VERSION
from trainer.domain.days import china_day
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.domain.imports import BatchState, ImportKind
from trainer.domain.sign_up import CODE_DIGITS, OPEN_DOORS, PHONE_DIGITS, SignUpDraft, SignUpSettings, SignUpState
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.enrolment import Enrolment
from trainer.models.imports import ImportBatch
from trainer.models.sign_up import SignUp
from trainer.queries.sign_up import get_open_cohort
from trainer.services import audit, throttle
from trainer.services.cohort import hold_cohort
from trainer.services.enrolment import move_enrolment
from trainer.services.idempotency import dialect_insert

# Within a quarter of an hour (throttle.WINDOW). A village cadre who types in 30 women in an evening takes a minute for
# each and never meets the first; a script on one browser does at once.
FROM_ONE_BROWSER = 20
# A hall in which the poster was just shown signs up through one Wi-Fi, and a county's phones share few addresses.
FROM_ONE_ADDRESS = 200
# Wrong codes or digits. Whoever mistypes ten times calls the teacher; all browsers of an address together have
# throttle.FROM_ONE_ADDRESS. Code and digits are one of 10^12: see docs/security.md.
TRIES = 10


class SignUpNotOpen(Refused):
    """The day has not come, or is over."""

    code = "sign_up_not_open"


class TooManySignUps(Refused):
    """So many from one browser or address that the next one waits some minutes."""

    code = "sign_up_waits"
    status = 429


class WrongCode(Refused):
    """No sign-up has this code, or its phone ends otherwise: the two are never told apart."""

    code = "sign_up_wrong_code"


class LookUpWaits(Refused):
    """So many wrong tries that a right one waits."""

    code = "sign_up_look_up_waits"
    status = 429


class AlreadyDecided(Refused):
    """She has a place, or was in the class: that is a matter for the teacher."""

    code = "sign_up_decided"
    status = 409


class SignUpOutsideCohort(Refused):
    """Nobody signs up for a class that is over."""

    code = "sign_up_after_cohort"


class RosterWaits(Refused):
    """A list with ID numbers waits for confirmation while they are to be collected no more."""

    code = "sign_up_roster_waits"


def set_up(cohort_id: int, settings: SignUpSettings, *, seen: int, by: Actor, at: datetime) -> None:
    """The settings of a cohort's sign-up. Raises Conflict, SignUpOutsideCohort, RosterWaits."""
    take_turns(LockKey.ROSTER)
    cohort = hold_cohort(cohort_id)
    if cohort.version != seen:
        raise Conflict()
    last = max((day for day in (settings.opens_on, settings.closes_on) if day), default=None)
    if last and last > cohort.ends_on:
        raise SignUpOutsideCohort(last=cohort.ends_on)
    if cohort.collects_id_numbers and not settings.collects_id_numbers and _roster_waits(cohort.id):
        raise RosterWaits()
    after = {
        "sign_up_opens_on": settings.opens_on,
        "sign_up_closes_on": settings.closes_on,
        "sign_up_note": settings.note,
        "collects_id_numbers": settings.collects_id_numbers,
        "waitlist_moves_up": settings.waitlist_moves_up,
    }
    before = {name: getattr(cohort, name) for name in after}
    if before == after:
        return
    for name, value in after.items():
        setattr(cohort, name, value)
    audit.record("sign_up.set_up", "cohort", cohort.id, by=by, at=at, before=before, after=after)


def _roster_waits(cohort_id: int) -> bool:
    waiting = select(ImportBatch.id).where(
        *(ImportBatch.cohort_id == cohort_id, ImportBatch.kind == ImportKind.ROSTER),
        ImportBatch.state == BatchState.PREVIEWED,
    )
    return db.session.scalar(waiting.limit(1)) is not None


def sign_up(
    cohort_id: int, draft: SignUpDraft, *, nonce: str, network: str, by: Actor, at: datetime
) -> tuple[SignUp, str]:
    """A sign-up and the code its answer is looked up by, which is kept nowhere.

    The same form sent again gives the same sign-up and code; with another name or phone typed into it, another one.
    Whoever signs up again gets a second sign-up, which staff see beside the first: any other answer would tell whoever
    tries out names and phones who has signed up. Raises NotFound, SignUpNotOpen, TooManySignUps.
    """
    cohort = get_open_cohort(cohort_id)
    if cohort is None:
        raise NotFound()
    key = keyring().blind_index("sign_up", f"{nonce}:{cohort_id}:{draft.name}:{draft.phone}")
    if known := _find(key):
        return known, _code_of(known)
    today = cohort.door(china_day(at))
    if today not in OPEN_DOORS:
        raise SignUpNotOpen(door=today)
    counted = _refuse_flood(by.device or "", network, at=at)
    made, code, is_new = _insert(_row(cohort_id, draft, key, by=by, at=at), cohort.collects_id_numbers, draft)
    if is_new:
        throttle.note_wrong(*counted, at=at)
        helped = bool(draft.helper)
        audit.record("sign_up.make", "sign_up", made.id, by=by, at=at, cohort=cohort_id, helped=helped)
    return made, code


def _find(key: str) -> SignUp | None:
    return db.session.scalar(select(SignUp).where(SignUp.nonce == key))


def _refuse_flood(browser: str, network: str, *, at: datetime) -> list[str]:
    """What this sign-up is counted against. Raises TooManySignUps."""
    limits = {
        throttle.subject("sign up", "browser", browser): FROM_ONE_BROWSER if browser else None,
        throttle.subject("sign up", "address", network): FROM_ONE_ADDRESS if network else None,
    }
    counted = {what: most for what, most in limits.items() if most}
    if any(throttle.is_shut(what, most, at=at) for what, most in counted.items()):
        raise TooManySignUps()
    return list(counted)


def _row(cohort_id: int, draft: SignUpDraft, key: str, *, by: Actor, at: datetime) -> dict[str, object]:
    helper = draft.helper
    return {
        "cohort_id": cohort_id,
        "state": SignUpState.OPEN,
        "name": draft.name,
        "phone": draft.phone,
        "phone_index": keyring().blind_index("phone", draft.phone),
        "kind": draft.kind,
        "region_code": draft.region_code,
        "township": draft.township,
        "village": draft.village,
        "answer_by": draft.answer_by,
        "helper_name": helper.name if helper else None,
        "helper_phone": helper.phone if helper else None,
        "helper_relation": helper.relation if helper else None,
        "notice_version": NOTICE_VERSION,
        "nonce": key,
        "device": by.device or "",
        "at": at,
        "version": 1,
    }


def _insert(row: dict[str, object], with_id: bool, draft: SignUpDraft) -> tuple[SignUp, str, bool]:
    """The row with the first of its codes that is free; False where the same form was a moment faster."""
    if with_id and draft.id_number:
        index = keyring().blind_index("id_number", draft.id_number)
        row |= {"id_number": draft.id_number, "id_number_index": index}
    key = row["nonce"]
    for code in _codes(key):
        wanted = dialect_insert()(SignUp).values(**row, code_index=_index_of(code))
        made = db.session.scalar(wanted.on_conflict_do_nothing().returning(SignUp.id))
        if made is not None:
            return db.session.get(SignUp, made), code, True
        if known := _find(key):
            return known, _code_of(known), False
    raise RuntimeError("no code is free")


def _codes(key: str) -> Iterator[str]:
    """The codes a sign-up may have, the likeliest first: they follow from its nonce and a key that is no row's, so that
    the same form tells the same code, and whoever reads the table none."""
    for turn in range(100):
        proof = base64.b32decode(keyring().prove("sign-up codes", f"{turn}:{key}").upper())
        yield f"{int.from_bytes(proof) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def _index_of(code: str) -> str:
    return keyring().blind_index("sign_up_code", code)


def _code_of(made: SignUp) -> str:
    return next(code for code in _codes(made.nonce) if _index_of(code) == made.code_index)


def find_answer(code: str, digits: str, *, browser: str, network: str, at: datetime) -> int | None:
    """The number of the sign-up with this code whose phone ends with these digits.

    None where there is none: counted, and that must outlive the refusal, so the caller commits, then refuses with
    WrongCode. Raises LookUpWaits, and TooManyTries where the address is behind a flood of wrong ones.
    """
    door = "sign-up answer"
    made = db.session.scalar(select(SignUp).where(SignUp.code_index == _index_of(code)))
    # A county's phones share few addresses: whoever floods one shuts nobody out of the phone that she signed up with.
    if made is None or not browser or made.device != browser:
        throttle.refuse_flood(door, network, at=at)
    # Each code too: whoever knows hers, from a picture of the screen, does not try all ends of phones.
    tried = [throttle.subject(door, what, value) for what, value in (("browser", browser), ("code", code)) if value]
    if any(throttle.is_shut(what, TRIES, at=at) for what in tried):
        raise LookUpWaits()
    if made is None or not same((made.phone or "")[-PHONE_DIGITS:], digits):
        throttle.note_wrong(*tried, throttle.subject(door, network), at=at)
        return None
    return made.id


def take_back(sign_up_id: int, *, by: Actor, at: datetime) -> SignUp:
    """She does not want to come any more; again is harmless.

    Where an enrolment speaks for her, that is withdrawn, as long as she only waits. Raises NotFound, AlreadyDecided.
    """
    take_turns(LockKey.ROSTER)
    made = db.session.get(SignUp, sign_up_id, with_for_update=True)
    if made is None or made.state is SignUpState.STRUCK_OUT:
        raise NotFound()
    if made.state is SignUpState.TAKEN_BACK:
        return made
    if made.enrolment_id is None:
        made.state, made.settled_at = SignUpState.TAKEN_BACK, at
    else:
        enrolment = db.session.get(Enrolment, made.enrolment_id, populate_existing=True)
        if enrolment.status is EnrolmentStatus.WITHDRAWN:
            return made
        if enrolment.status not in (EnrolmentStatus.APPLIED, EnrolmentStatus.WAITLISTED):
            raise AlreadyDecided()
        move_enrolment(enrolment, EnrolmentStatus.WITHDRAWN, cause=StatusCause.SIGN_UP, by=by, at=at)
    audit.record("sign_up.take_back", "sign_up", made.id, by=by, at=at, cohort=made.cohort_id)
    return made
