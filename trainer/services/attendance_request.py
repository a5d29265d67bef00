"""Requests about attendance: asked by the woman or for her, decided by staff, taken back while nothing came of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, select

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.attendance import AttendanceStatus, LessonState, MarkChannel, NewMark
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.queries.attendance_request import leave_granted_for
from trainer.services import audit
from trainer.services.message import notify
from trainer.services.roll import hold_lesson, hold_lessons, record_marks

KIND, STATE = AttendanceRequestKind, AttendanceRequestState
# So long after a lesson somebody can say that she was there, or that what stands there is wrong.
CLAIM_WITHIN = timedelta(hours=48)
WRONG_WITHIN = timedelta(days=30)
CHANNELS = {
    KIND.LEAVE: MarkChannel.LEAVE,
    KIND.CLAIM: MarkChannel.CLAIM,
    KIND.WRONG: MarkChannel.CLAIM,
    KIND.LATE_MARK: MarkChannel.ROLL,
}


class LeaveTooLate(Refused):
    """The lesson has begun: who is not there is marked by whoever takes the roll."""

    code = "leave_too_late"


class LeaveOfOtherTime(Refused):
    """The lesson was moved since she asked: granted, it would excuse nothing."""

    code = "leave_of_other_time"


class AskedTooEarly(Refused):
    """The lesson has not begun: there is nothing yet that could be wrong."""

    code = "attendance_asked_too_early"


class AskedTooLate(Refused):
    code = "attendance_asked_too_late"


class AskedAlready(Refused):
    code = "attendance_asked_already"


class NothingTicked(Refused):
    code = "leave_nothing_ticked"


class LessonFallsOut(Refused):
    code = "attendance_lesson_cancelled"


class RequestDecided(Refused):
    """Somebody was faster."""

    code = "attendance_request_decided"
    status = 409


class AnswerMissing(Refused):
    """A refusal, and a change of a closed roll, need words."""

    code = "attendance_answer_missing"


def ask(
    kind: AttendanceRequestKind,
    lesson_id: int,
    enrolment_id: int,
    *,
    wished: AttendanceStatus,
    nonce: str,
    by: Actor,
    at: datetime,
    words: str = "",
    said_at: datetime | None = None,
) -> AttendanceRequest:
    """Ask once: the same nonce again, and a second claim while the first one waits, give what is there.

    `said_at`: what proves or says when (the moment of a screen code, the clock of a device). Raises NotFound (not on
    the roll of this lesson), LessonFallsOut, LeaveTooLate, AskedTooEarly, AskedTooLate, AskedAlready; Conflict where
    the nonce was used for something else.
    """
    lesson = hold_lesson(lesson_id)
    _require_on_the_roll(lesson, enrolment_id)
    same = db.session.scalar(select(AttendanceRequest).where(AttendanceRequest.nonce == nonce))
    if same:
        if (same.kind, same.lesson_id, same.enrolment_id) != (kind, lesson_id, enrolment_id):
            raise Conflict()
        return same
    _check_time(kind, lesson, at)
    waiting = _standing(kind, lesson, enrolment_id)
    if waiting:
        if kind in (KIND.CLAIM, KIND.LATE_MARK):
            return waiting
        raise AskedAlready()
    request = AttendanceRequest(
        **{"kind": kind, "lesson_id": lesson_id, "enrolment_id": enrolment_id, "lesson_starts_at": lesson.starts_at},
        **{"wished": wished, "words": words or None, "said_at": said_at, "device": by.device, "nonce": nonce},
        **{"asked_at": at, "asked_by": by.account_id, "state": STATE.OPEN},
    )
    db.session.add(request)
    db.session.flush()
    facts = {"kind": kind, "lesson": lesson_id, "enrolment": enrolment_id, "wished": wished}
    audit.record("attendance_request.ask", "attendance_request", request.id, by=by, at=at, after=facts)
    return request


def ask_for_leave(
    lesson_ids: Sequence[int], enrolment_ids: dict[int, int], words: str, *, key: str, by: Actor, at: datetime
) -> list[AttendanceRequest]:
    """One leave for several lessons, all or none; `enrolment_ids`: hers, by lesson."""
    hold_lessons(lesson_ids)
    return [
        ask(
            KIND.LEAVE,
            lesson_id,
            enrolment_ids[lesson_id],
            wished=AttendanceStatus.EXCUSED,
            nonce=f"{key[:40]}.{lesson_id}",
            by=by,
            at=at,
            words=words,
        )
        for lesson_id in sorted(lesson_ids)
    ]


def grant(
    request_id: int, *, by: Actor, at: datetime, answer: str = "", status: AttendanceStatus | None = None
) -> None:
    """It is as she says, or as `status` says. A leave makes its mark when the lesson is closed, the others at once.

    Raises RequestDecided, AnswerMissing (the roll is closed), LessonFallsOut, LeaveOfOtherTime, and what
    `record_marks` raises.
    """
    request, lesson = _hold(request_id)
    _require_open(request, lesson, at)
    if request.state is STATE.GRANTED:  # one tells her once
        raise RequestDecided(state=request.state)
    if lesson.state is LessonState.CANCELLED:
        raise LessonFallsOut(title=lesson.title)
    closed = lesson.state is LessonState.CLOSED
    if closed and not answer:
        raise AnswerMissing()
    if request.kind is KIND.LEAVE and not closed and request.lesson_starts_at != lesson.starts_at:
        raise LeaveOfOtherTime(title=lesson.title)
    if request.kind is not KIND.LEAVE or closed:
        mark = NewMark(request.enrolment_id, status or request.wished, f"request {request.id}", None, request.said_at)
        record_marks(lesson.id, [mark], by=by, at=at, reason=answer, channel=CHANNELS[request.kind])
    _decide(request, lesson, STATE.GRANTED, answer, by=by, at=at)


def refuse(request_id: int, answer: str, *, by: Actor, at: datetime) -> None:
    """Raises RequestDecided, AnswerMissing."""
    request, lesson = _hold(request_id)
    _require_open(request, lesson, at)
    if not answer:
        raise AnswerMissing()
    _decide(request, lesson, STATE.REFUSED, answer, by=by, at=at)


def grant_all(request_ids: Sequence[int], answer: str, *, by: Actor, at: datetime) -> int:
    """Those of them that still wait, all or none; how many."""
    asked = AttendanceRequest.id.in_(request_ids)
    hold_lessons(db.session.scalars(select(AttendanceRequest.lesson_id).where(asked)).all())
    waiting = select(AttendanceRequest.id).where(asked, AttendanceRequest.state == STATE.OPEN)
    still = db.session.scalars(waiting.order_by(AttendanceRequest.id)).all()
    for request_id in still:
        grant(request_id, by=by, at=at, answer=answer)
    return len(still)


def take_back(request_id: int, *, by: Actor, at: datetime) -> None:
    """She thought better of it: while it waits, and a leave until its lesson begins. Raises RequestDecided."""
    request, lesson = _hold(request_id)
    _require_open(request, lesson, at)
    before = request.state
    request.state, request.decided_at, request.decided_by = STATE.TAKEN_BACK, at, by.account_id
    facts = {"before": before, "after": request.state}
    audit.record("attendance_request.take_back", "attendance_request", request.id, by=by, at=at, **facts)


def _decide(
    request: AttendanceRequest, lesson: Lesson, state: AttendanceRequestState, answer: str, *, by: Actor, at: datetime
) -> None:
    before = request.state
    request.state, request.answer = state, answer
    request.decided_at, request.decided_by = at, by.account_id
    verb = {STATE.GRANTED: "grant", STATE.REFUSED: "refuse"}[state]
    facts = {"before": before, "after": state}
    audit.record(f"attendance_request.{verb}", "attendance_request", request.id, by=by, at=at, **facts)
    if request.kind is not KIND.LATE_MARK:
        person_id = db.session.scalar(select(Enrolment.person_id).where(Enrolment.id == request.enrolment_id))
        code, said = f"attendance_request_{state}", {"kind": request.kind, "title": lesson.title}
        notify(code, to_people=[person_id], link="/me/lessons", by=SYSTEM, at=at, **said)


def _hold(request_id: int) -> tuple[AttendanceRequest, Lesson]:
    """The request with its lesson, both held: the lesson first, as everywhere."""
    lesson_id = db.session.scalar(select(AttendanceRequest.lesson_id).where(AttendanceRequest.id == request_id))
    if lesson_id is None:
        raise NotFound()
    lesson = hold_lesson(lesson_id)
    found = select(AttendanceRequest).where(AttendanceRequest.id == request_id).with_for_update()
    return db.session.scalar(found.execution_options(populate_existing=True)), lesson


def _require_open(request: AttendanceRequest, lesson: Lesson, at: datetime) -> None:
    """It waits; or it is a leave of a lesson that has not begun, about which one may think again."""
    again = request.kind is KIND.LEAVE and request.state is not STATE.TAKEN_BACK and at < lesson.starts_at
    if request.state is not STATE.OPEN and not again:
        raise RequestDecided(state=request.state)


def _require_on_the_roll(lesson: Lesson, enrolment_id: int) -> None:
    here = select(Enrolment.id).where(
        Enrolment.id == enrolment_id, Enrolment.cohort_id == lesson.cohort_id, Enrolment.status.in_(ON_THE_ROLL)
    )
    if db.session.scalar(here) is None:
        raise NotFound()


def _check_time(kind: AttendanceRequestKind, lesson: Lesson, at: datetime) -> None:
    if lesson.state is LessonState.CANCELLED:
        raise LessonFallsOut(title=lesson.title)
    if kind is KIND.LEAVE and at >= lesson.starts_at:
        raise LeaveTooLate(title=lesson.title)
    if kind is KIND.WRONG and at < lesson.starts_at:
        raise AskedTooEarly(title=lesson.title)
    within = {KIND.CLAIM: CLAIM_WITHIN, KIND.WRONG: WRONG_WITHIN}.get(kind)
    if within and at > lesson.ends_at + within:
        raise AskedTooLate(title=lesson.title, days=within.days)


def _standing(kind: AttendanceRequestKind, lesson: Lesson, enrolment_id: int) -> AttendanceRequest | None:
    """One that waits, or a leave that was granted for the lesson's present time."""
    mine = and_(
        AttendanceRequest.lesson_id == lesson.id,
        AttendanceRequest.enrolment_id == enrolment_id,
        AttendanceRequest.kind == kind,
    )
    stands = (AttendanceRequest.state == STATE.OPEN) | leave_granted_for(lesson.starts_at)
    return db.session.scalar(select(AttendanceRequest).where(mine, stands).limit(1))
