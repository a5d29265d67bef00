"""Taking a platform's file in for a shop: read, previewed, confirmed or discarded, undone."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from typing import BinaryIO

from sqlalchemy import delete, insert, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.days import CHINA, china_day
from trainer.domain.imports import BatchState, ImportKind, RowAction
from trainer.domain.people import mask_numbers
from trainer.domain.sales import Platform, SalesKind, ShopRole
from trainer.domain.sales_import import in_other_year, write_facts
from trainer.errors import Refused
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.sales import Shop
from trainer.platforms.inspection import Inspection, inspect_stream, inspection_summary
from trainer.platforms.limits import Spooled, run_spooled
from trainer.platforms.mapping import Mapping
from trainer.services import audit, reading_room, sales_rows, sales_verdicts
from trainer.services.sales_place import Place
from trainer.services.sales_reach import check_reach
from trainer.services.sales_staging import by_row, stage
from trainer.services.shop import accept_alias, unknown_accounts
from trainer.services.shop_lock import hold_living_shop, touch

MOST_NOTES = 50


class OtherPlatform(Refused):
    """The file is of another platform than the shop."""

    code = "sales_other_platform"


class HostsFile(Refused):
    """A commission host's file, of orders of other shops, for a shop that sells its own goods."""

    code = "sales_file_of_host"


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


class AccountsUnknown(Refused):
    """The file names accounts, none of them as the shop is called, and nobody has said that they are hers."""

    code = "sales_accounts_unknown"


class MonthLocked(Refused):
    """What the file brought lies in a month whose figures are approved."""

    code = "sales_month_locked"


@contextmanager
def read_file(
    content: bytes | BinaryIO, *, platform: str | None, at: datetime, mappings: Sequence[Mapping] = ()
) -> Iterator[Spooled]:
    """The file taken apart, in a child process, its rows on disk until the end; call it before any transaction.

    Raises UnreadableFile, ReadersBusy.
    """
    hint = Platform(platform) if platform else None
    options = {"today": china_day(at), "platform": hint, "mappings": tuple(mappings)}
    with ExitStack() as kept:
        with reading_room.place():
            reading = kept.enter_context(run_spooled(inspect_stream, content, **options))
        yield reading


def preview(shop_id: int, filename: str, reading: Spooled, *, by: Actor, at: datetime) -> ImportBatch:
    """Stage the file's rows with what taking them in would do; nothing else is written.

    Raises OtherPlatform, HostsFile and AlreadyImported.
    """
    inspection: Inspection = reading.inspection
    shop = hold_living_shop(shop_id)
    if inspection.platform != shop.platform:
        raise OtherPlatform(file=inspection.platform, shop=Platform(shop.platform))
    if inspection.is_of_host and shop.role is ShopRole.OWN:
        raise HostsFile(shop=shop.name)
    refuse_repeated(shop_id, inspection.sha256)
    batch = ImportBatch(
        kind=ImportKind.SALES,
        shop_id=shop_id,
        filename=mask_numbers(filename)[-200:],
        sha256=inspection.sha256,
        state=BatchState.PREVIEWED,
        summary=_facts_of_file(inspection),
        created_at=at,
        created_by=by.account_id,
    )
    db.session.add(batch)
    db.session.flush()
    place = Place(batch.id, inspection.kind, shop)
    told = by_row(problem for problem in inspection.warnings if problem.code != "duplicate_row")
    into = sales_verdicts.begin_staging(place)
    staged = stage(inspection.kind, into, batch.id, reading.chunks(), told, shop_id=shop_id, at=at)
    sales_verdicts.end_staging(place)
    left_out = _keep_left_out(batch.id, inspection)
    sales_verdicts.decide(place)
    notes = [[p.row, p.field, p.code, dict(p.values)] for p in inspection.warnings if p.row in told.keys() - staged]
    batch.summary = {**batch.summary, "notes": notes[:MOST_NOTES], "counts": _counts(place, left_out)}
    counts = {name: count for name, count in batch.summary["counts"].items() if count}
    audit.record("sales.preview", "shop", shop_id, by=by, at=at, batch=batch.id, sha256=batch.sha256, counts=counts)
    return batch


def refuse_repeated(shop_id: int, sha256: str) -> None:
    done = db.session.execute(
        select(ImportBatch.id, ImportBatch.committed_at).where(
            ImportBatch.shop_id == shop_id, ImportBatch.sha256 == sha256, ImportBatch.state == BatchState.COMMITTED
        )
    ).first()
    if done:
        raise AlreadyImported(batch=done.id, on=f"{done.committed_at.astimezone(CHINA):%Y-%m-%d %H:%M}")


def _keep_left_out(batch_id: int, inspection: Inspection) -> dict[RowAction, int]:
    """The rows that will not be taken in whatever happens: refused ones with their cells, and repeated ones."""
    refused = by_row(inspection.rejected)
    repeated = by_row(problem for problem in inspection.warnings if problem.code == "duplicate_row")
    kept = [
        (number, RowAction.REJECTED, inspection.rejected_cells[number], problems)
        for number, problems in refused.items()
        if number in inspection.rejected_cells
    ]
    kept += [(number, RowAction.DUPLICATE, {}, told[:1]) for number, told in repeated.items() if number not in refused]
    values = [
        {
            **{"batch_id": batch_id, "row_number": number, "action": action, "content": write_facts(cells)},
            **{"problems": [list(problem) for problem in problems], "warnings": []},
            **{"target_id": None, "before": None},
        }
        for number, action, cells, problems in kept
    ]
    if values:
        db.session.execute(insert(ImportRow.__table__), values)
    return {RowAction.REJECTED: len(refused), RowAction.DUPLICATE: sum(number not in refused for number in repeated)}


def _counts(place: Place, left_out: dict[str, int]) -> dict[str, int]:
    return dict.fromkeys((action.value for action in RowAction), 0) | sales_verdicts.count_actions(place) | left_out


def _left_out(batch: ImportBatch) -> dict[str, int]:
    return {action: batch.summary["counts"][action] for action in (RowAction.REJECTED, RowAction.DUPLICATE)}


def _facts_of_file(inspection: Inspection) -> dict[str, object]:
    """What the preview shows of the file as a whole; nothing of a buyer is in it."""
    answer = inspection_summary(inspection)
    told = ("platform", "kind", "header_row", "data_rows", "rows", "rejected", "warnings")
    return {
        **{name: answer[name] for name in ("platform", "kind", "header_row", "data_rows")},
        "totals": {name: value for name, value in answer.items() if name not in told},
        "evidence": inspection.evidence,
        "sheet": inspection.sheet,
        "controls": [[c.field, c.name, c.stated, c.summed, c.agrees] for c in inspection.controls],
        "accounts": list(inspection.accounts),
        "unknown_columns": list(inspection.unknown_columns)[:MOST_NOTES],
    }


def _open_batch(batch_id: int, *states: BatchState) -> tuple[ImportBatch, Shop]:
    """The batch in one of `states` and its shop, locked. Raises BatchClosed."""
    shop_id = db.session.scalar(
        select(ImportBatch.shop_id).where(ImportBatch.id == batch_id, ImportBatch.kind == ImportKind.SALES)
    )
    shop = hold_living_shop(shop_id)
    batch = db.session.get(ImportBatch, batch_id, populate_existing=True)
    if batch.state not in states:
        raise BatchClosed(state=batch.state)
    return batch, shop


def _place_of(batch: ImportBatch, shop: Shop) -> Place:
    return Place(batch.id, SalesKind(batch.summary["kind"]), shop)


def settle_year(batch_id: int, years_back: int, *, by: Actor, at: datetime) -> ImportBatch:
    """Answer which year a list without years is of: so many years before the latest one possible."""
    batch, shop = _open_batch(batch_id, BatchState.PREVIEWED)
    place = _place_of(batch, shop)
    dated = [(number, in_other_year(facts, shop.id, years_back)) for number, facts in sales_verdicts.open_years(place)]
    sales_verdicts.date_rows(place, [(number, facts) for number, facts in dated if facts is not None])
    sales_verdicts.decide(place)
    batch.summary = {**batch.summary, "counts": _counts(place, _left_out(batch)), "years_back": years_back}
    audit.record("sales.settle_year", "shop", shop.id, by=by, at=at, batch=batch.id, years_back=years_back)
    return batch


def commit(
    batch_id: int,
    *,
    take_unclear: bool = False,
    is_of_shop: bool = False,
    reaches_on: str | None = None,
    by: Actor,
    at: datetime,
) -> ImportBatch:
    """Write what the file says that is new or newer; a second call changes nothing.

    Every row is decided again, for other files may have come in since the preview. `take_unclear`: rows that
    contradict what is known without showing which is newer are taken from this file; `is_of_shop`: the accounts that
    the file names, otherwise than the shop is called, are hers; `reaches_on` (ISO 8601): the file tells of all days up
    to this one, though nothing happened on the last of them. With such a day a file may be taken in that says nothing
    new. Raises BatchClosed, AlreadyImported, AccountsUnknown, YearOpen, ReachImpossible and NothingToTakeIn.
    """
    batch, shop = _open_batch(batch_id, BatchState.PREVIEWED, BatchState.COMMITTED)
    if batch.state is BatchState.COMMITTED:
        return batch
    refuse_repeated(shop.id, batch.sha256)
    unknown = unknown_accounts(shop, batch.summary["accounts"])
    if unknown and not is_of_shop:
        raise AccountsUnknown(accounts="、".join(unknown[:3]), shop=shop.name)
    place = _place_of(batch, shop)
    if place.kind is SalesKind.LIVE_SESSION and sales_verdicts.open_years(place):
        raise YearOpen()
    sales_verdicts.decide(place)
    if take_unclear:
        sales_verdicts.take_unclear(place)
    counts = _counts(place, _left_out(batch))
    batch.reaches_on = check_reach(batch, place.kind, date.fromisoformat(reaches_on)) if reaches_on else None
    if not (counts[RowAction.NEW] or counts[RowAction.UPDATE] or batch.reaches_on):
        raise NothingToTakeIn()
    sales_rows.write(place, at=at)
    accept_alias(shop, unknown, by=by, at=at)
    batch.summary = {**batch.summary, "counts": counts}
    batch.state, batch.committed_at = BatchState.COMMITTED, at
    touch(shop, at=at)
    told = {name: count for name, count in counts.items() if count}
    audit.record("sales.import", "shop", shop.id, by=by, at=at, batch=batch.id, sha256=batch.sha256, counts=told)
    return batch


def discard(batch_id: int, *, by: Actor, at: datetime) -> ImportBatch:
    """Give a previewed file up; its staged rows go."""
    batch, shop = _open_batch(batch_id, BatchState.PREVIEWED, BatchState.DISCARDED)
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    sales_rows.forget(_place_of(batch, shop))
    batch.state = BatchState.DISCARDED
    audit.record("sales.discard", "shop", shop.id, by=by, at=at, batch=batch.id, sha256=batch.sha256)
    return batch


def undo(batch_id: int, *, by: Actor, at: datetime) -> ImportBatch:
    """Take a file out again, as if it had never come.

    A row that a later file changed keeps that file's state and is listed; every other goes back to what the files
    that still stand say of it, or is deleted where none does. Raises BatchClosed and MonthLocked.
    """
    batch, shop = _open_batch(batch_id, BatchState.COMMITTED, BatchState.UNDONE)
    if batch.state is BatchState.UNDONE:
        return batch
    place = _place_of(batch, shop)
    if sales_rows.is_locked(place):
        raise MonthLocked()
    kept = sales_rows.rows_of_later_files(place)
    restored, deleted = sales_rows.put_back(place)
    if sales_rows.is_locked(place, restored):
        raise MonthLocked()
    batch.summary = {**batch.summary, "undo": {"restored": len(restored), "deleted": deleted, "kept": kept}}
    batch.state, batch.undone_at = BatchState.UNDONE, at
    touch(shop, at=at)
    told = {"restored": len(restored), "deleted": deleted, "kept": len(kept)}
    audit.record("sales.undo", "shop", shop.id, by=by, at=at, batch=batch.id, **told)
    return batch
