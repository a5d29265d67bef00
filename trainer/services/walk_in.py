"""Walk-ins written down in the room: noted in seconds, struck out where it was a mistake."""

from datetime import datetime

from sqlalchemy import func, select

from trainer.crypto import keyring
from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import LessonState
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.walk_in import WalkIn
from trainer.services import audit
from trainer.services.roll import check_open_to_marks, hold_lesson
from trainer.services.roll_check import refresh_checks


class RoomClosed(Refused):
    """The heads are counted; whoever comes to mind later is marked on the roll, with a reason."""

    code = "walk_in_closed"


class AlreadyMatched(Refused):
    code = "walk_in_matched"
    status = 409


class StruckOut(Refused):
    code = "walk_in_struck_out"
    status = 409


def note(lesson_id: int, name: str, phone: str | None, nonce: str, *, by: Actor, at: datetime) -> WalkIn:
    """Write a woman down who is in the room and not on the roll; her number is the next one free at this lesson.

    The same nonce again changes nothing. Raises RoomClosed, LessonCancelled, LessonNotBegun; Conflict where the nonce
    was used for another lesson.
    """
    lesson = hold_lesson(lesson_id)
    known = db.session.scalar(select(WalkIn).where(WalkIn.nonce == nonce))
    if known is not None:
        if known.lesson_id != lesson.id:
            raise Conflict()
        return known
    if lesson.state is LessonState.CLOSED:
        raise RoomClosed()
    check_open_to_marks(lesson, at=at, reason="")
    walk_in = WalkIn(lesson_id=lesson.id, number=_next_number(lesson), name=name, nonce=nonce, at=at, by=by.account_id)
    walk_in.phone = phone
    walk_in.phone_index = keyring().blind_index("phone", phone) if phone else None
    db.session.add(walk_in)
    db.session.flush()
    audit.record("walk_in.note", "walk_in", walk_in.id, by=by, at=at, lesson=lesson.id, number=walk_in.number)
    return walk_in


def _next_number(lesson: Lesson) -> int:
    """After the last seat of the cohort and the last walk-in of the lesson."""
    seats = select(func.max(Enrolment.seat_number)).where(Enrolment.cohort_id == lesson.cohort_id).scalar_subquery()
    numbers = select(func.max(WalkIn.number)).where(WalkIn.lesson_id == lesson.id).scalar_subquery()
    return 1 + max(taken or 0 for taken in db.session.execute(select(seats, numbers)).one())


def strike_out(walk_in_id: int, *, by: Actor, at: datetime) -> WalkIn:
    """She was not there, or stands there twice; doing it again is harmless. Raises AlreadyMatched, NotFound."""
    walk_in = hold_walk_in(walk_in_id)
    if walk_in.struck_out_at:
        return walk_in
    if walk_in.enrolment_id:
        raise AlreadyMatched()
    walk_in.struck_out_at = at
    audit.record("walk_in.strike_out", "walk_in", walk_in.id, by=by, at=at, lesson=walk_in.lesson_id)
    refresh_checks(walk_in.lesson_id, at=at)  # a head less than were counted
    return walk_in


def hold_walk_in(walk_in_id: int) -> WalkIn:
    """Held, with its lesson, until the act ends. Raises NotFound."""
    lesson_id = db.session.scalar(select(WalkIn.lesson_id).where(WalkIn.id == walk_in_id))
    if lesson_id is None:
        raise NotFound()
    hold_lesson(lesson_id)
    return db.session.scalar(select(WalkIn).where(WalkIn.id == walk_in_id).with_for_update())
