"""Hand-ins: given once, taken back while nobody has marked them, marked, and put right later with words."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.course_task import Given, HandInState, lacks
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.file import FilePurpose
from trainer.domain.retention import YEAR
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.course_task import CourseTask, HandIn
from trainer.models.enrolment import Enrolment
from trainer.services import audit
from trainer.services.file import keep_file
from trainer.services.message import notify

STATE = HandInState


class HandInLacks(Refused):
    """It does not show what the task asks for: `what` as in `domain.course_task.lacks`."""

    def __init__(self, what: str, **values: object) -> None:
        self.code = f"hand_in_lacks_{what}"
        super().__init__(**values)


class HandInWaits(Refused):
    code = "hand_in_waits"
    status = 409


class TaskPassed(Refused):
    """Nothing more is asked."""

    code = "course_task_passed"
    status = 409


class HandInMarked(Refused):
    """Somebody was faster than her change of mind."""

    code = "hand_in_marked"
    status = 409


class HandInOvertaken(Refused):
    """She took it back, or handed in again: the later one counts."""

    code = "hand_in_overtaken"
    status = 409


class OwnHandIn(Refused):
    """Somebody else marks it."""

    code = "hand_in_own"


class RemarkMissing(Refused):
    """She is to know what to do again; a correction says why."""

    code = "hand_in_remark_missing"


def hand_in(
    task_id: int, enrolment_id: int, given: Given, *, nonce: str, keep_years: int, by: Actor, at: datetime
) -> HandIn:
    """Once: the same nonce again gives what is there. After the day it was due it is taken all the same.

    Raises NotFound (no such task, or she is not on the roll of its cohort), TaskPassed, HandInWaits, HandInLacks;
    Conflict where the nonce was used for something else.
    """
    task, enrolment = _hold_both(task_id, enrolment_id)
    same = db.session.scalar(select(HandIn).where(HandIn.nonce == nonce))
    if same:
        if (same.course_task_id, same.enrolment_id) != (task_id, enrolment_id):
            raise Conflict()
        return same
    last = _last(task_id, enrolment_id)
    if last:
        _require_again(last)
    if missing := lacks(task.proof, task.min_minutes, given):
        raise HandInLacks(missing)
    row = HandIn(
        **{"course_task_id": task_id, "enrolment_id": enrolment_id, "number": _next_number(task_id, enrolment_id)},
        **{"state": STATE.HANDED_IN, "words": given.words or None, "link": given.link, "minutes": given.minutes},
        **{"helper_name": given.helper_name or None, "nonce": nonce, "at": at, "by": by.account_id},
    )
    if given.picture:
        keep = {"person_id": enrolment.person_id, "expires_at": at + timedelta(days=keep_years * YEAR)}
        file_name = f"task-{task_id}.jpg"
        kept = keep_file(given.picture, file_name, "image/jpeg", purpose=FilePurpose.HAND_IN, by=by, at=at, **keep)
        row.file_id = kept.id
    db.session.add(row)
    db.session.flush()
    facts = {"course_task": task_id, "enrolment": enrolment_id, "number": row.number, "helped": bool(row.helper_name)}
    audit.record("hand_in.give", "hand_in", row.id, by=by, at=at, after=facts)
    return row


def take_back(task_id: int, enrolment_id: int, *, by: Actor, at: datetime) -> None:
    """What waits to be marked. Raises NotFound, HandInMarked."""
    _hold_both(task_id, enrolment_id)
    last = _last(task_id, enrolment_id)
    if last is None:
        raise NotFound()
    if last.state is not STATE.HANDED_IN:
        raise HandInMarked()
    last.state = STATE.TAKEN_BACK
    facts = {"before": STATE.HANDED_IN, "after": STATE.TAKEN_BACK}
    audit.record("hand_in.take_back", "hand_in", last.id, by=by, at=at, **facts)


def mark(hand_in_id: int, state: HandInState, remark: str, *, seen: int, by: Actor, at: datetime) -> HandIn:
    """Passed, or to be done again with words she reads; marked before, it is put right, and what was said then stays.

    Raises NotFound, OwnHandIn, HandInOvertaken, RemarkMissing; Conflict where somebody marked it since, or it stands so already.
    """
    found = select(HandIn.course_task_id, HandIn.enrolment_id).where(HandIn.id == hand_in_id)
    if (ids := db.session.execute(found).one_or_none()) is None:
        raise NotFound()
    task, enrolment = _hold_both(*ids)
    if by.person_id == enrolment.person_id:
        raise OwnHandIn()
    row = db.session.get(HandIn, hand_in_id, populate_existing=True)
    if row is not _last(*ids):
        raise HandInOvertaken()
    if row.version != seen or row.state is state:
        raise Conflict()
    corrected, before = row.state is not STATE.HANDED_IN, row.state
    if not remark and (corrected or state is STATE.SENT_BACK):
        raise RemarkMissing()
    row.state, row.marked_at, row.marked_by = state, at, by.account_id
    row.remark = "\n".join(part for part in (row.remark if corrected else None, remark) if part) or None
    said = {"title": task.title}
    notify(f"hand_in_{state}", to_people=[enrolment.person_id], link=f"/me/tasks/{task.id}", by=SYSTEM, at=at, **said)
    facts = {"before": before, "after": state, "with_reason": bool(remark)}
    audit.record("hand_in.correct" if corrected else "hand_in.mark", "hand_in", row.id, by=by, at=at, **facts)
    return row


def _require_again(last: HandIn) -> None:
    if last.state is STATE.PASSED:
        raise TaskPassed()
    if last.state is STATE.HANDED_IN:
        raise HandInWaits()


def _hold_both(task_id: int, enrolment_id: int) -> tuple[CourseTask, Enrolment]:
    """The task, which nobody drops meanwhile, then her enrolment: her hand-ins come one after the other."""
    task = db.session.get(CourseTask, task_id, with_for_update={"read": True}, populate_existing=True)
    enrolment = db.session.get(Enrolment, enrolment_id, with_for_update={"key_share": True}, populate_existing=True)
    if task is None or task.dropped_at or enrolment is None:
        raise NotFound()
    if enrolment.cohort_id != task.cohort_id or enrolment.status not in ON_THE_ROLL:
        raise NotFound()
    return task, enrolment


def _last(task_id: int, enrolment_id: int) -> HandIn | None:
    """The one that counts."""
    hers = select(HandIn).where(HandIn.course_task_id == task_id, HandIn.enrolment_id == enrolment_id)
    standing = hers.where(HandIn.state != STATE.TAKEN_BACK).order_by(HandIn.number.desc()).limit(1)
    return db.session.scalar(standing.execution_options(populate_existing=True))


def _next_number(task_id: int, enrolment_id: int) -> int:
    hers = (HandIn.course_task_id == task_id, HandIn.enrolment_id == enrolment_id)
    return 1 + (db.session.scalar(select(func.max(HandIn.number)).where(*hers)) or 0)
