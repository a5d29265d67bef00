"""Taking a platform's file in for a shop: read, previewed, confirmed or discarded, undone."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import delete, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.days import CHINA, china_day
from trainer.domain.imports import BatchState, ImportKind, RowAction
from trainer.domain.people import mask_numbers
from trainer.domain.sales import Platform, SalesKind
from trainer.domain.sales_import import facts_of, in_other_year
from trainer.errors import NotFound, Refused
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.sales import Shop
from trainer.platforms.inspection import Inspection, inspect_file, inspection_summary
from trainer.platforms.limits import run_limited
from trainer.services import audit, reading_room
from trainer.services.sales_rows import (
    OLDER_OR_NEWER,
    YEAR_OPEN,
    Staged,
    delete_known,
    history,
    insert_new,
    known_by_id,
    plan,
    replayed,
    restage,
    stage,
    staged_rows,
    update_known,
    with_abnormal_note,
)

MOST_NOTES = 50


class OtherPlatform(Refused):
    """The file is of another platform than the shop."""

    code = "sales_other_platform"


class SettlementNotTakenIn(Refused):
    """Settlement files have no place in the register yet: they can only be inspected."""

    code = "sales_settlement_file"


class AlreadyImported(Refused):
    """The very same file was taken in for this shop before."""

    code = "sales_already_imported"


class NothingToTakeIn(Refused):
    """No row of the file would change anything."""

    code = "sales_nothing_to_take_in"


class YearOpen(Refused):
    """The file prints no year, and nobody has said which it is."""

    code = "sales_year_open"


class BatchClosed(Refused):
    """The batch is no longer waiting for this: it was discarded, undone, or never taken in."""

    code = "import_not_open"


def read_file(content: bytes | BinaryIO, *, platform: str | None, at: datetime) -> Inspection:
    """The file taken apart, in a child process; call it before any transaction. Raises UnreadableFile, ReadersBusy."""
    hint = Platform(platform) if platform else None
    with reading_room.place():
        return run_limited(inspect_file, content, today=china_day(at), platform=hint)


def preview(shop_id: int, filename: str, inspection: Inspection, *, by: Actor, at: datetime) -> ImportBatch:
    """Stage the file's rows with what taking them in would do; nothing else is written.

    Raises OtherPlatform, SettlementNotTakenIn and AlreadyImported.
    """
    shop = _locked_shop(shop_id)
    if inspection.platform != shop.platform:
        raise OtherPlatform(file=inspection.platform, shop=Platform(shop.platform))
    if inspection.kind is SalesKind.SETTLEMENT:
        raise SettlementNotTakenIn()
    _refuse_repeated(shop_id, inspection.sha256)
    rows = plan(_staged(inspection, shop_id, at), **_place(inspection.kind, shop))
    left_out = _left_out(inspection)
    batch = ImportBatch(
        kind=ImportKind.SALES,
        shop_id=shop_id,
        filename=mask_numbers(filename)[-200:],
        sha256=inspection.sha256,
        state=BatchState.PREVIEWED,
        summary={**_facts_of_file(inspection), "counts": _counts([*rows, *left_out])},
        created_at=at,
        created_by=by.account_id,
    )
    db.session.add(batch)
    db.session.flush()
    stage(batch.id, [*rows, *left_out])
    counts = {name: count for name, count in batch.summary["counts"].items() if count}
    audit.record("sales.preview", "shop", shop_id, by=by, at=at, batch=batch.id, sha256=batch.sha256, counts=counts)
    return batch


def _locked_shop(shop_id: int) -> Shop:
    """The shop, its imports one after the other on both databases."""
    shop = db.session.scalar(select(Shop).where(Shop.id == shop_id).with_for_update(of=Shop))
    if shop is None:
        raise NotFound()
    return shop


def _place(kind: SalesKind, shop: Shop) -> dict[str, object]:
    return {"kind": kind, "platform": shop.platform, "shop_id": shop.id}


def _refuse_repeated(shop_id: int, sha256: str) -> None:
    done = db.session.execute(
        select(ImportBatch.id, ImportBatch.committed_at).where(
            ImportBatch.shop_id == shop_id, ImportBatch.sha256 == sha256, ImportBatch.state == BatchState.COMMITTED
        )
    ).first()
    if done:
        raise AlreadyImported(batch=done.id, on=f"{done.committed_at.astimezone(CHINA):%Y-%m-%d %H:%M}")


def _staged(inspection: Inspection, shop_id: int, at: datetime) -> list[Staged]:
    warnings = defaultdict(list)
    for problem in inspection.warnings:
        warnings[problem.row].append((problem.field, problem.code, dict(problem.values)))
    rows = []
    for row in inspection.rows:
        said = warnings[row.row]
        staged = Staged(
            row.row,
            facts_of(row, shop_id=shop_id, at=at),
            problems=tuple(warning for warning in said if warning[1] == YEAR_OPEN),
            warnings=tuple(warning for warning in said if warning[1] != YEAR_OPEN),
        )
        rows.append(with_abnormal_note(staged))
    return rows


def _left_out(inspection: Inspection) -> list[Staged]:
    """The rows that will not be taken in whatever happens: refused ones with their cells, and repeated ones."""
    refused = defaultdict(list)
    for problem in inspection.rejected:
        refused[problem.row].append((problem.field, problem.code, dict(problem.values)))
    rows = [
        Staged(number, inspection.rejected_cells.get(number, {}), tuple(problems), action=RowAction.REJECTED)
        for number, problems in refused.items()
    ]
    repeated = {
        problem.row: (problem.field, problem.code, dict(problem.values))
        for problem in inspection.warnings
        if problem.code == "duplicate_row" and problem.row not in refused
    }
    rows += [Staged(number, {}, (told,), action=RowAction.DUPLICATE) for number, told in repeated.items()]
    return rows


def _counts(rows: list[Staged]) -> dict[str, int]:
    found = Counter(row.action.value for row in rows)
    return {action.value: found[action.value] for action in RowAction}


def _facts_of_file(inspection: Inspection) -> dict[str, object]:
    """What the preview shows of the file as a whole; nothing of a buyer is in it."""
    answer = inspection_summary(inspection)
    taken = {row.row for row in inspection.rows} | {
        problem.row for problem in inspection.warnings if problem.code == "duplicate_row"
    }
    told = ("platform", "kind", "header_row", "data_rows", "rows", "rejected", "warnings")
    notes = [[p.row, p.field, p.code, dict(p.values)] for p in inspection.warnings if p.row not in taken]
    return {
        **{name: answer[name] for name in ("platform", "kind", "header_row", "data_rows")},
        "totals": {name: value for name, value in answer.items() if name not in told},
        "evidence": inspection.evidence,
        "sheet": inspection.sheet,
        "notes": notes[:MOST_NOTES],
        "controls": [[c.field, c.name, c.stated, c.summed, c.agrees] for c in inspection.controls],
        "accounts": list(inspection.accounts),
        "unknown_columns": list(inspection.unknown_columns)[:MOST_NOTES],
    }


def _open_batch(batch_id: int, *states: BatchState) -> tuple[ImportBatch, Shop]:
    """The batch in one of `states` and its shop, locked. Raises BatchClosed."""
    shop_id = db.session.scalar(
        select(ImportBatch.shop_id).where(ImportBatch.id == batch_id, ImportBatch.kind == ImportKind.SALES)
    )
    shop = _locked_shop(shop_id)
    batch = db.session.get(ImportBatch, batch_id, populate_existing=True)
    if batch.state not in states:
        raise BatchClosed(state=batch.state)
    return batch, shop


def settle_year(batch_id: int, years_back: int, *, by: Actor, at: datetime) -> ImportBatch:
    """Answer which year a list without years is of: so many years before the latest one possible."""
    batch, shop = _open_batch(batch_id, BatchState.PREVIEWED)
    rows = [_dated(row, shop.id, years_back) for row in staged_rows(batch.id)]
    rows = plan(rows, **_place(SalesKind(batch.summary["kind"]), shop))
    restage(batch.id, rows, with_facts=True)
    left = {action: batch.summary["counts"][action] for action in (RowAction.REJECTED, RowAction.DUPLICATE)}
    batch.summary = {**batch.summary, "counts": _counts(rows) | left, "years_back": years_back}
    audit.record("sales.settle_year", "shop", shop.id, by=by, at=at, batch=batch.id, years_back=years_back)
    return batch


def _dated(row: Staged, shop_id: int, years_back: int) -> Staged:
    if not any(problem[1] == YEAR_OPEN for problem in row.problems):
        return row
    moved = in_other_year(row.facts, shop_id, years_back)
    return row if moved is None else replace(row, facts=moved, problems=())


def commit(batch_id: int, *, take_unclear: bool = False, by: Actor, at: datetime) -> ImportBatch:
    """Write what the file says that is new or newer; a second call changes nothing.

    Every row is decided again, for other files may have come in since the preview. `take_unclear`: rows that
    contradict what is known without showing which is newer are taken from this file. Raises BatchClosed,
    AlreadyImported, YearOpen and NothingToTakeIn.
    """
    batch, shop = _open_batch(batch_id, BatchState.PREVIEWED, BatchState.COMMITTED)
    if batch.state is BatchState.COMMITTED:
        return batch
    _refuse_repeated(shop.id, batch.sha256)
    kind = SalesKind(batch.summary["kind"])
    rows = plan(staged_rows(batch.id), **_place(kind, shop))
    if any(problem[1] == YEAR_OPEN for row in rows for problem in row.problems):
        raise YearOpen()
    if take_unclear:
        rows = [_taken(row) for row in rows]
    if not any(row.action in (RowAction.NEW, RowAction.UPDATE) for row in rows):
        raise NothingToTakeIn()
    _write(batch, shop, kind, rows)
    left = {action: batch.summary["counts"][action] for action in (RowAction.REJECTED, RowAction.DUPLICATE)}
    batch.summary = {**batch.summary, "counts": _counts(rows) | left}
    batch.state, batch.committed_at = BatchState.COMMITTED, at
    counts = {name: count for name, count in batch.summary["counts"].items() if count}
    audit.record("sales.import", "shop", shop.id, by=by, at=at, batch=batch.id, sha256=batch.sha256, counts=counts)
    return batch


def _taken(row: Staged) -> Staged:
    unclear = any(problem[1] == OLDER_OR_NEWER for problem in row.problems)
    return replace(row, action=RowAction.UPDATE, problems=()) if unclear else row


def _write(batch: ImportBatch, shop: Shop, kind: SalesKind, rows: list[Staged]) -> None:
    new = [row.facts for row in rows if row.action is RowAction.NEW]
    made = insert_new(kind, batch, shop.platform, new) if new else {}
    changed = {row.target_id: {**row.after, "batch_id": batch.id} for row in rows if row.action is RowAction.UPDATE}
    update_known(kind, changed)
    restage(
        batch.id,
        [
            replace(row, target_id=made[row.facts["natural_key"]]) if row.action is RowAction.NEW else row
            for row in rows
        ],
    )


def discard(batch_id: int, *, by: Actor, at: datetime) -> ImportBatch:
    """Give a previewed file up; its staged rows go."""
    batch, shop = _open_batch(batch_id, BatchState.PREVIEWED, BatchState.DISCARDED)
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    batch.state = BatchState.DISCARDED
    audit.record("sales.discard", "shop", shop.id, by=by, at=at, batch=batch.id, sha256=batch.sha256)
    return batch


def undo(batch_id: int, *, by: Actor, at: datetime) -> ImportBatch:
    """Take a file out again, as if it had never come.

    A row that a later file changed keeps that file's state and is listed; every other goes back to what the files
    that still stand say of it, or is deleted where none does. Raises BatchClosed.
    """
    batch, shop = _open_batch(batch_id, BatchState.COMMITTED, BatchState.UNDONE)
    if batch.state is BatchState.UNDONE:
        return batch
    kind = SalesKind(batch.summary["kind"])
    written = db.session.execute(
        select(ImportRow.target_id, ImportRow.row_number).where(
            ImportRow.batch_id == batch.id, ImportRow.action.in_((RowAction.NEW, RowAction.UPDATE))
        )
    ).all()
    now = known_by_id(kind, [target_id for target_id, _ in written])
    ours = [id_ for id_, _ in written if id_ in now and now[id_].batch_id == batch.id]
    kept = [number for id_, number in written if id_ in now and now[id_].batch_id != batch.id]
    restored, deleted = _put_back(batch, kind, ours)
    batch.summary = {**batch.summary, "undo": {"restored": restored, "deleted": deleted, "kept": kept}}
    batch.state, batch.undone_at = BatchState.UNDONE, at
    audit.record(
        "sales.undo", "shop", shop.id, by=by, at=at, batch=batch.id, restored=restored, deleted=deleted, kept=len(kept)
    )
    return batch


def _put_back(batch: ImportBatch, kind: SalesKind, target_ids: list[int]) -> tuple[int, int]:
    """How many rows were restored and deleted."""
    told, standing = history(batch.shop_id, kind, target_ids)
    states = {id_: replayed(kind, told[id_], standing - {batch.id}) for id_ in target_ids}
    restored = {id_: state for id_, state in states.items() if state is not None}
    gone = [id_ for id_, state in states.items() if state is None]
    update_known(kind, restored)
    delete_known(kind, gone)
    return len(restored), len(gone)
