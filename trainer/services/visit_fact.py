"""What visitors find: arrived, fact by fact, pictures, signed. Kept once however often a phone sends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.field_visit import (
    MOST_PICTURES,
    FactKind,
    Saying,
    SayingOutcome,
    UnreadableSaying,
    read_value,
)
from trainer.domain.file import FilePurpose
from trainer.domain.retention import YEAR
from trainer.domain.selection import RoundState
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.field_visit import FieldVisit, VisitFact, VisitPicture, VisitQuestion, VisitStay
from trainer.models.file import StoredFile
from trainer.models.selection import Round
from trainer.queries.own_visit import OwnVisit, list_own_answers, visits_of
from trainer.services import audit
from trainer.services.file import Sealed, keep_sealed
from trainer.services.review import SheetStands
from trainer.services.round import RoundNotOpen


class VisitSigned(Refused):
    """She stands by what she found; nothing is added after she may have read the other's."""

    code = "visit_signed"


class NotArrived(Refused):
    code = "visit_not_arrived"


class FactsMissing(Refused):
    """Each fact has a word of hers, be it that it could not be found out."""

    code = "visit_facts_missing"


class TooManyVisitPictures(Refused):
    code = "too_many_visit_pictures"


@dataclass(frozen=True)
class Taken:
    """What became of one saying; `refused` says why, where it was."""

    nonce: str
    outcome: SayingOutcome
    refused: Refused | None = None


def take_sayings(visit_id: int, sayings: Sequence[Saying], *, by: Actor, at: datetime) -> list[Taken]:
    """Keep what can be, and say of each what became of it, in their order. Raises NotFound.

    One that is refused does not stop the others. Sent again, none changes anything, also after she has signed.
    """
    visit = _hold(visit_id, by)
    questions = select(VisitQuestion.id, VisitQuestion.kind).where(VisitQuestion.round_id == visit.round_id)
    kinds = dict(db.session.execute(questions).all())
    known = _known([saying.nonce for saying in sayings])
    taken = [_take(visit, kinds, known, saying, at=at) for saying in sayings]
    db.session.flush()
    new = [one.question_id for one, told in zip(sayings, taken, strict=True) if told.outcome is SayingOutcome.SAVED]
    if new:
        arrived, facts = None in new, sum(question is not None for question in new)
        audit.record("field_visit.find", "field_visit", visit_id, by=by, at=at, arrived=arrived, count=facts)
    return taken


def _take(visit: OwnVisit, kinds: dict[int, FactKind], known: dict, saying: Saying, *, at: datetime) -> Taken:
    try:
        outcome = (
            _arrive(visit, saying, at=at) if saying.question_id is None else _find(visit, kinds, known, saying, at)
        )
    except Refused as refused:
        return Taken(saying.nonce, SayingOutcome.REFUSED, refused)
    return Taken(saying.nonce, outcome)


def _known(nonces: Sequence[str]) -> dict[str, tuple]:
    rows = select(VisitFact.nonce, VisitFact.visit_id, VisitFact.question_id, VisitFact.account_id, VisitFact.value)
    return {nonce: tuple(what) for nonce, *what in db.session.execute(rows.where(VisitFact.nonce.in_(nonces)))}


def _find(visit: OwnVisit, kinds: dict[int, FactKind], known: dict, saying: Saying, at: datetime) -> SayingOutcome:
    if saying.question_id not in kinds:
        raise UnreadableSaying()
    what = (visit.id, saying.question_id, visit.account_id, read_value(kinds[saying.question_id], saying.value))
    if saying.nonce in known:
        if known[saying.nonce] != what:
            raise Conflict()
        return SayingOutcome.ALREADY
    _check_writable(visit)
    visit_id, question_id, account_id, value = what
    said = {"value": value, "found_at": saying.said_at or at, "received_at": at, "nonce": saying.nonce}
    db.session.add(VisitFact(visit_id=visit_id, question_id=question_id, account_id=account_id, **said))
    known[saying.nonce] = what
    return SayingOutcome.SAVED


def _arrive(visit: OwnVisit, saying: Saying, *, at: datetime) -> SayingOutcome:
    """Once; the place may come later, and once too."""
    place, stay = saying.place, _stay(visit)
    if stay and (place is None or stay.latitude is not None):
        return SayingOutcome.ALREADY
    _check_writable(visit)
    if stay is None:
        stay = VisitStay(visit_id=visit.id, account_id=visit.account_id, nonce=saying.nonce)
        stay.arrived_at = saying.said_at or at
        db.session.add(stay)
    if place:
        stay.latitude, stay.longitude, stay.accuracy_m = place.latitude, place.longitude, place.accuracy_m
    db.session.flush()
    return SayingOutcome.SAVED


def sign(visit_id: int, *, by: Actor, at: datetime) -> None:
    """“I was there and stand by these facts”; from now on they stand still, and she sees the others'.

    Raises NotFound, RoundNotOpen, SheetStands, NotArrived, FactsMissing. Doing it twice is harmless.
    """
    visit = _hold(visit_id, by)
    if visit.signed_at:
        return
    _check_writable(visit)
    stay = _stay(visit)
    if stay is None:
        raise NotArrived()
    asked = set(db.session.scalars(select(VisitQuestion.id).where(VisitQuestion.round_id == visit.round_id)))
    if missing := asked - list_own_answers(visit_id, visit.account_id).keys():
        raise FactsMissing(count=len(missing))
    stay.signed_at = at
    db.session.flush()
    audit.record("field_visit.sign", "field_visit", visit_id, by=by, at=at, count=len(asked))


def add_picture(
    visit_id: int, picture: Sealed, words: str, nonce: str, *, keep_years: int, by: Actor, at: datetime
) -> None:
    """A picture that was drawn anew (`services.picture`). Raises what `sign` raises, VisitSigned, TooManyVisitPictures."""
    visit = _hold(visit_id, by)
    if db.session.scalar(select(VisitPicture.id).where(VisitPicture.nonce == nonce)):
        return
    _check_writable(visit)
    hers = (VisitPicture.visit_id == visit_id, VisitPicture.account_id == by.account_id)
    if db.session.scalar(select(func.count()).where(*hers, VisitPicture.file_id.is_not(None))) >= MOST_PICTURES:
        raise TooManyVisitPictures(most=MOST_PICTURES)
    stored = keep_sealed(
        picture,
        purpose=FilePurpose.VISIT_PICTURE,
        person_id=visit.person_id,
        expires_at=at + timedelta(days=keep_years * YEAR),
        by=by,
        at=at,
    )
    about = {"file_id": stored.id, "words": words, "taken_at": at, "nonce": nonce}
    db.session.add(VisitPicture(visit_id=visit_id, account_id=by.account_id, **about))
    db.session.flush()
    audit.record("field_visit.add_picture", "field_visit", visit_id, by=by, at=at)


def remove_picture(visit_id: int, picture_id: int, *, by: Actor, at: datetime) -> None:
    """One of her own, before she signs; the picture itself is gone with it. Doing it twice is harmless."""
    visit = _hold(visit_id, by)
    row = db.session.get(VisitPicture, picture_id)
    if row is None or (row.visit_id, row.account_id) != (visit_id, by.account_id):
        raise NotFound()
    if row.file_id is None:
        return
    _check_writable(visit)
    stored, row.file_id, row.words = db.session.get(StoredFile, row.file_id), None, ""
    db.session.flush()
    db.session.delete(stored)  # what lies in the storage is swept at night: nothing speaks of it any more
    audit.record("field_visit.remove_picture", "field_visit", visit_id, by=by, at=at)


def _hold(visit_id: int, by: Actor) -> OwnVisit:
    """Her visit; round and visit are held, so that neither closes nor is signed in between."""
    held = db.session.execute(
        select(FieldVisit.id)
        .join(Round, Round.id == FieldVisit.round_id)
        .where(FieldVisit.id == visit_id)
        .with_for_update(read=True, of=Round)
    ).one_or_none()
    db.session.execute(select(FieldVisit.id).where(FieldVisit.id == visit_id).with_for_update())
    row = db.session.execute(visits_of(by.account_id).where(FieldVisit.id == visit_id)).one_or_none()
    if held is None or row is None:
        raise NotFound()
    return OwnVisit(*row)


def _check_writable(visit: OwnVisit) -> None:
    if visit.state is not RoundState.OPEN:
        raise RoundNotOpen()
    if not visit.is_current:
        raise SheetStands()
    if visit.signed_at:
        raise VisitSigned()


def _stay(visit: OwnVisit) -> VisitStay | None:
    here = (VisitStay.visit_id == visit.id, VisitStay.account_id == visit.account_id)
    return db.session.scalar(select(VisitStay).where(*here).execution_options(populate_existing=True))
