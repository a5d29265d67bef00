"""Checks on the marker: found anew with every closing and late change, answered one level up."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import LessonState
from trainer.domain.roll_check import Facts, RollCheckAnswer, RollCheckKind, find_all
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.lesson import Lesson
from trainer.models.roll_check import RollCheck
from trainer.queries.roll_check import get_roll_facts, list_checks_of
from trainer.services import audit
from trainer.services.idempotency import dialect_insert

NOTHING_SAID = {"answer": None, "words": "", "answered_at": None, "answered_by": None}


class CheckAnswered(Refused):
    """Somebody was faster; her answer stands."""

    code = "roll_check_answered"
    status = 409


class CheckGone(Refused):
    """The roll was put right, or is open again: there is nothing to answer."""

    code = "roll_check_gone"
    status = 409


class CheckWordsMissing(Refused):
    code = "roll_check_words_missing"


def refresh_checks(lesson_id: int, *, at: datetime) -> None:
    """Write down what holds of a roll now: in the act that closed or changed it, which holds the lesson.

    What no longer holds is gone once the roll is closed: opening it again takes nothing off the list. An answer falls
    where the facts it was about have changed. Five statements whatever the roll.
    """
    roll, earlier = get_roll_facts(lesson_id, at=at)
    if roll.headcount is None and roll.first_closed_at is None:
        return  # nothing stands out on a roll that is being taken
    found, there = find_all(roll, earlier), list_checks_of(lesson_id)
    rows = [_row(lesson_id, kind, facts, there.get(kind), at) for kind, facts in found.items()]
    if roll.headcount is not None:
        rows += [_kept(row, gone_at=at) for kind, row in there.items() if kind not in found and row.gone_at is None]
    rows = [row for row in rows if row]
    if rows:
        statement = dialect_insert()(RollCheck.__table__)
        taken = {name: statement.excluded[name] for name in rows[0] if name not in ("lesson_id", "kind")}
        db.session.execute(statement.on_conflict_do_update(index_elements=["lesson_id", "kind"], set_=taken), rows)


def _row(
    lesson_id: int, kind: RollCheckKind, facts: Facts, there: RollCheck | None, at: datetime
) -> Mapping[str, object] | None:
    """The row to be written, or None where it stands there as it is."""
    if there is None or there.facts != facts:
        return {"lesson_id": lesson_id, "kind": kind, "facts": facts, "found_at": at, "gone_at": None, **NOTHING_SAID}
    return _kept(there, gone_at=None) if there.gone_at else None


def _kept(row: RollCheck, *, gone_at: datetime | None) -> Mapping[str, object]:
    names = ("lesson_id", "kind", "facts", "found_at", *NOTHING_SAID)
    return {name: getattr(row, name) for name in names} | {"gone_at": gone_at}


def answer_check(
    check_id: int, answer: RollCheckAnswer, words: str, *, seen: str, by: Actor, at: datetime
) -> RollCheck:
    """What looking into it came to; `seen` is when it was found, as she read it.

    Raises NotFound, CheckAnswered, CheckGone, CheckWordsMissing; Conflict where the facts are others by now. Whether
    it is hers to answer is asked by whoever calls.
    """
    check, lesson_state = _hold(check_id)
    if check.answered_at is not None:
        raise CheckAnswered(answer=check.answer)
    if check.gone_at is not None or lesson_state is not LessonState.CLOSED:
        raise CheckGone()
    if check.found_at.isoformat() != seen:
        raise Conflict()
    if not words:
        raise CheckWordsMissing()
    check.answer, check.words, check.answered_at, check.answered_by = answer, words, at, by.account_id
    facts = {"kind": check.kind, "facts": check.facts, "before": None, "after": answer}
    audit.record("roll_check.answer", "lesson", check.lesson_id, by=by, at=at, **facts)
    return check


def _hold(check_id: int) -> tuple[RollCheck, LessonState]:
    """The check and the state of its lesson, the lesson held first, as everywhere."""
    lesson = db.session.execute(
        select(Lesson.id, Lesson.state)
        .join(RollCheck, RollCheck.lesson_id == Lesson.id)
        .where(RollCheck.id == check_id)
        .with_for_update(key_share=True, of=Lesson)
    ).one_or_none()
    if lesson is None:
        raise NotFound()
    check = db.session.get(RollCheck, check_id, populate_existing=True)
    return check, lesson.state
