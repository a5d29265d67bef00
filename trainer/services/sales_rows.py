"""Broadcasts, order lines and staged rows read and written in sets: a fixed number of statements per thousand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import Table, bindparam, delete, insert, or_, select, update

from trainer.database import db
from trainer.domain.imports import BatchState, RowAction
from trainer.domain.sales import Platform, SalesKind
from trainer.domain.sales_import import Facts, Standing, abnormal_share, compare, read_facts, write_facts
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.sales import Livestream, OrderLine

TABLES: dict[SalesKind, Table] = {
    SalesKind.LIVE_SESSION: Livestream.__table__,
    SalesKind.ORDER: OrderLine.__table__,
}
NOT_FACTS = ("id", "shop_id", "platform", "batch_id")
# SQLite takes 32766 parameters a statement, PostgreSQL's driver 65535.
AT_ONCE = 5_000
YEAR_OPEN, OLDER_OR_NEWER = "year_assumed", "older_or_newer"
COUNTED_OTHERWISE = "counted_in_another_file"
# Platforms that export the same orders both as wholes and line by line, under different keys.
WHOLE_AND_LINES = (Platform.TAOBAO,)
WRITTEN = (RowAction.NEW, RowAction.UPDATE, RowAction.SAME)


class Known(NamedTuple):
    """A broadcast or an order line as it stands."""

    id: int
    shop_id: int
    batch_id: int | None
    facts: Facts


@dataclass(frozen=True)
class Staged:
    """A row of the file that can be taken in, and what taking it in would do now.

    `after` is what the row would become; `before` what it was, for undoing and to show the change.
    """

    row_number: int
    facts: Facts
    problems: tuple = ()
    warnings: tuple = ()
    action: RowAction = RowAction.NEW
    target_id: int | None = None
    before: Facts | None = None
    after: Facts | None = None


def plan(rows: Iterable[Staged], *, kind: SalesKind, platform: str, shop_id: int) -> list[Staged]:
    """Each row with its action, against what the database holds now."""
    rows = [_without_verdict(row) for row in rows]
    twice = kind is SalesKind.ORDER and platform in WHOLE_AND_LINES
    keys = [row.facts["natural_key"] for row in rows]
    known = known_by_key(kind, platform, keys, [row.facts["order_key"] for row in rows] if twice else ())
    decided = [_decided(row, known.get(row.facts["natural_key"]), kind, shop_id) for row in rows]
    whole = _whole(known.values()) if twice else {}
    return [_counted_once(row, whole) for row in decided] if twice else decided


def _whole(known: Iterable[Known]) -> dict[str, bool]:
    """Order → whether it is known as a whole (its key is the order's own) or line by line."""
    return {k.facts["order_key"]: k.facts["natural_key"] == k.facts["order_key"] for k in known}


def _counted_once(row: Staged, whole: Mapping[str, bool]) -> Staged:
    """An order known as a whole is not taken in line by line, nor the other way round: its money stands once."""
    order_key, is_whole = row.facts["order_key"], row.facts["natural_key"] == row.facts["order_key"]
    if row.action is not RowAction.NEW or whole.get(order_key, is_whole) == is_whole:
        return row
    return replace(row, action=RowAction.SAME, warnings=(*row.warnings, ("", COUNTED_OTHERWISE, {})))


def _without_verdict(row: Staged) -> Staged:
    """Rows are decided again when they are confirmed: what an earlier look said of them goes."""
    return replace(
        row,
        problems=tuple(problem for problem in row.problems if problem[1] == YEAR_OPEN),
        warnings=tuple(
            warning for warning in row.warnings if warning[1] not in ("older_than_known", COUNTED_OTHERWISE)
        ),
    )


def _decided(row: Staged, known: Known | None, kind: SalesKind, shop_id: int) -> Staged:
    if any(problem[1] == YEAR_OPEN for problem in row.problems):
        return replace(row, action=RowAction.NEEDS_PERSON)
    if known is None:
        return replace(row, action=RowAction.NEW, after=row.facts)
    if known.shop_id != shop_id:
        conflict = ("", "belongs_to_another_shop", {})
        return replace(row, action=RowAction.CONFLICT, problems=(*row.problems, conflict))
    standing, after = compare(kind, known.facts, row.facts)
    row = replace(row, target_id=known.id, before={**known.facts, "batch_id": known.batch_id}, after=after)
    if standing is Standing.UNCLEAR:
        unclear = ("", OLDER_OR_NEWER, {})
        return replace(row, action=RowAction.NEEDS_PERSON, problems=(*row.problems, unclear))
    if standing is Standing.OLDER:
        older = ("", "older_than_known", {})
        return replace(row, action=RowAction.SAME, before=None, warnings=(*row.warnings, older))
    if standing is Standing.NEWER:
        return replace(row, action=RowAction.UPDATE)
    return replace(row, action=RowAction.SAME, before=None)


def with_abnormal_note(row: Staged) -> Staged:
    """A broadcast in which the platform counts many abnormal trades: to be looked at, no more."""
    share = abnormal_share(row.facts)
    if share is None:
        return row
    return replace(row, warnings=(*row.warnings, ("", "abnormal_share", {"percent": f"{share * 100:.1f}"})))


def _chunks(items: list) -> Iterable[list]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))


def known_by_key(kind: SalesKind, platform: str, keys: list[str], orders: Sequence[str] = ()) -> dict[str, Known]:
    """What stands under these keys, and what else stands of the orders; `orders` beside `keys`, one for one."""
    table = TABLES[kind]
    found: dict[str, Known] = {}
    for start in range(0, len(keys), AT_ONCE):
        mine = table.c.natural_key.in_(keys[start : start + AT_ONCE])
        if orders:
            mine = or_(mine, table.c.order_key.in_(orders[start : start + AT_ONCE]))
        statement = select(table).where(table.c.platform == platform, mine).with_for_update()
        found |= {known.facts["natural_key"]: known for known in _known(statement)}
    return found


def known_by_id(kind: SalesKind, ids: list[int]) -> dict[int, Known]:
    table = TABLES[kind]
    return {
        known.id: known
        for chunk in _chunks(ids)
        for known in _known(select(table).where(table.c.id.in_(chunk)).with_for_update())
    }


def _known(statement) -> Iterable[Known]:
    for row in db.session.execute(statement).mappings():
        facts = {name: value for name, value in row.items() if name not in NOT_FACTS}
        yield Known(row["id"], row["shop_id"], row["batch_id"], facts)


def insert_new(kind: SalesKind, batch: ImportBatch, platform: str, facts: list[Facts]) -> dict[str, int]:
    """Natural key → id of what was made."""
    table = TABLES[kind]
    fixed = {"shop_id": batch.shop_id, "platform": platform, "batch_id": batch.id}
    rows = db.session.execute(
        insert(table).returning(table.c.natural_key, table.c.id), [{**values, **fixed} for values in facts]
    )
    return dict(rows.all())


def update_known(kind: SalesKind, states: Mapping[int, Facts]) -> None:
    """Id → facts, with the `batch_id` they come from."""
    if not states:
        return
    table = TABLES[kind]
    columns = [name for name in next(iter(states.values())) if name != "natural_key"]
    db.session.execute(
        update(table)
        .where(table.c.id == bindparam("this_id"))
        .values({name: bindparam(f"to_{name}") for name in columns}),
        [{"this_id": id_} | {f"to_{name}": facts[name] for name in columns} for id_, facts in states.items()],
    )


def delete_known(kind: SalesKind, ids: list[int]) -> None:
    table = TABLES[kind]
    for chunk in _chunks(ids):
        db.session.execute(delete(table).where(table.c.id.in_(chunk)))


def stage(batch_id: int, rows: Iterable[Staged]) -> None:
    """Keep the rows for the preview."""
    values = [
        {
            "batch_id": batch_id,
            "row_number": row.row_number,
            "action": row.action,
            "content": write_facts(row.facts),
            "problems": [list(problem) for problem in row.problems],
            "warnings": [list(warning) for warning in row.warnings],
            "target_id": row.target_id,
            "before": write_facts(row.before) if row.before is not None else None,
        }
        for row in rows
    ]
    if values:
        db.session.execute(insert(ImportRow.__table__), values)


def restage(batch_id: int, rows: Iterable[Staged], *, with_facts: bool = False) -> None:
    """Put the rows' newest verdict in place of the one before; what the file says only `with_facts`."""
    values = [
        {
            "this_row": row.row_number,
            "to_action": row.action,
            "to_problems": [list(problem) for problem in row.problems],
            "to_warnings": [list(warning) for warning in row.warnings],
            "to_target_id": row.target_id,
            "to_before": write_facts(row.before) if row.before is not None else None,
            **({"to_content": write_facts(row.facts)} if with_facts else {}),
        }
        for row in rows
    ]
    if not values:
        return
    table = ImportRow.__table__
    names = [name.removeprefix("to_") for name in values[0] if name.startswith("to_")]
    db.session.execute(
        update(table)
        .where(table.c.batch_id == batch_id, table.c.row_number == bindparam("this_row"))
        .values({name: bindparam(f"to_{name}") for name in names}),
        values,
    )


def staged_rows(batch_id: int) -> list[Staged]:
    """The rows of a batch that a person may still take in: not the rejected and repeated ones."""
    never = (RowAction.REJECTED, RowAction.DUPLICATE)
    rows = db.session.execute(
        select(ImportRow.row_number, ImportRow.content, ImportRow.problems, ImportRow.warnings)
        .where(ImportRow.batch_id == batch_id, ImportRow.action.not_in(never))
        .order_by(ImportRow.row_number)
    )
    return [
        Staged(number, read_facts(content), tuple(map(tuple, problems)), tuple(map(tuple, warnings)))
        for number, content, problems, warnings in rows
    ]


class Told(NamedTuple):
    """What one batch once said of a row."""

    batch_id: int
    target_id: int
    action: RowAction
    facts: Facts
    before: Facts | None


def history(shop_id: int, kind: SalesKind, target_ids: list[int]) -> tuple[dict[int, list[Told]], set[int]]:
    """What every batch of the shop ever wrote or found of these rows, in the order they were committed, by row;
    and the batches among them that still stand."""
    batches = db.session.execute(
        select(ImportBatch.id, ImportBatch.state, ImportBatch.summary)
        .where(ImportBatch.shop_id == shop_id, ImportBatch.state.in_((BatchState.COMMITTED, BatchState.UNDONE)))
        .order_by(ImportBatch.committed_at, ImportBatch.id)
    ).all()
    order = {id_: at for at, (id_, _, summary) in enumerate(batches) if summary["kind"] == kind}
    told: dict[int, list[Told]] = {}
    for chunk in _chunks(target_ids):
        rows = db.session.execute(
            select(
                ImportRow.batch_id, ImportRow.target_id, ImportRow.action, ImportRow.content, ImportRow.before
            ).where(
                ImportRow.target_id.in_(chunk),
                ImportRow.batch_id.in_(list(order)),
                ImportRow.action.in_(WRITTEN),
            )
        )
        for batch_id, target_id, action, content, before in rows:
            said = Told(batch_id, target_id, action, read_facts(content), read_facts(before) if before else None)
            told.setdefault(target_id, []).append(said)
    for rows in told.values():
        rows.sort(key=lambda said: order[said.batch_id])
    return told, {id_ for id_, state, _ in batches if state is BatchState.COMMITTED}


def replayed(kind: SalesKind, told: list[Told], standing: set[int]) -> Facts | None:
    """What a row is when only the batches in `standing` are taken in; None where none of them holds it."""
    # What was known before any file came, typed or brought otherwise, is where it begins.
    state = next((said.before for said in told if said.before and said.before["batch_id"] is None), None)
    for said in told:
        if said.batch_id not in standing:
            continue
        if state is None:
            state = {**said.facts, "batch_id": said.batch_id}
            continue
        known = {name: value for name, value in state.items() if name != "batch_id"}
        verdict, after = compare(kind, known, said.facts)
        if verdict is Standing.NEWER or (verdict is Standing.UNCLEAR and said.action is RowAction.UPDATE):
            state = {**after, "batch_id": said.batch_id}
    return state
