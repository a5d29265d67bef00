"""What is written down once under the number of its form, and taken back with a reason: found again, held, taken back."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.follow_up import TakenDown

T = TypeVar("T", bound=TakenDown)
LONGEST_NONCE = 64


class NoReasonToTakeBack(Refused):
    code = "taken_down_no_reason"


class TakenBackBefore(Refused):
    """Somebody was faster."""

    code = "taken_down_taken_back"
    status = 409


def find_made(kind: type[T], nonce: str, *, by: Actor) -> T | None:
    """What the same form made before; whoever sends it holds what it is about, so that two wait for each other.

    Raises Conflict where the number is another person's.
    """
    made = db.session.scalar(select(kind).where(kind.nonce == nonce[:LONGEST_NONCE]))
    if made is not None and made.by != by.account_id:
        raise Conflict()
    return made


def add(row: T, nonce: str, *, by: Actor, at: datetime) -> T:
    """It stands from now on, with who wrote it down."""
    row.nonce, row.by, row.at = nonce[:LONGEST_NONCE], by.account_id, at
    db.session.add(row)
    db.session.flush()
    return row


def take_row_back(kind: type[T], id_: int, reason: str, *, by: Actor, at: datetime) -> T:
    """It stays in the list and counts no more. Raises NoReasonToTakeBack, TakenBackBefore, NotFound."""
    if not reason.strip():
        raise NoReasonToTakeBack()
    row = db.session.get(kind, id_, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound()
    if row.taken_back_at:
        raise TakenBackBefore()
    row.taken_back_at, row.taken_back_by, row.taken_back_because = at, by.account_id, reason.strip()
    return row
