"""Files of marks: read, previewed, their doubtful rows decided, given up; see mark_commit for taking them in."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import delete, insert, select

from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import Actor
from trainer.domain.days import china_day
from trainer.domain.imports import BatchClosed, BatchState, ImportKind, RowAction, UnknownDecision
from trainer.domain.mark_import import MarkFile, MarkFileKind, MarkRow
from trainer.domain.mark_import_plan import (
    LEAVE_OUT,
    Decision,
    PlannedMark,
    from_content,
    make_plan,
    to_content,
)
from trainer.domain.mark_match import FileRules
from trainer.domain.people import mask_numbers
from trainer.errors import UnreadableFile
from trainer.models.imports import ImportBatch, ImportRow
from trainer.platforms.limits import run_limited
from trainer.platforms.mark_list import read_mark_list
from trainer.queries.mark_import import get_known
from trainer.services import audit, reading_room
from trainer.services.import_batch import discard_batch, hold_batch
from trainer.services.roll import check_open_to_marks, hold_lesson

MOST_ROWS = 5_000


@dataclass(frozen=True)
class Reading:
    """A file read as marks; only its hash is kept of the file itself."""

    filename: str
    sha256: str
    file: MarkFile = field(repr=False)


@dataclass(frozen=True)
class About:
    """What the form says of a file: whose marks (all lessons where `lesson_id` is None), and how to read them."""

    cohort_id: int
    lesson_id: int | None
    kind: MarkFileKind = MarkFileKind.MARKS
    share: int = 60
    late_minutes: int = 15


def read(filename: str, content: bytes, *, today: date) -> Reading:
    """Read an upload in a limited child process; call it outside a transaction. Raises UnreadableFile, ReadersBusy."""
    with reading_room.place():
        file = run_limited(read_mark_list, content, today=today)
    if not file.rows:
        raise UnreadableFile("marks_without_rows")
    if len(file.rows) > MOST_ROWS:
        raise UnreadableFile("marks_too_long", most=MOST_ROWS)
    return Reading(filename, hashlib.sha256(content).hexdigest(), file)


def preview(about: About, reading: Reading, *, by: Actor, at: datetime) -> ImportBatch:
    """Stage what the file would say on the roll; nothing of it is said yet. Raises LessonCancelled, LessonNotBegun."""
    take_turns(LockKey.ROSTER)  # an erasure goes before or after it, never beside it: it looks for her rows
    if about.lesson_id:
        check_open_to_marks(hold_lesson(about.lesson_id), at=at, reason="asked when it is confirmed")
    rows = [row for row in reading.file.rows if not row.says_nothing]
    if not rows:
        raise UnreadableFile("marks_say_nothing")
    batch = ImportBatch(
        kind=ImportKind.MARKS,
        cohort_id=about.cohort_id,
        filename=mask_numbers(reading.filename)[-200:],
        sha256=reading.sha256,
        state=BatchState.PREVIEWED,
        summary=_facts(about, reading.file, len(rows)),
        created_at=at,
        created_by=by.account_id,
    )
    plan = plan_rows(batch, rows, {}, at=at)
    batch.summary = batch.summary | tell(plan)
    db.session.add(batch)
    db.session.flush()
    _stage(batch.id, plan)
    counts = batch.summary["counts"]
    audit.record("mark_import.preview", "import_batch", batch.id, by=by, at=at, cohort=about.cohort_id, counts=counts)
    return batch


def decide(
    batch_id: int, who: Mapping[int, str], overwrite: Mapping[int, bool], *, by: Actor, at: datetime
) -> ImportBatch:
    """What staff say about rows, by number: who it is (LEAVE_OUT, the number of an enrolment, or nothing said yet), and
    which of those that contradict the roll count all the same. Raises BatchClosed, UnknownDecision."""
    batch = open_batch(batch_id)
    staged = list_staged(batch.id)
    known = {line.row.number: line for line in staged}
    for number, answer in who.items():
        line = known.get(number)
        if line is None or answer not in ("", LEAVE_OUT, *map(str, line.might_be)):
            raise UnknownDecision()
    if not overwrite.keys() <= known.keys():
        raise UnknownDecision()
    decisions = {
        number: Decision(who.get(number, line.decision.who), overwrite.get(number, line.decision.overwrite))
        for number, line in known.items()
    }
    told = {"rows": sorted({*who, *overwrite}), "overwrite": sorted(number for number, on in overwrite.items() if on)}
    _restage(batch, staged, decisions, at=at)
    audit.record("mark_import.decide", "import_batch", batch.id, by=by, at=at, **told)
    return batch


def refresh(batch_id: int, *, by: Actor, at: datetime) -> ImportBatch:
    """Hold the staged rows against the roll as it is now. A tick against a mark that is not there any more is off."""
    batch = open_batch(batch_id)
    staged = list_staged(batch.id)
    before = {line.row.number: line for line in staged}
    decisions = {number: line.decision for number, line in before.items()}
    plan = plan_rows(batch, [line.row for line in staged], decisions, at=at)
    for line in plan:
        if line.outcome != before[line.row.number].outcome:
            decisions[line.row.number] = Decision(line.decision.who)
    _restage(batch, staged, decisions, at=at)
    counts = batch.summary["counts"]
    audit.record("mark_import.refresh", "import_batch", batch.id, by=by, at=at, counts=counts)
    return batch


def discard(batch_id: int, *, by: Actor, at: datetime) -> None:
    """Give a preview up; what its rows said is forgotten."""
    discard_batch(hold_batch(batch_id, ImportKind.MARKS), "mark_import.discard", by=by, at=at)


def open_batch(batch_id: int) -> ImportBatch:
    batch = hold_batch(batch_id, ImportKind.MARKS)
    if batch.state is not BatchState.PREVIEWED:
        raise BatchClosed()
    return batch


def list_staged(batch_id: int) -> list[PlannedMark]:
    rows = db.session.execute(
        select(ImportRow.action, ImportRow.content).where(ImportRow.batch_id == batch_id).order_by(ImportRow.row_number)
    )
    return [from_content(*row) for row in rows]


def plan_rows(
    batch: ImportBatch, rows: Sequence[MarkRow], decisions: Mapping[int, Decision], *, at: datetime
) -> list[PlannedMark]:
    """What the rows would do now; four statements, whatever their number."""
    about = batch.summary
    rules = FileRules(MarkFileKind(about["kind"]), china_day(at), about["share"], about["late_minutes"])
    known = get_known(batch.cohort_id, about["lesson_id"], {row.name for row in rows if row.name})
    return make_plan(rows, known, rules, decisions)


def tell(plan: Sequence[PlannedMark]) -> dict[str, object]:
    """The figures of a plan, and the lessons it is about: no personal data."""
    counts = Counter(line.action for line in plan)
    return {
        "counts": {action.value: counts[action] for action in RowAction},
        "undecided": counts[RowAction.NEEDS_PERSON],
        "overwritten": sum(line.counts and line.action is RowAction.CONFLICT for line in plan),
        "watched_short": sum(line.reason == "mark_watched_short" for line in plan),
        "to_write": sum(line.counts for line in plan),
        "lesson_ids": sorted({line.lesson_id for line in plan if line.lesson_id}),
    }


def _restage(
    batch: ImportBatch, staged: Sequence[PlannedMark], decisions: Mapping[int, Decision], *, at: datetime
) -> None:
    """Whom a row might be stays on offer after the answer, so that it can be changed."""
    offered = {line.row.number: line.might_be for line in staged}
    plan = plan_rows(batch, [line.row for line in staged], decisions, at=at)
    kept = [_with_offer(line, offered[line.row.number]) for line in plan]
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    _stage(batch.id, kept)
    batch.summary = batch.summary | tell(kept)


def _with_offer(line: PlannedMark, might_be: tuple[int, ...]) -> PlannedMark:
    return line if line.might_be else replace(line, might_be=might_be)


def _facts(about: About, file: MarkFile, said: int) -> dict[str, object]:
    return {
        "kind": about.kind,
        "lesson_id": about.lesson_id,
        "share": about.share,
        "late_minutes": about.late_minutes,
        "sheet": file.sheet,
        "rows": said,
        "blank": len(file.rows) - said,
        "headings": list(file.headings),
        "unknown_columns": list(file.unknown_columns),
    }


def _stage(batch_id: int, plan: Sequence[PlannedMark]) -> None:
    """Reasons without their values: those may quote a cell, and stand in the encrypted content."""
    rows = [
        {
            "batch_id": batch_id,
            "row_number": line.row.number,
            "action": line.action,
            "content": to_content(line),
            "problems": [["row", line.reason, {}]] if line.reason else [],
            "warnings": [],
            "target_id": line.enrolment_id,
        }
        for line in plan
    ]
    db.session.execute(insert(ImportRow), rows)
