"""A previewed file of marks taken in, lesson by lesson through the roll's own door; and taken back."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import AttendanceStatus, MarkChannel, NewMark
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.imports import BatchClosed, BatchState, ImportKind, RowAction
from trainer.domain.mark_import import MarkFileKind
from trainer.domain.mark_import_plan import PlannedMark
from trainer.errors import Conflict, Refused
from trainer.models.attendance import Attendance, Mark
from trainer.models.enrolment import Enrolment
from trainer.models.imports import ImportBatch, ImportRow
from trainer.services import audit
from trainer.services.import_batch import hold_batch
from trainer.services.mark_import import list_staged, plan_rows
from trainer.services.roll import hold_lessons, record_marks

CHANNELS = {MarkFileKind.MARKS: MarkChannel.IMPORT, MarkFileKind.PLATFORM: MarkChannel.PLATFORM_LIST}
# Why a mark was not taken back: somebody marked her since, or she has left the roll.
MARKED_SINCE = "undo_marked_since"


class RollChanged(Conflict):
    """Rows of the preview would do something else now; it has to be looked at again."""

    code = "roll_changed"


class MarkRowsGone(Refused):
    """Its rows have been deleted after their time: nobody knows any more what to put back."""

    code = "rows_gone"
    status = 409


def commit(batch_id: int, *, by: Actor, at: datetime, reason: str = "") -> ImportBatch:
    """Put the file's marks on the rolls, all or none. Doing it twice is harmless.

    Raises RollChanged(rows=…), BatchClosed, LessonClosed (closed, and no reason given).
    """
    batch = hold_batch(batch_id, ImportKind.MARKS)
    if batch.state is BatchState.COMMITTED:
        return batch
    if batch.state is not BatchState.PREVIEWED:
        raise BatchClosed()
    staged = list_staged(batch.id)
    hold_lessons(batch.summary["lesson_ids"])
    plan = _same_plan(batch, staged, at=at)
    writing = [line for line in plan if line.counts]
    _keep_for_undo(batch.id, writing)
    for lesson_id, lines in _by_lesson(writing).items():
        marks = [NewMark(one.enrolment_id, one.status, _nonce(batch, one), said_at=one.said_at) for one in lines]
        channel = CHANNELS[MarkFileKind(batch.summary["kind"])]
        record_marks(lesson_id, marks, by=by, at=at, reason=reason, channel=channel, batch_id=batch.id)
    batch.state, batch.committed_at = BatchState.COMMITTED, at
    batch.summary = batch.summary | {"written": len(writing)}
    told = {"cohort": batch.cohort_id, "lessons": batch.summary["lesson_ids"], "marks": len(writing)}
    audit.record("mark_import.commit", "import_batch", batch.id, by=by, at=at, **told)
    return batch


def _nonce(batch: ImportBatch, line: PlannedMark) -> str:
    return f"marks {batch.id}.{line.row.number}"


def _same_plan(batch: ImportBatch, staged: Sequence[PlannedMark], *, at: datetime) -> list[PlannedMark]:
    decisions = {line.row.number: line.decision for line in staged}
    plan = plan_rows(batch, [line.row for line in staged], decisions, at=at)
    stale = sum(now.outcome != then.outcome for now, then in zip(plan, staged, strict=True))
    if stale:
        raise RollChanged(rows=stale)
    return plan


def _by_lesson(lines: Iterable[PlannedMark]) -> Mapping[int, list[PlannedMark]]:
    found = defaultdict(list)
    for line in lines:
        found[line.lesson_id].append(line)
    return dict(sorted(found.items()))


def _keep_for_undo(batch_id: int, writing: Sequence[PlannedMark]) -> None:
    """What stood before each mark, with the way in which it came."""
    channels = dict(
        db.session.execute(
            select(Mark.id, Mark.channel).where(Mark.id.in_({one.old_mark_id for one in writing if one.old_mark_id}))
        ).all()
    )
    rows = [
        {"of_row": one.row.number, "kept": json.dumps({"status": one.old, "channel": channels.get(one.old_mark_id)})}
        for one in writing
    ]
    _update_rows(batch_id, rows, before=bindparam("kept"))


def _update_rows(batch_id: int, rows: Sequence[dict], **values: object) -> None:
    table = ImportRow.__table__
    statement = update(table).where(table.c.batch_id == batch_id, table.c.row_number == bindparam("of_row"))
    if rows:
        db.session.connection().execute(statement.values(**values), rows)


def undo(batch_id: int, *, by: Actor, at: datetime, reason: str = "") -> ImportBatch:
    """Take the file's marks back, by new marks that say what stood before each; whom somebody marked since is left
    alone, and her row says so. Doing it twice is harmless.

    Raises BatchClosed, MarkRowsGone, LessonClosed (closed, and no reason given).
    """
    batch = hold_batch(batch_id, ImportKind.MARKS)
    if batch.state is BatchState.UNDONE:
        return batch
    if batch.state is not BatchState.COMMITTED:
        raise BatchClosed()
    if "rows_deleted" in batch.summary:
        raise MarkRowsGone()
    hold_lessons(batch.summary["lesson_ids"])
    ruling, marks = _list_marks(batch.id)
    before = _list_before(batch.id)
    back = {nonce: mark for nonce, mark in marks.items() if ruling.get(mark[:2]) == mark[2]}
    for (lesson_id, channel), new in _backwards(back, before).items():
        record_marks(lesson_id, new, by=by, at=at, reason=reason, channel=channel)
    left = [int(nonce.rpartition(".")[2]) for nonce in marks.keys() - back.keys()]
    why = [["row", MARKED_SINCE, {}]]
    _update_rows(batch.id, [{"of_row": number, "why": why} for number in left], problems=bindparam("why"))
    batch.state, batch.undone_at = BatchState.UNDONE, at
    batch.summary = batch.summary | {"undone": len(back), "not_undone": len(left)}
    told = {"marks": len(back), "not_undone": len(left)}
    audit.record("mark_import.undo", "import_batch", batch.id, by=by, at=at, **told)
    return batch


def _list_marks(batch_id: int) -> tuple[dict[tuple[int, int], int], dict[str, tuple[int, int, int]]]:
    """The mark that rules at each place the file spoke of, and the file's own marks by nonce."""
    rows = db.session.execute(
        select(Mark.nonce, Mark.lesson_id, Mark.enrolment_id, Mark.id, Attendance.mark_id, Enrolment.status)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .outerjoin(
            Attendance,
            (Attendance.lesson_id == Mark.lesson_id) & (Attendance.enrolment_id == Mark.enrolment_id),
        )
        .where(Mark.batch_id == batch_id)
    ).all()
    ruling = {(row.lesson_id, row.enrolment_id): row.mark_id for row in rows if row.status in ON_THE_ROLL}
    return ruling, {row.nonce: (row.lesson_id, row.enrolment_id, row.id) for row in rows}


def _list_before(batch_id: int) -> dict[int, dict]:
    rows = db.session.execute(
        select(ImportRow.row_number, ImportRow.before).where(
            ImportRow.batch_id == batch_id, ImportRow.before.is_not(None), ImportRow.action != RowAction.REJECTED
        )
    )
    return {number: json.loads(kept) for number, kept in rows}


def _backwards(
    back: Mapping[str, tuple[int, int, int]], before: Mapping[int, dict]
) -> dict[tuple[int, MarkChannel], list[NewMark]]:
    """What stood before, by lesson and by the way it had come: evidence grows no stronger or weaker by it."""
    found: dict[tuple[int, MarkChannel], list[NewMark]] = defaultdict(list)
    for nonce, (lesson_id, enrolment_id, _id) in sorted(back.items()):
        kept = before.get(int(nonce.rpartition(".")[2]), {"status": None, "channel": None})
        status = AttendanceStatus(kept["status"]) if kept["status"] else None
        channel = MarkChannel(kept["channel"] or MarkChannel.IMPORT)
        found[lesson_id, channel].append(NewMark(enrolment_id, status, f"{nonce}.back"))
    return dict(sorted(found.items()))
