"""Broadcasts, order lines and settlements decided, written and put back in sets: a fixed number of statements per
thousands of rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    MetaData,
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    update,
)

from trainer.database import db, on_postgresql
from trainer.domain.imports import BatchState, RowAction
from trainer.domain.sales import Platform, SalesKind
from trainer.domain.sales_import import (
    DESCRIBING,
    FLAGS,
    Facts,
    Standing,
    compare,
    read_facts,
    write_facts,
)
from trainer.models.imports import ImportBatch
from trainer.models.sales import FACTS, KNOWN, VERSIONS, Shop
from trainer.queries.sales_period import Span, locked_spans
from trainer.services.sales_entry_file import give_back, match_typed, take_over
from trainer.services.sales_staging import YEAR_OPEN

AT_ONCE = 5_000
STAGED = "staged_sales_rows"
OLDER_OR_NEWER, OLDER = "older_or_newer", "older_than_known"
COUNTED_OTHERWISE, ELSEWHERE = "counted_in_another_file", "belongs_to_another_shop"
MONTH_LOCKED, REPLACES_TYPED = "month_locked", "replaces_typed"
# Platforms that export the same orders both as wholes and line by line, under different keys.
WHOLE_AND_LINES = (Platform.TAOBAO,)
WRITTEN = (RowAction.NEW, RowAction.UPDATE, RowAction.SAME)


class Place(NamedTuple):
    """Where a file's rows go."""

    batch_id: int
    kind: SalesKind
    shop: Shop

    @property
    def versions(self) -> Table:
        return VERSIONS[self.kind]

    @property
    def known(self) -> Table:
        return KNOWN[self.kind]

    @property
    def mine(self) -> ColumnElement[bool]:
        return self.versions.c.batch_id == self.batch_id

    @property
    def same_key(self) -> ColumnElement[bool]:
        known, versions = self.known.c, self.versions.c
        return and_(known.platform == self.shop.platform, known.natural_key == versions.natural_key)

    @property
    def locked(self) -> list[Span]:
        return locked_spans(self.shop.person.region_code)


def moment_of(kind: SalesKind, table: Table) -> ColumnElement:
    """The moment by which a row belongs to a month."""
    if kind is SalesKind.ORDER:
        return func.coalesce(table.c.paid_at, table.c.ordered_at)
    return table.c.started_at if kind is SalesKind.LIVE_SESSION else table.c.settled_at


def within(moment: ColumnElement, spans: Sequence[Span]) -> ColumnElement[bool]:
    return or_(*(and_(moment >= begin, moment < end) for begin, end in spans))


def begin_staging(place: Place) -> str:
    """The table to stage a file's rows in: on PostgreSQL one for this act alone, where a row costs no index yet."""
    if not on_postgresql():
        return place.versions.name
    db.session.execute(text(f"CREATE TEMPORARY TABLE {STAGED} (LIKE {place.versions.name}) ON COMMIT DROP"))
    return STAGED


def end_staging(place: Place) -> None:
    """Rows that say what is known go to the versions as such: there a changed row is a row written anew."""
    if not on_postgresql():
        return
    staged = place.versions.to_metadata(MetaData(), name=STAGED)
    names = [column.name for column in staged.columns]
    is_known = _is_unchanged(place, staged.c)
    action = case((and_(staged.c.action == RowAction.NEW, is_known), RowAction.SAME), else_=staged.c.action)
    columns = [action.label(name) if name == "action" else staged.c[name] for name in names]
    db.session.execute(insert(place.versions).from_select(names, select(*columns)))
    db.session.execute(text(f"DROP TABLE {STAGED}"))


def decide(place: Place) -> None:
    """Each row's action, against what the database holds now; harmless to do again.

    What a whole column tells is told by the database; only rows that differ from what is known come into memory.
    """
    versions, said = place.versions, place.versions.c
    new = and_(place.mine, said.action == RowAction.NEW)
    unchanged = _is_unchanged(place, said)
    settled = or_(said.action == RowAction.NEW, and_(said.action == RowAction.SAME, unchanged))
    db.session.execute(
        update(versions)
        .where(place.mine, ~settled, ~_has_open_year(place))
        .values(action=RowAction.NEW, problems=null(), before=None)
    )
    if place.kind is SalesKind.ORDER and place.shop.platform in WHOLE_AND_LINES:
        _count_once(place, new)
    known = place.known
    if db.session.execute(select(1).select_from(versions.join(known, place.same_key)).where(new).limit(1)).first():
        other = exists().where(place.same_key, known.c.shop_id != place.shop.id)
        _mark(versions, and_(new, other), RowAction.CONFLICT, ELSEWHERE)
        db.session.execute(update(versions).where(new, unchanged).values(action=RowAction.SAME))
        _compare_rest(place)
    if place.kind is SalesKind.LIVE_SESSION:
        _mark_typed(place)
    if spans := place.locked:
        open_to_change = said.action.in_((RowAction.NEW, RowAction.UPDATE, RowAction.NEEDS_PERSON))
        inside = within(moment_of(place.kind, versions), spans)
        _mark(versions, and_(place.mine, open_to_change, inside), RowAction.LOCKED, MONTH_LOCKED)


def _has_open_year(place: Place) -> ColumnElement[bool]:
    """A broadcast whose year nobody has told yet; of the other kinds none waits for that."""
    said = place.versions.c
    if place.kind is not SalesKind.LIVE_SESSION:
        return said.row_number.is_(None)
    waiting = [number for number, _facts in open_years(place)]
    return said.row_number.in_(waiting)


def open_years(place: Place) -> list[tuple[int, Facts]]:
    """(row number, facts) of broadcasts whose year is still to be said."""
    rows = db.session.execute(
        select(place.versions).where(place.mine, place.versions.c.action == RowAction.NEEDS_PERSON)
    ).mappings()
    return [
        (row["row_number"], {name: row[name] for name in FACTS[place.kind]})
        for row in rows
        if any(problem[1] == YEAR_OPEN for problem in row["problems"] or ())
    ]


def _mark(versions: Table, where: ColumnElement[bool], action: RowAction, code: str) -> None:
    db.session.execute(update(versions).where(where).values(action=action, problems=[["", code, {}]]))


def _count_once(place: Place, new: ColumnElement[bool]) -> None:
    """An order known as a whole is not taken in line by line, nor the other way round: its money stands once."""
    said, known = place.versions.c, place.known.c
    whole = (known.natural_key == known.order_key) != (said.natural_key == said.order_key)
    otherwise = exists().where(known.platform == place.shop.platform, known.order_key == said.order_key, whole)
    _mark(place.versions, and_(new, otherwise), RowAction.SAME, COUNTED_OTHERWISE)


def _is_unchanged(place: Place, said) -> ColumnElement[bool]:
    """As `domain.sales_import.compare`: taking the row in would leave what is known as it is."""
    known = place.known.c
    here = known.platform == place.shop.platform, known.shop_id == place.shop.id
    return exists().where(*here, known.natural_key == said.natural_key, *_same_columns(place, said))


def _same_columns(place: Place, said) -> Iterator[ColumnElement[bool]]:
    known = place.known.c
    for name in FACTS[place.kind]:
        now, then = said[name], known[name]
        if name == "natural_key":
            continue
        if name == "trust":
            yield now <= then
        elif name in FLAGS:
            yield or_(now == then, then)
        elif name in DESCRIBING and then.nullable:
            yield or_(then.is_not(None), now.is_(None))
        elif name in DESCRIBING:
            yield or_(then != "", now == "") if name != "started_at" else and_(True)
        elif now.nullable:
            yield or_(now.is_(None), now == then)
        else:
            yield now == then


def _mark_typed(place: Place) -> None:
    """A broadcast that somebody typed in becomes the file's, whatever its numbers were."""
    said = place.versions.c
    waiting = (RowAction.NEW, RowAction.UPDATE, RowAction.NEEDS_PERSON)
    rows = db.session.execute(select(place.versions).where(place.mine, said.action.in_(waiting))).mappings().all()
    keys = match_typed(place.shop.id, [_facts(place, row) for row in rows])
    numbers = [row["row_number"] for row in rows if row["natural_key"] in keys]
    if numbers:
        _mark(place.versions, and_(place.mine, said.row_number.in_(numbers)), RowAction.UPDATE, REPLACES_TYPED)


def _facts(place: Place, row: Mapping[str, object]) -> Facts:
    return {name: row[name] for name in FACTS[place.kind]}


def _compare_rest(place: Place) -> None:
    """Rows under a known key that would change it: newer, older, or for a person to say."""
    for rows in _pairs(place, RowAction.NEW):
        verdicts = []
        for number, said, known in rows:
            standing, _after = compare(place.kind, known, said)
            action, code = _VERDICTS[standing]
            problems = [["", code, {}]] if code else None
            verdicts.append({"this_row": number, "to_action": action, "to_problems": problems})
        _write_verdicts(place, verdicts)


_VERDICTS = {
    Standing.SAME: (RowAction.SAME, None),
    Standing.OLDER: (RowAction.SAME, OLDER),
    Standing.NEWER: (RowAction.UPDATE, None),
    Standing.UNCLEAR: (RowAction.NEEDS_PERSON, OLDER_OR_NEWER),
}


def _write_verdicts(place: Place, verdicts: list[dict[str, object]]) -> None:
    versions = place.versions
    names = [name.removeprefix("to_") for name in verdicts[0] if name.startswith("to_")]
    db.session.execute(
        update(versions)
        .where(place.mine, versions.c.row_number == bindparam("this_row"))
        .values({name: bindparam(f"to_{name}", type_=versions.c[name].type) for name in names}),
        verdicts,
    )


def _pairs(place: Place, action: RowAction) -> Iterator[list[tuple[int, Facts, Facts]]]:
    """(row number, what the file says, what is known) of rows with that action under a known key, in chunks."""
    names, last = FACTS[place.kind], 0
    said = [place.versions.c[name].label(f"said_{name}") for name in names]
    known = [place.known.c[name].label(f"known_{name}") for name in names]
    row_number = place.versions.c.row_number
    statement = (
        select(row_number, place.known.c.id, place.known.c.batch_id, *said, *known)
        .join(place.known, place.same_key)
        .where(place.mine, place.versions.c.action == action, place.known.c.shop_id == place.shop.id)
        .where(place.known.c.batch_id.is_distinct_from(place.batch_id))
        .order_by(row_number)
        .limit(AT_ONCE)
    )
    while rows := db.session.execute(statement.where(row_number > last)).all():
        yield [(row[0], dict(zip(names, row[3 : 3 + len(names)], strict=True)), _Known(names, row)) for row in rows]
        last = rows[-1][0]


class _Known(dict):
    """What is known of a row, with its number and the file that said so last beside it."""

    def __init__(self, names: Sequence[str], row) -> None:
        super().__init__(zip(names, row[3 + len(names) :], strict=True))
        self.id, self.batch_id = row[1], row[2]


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
    for rows in _pairs(place, RowAction.UPDATE):
        changed = {}
        for _number, said, before in rows:
            changed[before.id] = {**compare(place.kind, before, said)[1], "batch_id": place.batch_id}
        befores = [
            {"this_row": number, "to_before": write_facts({**before, "batch_id": before.batch_id})}
            for number, _said, before in rows
        ]
        update_known(known, changed)
        _write_verdicts(place, befores)


def _replace_typed(place: Place, at: datetime) -> None:
    said = place.versions.c
    rows = db.session.execute(select(place.versions).where(place.mine, said.action == RowAction.UPDATE)).mappings()
    typed = [row for row in rows if any(problem[1] == REPLACES_TYPED for problem in row["problems"] or ())]
    if not typed:
        return
    ids = match_typed(place.shop.id, [_facts(place, row) for row in typed])
    known = place.known
    found = db.session.execute(select(known).where(known.c.id.in_(ids.values()))).mappings()
    # Undone, the entry is asked what was typed: only the page looks at this.
    before = {row["id"]: write_facts(_facts(place, row) | {"batch_id": place.batch_id}) for row in found}
    verdicts = [
        {"this_row": row["row_number"], "to_before": before[ids[row["natural_key"]]]}
        for row in typed
        if row["natural_key"] in ids
    ]
    take_over(place.shop.id, [_facts(place, row) for row in typed], batch_id=place.batch_id, at=at)
    _write_verdicts(place, verdicts)


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


def count_actions(place: Place) -> dict[str, int]:
    said = place.versions.c
    rows = db.session.execute(select(said.action, func.count()).where(place.mine).group_by(said.action))
    return {action.value: count for action, count in rows}


def take_unclear(place: Place) -> None:
    """Where nothing tells which file is the newer one, this one is taken."""
    said = place.versions.c
    db.session.execute(
        update(place.versions)
        .where(place.mine, said.action == RowAction.NEEDS_PERSON)
        .values(action=RowAction.UPDATE, problems=null())
    )


def is_locked(place: Place) -> bool:
    """Whether something that the file brought lies in a month that is approved."""
    known, spans = place.known, place.locked
    if not spans:
        return False
    inside = within(moment_of(place.kind, known), spans)
    return db.session.execute(select(1).where(known.c.batch_id == place.batch_id, inside).limit(1)).first() is not None


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
        statement = select(known.c.id, known.c.natural_key).where(ours).order_by(known.c.id).limit(AT_ONCE)
        last = 0
        while rows := db.session.execute(statement.where(known.c.id > last)).all():
            last = rows[-1].id
            told = _told(place, [row.natural_key for row in rows], list(files))
            states = {row.id: replayed(place.kind, told.get(row.natural_key, []), standing) for row in rows}
            doomed += [id_ for id_, state in states.items() if state is None]
            back = {id_: state for id_, state in states.items() if state is not None}
            update_known(known, back)
            restored += back
    else:
        doomed = list(db.session.scalars(select(known.c.id).where(ours)))
    if place.kind is SalesKind.LIVE_SESSION:
        typed = give_back(doomed)
        restored += typed
        doomed = [id_ for id_ in doomed if id_ not in typed]
    for start in range(0, len(doomed), AT_ONCE):
        _delete(place, doomed[start : start + AT_ONCE])
    return restored, len(doomed)


def _delete(place: Place, ids: list[int]) -> None:
    """Of a broadcast that goes, its orders let go first."""
    if place.kind is SalesKind.LIVE_SESSION:
        orders = KNOWN[SalesKind.ORDER]
        free = {"livestream_id": None, "attribution": None}
        db.session.execute(update(orders).where(orders.c.livestream_id.in_(ids)).values(free))
    db.session.execute(delete(place.known).where(place.known.c.id.in_(ids)))


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
            versions.c.natural_key.in_(keys), versions.c.batch_id.in_(files), versions.c.action.in_(WRITTEN)
        )
    ).mappings()
    found: dict[str, list[Told]] = {}
    for row in rows:
        facts = _facts(place, row)
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


def date_rows(place: Place, dated: Iterable[tuple[int, Facts]]) -> None:
    """Broadcasts whose year was told: their day and key, and nothing waits any more."""
    rows = [
        {
            "this_row": number,
            "to_action": RowAction.NEW,
            "to_problems": None,
            **{f"to_{name}": facts[name] for name in ("started_at", "ended_at", "natural_key")},
        }
        for number, facts in dated
    ]
    if rows:
        _write_verdicts(place, rows)


def forget(place: Place) -> None:
    db.session.execute(delete(place.versions).where(place.mine))
