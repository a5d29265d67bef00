"""Classes held before this system, taken over from workbooks: looked through, confirmed, and taken back."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, exists, insert, or_, select

from trainer.database import Base, db
from trainer.domain.actors import Actor
from trainer.domain.imports import BatchClosed, BatchState, ImportKind, RowAction
from trainer.domain.past_cohort import MINUTES, Defaults, PastClass, classes_in
from trainer.domain.people import mask_numbers
from trainer.domain.programme import CohortDraft, Track
from trainer.domain.roster import RosterRow
from trainer.domain.roster_plan import PlannedRow, from_content, to_content
from trainer.errors import Refused
from trainer.models.enrolment import Enrolment
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.job import CohortMetrics
from trainer.models.outcomes import CohortOutcomes
from trainer.models.programme import Cohort, CompletionRuleVersion
from trainer.services import audit, roster
from trainer.services.cohort import create_cohort
from trainer.services.import_batch import discard_batch, hold_batch


class ClassLacks(Refused):
    """A class of the file without a name or its days cannot be taken over."""

    code = "past_class_lacks"


class ListsTakenIn(Refused):
    """Lists of these classes are taken in: they are undone first, one by one."""

    code = "past_lists_taken_in"
    status = 409


class ClassInUse(Refused):
    """Something else speaks of it by now: a task, a letter, somebody's role."""

    code = "past_class_in_use"
    status = 409


# What a class that was taken over has of its own, and goes with it.
OWN = (ImportBatch, CompletionRuleVersion, CohortMetrics, CohortOutcomes)


def preview(
    programme_id: int,
    reading: roster.Reading,
    defaults: Defaults,
    *,
    region_code: str,
    track: Track,
    by: Actor,
    at: datetime,
) -> ImportBatch:
    """Stage the rows of a file; nothing of it is done yet."""
    classes = classes_in(reading.file.rows, defaults)
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(defaults).items()}
    batch = ImportBatch(
        kind=ImportKind.PAST,
        programme_id=programme_id,
        filename=mask_numbers(reading.filename)[-200:],
        sha256=reading.sha256,
        state=BatchState.PREVIEWED,
        summary=roster.facts_of(reading.file) | {"defaults": said, "region_code": region_code, "track": track.value},
        created_at=at,
        created_by=by.account_id,
    )
    db.session.add(batch)
    db.session.flush()
    _stage(batch.id, [row for one in classes for row in one.rows])
    audit.record(
        "past_cohort.preview", "import_batch", batch.id, by=by, at=at, programme=programme_id, **_told(classes)
    )
    return batch


def _stage(batch_id: int, rows: Sequence[RosterRow]) -> None:
    staged = [
        {
            "batch_id": batch_id,
            "row_number": row.row,
            "action": RowAction.REJECTED if row.problems else RowAction.NEW,
            "content": to_content(PlannedRow(row, RowAction.NEW)),
            "problems": [[problem.field, problem.code, {}] for problem in row.problems],
            "warnings": [[warning.field, warning.code, {}] for warning in row.warnings],
        }
        for row in rows
    ]
    db.session.execute(insert(ImportRow), staged)


def _told(classes: Sequence[PastClass]) -> dict[str, int]:
    return {"classes": len(classes), "rows": sum(len(one.rows) for one in classes)}


def classes_of(batch: ImportBatch) -> list[PastClass]:
    """The classes of a staged file, as they were looked through."""
    rows = db.session.execute(
        select(ImportRow.action, ImportRow.content).where(ImportRow.batch_id == batch.id).order_by(ImportRow.row_number)
    )
    said = batch.summary["defaults"]
    days = {name: date.fromisoformat(said[name]) if said[name] else None for name in ("starts_on", "ends_on")}
    return classes_in([from_content(*row).row for row in rows], Defaults(**said | days))


def confirm(batch_id: int, *, by: Actor, at: datetime) -> ImportBatch:
    """A cohort for each class, one that is there already where it has the same name and first day, and its list
    previewed for it: the women come in when that list is confirmed. Doing it twice is harmless.

    Raises BatchClosed, ClassLacks.
    """
    batch = hold_batch(batch_id, ImportKind.PAST)
    if batch.state is BatchState.COMMITTED:
        return batch
    if batch.state is not BatchState.PREVIEWED:
        raise BatchClosed()
    made = []
    for number, one in enumerate(classes_of(batch), 1):
        if one.lacks:
            raise ClassLacks(name=one.name)
        cohort, is_new = _cohort(batch, one, number, by=by, at=at)
        rows = [replace(row, past={MINUTES: str(one.minutes)} | row.past) for row in one.rows]
        facts = {name: batch.summary[name] for name in ("sheet", "headings", "columns", "unknown_columns", "remarks")}
        of_file = {"filename": batch.filename, "sha256": batch.sha256}
        staged = roster.stage(cohort, rows, facts | {"rows": len(rows)}, **of_file, by=by, at=at)
        made.append([cohort.id, staged.id, is_new])
    batch.state, batch.committed_at = BatchState.COMMITTED, at
    batch.summary = batch.summary | {"made": made}
    audit.record(
        "past_cohort.confirm", "import_batch", batch.id, by=by, at=at, cohorts=[cohort for cohort, *_rest in made]
    )
    return batch


def _cohort(batch: ImportBatch, one: PastClass, number: int, *, by: Actor, at: datetime) -> tuple[Cohort, bool]:
    same = (Cohort.programme_id == batch.programme_id, Cohort.name == one.name, Cohort.starts_on == one.starts_on)
    there = db.session.scalar(select(Cohort).where(*same, Cohort.is_taken_over))
    if there is not None:
        return there, False
    draft = CohortDraft(
        code=f"PAST-{batch.id}-{number}",
        programme_id=batch.programme_id,
        name=one.name,
        track=Track(batch.summary["track"]),
        region_code=batch.summary["region_code"],
        place=one.place,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        capacity=len(one.rows),
        teacher_name="",
        teacher_phone="",
    )
    cohort = create_cohort(draft, by=by, at=at)
    cohort.is_taken_over, cohort.waitlist_moves_up = True, False
    db.session.flush()
    return cohort, True


def discard(batch_id: int, *, by: Actor, at: datetime) -> None:
    """Give a preview up; what its rows said is forgotten."""
    discard_batch(hold_batch(batch_id, ImportKind.PAST), "past_cohort.discard", by=by, at=at)


def undo(batch_id: int, *, by: Actor, at: datetime) -> ImportBatch:
    """The classes that this made go, as long as none of their lists is taken in.

    Raises ListsTakenIn, ClassInUse, BatchClosed.
    """
    batch = hold_batch(batch_id, ImportKind.PAST)
    if batch.state is BatchState.UNDONE:
        return batch
    if batch.state is not BatchState.COMMITTED:
        raise BatchClosed()
    for cohort_id, roster_id, is_new in batch.summary["made"]:
        _take_list_back(roster_id, by=by, at=at)
        if is_new:
            _remove_cohort(cohort_id)
    batch.state, batch.undone_at = BatchState.UNDONE, at
    audit.record("past_cohort.undo", "import_batch", batch.id, by=by, at=at)
    return batch


def _take_list_back(roster_id: int, *, by: Actor, at: datetime) -> None:
    state = db.session.scalar(select(ImportBatch.state).where(ImportBatch.id == roster_id))
    if state is BatchState.COMMITTED:
        raise ListsTakenIn()
    if state is BatchState.PREVIEWED:
        roster.discard(roster_id, by=by, at=at)


def _remove_cohort(cohort_id: int) -> None:
    """With its lists that were discarded or undone, its rule and figures; not where anything else speaks of it."""
    if db.session.scalar(select(exists().where(Enrolment.cohort_id == cohort_id))):
        raise ListsTakenIn()
    if db.session.scalar(select(_is_spoken_of(cohort_id))):
        raise ClassInUse(name=db.session.get(Cohort, cohort_id).name)
    lists = select(ImportBatch.id).where(ImportBatch.cohort_id == cohort_id)
    for which in (
        delete(ImportRow).where(ImportRow.batch_id.in_(lists)),
        *(delete(model).where(model.cohort_id == cohort_id) for model in OWN),
        delete(Cohort).where(Cohort.id == cohort_id),
    ):
        db.session.execute(which)


def _is_spoken_of(cohort_id: int) -> ColumnElement[bool]:
    """Whether any table but those of its own names it."""
    own = {model.__table__ for model in OWN}
    tables = (table for table in Base.metadata.sorted_tables if table not in own)
    keys = (key for table in tables for key in table.foreign_keys if key.column is Cohort.__table__.c.id)
    return or_(*(exists().where(key.parent == cohort_id) for key in keys))
