"""What a file brings to the register of sales, written in sets; and taken out again as if it had never come."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import (
    Table,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)

from trainer.database import db
from trainer.domain.imports import BatchState, RowAction
from trainer.domain.sales import SalesKind
from trainer.domain.sales_import import (
    Facts,
    Standing,
    compare,
    read_facts,
    write_facts,
)
from trainer.models.imports import ImportBatch
from trainer.models.sales import FACTS
from trainer.services.attribution import let_go
from trainer.services.sales_entry_file import give_back, match_typed, take_over
from trainer.services.sales_place import AT_ONCE, Place, facts_in, list_pairs, moment_of, within, write_verdicts
from trainer.services.sales_verdicts import REPLACES_TYPED, WHOLE_AND_LINES, minute_of

# What a file says counts where nothing contradicts it any more: what waited for a person too.
SAID = (RowAction.NEW, RowAction.UPDATE, RowAction.SAME, RowAction.NEEDS_PERSON)


def write(place: Place, *, at: datetime) -> None:
    """What is decided as new is written, what is decided as changed is changed."""
    if place.kind is SalesKind.LIVE_SESSION:
        _replace_typed(place, at)
    versions, known, names = place.versions, place.known, FACTS[place.kind]
    fixed = {"shop_id": place.shop.id, "platform": place.shop.platform, "batch_id": place.batch_id}
    made = select(*(versions.c[name] for name in names), *map(literal, fixed.values()))
    db.session.execute(
        known.insert().from_select(
            [*names, *fixed],
            made.where(place.mine, versions.c.action == RowAction.NEW).order_by(versions.c.row_number),
            include_defaults=False,
        )
    )
    for rows in list_pairs(place, RowAction.UPDATE):
        changed = {}
        for _number, said, before in rows:
            changed[before.id] = {**compare(place.kind, before, said)[1], "batch_id": place.batch_id}
        befores = [
            {"this_row": number, "to_before": write_facts({**before, "batch_id": before.batch_id})}
            for number, _said, before in rows
        ]
        update_known(known, changed)
        write_verdicts(place, befores)


def _replace_typed(place: Place, at: datetime) -> None:
    said = place.versions.c
    rows = db.session.execute(select(place.versions).where(place.mine, said.action == RowAction.UPDATE)).mappings()
    typed = [row for row in rows if any(problem[1] == REPLACES_TYPED for problem in row["problems"] or ())]
    if not typed:
        return
    ids = match_typed(place.shop.id, [facts_in(place, row) for row in typed])
    known = place.known
    found = db.session.execute(select(known).where(known.c.id.in_(ids.values()))).mappings()
    # Undone, the entry is asked what was typed: only the page looks at this.
    before = {row["id"]: write_facts(facts_in(place, row) | {"batch_id": place.batch_id}) for row in found}
    verdicts = [
        {"this_row": row["row_number"], "to_before": before[ids[row["natural_key"]]]}
        for row in typed
        if row["natural_key"] in ids
    ]
    take_over(place.shop.id, [facts_in(place, row) for row in typed], batch_id=place.batch_id, at=at)
    write_verdicts(place, verdicts)


def update_known(known: Table, states: Mapping[int, Facts]) -> None:
    """Id → facts, with the `batch_id` they come from."""
    if not states:
        return
    columns = list(next(iter(states.values())))
    db.session.execute(
        update(known)
        .where(known.c.id == bindparam("this_id"))
        .values({name: bindparam(f"to_{name}", type_=known.c[name].type) for name in columns}),
        [{"this_id": id_} | {f"to_{name}": facts[name] for name in columns} for id_, facts in states.items()],
    )


def is_locked(place: Place, ids: Sequence[int] | None = None) -> bool:
    """Whether something that the file brought, or one of `ids`, lies in a month that is approved."""
    known, spans = place.known, place.locked
    if not spans:
        return False
    inside = within(moment_of(place.kind, known), spans)
    some = [known.c.batch_id == place.batch_id] if ids is None else [known.c.id.in_(part) for part in _parts(ids)]
    return any(db.session.execute(select(1).where(which, inside).limit(1)).first() for which in some)


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def rows_of_later_files(place: Place) -> list[int]:
    """Rows that this file wrote and that a later one changed: they keep that one's state."""
    said, known = place.versions.c, place.known.c
    return list(
        db.session.scalars(
            select(said.row_number)
            .join(place.known, place.same_key)
            .where(place.mine, said.action.in_((RowAction.NEW, RowAction.UPDATE)))
            .where(known.shop_id == place.shop.id, known.batch_id.is_distinct_from(place.batch_id))
            .order_by(said.row_number)
        )
    )


class Told(NamedTuple):
    """What one batch once said of a row."""

    batch_id: int
    action: RowAction
    facts: Facts
    before: Facts | None


def put_back(place: Place) -> tuple[list[int], int]:
    """Numbers of the rows that went back to what other files that stand say, or that was known before any; and how many
    are gone because nothing else says anything of them."""
    known, files = place.known, _files(place)
    standing = {id_ for id_, state in files.items() if state is BatchState.COMMITTED} - {place.batch_id}
    ours = known.c.batch_id == place.batch_id
    restored: list[int] = []
    doomed: list[int] = []
    if len(files) > 1 or _was_typed(place):
        for rows in _changed_by(place):
            told = _told(place, [row.natural_key for row in rows], list(files))
            states = {row.id: replayed(place.kind, told.get(row.natural_key, []), standing) for row in rows}
            mine = {row.id for row in rows if row.batch_id == place.batch_id}
            doomed += [id_ for id_ in mine if states[id_] is None]
            update_known(known, {id_: state for id_, state in states.items() if state is not None})
            restored += [id_ for id_ in mine if states[id_] is not None]
    else:
        doomed = list(db.session.scalars(select(known.c.id).where(ours)))
    if place.kind is SalesKind.LIVE_SESSION:
        typed = give_back(doomed)
        restored += typed
        doomed = [id_ for id_ in doomed if id_ not in typed]
    for part in _parts(doomed):
        orders, minutes = _orders_in_two_forms(place, part), _minutes(place, part)
        _delete(place, part)
        restored += _let_in(place, _left_out_orders(place, orders, standing), list(files), standing)
        restored += _let_in(place, _left_out_broadcasts(place, minutes, standing), list(files), standing)
    return restored, len(doomed)


def _changed_by(place: Place) -> Iterator[list]:
    """(id, natural_key, batch_id) of what the file says something of that is known, in chunks. Rows that a later one
    changed are among them, for what it leaves blank may be of this file; but none of a locked month."""
    known, said = place.known.c, place.versions.c
    changed = select(said.natural_key).where(place.mine, said.action.in_((RowAction.NEW, RowAction.UPDATE)))
    later = [known.shop_id == place.shop.id, known.batch_id.is_not(None), known.natural_key.in_(changed)]
    later += [not_(within(moment_of(place.kind, place.known), place.locked))] if place.locked else []
    statement = select(known.id, known.natural_key, known.batch_id).order_by(known.id).limit(AT_ONCE)
    statement, last = statement.where(or_(known.batch_id == place.batch_id, and_(*later))), 0
    while rows := db.session.execute(statement.where(known.id > last)).all():
        last = rows[-1].id
        yield rows


def _delete(place: Place, ids: Sequence[int]) -> None:
    """Of a broadcast that goes, its orders let go first."""
    if place.kind is SalesKind.LIVE_SESSION:
        let_go(ids)
    db.session.execute(delete(place.known).where(place.known.c.id.in_(ids)))


def _orders_in_two_forms(place: Place, ids: Sequence[int]) -> list[str]:
    known = place.known.c
    if place.kind is not SalesKind.ORDER or place.shop.platform not in WHOLE_AND_LINES:
        return []
    return list(db.session.scalars(select(known.order_key).where(known.id.in_(ids)).distinct()))


def _minutes(place: Place, ids: Sequence[int]) -> set[datetime]:
    if place.kind is not SalesKind.LIVE_SESSION:
        return set()
    known = place.known.c
    return {minute_of(at) for at in db.session.scalars(select(known.started_at).where(known.id.in_(ids)))}


def _left_out_orders(place: Place, orders: Sequence[str], standing: set[int]) -> list[str]:
    """Of orders that are gone, the keys under which files that stand have them in the other form: left out beside this
    one."""
    if not orders:
        return []
    said, known = place.versions.c, place.known
    held = and_(said.batch_id.in_(standing), said.order_key.in_(orders), said.action == RowAction.SAME)
    gone = ~exists().where(known.c.platform == place.shop.platform, known.c.order_key == said.order_key)
    return list(db.session.scalars(select(said.natural_key).where(held, gone).distinct()))


def _left_out_broadcasts(place: Place, minutes: set[datetime], standing: set[int]) -> list[str]:
    """Of broadcasts that are gone, the keys under which files that stand have them: by number instead of minute, or the
    other way round."""
    if not minutes:
        return []
    said = place.versions.c
    between = said.started_at.between(min(minutes), max(minutes) + timedelta(minutes=1))
    held = and_(said.batch_id.in_(standing), said.action == RowAction.SAME, between)
    gone = ~exists().where(place.same_key)
    rows = db.session.execute(select(said.natural_key, said.started_at).where(held, gone)).all()
    return sorted({row.natural_key for row in rows if minute_of(row.started_at) in minutes})


def _let_in(place: Place, keys: Sequence[str], files: list[int], standing: set[int]) -> list[int]:
    """What the files that stand say under these keys is known now."""
    if not keys:
        return []
    known = place.known
    states = [replayed(place.kind, told, standing) for told in _told(place, list(keys), files).values()]
    fixed = {"shop_id": place.shop.id, "platform": place.shop.platform}
    db.session.execute(insert(known), [state | fixed for state in states])
    made = select(known.c.id).where(known.c.platform == place.shop.platform, known.c.natural_key.in_(keys))
    return list(db.session.scalars(made))


def _was_typed(place: Place) -> bool:
    said = place.versions.c
    return db.session.execute(select(1).where(place.mine, said.before.is_not(None)).limit(1)).first() is not None


def _files(place: Place) -> dict[int, BatchState]:
    """Every file of the shop of this kind that was ever taken in, in that order."""
    rows = db.session.execute(
        select(ImportBatch.id, ImportBatch.state, ImportBatch.summary)
        .where(ImportBatch.shop_id == place.shop.id)
        .where(ImportBatch.state.in_((BatchState.COMMITTED, BatchState.UNDONE)))
        .order_by(ImportBatch.committed_at, ImportBatch.id)
    )
    return {id_: state for id_, state, summary in rows if summary["kind"] == place.kind}


def _told(place: Place, keys: list[str], files: list[int]) -> dict[str, list[Told]]:
    """Natural key → what each of these files said, in the order they were taken in."""
    versions, order = place.versions, {id_: at for at, id_ in enumerate(files)}
    rows = db.session.execute(
        select(versions).where(
            versions.c.natural_key.in_(keys), versions.c.batch_id.in_(files), versions.c.action.in_(SAID)
        )
    ).mappings()
    found: dict[str, list[Told]] = {}
    for row in rows:
        facts = facts_in(place, row)
        before = read_facts(row["before"]) if row["before"] else None
        found.setdefault(row["natural_key"], []).append(Told(row["batch_id"], row["action"], facts, before))
    for said in found.values():
        said.sort(key=lambda one: order[one.batch_id])
    return found


def replayed(kind: SalesKind, told: Iterable[Told], standing: set[int]) -> Facts | None:
    """What a row is when only the files in `standing` are taken in; None where none of them holds it."""
    told = list(told)
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


def forget(place: Place) -> None:
    db.session.execute(delete(place.versions).where(place.mine))
