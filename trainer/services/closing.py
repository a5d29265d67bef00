"""Closing a lesson: its headcount against its marks, and taking the closing back."""

from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import LessonState
from trainer.errors import Refused
from trainer.models.account import Account
from trainer.models.attendance import Attendance
from trainer.models.lesson import Lesson
from trainer.services import audit
from trainer.services.metrics import recompute_cohort
from trainer.services.roll import check_open_to_marks, hold_lesson


class RollNotTaken(Refused):
    """A lesson with no mark at all cannot be closed."""

    code = "roll_not_taken"


class AlreadyClosed(Refused):
    """Somebody else closed it first; what she entered stands."""

    code = "lesson_already_closed"
    status = 409


class LessonNotClosed(Refused):
    code = "lesson_not_closed"


class ReasonMissing(Refused):
    code = "reason_missing"


def close_lesson(lesson_id: int, headcount: int, *, by: Actor, at: datetime) -> None:
    """Fix the roll with the number of heads counted in the room; whoever is unmarked stays 未点名.

    A headcount other than the roll's is kept beside it, for people to look into. Raises LessonCancelled,
    LessonNotBegun, RollNotTaken, AlreadyClosed.
    """
    lesson = hold_lesson(lesson_id)
    if lesson.state is LessonState.CLOSED:
        name = db.session.scalar(select(Account.name).where(Account.id == lesson.closed_by))
        raise AlreadyClosed(name=name or "—", headcount=lesson.headcount)
    check_open_to_marks(lesson, at=at, reason="")
    if db.session.scalar(select(Attendance.mark_id).where(Attendance.lesson_id == lesson.id).limit(1)) is None:
        raise RollNotTaken()
    lesson.state, lesson.headcount = LessonState.CLOSED, headcount
    lesson.closed_at, lesson.closed_by = at, by.account_id
    _record_state("lesson.close", lesson, LessonState.OPEN, by=by, at=at, headcount=headcount)


def reopen_lesson(lesson_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Take the closing back; the old headcount stays in the audit trail. Raises LessonNotClosed, ReasonMissing."""
    lesson = hold_lesson(lesson_id)
    if lesson.state is not LessonState.CLOSED:
        raise LessonNotClosed()
    if not reason:
        raise ReasonMissing()
    headcount, lesson.state = lesson.headcount, LessonState.OPEN
    lesson.headcount = lesson.closed_at = lesson.closed_by = None
    _record_state("lesson.reopen", lesson, LessonState.CLOSED, by=by, at=at, headcount_before=headcount, reason=reason)


def _record_state(verb: str, lesson: Lesson, before: LessonState, *, by: Actor, at: datetime, **details) -> None:
    audit.record(verb, "lesson", lesson.id, by=by, at=at, before=before, after=lesson.state, **details)
    recompute_cohort(lesson.cohort_id, at=at)  # the cohort's page must not wait for the night
