"""Rosters of counties: a file read, previewed, its doubtful rows decided, discarded; see roster_commit and roster_undo."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, insert, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.imports import BatchClosed, BatchState, ImportKind, RowAction, UnknownDecision
from trainer.domain.people import mask_numbers
from trainer.domain.roster import RosterFile, RosterRow
from trainer.domain.roster_plan import ENROLMENT, LEAVE_OUT, NEW_WOMAN, SAME_WOMAN, PlannedRow, from_content, to_content
from trainer.errors import Conflict, NotFound, UnreadableFile
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.programme import Cohort
from trainer.platforms.limits import run_limited
from trainer.platforms.roster import read_roster_file
from trainer.services import audit, reading_room
from trainer.services.import_batch import discard_batch, hold_batch
from trainer.services.roster_plan import Plan, make_plan, settle

MOST_ROWS = 5_000


@dataclass(frozen=True)
class Reading:
    """A file read as a roster; only its hash is kept of the file itself."""

    filename: str
    sha256: str
    file: RosterFile = field(repr=False)
    with_ids: bool = True


def read(filename: str, content: bytes, *, today: date, with_ids: bool = True, is_past: bool = False) -> Reading:
    """Read an upload in a limited child process; call it outside a transaction. `with_ids` False: for a cohort that
    collects no ID numbers, none is read. `is_past`: a list of classes that are over. Raises UnreadableFile, ReadersBusy."""
    with reading_room.place():
        file = run_limited(read_roster_file, content, today=today, with_ids=with_ids, is_past=is_past)
    if not file.rows:
        raise UnreadableFile("roster_without_rows")
    if len(file.rows) > MOST_ROWS:
        raise UnreadableFile("roster_too_long", most=MOST_ROWS)
    return Reading(filename, hashlib.sha256(content).hexdigest(), file, with_ids)


def preview(cohort_id: int, reading: Reading, *, by: Actor, at: datetime) -> ImportBatch:
    """Stage what the file would do to a cohort's roll; nothing of it is done yet.

    Raises Conflict where ID numbers were read and the cohort, meanwhile, collects none.
    """
    cohort = _cohort(cohort_id)
    if reading.with_ids and not cohort.collects_id_numbers:
        raise Conflict()
    facts = {"filename": mask_numbers(reading.filename)[-200:], "sha256": reading.sha256}
    return stage(cohort, reading.file.rows, facts_of(reading.file), **facts, by=by, at=at)


def stage(
    cohort: Cohort,
    rows: Sequence[RosterRow],
    facts: Mapping[str, object],
    *,
    filename: str,
    sha256: str,
    by: Actor,
    at: datetime,
) -> ImportBatch:
    """A previewed batch of these rows; `facts` are those of their file (`facts_of`)."""
    plan = make_plan(cohort, rows)
    batch = ImportBatch(
        kind=ImportKind.ROSTER,
        cohort_id=cohort.id,
        filename=filename,
        sha256=sha256,
        state=BatchState.PREVIEWED,
        summary=dict(facts) | tell(plan, cohort),
        created_at=at,
        created_by=by.account_id,
    )
    db.session.add(batch)
    db.session.flush()
    _stage(batch, plan)
    audit.record(
        "roster.preview", "import_batch", batch.id, by=by, at=at, cohort=cohort.id, counts=batch.summary["counts"]
    )
    return batch


def refresh(batch_id: int, *, by: Actor, at: datetime) -> ImportBatch:
    """Preview the staged rows afresh, where the register has changed meanwhile; decisions that still fit are kept."""
    batch = hold_batch(batch_id, ImportKind.ROSTER)
    if batch.state is not BatchState.PREVIEWED:
        raise BatchClosed()
    cohort = _cohort(batch.cohort_id)
    staged = list_staged(batch.id)
    before = {p.row.row: p for p in staged}
    plan = make_plan(cohort, [p.row for p in staged])
    kept = {p.row.row: before[p.row.row].decision for p in plan.rows if p.outcome == before[p.row.row].outcome}
    plan = make_plan(cohort, [p.row for p in staged], kept)
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    _stage(batch, plan)
    batch.summary = batch.summary | tell(plan, cohort)
    audit.record("roster.refresh", "import_batch", batch.id, by=by, at=at, counts=batch.summary["counts"])
    return batch


def decide(batch_id: int, row_number: int, decision: str, *, by: Actor, at: datetime) -> None:
    """Record what staff say about a row that needs a person: NEW_WOMAN, LEAVE_OUT, or SAME_WOMAN + a person's id.

    Raises PersonTaken or IdNumberTaken where that cannot be together with the other rows.
    """
    batch = hold_batch(batch_id, ImportKind.ROSTER)
    if batch.state is not BatchState.PREVIEWED:
        raise BatchClosed()
    staged = {p.row.row: p for p in list_staged(batch.id)}
    line = staged.get(row_number)
    if line is None or line.action is not RowAction.NEEDS_PERSON:
        raise NotFound()
    if decision not in (NEW_WOMAN, LEAVE_OUT, *(f"{SAME_WOMAN}{person}" for person in line.might_be)):
        raise UnknownDecision()
    decisions = {number: p.decision for number, p in staged.items()} | {row_number: decision}
    plan = make_plan(_cohort(batch.cohort_id), [p.row for p in staged.values()], decisions)
    settle(plan)
    decided = next(p for p in plan.rows if p.row.row == row_number)
    stored = db.session.scalar(
        select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.row_number == row_number)
    )
    stored.content = to_content(decided)
    batch.summary = batch.summary | {"undecided": _undecided(plan)}
    audit.record("roster.decide", "import_batch", batch.id, by=by, at=at, row=row_number, decision=decision)


def discard(batch_id: int, *, by: Actor, at: datetime) -> None:
    """Give a preview up; what its rows said is forgotten."""
    discard_batch(hold_batch(batch_id, ImportKind.ROSTER), "roster.discard", by=by, at=at)


def list_staged(batch_id: int) -> list[PlannedRow]:
    """The batch's rows as they were planned."""
    rows = db.session.execute(
        select(ImportRow.action, ImportRow.content).where(ImportRow.batch_id == batch_id).order_by(ImportRow.row_number)
    )
    return [from_content(*row) for row in rows]


def tell(plan: Plan, cohort: Cohort) -> dict[str, object]:
    """The figures of a plan: no personal data."""
    counts = Counter(planned.action for planned in plan.rows)
    enrolled = sum(status in ON_THE_ROLL for _id, status in plan.known.enrolments.values())
    joining = counts[RowAction.NEW] + sum(any(c.field == ENROLMENT for c in p.changes) for p in plan.rows)
    over = enrolled + joining - cohort.capacity
    return {
        "counts": {action.value: counts[action] for action in RowAction if action is not RowAction.CONFLICT},
        "known_elsewhere": sum(p.action is RowAction.NEW and p.person_id is not None for p in plan.rows),
        "with_remarks": sum(bool(p.remarks) for p in plan.rows),
        "undecided": _undecided(plan),
        "over_capacity": max(over, 0) if joining else 0,
    }


def _undecided(plan: Plan) -> int:
    return sum(p.action is RowAction.NEEDS_PERSON and not p.decision for p in plan.rows)


def facts_of(file: RosterFile) -> dict[str, object]:
    """What pages say of a file: no personal data."""
    return {
        "sheet": file.sheet,
        "rows": len(file.rows),
        "headings": list(file.headings),
        "columns": file.columns,
        "unknown_columns": list(file.unknown_columns),
        "remarks": [[row, *remark] for row, remark in file.remarks],
    }


def _stage(batch: ImportBatch, plan: Plan) -> None:
    """Problems and warnings without their values: those may quote a cell, and stand in the encrypted content."""
    rows = [
        {
            "batch_id": batch.id,
            "row_number": planned.row.row,
            "action": planned.action,
            "content": to_content(planned),
            "problems": [[remark.field, remark.code, {}] for remark in planned.row.problems],
            "warnings": [[remark.field, remark.code, {}] for remark in planned.remarks],
        }
        for planned in plan.rows
    ]
    db.session.execute(insert(ImportRow), rows)


def _cohort(cohort_id: int) -> Cohort:
    cohort = db.session.get(Cohort, cohort_id)
    if cohort is None:
        raise NotFound()
    return cohort
