"""Closing a lesson: its headcount against its marks, taking the closing back, pictures of the class."""

from datetime import datetime

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import IN_THE_ROOM, AttendanceStatus, LessonState, MarkChannel, NewMark
from trainer.domain.days import CHINA
from trainer.domain.file import FilePurpose
from trainer.domain.lesson_file import LessonFileKind
from trainer.errors import Refused
from trainer.models.account import Account
from trainer.models.attendance import Attendance
from trainer.models.lesson import Lesson, LessonFile
from trainer.queries.closing import list_leaves
from trainer.queries.lesson_file import count_lesson_files
from trainer.queries.roll_changes import list_conflicts
from trainer.queries.walk_in import heads_of_walk_ins
from trainer.services import audit
from trainer.services.at_risk import follow_closing
from trainer.services.file import keep_file
from trainer.services.metrics import hold_figures
from trainer.services.roll import check_open_to_marks, hold_lesson, record_marks
from trainer.services.roll_check import refresh_checks

# Of one lesson; a picture is a few hundred kilobytes.
MOST_PHOTOS = 12


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


class LessonNotStarted(Refused):
    """Marks may be prepared on its day; nobody counts heads before it begins."""

    code = "lesson_not_started"


class ContradictionsOpen(Refused):
    """Two markers say different things of somebody: what the roll says is decided by a person, at the latest now."""

    code = "lesson_contradicted"


class TooManyPhotos(Refused):
    code = "class_photos_too_many"


def close_lesson(lesson_id: int, headcount: int, *, by: Actor, at: datetime, signer: str = "") -> int:
    """Fix the roll with the number of heads counted in the room; returns how many were excused by their leave.

    Whoever is unmarked and has a leave granted for exactly this time is excused in the same act; everybody else
    unmarked stays 未点名. A headcount other than the roll's is kept beside it, for people to look into. `signer`: who
    stands for the roll. Raises LessonCancelled, LessonNotBegun, LessonNotStarted, RollNotTaken, ContradictionsOpen,
    AlreadyClosed.
    """
    lesson = hold_lesson(lesson_id)
    hold_figures(lesson.cohort_id)
    _check_may_close(lesson, at)
    excused = _excuse_leaves(lesson, by=by, at=at)
    lesson.state, lesson.headcount = LessonState.CLOSED, headcount
    lesson.closed_at, lesson.closed_by, lesson.signer = at, by.account_id, signer
    heads = _count_heads(lesson.id)
    _record_state("lesson.close", lesson, LessonState.OPEN, by=by, at=at, headcount=headcount, on_the_roll=heads)
    return excused


def _check_may_close(lesson: Lesson, at: datetime) -> None:
    if lesson.state is LessonState.CLOSED:
        name = db.session.scalar(select(Account.name).where(Account.id == lesson.closed_by))
        raise AlreadyClosed(name=name or "—", headcount=lesson.headcount)
    check_open_to_marks(lesson, at=at, reason="")
    if lesson.starts_at > at:
        raise LessonNotStarted(moment=f"{lesson.starts_at.astimezone(CHINA):%H:%M}")
    if db.session.scalar(select(Attendance.mark_id).where(Attendance.lesson_id == lesson.id).limit(1)) is None:
        raise RollNotTaken()
    if found := list_conflicts(lesson.id):
        raise ContradictionsOpen(names="、".join(woman.name for woman in found))


def _excuse_leaves(lesson: Lesson, *, by: Actor, at: datetime) -> int:
    """A leave makes its mark now: before the lesson nobody knows whether she comes after all."""
    leaves = list_leaves(lesson.id)
    if not leaves:
        return 0
    marked = set(db.session.scalars(select(Attendance.enrolment_id).where(Attendance.lesson_id == lesson.id)))
    # By the lesson's version: closed again after a reopening, it is another act.
    nonces = {id_: f"leave {request}.{lesson.version}" for id_, request in leaves.items() if id_ not in marked}
    if nonces:
        marks = [NewMark(id_, AttendanceStatus.EXCUSED, nonce) for id_, nonce in nonces.items()]
        record_marks(lesson.id, marks, by=by, at=at, channel=MarkChannel.LEAVE)
    return len(nonces)


def _count_heads(lesson_id: int) -> int:
    """By the roll: present, late, left early, and the walk-ins that no mark stands for."""
    came = select(func.count()).where(Attendance.lesson_id == lesson_id, Attendance.status.in_(IN_THE_ROOM))
    return db.session.scalar(select(came.scalar_subquery() + heads_of_walk_ins(lesson_id)))


def reopen_lesson(lesson_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Take the closing back; the old headcount stays in the audit trail. Raises LessonNotClosed, ReasonMissing."""
    lesson = hold_lesson(lesson_id)
    if lesson.state is not LessonState.CLOSED:
        raise LessonNotClosed()
    if not reason:
        raise ReasonMissing()
    hold_figures(lesson.cohort_id)
    headcount, lesson.state = lesson.headcount, LessonState.OPEN
    lesson.headcount = lesson.closed_at = lesson.closed_by = None
    lesson.signer = ""
    _record_state("lesson.reopen", lesson, LessonState.CLOSED, by=by, at=at, headcount_before=headcount, reason=reason)


def _record_state(verb: str, lesson: Lesson, before: LessonState, *, by: Actor, at: datetime, **details) -> None:
    audit.record(verb, "lesson", lesson.id, by=by, at=at, before=before, after=lesson.state, **details)
    follow_closing(lesson.cohort_id, at=at)  # the cohort's page and its calls must not wait for the night
    refresh_checks(lesson.id, at=at)


def add_class_photo(lesson_id: int, picture: bytes, *, by: Actor, at: datetime) -> LessonFile:
    """Keep a picture of the class as evidence, also after the closing; `picture` comes from `picture.redraw`.

    Raises LessonCancelled, LessonNotBegun, TooManyPhotos.
    """
    lesson = hold_lesson(lesson_id)
    check_open_to_marks(lesson, at=at, reason="a picture changes no mark")
    if count_lesson_files(LessonFileKind.CLASS_PHOTO, lesson_id) >= MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    name = f"class-{lesson_id}.jpg"
    stored = keep_file(picture, name, "image/jpeg", purpose=FilePurpose.CLASS_PHOTO, by=by, at=at)
    photo = LessonFile(lesson_id=lesson_id, kind=LessonFileKind.CLASS_PHOTO, title="", file_id=stored.id)
    photo.added_at, photo.added_by = at, by.account_id
    db.session.add(photo)
    db.session.flush()
    audit.record("lesson.add_photo", "lesson", lesson_id, by=by, at=at, photo=photo.id, sha256=stored.sha256)
    return photo


def remove_class_photo(photo: LessonFile, *, by: Actor, at: datetime) -> None:
    """Out of sight; it stays as evidence until its time is over, and can be put back."""
    if photo.removed_at is None:
        photo.removed_at = at
        audit.record("lesson.remove_photo", "lesson", photo.lesson_id, by=by, at=at, photo=photo.id)


def put_class_photo_back(photo: LessonFile, *, by: Actor, at: datetime) -> None:
    if photo.removed_at is not None:
        photo.removed_at = None
        audit.record("lesson.put_photo_back", "lesson", photo.lesson_id, by=by, at=at, photo=photo.id)
