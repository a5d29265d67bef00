"""Marks and the closing of lessons: facts are only ever added, the resolved status follows the last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, delete, insert, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import AttendanceStatus, LessonState, MarkChannel
from trainer.domain.days import china_day
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.account import Account
from trainer.models.attendance import Attendance, Mark
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.services import audit
from trainer.services.idempotency import dialect_insert
from trainer.services.metrics import recompute_cohort

# One thing said about one woman: (enrolment id, status or None to take it back, nonce).
NewMark = tuple[int, AttendanceStatus | None, str]


class LessonCancelled(Refused):
    code = "roll_cancelled"


class LessonNotBegun(Refused):
    """The lesson is on a later day."""

    code = "roll_not_begun"


class LessonClosed(Refused):
    """After closing, a change needs a reason."""

    code = "roll_closed"


class NotOnTheRoll(Refused):
    """A woman of another cohort, or one who is not in training (any more)."""

    code = "roll_not_on_it"


class JoinedLater(Refused):
    code = "roll_joined_later"


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


@dataclass(frozen=True)
class _Woman:
    name: str
    on_the_roll: bool
    joined_on: date
    status: AttendanceStatus | None


def record_marks(
    lesson_id: int,
    marks: Sequence[NewMark],
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    channel: MarkChannel = MarkChannel.ROLL,
    only_unmarked: bool = False,
) -> dict[int, AttendanceStatus | None]:
    """Add marks to a lesson and answer with the status each woman named has now.

    A nonce that was recorded before changes nothing, even where a later mark or the closing has followed it;
    `only_unmarked` passes over whoever somebody else has marked meanwhile. The first mark opens a planned lesson. A
    fixed number of statements, whatever the number of marks. Raises LessonCancelled, LessonNotBegun, LessonClosed
    (closed, and no reason given), NotOnTheRoll, JoinedLater; Conflict where a nonce was used for something else.
    """
    lesson = _lock(lesson_id)
    women = _women(lesson, {enrolment_id for enrolment_id, _, _ in marks})
    new = _not_yet_recorded(lesson, marks)
    if only_unmarked:
        new = [mark for mark in new if mark[0] in women and women[mark[0]].status is None]
    before = {enrolment_id: woman.status for enrolment_id, woman in women.items()}
    if not new:
        return before
    _check_open_to_marks(lesson, at=at, reason=reason)
    for enrolment_id, _, _ in new:
        _check_woman(women.get(enrolment_id), lesson)
    after = {enrolment_id: status for enrolment_id, status, _ in new}
    _write(lesson, new, by=by, at=at, reason=reason, channel=channel)
    if lesson.state is LessonState.PLANNED:
        lesson.state = LessonState.OPEN
    if lesson.state is LessonState.CLOSED:  # a late change moves the cohort's figures
        recompute_cohort(lesson.cohort_id, at=at)
    audit.record(
        "attendance.mark",
        "lesson",
        lesson_id,
        by=by,
        at=at,
        before={str(enrolment_id): before[enrolment_id] for enrolment_id in after},
        after={str(enrolment_id): status for enrolment_id, status in after.items()},
        **({"reason": reason} if reason else {}),
    )
    return before | after


def close_lesson(lesson_id: int, headcount: int, *, by: Actor, at: datetime) -> None:
    """Fix the roll with the number of heads counted in the room; whoever is unmarked stays 未点名.

    A headcount other than the roll's is kept beside it, for people to look into. Raises LessonCancelled,
    LessonNotBegun, RollNotTaken, AlreadyClosed.
    """
    lesson = _lock(lesson_id)
    if lesson.state is LessonState.CLOSED:
        name = db.session.scalar(select(Account.name).where(Account.id == lesson.closed_by))
        raise AlreadyClosed(name=name or "—", headcount=lesson.headcount)
    _check_open_to_marks(lesson, at=at, reason="")
    if db.session.scalar(select(Attendance.mark_id).where(Attendance.lesson_id == lesson.id).limit(1)) is None:
        raise RollNotTaken()
    lesson.state, lesson.headcount = LessonState.CLOSED, headcount
    lesson.closed_at, lesson.closed_by = at, by.account_id
    _record_state("lesson.close", lesson, LessonState.OPEN, by=by, at=at, headcount=headcount)


def reopen_lesson(lesson_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Take the closing back; the old headcount stays in the audit trail. Raises LessonNotClosed, ReasonMissing."""
    lesson = _lock(lesson_id)
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


def _lock(lesson_id: int) -> Lesson:
    """The lesson, held until the act ends: marks and closings of one lesson come one after the other."""
    lesson = db.session.scalar(select(Lesson).where(Lesson.id == lesson_id).with_for_update(key_share=True))
    if lesson is None:
        raise NotFound()
    return lesson


def _women(lesson: Lesson, enrolment_ids: set[int]) -> dict[int, _Woman]:
    rows = db.session.execute(
        select(Enrolment.id, Person.name, Enrolment.status, Enrolment.joined_on, Attendance.status)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Attendance, and_(Attendance.enrolment_id == Enrolment.id, Attendance.lesson_id == lesson.id))
        .where(Enrolment.id.in_(enrolment_ids), Enrolment.cohort_id == lesson.cohort_id)
    )
    return {id_: _woman(name, status, joined_on, marked) for id_, name, status, joined_on, marked in rows}


def _woman(name: str, status: EnrolmentStatus, joined_on: date, marked: AttendanceStatus | None) -> _Woman:
    return _Woman(name, status in ON_THE_ROLL, joined_on, marked)


def _not_yet_recorded(lesson: Lesson, marks: Sequence[NewMark]) -> list[NewMark]:
    """The marks whose nonce is new; a nonce twice in one batch counts once."""
    by_nonce = {mark[2]: mark for mark in marks}
    known = db.session.execute(
        select(Mark.nonce, Mark.lesson_id, Mark.enrolment_id, Mark.status).where(Mark.nonce.in_(by_nonce))
    )
    for nonce, lesson_id, enrolment_id, status in known:
        if (lesson_id, (enrolment_id, status, nonce)) != (lesson.id, by_nonce.pop(nonce)):
            raise Conflict()
    return list(by_nonce.values())


def _check_open_to_marks(lesson: Lesson, *, at: datetime, reason: str) -> None:
    if lesson.state is LessonState.CANCELLED:
        raise LessonCancelled()
    day = china_day(lesson.starts_at)
    if day > china_day(at):
        raise LessonNotBegun(day=day)
    if lesson.state is LessonState.CLOSED and not reason:
        raise LessonClosed()


def _check_woman(woman: _Woman | None, lesson: Lesson) -> None:
    if woman is None or not woman.on_the_roll:
        raise NotOnTheRoll(name=woman.name if woman else "—")
    if woman.joined_on > china_day(lesson.starts_at):
        raise JoinedLater(name=woman.name, day=woman.joined_on)


def _write(
    lesson: Lesson, marks: Sequence[NewMark], *, by: Actor, at: datetime, reason: str, channel: MarkChannel
) -> None:
    """The facts, then what they come to: three statements however many they are."""
    same = {"lesson_id": lesson.id, "by": by.account_id, "at": at, "reason": reason, "channel": channel}
    rows = [{"enrolment_id": id_, "status": status, "nonce": nonce, **same} for id_, status, nonce in marks]
    table = Mark.__table__  # as many parameters, not as values in the statement: so it is compiled once, not each time
    ids = dict(db.session.execute(insert(table).returning(table.c.nonce, table.c.id), rows).all())
    last = {enrolment_id: (status, ids[nonce]) for enrolment_id, status, nonce in marks}
    resolved = [
        {"lesson_id": lesson.id, "enrolment_id": id_, "status": status, "mark_id": mark_id}
        for id_, (status, mark_id) in last.items()
        if status is not None
    ]
    if resolved:
        statement = dialect_insert()(Attendance.__table__)
        taken = {"status": statement.excluded.status, "mark_id": statement.excluded.mark_id}
        db.session.execute(
            statement.on_conflict_do_update(index_elements=["lesson_id", "enrolment_id"], set_=taken), resolved
        )
    withdrawn = [id_ for id_, (status, _) in last.items() if status is None]
    if withdrawn:
        here = and_(Attendance.lesson_id == lesson.id, Attendance.enrolment_id.in_(withdrawn))
        db.session.execute(delete(Attendance).where(here))
