"""Marks that a phone kept until it had a connection: each is answered on its own, none is lost or doubled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import AttendanceStatus, MarkChannel, NewMark
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState
from trainer.domain.roll_queue import MarkOutcome
from trainer.errors import Conflict, Refused
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.lesson import Lesson
from trainer.queries.closing import list_leaves
from trainer.services import audit
from trainer.services.roll import (
    Arrived,
    LessonClosed,
    Woman,
    check_open_to_marks,
    hold_lesson,
    sort_marks,
    write_marks,
)

LATE, OPEN, TAKEN_BACK = (
    AttendanceRequestKind.LATE_MARK,
    AttendanceRequestState.OPEN,
    AttendanceRequestState.TAKEN_BACK,
)


class LateMarkWaiting(Refused):
    """Somebody else's late mark about her waits for a decision, and says something else."""

    code = "roll_late_mark_waiting"


@dataclass(frozen=True)
class Taken:
    """What became of one mark; `refused` says why, where it was."""

    nonce: str
    outcome: MarkOutcome
    refused: Refused | None = None


def take_marks(lesson_id: int, marks: Sequence[NewMark], *, by: Actor, at: datetime) -> list[Taken]:
    """Record what can be, and say of each mark what became of it, in their order; a fixed number of statements.

    A mark that is refused does not stop the others. One that arrives after the closing becomes a request for staff to
    decide. Sent again, a mark changes nothing.
    """
    lesson = hold_lesson(lesson_id)
    arrived = sort_marks(lesson, marks)
    asked = _asked_before(arrived.new)
    new = [mark for mark in arrived.new if mark.nonce not in asked]
    outcomes: dict[str, MarkOutcome | Refused] = {**arrived.refused, **asked}
    try:
        if new:
            check_open_to_marks(lesson, at=at, reason="")
    except LessonClosed:
        outcomes |= _ask(lesson, arrived.women, new, by=by, at=at)
    except Refused as refused:
        outcomes |= {mark.nonce: refused for mark in new}
    else:
        outcomes |= _record(lesson, arrived, new, by=by, at=at)
    return [_told(mark.nonce, outcomes.get(mark.nonce, MarkOutcome.ALREADY)) for mark in marks]


def _told(nonce: str, outcome: MarkOutcome | Refused) -> Taken:
    if isinstance(outcome, Refused):
        return Taken(nonce, MarkOutcome.REFUSED, outcome)
    return Taken(nonce, outcome)


def _record(
    lesson: Lesson, arrived: Arrived, new: Sequence[NewMark], *, by: Actor, at: datetime
) -> dict[str, MarkOutcome]:
    """Those of "the rest" whose leave was granted are marked by it, all others by the roll."""
    excused = [m for m in new if m.only_unmarked and m.status is AttendanceStatus.EXCUSED]
    granted = list_leaves(lesson.id) if excused else {}
    by_leave = [mark for mark in excused if mark.enrolment_id in granted]
    seen = [mark for mark in new if mark not in by_leave]
    contradicted = write_marks(lesson, arrived.women, seen, by=by, at=at).contradicted
    write_marks(lesson, arrived.women, by_leave, by=by, at=at, channel=MarkChannel.LEAVE)
    return {
        mark.nonce: MarkOutcome.CONTRADICTS if mark.enrolment_id in contradicted else MarkOutcome.SAVED for mark in new
    }


def _asked_before(marks: Sequence[NewMark]) -> dict[str, MarkOutcome | Refused]:
    """Marks that came before, when the roll was closed."""
    about = {mark.nonce: mark for mark in marks}
    known = db.session.execute(
        select(AttendanceRequest.nonce, AttendanceRequest.enrolment_id, AttendanceRequest.wished).where(
            AttendanceRequest.nonce.in_(about)
        )
    )
    return {
        nonce: MarkOutcome.LATE if (id_, wished) == (about[nonce].enrolment_id, about[nonce].status) else Conflict()
        for nonce, id_, wished in known
    }


def _ask(
    lesson: Lesson, women: Mapping[int, Woman], new: Sequence[NewMark], *, by: Actor, at: datetime
) -> dict[str, MarkOutcome | Refused]:
    """One request a woman waits, the last that this person says; what the roll says already is not asked for."""
    outcomes: dict[str, MarkOutcome | Refused] = {}
    waiting = _waiting(lesson, new)
    asking: list[NewMark] = []
    for mark in new:
        other = waiting.get(mark.enrolment_id)
        if mark.status is None:
            outcomes[mark.nonce] = LessonClosed()
        elif mark.status is women[mark.enrolment_id].status:
            outcomes[mark.nonce] = MarkOutcome.ALREADY
        elif other and other.asked_by != by.account_id:
            outcomes[mark.nonce] = MarkOutcome.LATE if other.wished is mark.status else LateMarkWaiting()
        else:
            asking.append(mark)
            outcomes[mark.nonce] = MarkOutcome.LATE
    _keep(lesson, asking, {mark.enrolment_id: mark.nonce for mark in new if mark.status}, by=by, at=at)
    return outcomes


def _waiting(lesson: Lesson, marks: Sequence[NewMark]) -> dict[int, AttendanceRequest]:
    found = select(AttendanceRequest).where(
        AttendanceRequest.lesson_id == lesson.id,
        AttendanceRequest.enrolment_id.in_({mark.enrolment_id for mark in marks}),
        AttendanceRequest.kind == LATE,
        AttendanceRequest.state == OPEN,
    )
    return {request.enrolment_id: request for request in db.session.scalars(found)}


def _keep(lesson: Lesson, asking: Sequence[NewMark], last: Mapping[int, str], *, by: Actor, at: datetime) -> None:
    """An earlier word about a woman is taken back by the last one (its nonce, by woman)."""
    if not asking:
        return
    decided = {"decided_at": at, "decided_by": by.account_id}
    earlier = update(AttendanceRequest).where(
        AttendanceRequest.lesson_id == lesson.id,
        AttendanceRequest.enrolment_id.in_({mark.enrolment_id for mark in asking}),
        AttendanceRequest.kind == LATE,
        AttendanceRequest.state == OPEN,
    )
    db.session.execute(earlier.values(state=TAKEN_BACK, **decided), execution_options={"synchronize_session": False})
    same = {"kind": LATE, "lesson_id": lesson.id, "lesson_starts_at": lesson.starts_at, "device": by.device}
    waits = {"state": OPEN, "decided_at": None, "decided_by": None}
    same |= {"asked_at": at, "asked_by": by.account_id, "answer": "", "words": None}
    rows = [
        {
            **{"enrolment_id": mark.enrolment_id, "wished": mark.status, "nonce": mark.nonce, "said_at": mark.said_at},
            **same,
            **(waits if last[mark.enrolment_id] == mark.nonce else {"state": TAKEN_BACK, **decided}),
        }
        for mark in asking
    ]
    db.session.execute(insert(AttendanceRequest.__table__), rows)
    after = {str(mark.enrolment_id): mark.status for mark in asking}
    audit.record("attendance.mark_late", "lesson", lesson.id, by=by, at=at, after=after)
