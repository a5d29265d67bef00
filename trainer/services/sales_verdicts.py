"""What taking a file's rows in would do: decided by the database in sets, only what differs comes into memory."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    MetaData,
    Table,
    and_,
    case,
    exists,
    func,
    insert,
    null,
    or_,
    select,
    text,
    update,
)

from trainer.database import db, on_postgresql
from trainer.domain.imports import RowAction
from trainer.domain.sales import Platform, SalesKind
from trainer.domain.sales_import import (
    DESCRIBING,
    FLAGS,
    Facts,
    Standing,
    compare,
)
from trainer.models.sales import FACTS
from trainer.services.sales_entry_file import match_typed
from trainer.services.sales_place import Place, facts_in, list_pairs, moment_of, within, write_verdicts
from trainer.services.sales_staging import YEAR_OPEN

STAGED = "staged_sales_rows"

OLDER_OR_NEWER, OLDER = "older_or_newer", "older_than_known"

COUNTED_OTHERWISE, ELSEWHERE = "counted_in_another_file", "belongs_to_another_shop"

MONTH_LOCKED, REPLACES_TYPED = "month_locked", "replaces_typed"

# Platforms that export the same orders both as wholes and line by line, under different keys.
WHOLE_AND_LINES = (Platform.TAOBAO,)


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
        _count_broadcasts_once(place)
        _mark_typed(place)
    if spans := place.locked:
        open_to_change = said.action.in_((RowAction.NEW, RowAction.UPDATE, RowAction.NEEDS_PERSON))
        stood = exists().where(place.same_key, within(moment_of(place.kind, known), spans))
        inside = or_(within(moment_of(place.kind, versions), spans), stood)
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


def _count_broadcasts_once(place: Place) -> None:
    """A broadcast that one list names by its number and another by its minute alone is the same one: it counts once."""
    said = place.versions.c
    columns = (said.row_number, said.session_key, said.started_at)
    rows = db.session.execute(select(*columns).where(place.mine, said.action == RowAction.NEW)).all()
    if not rows:
        return
    known = list_minutes(place, min(row.started_at for row in rows), max(row.started_at for row in rows))
    numbers = [row.row_number for row in rows if (row.session_key is None, minute_of(row.started_at)) in known]
    if numbers:
        mine = and_(place.mine, said.row_number.in_(numbers))
        _mark(place.versions, mine, RowAction.SAME, COUNTED_OTHERWISE)


def list_minutes(place: Place, first: datetime, last: datetime) -> set[tuple[bool, datetime]]:
    """(named by its number, minute of its beginning) of the broadcasts that files brought to the shop between."""
    known = place.known.c
    between = known.started_at.between(minute_of(first), last + timedelta(minutes=1))
    rows = db.session.execute(
        select(known.session_key, known.started_at).where(
            known.shop_id == place.shop.id, known.batch_id.is_not(None), between
        )
    )
    return {(key is not None, minute_of(at)) for key, at in rows}


def minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


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
    """A broadcast that somebody typed in becomes the file's, whatever its numbers were; not one of a locked month, and
    not by a row whose own broadcast a file has brought before."""
    said, known = place.versions.c, place.known.c
    waiting = said.action.in_((RowAction.NEW, RowAction.UPDATE, RowAction.NEEDS_PERSON))
    brought = exists().where(place.same_key, known.batch_id.is_not(None))
    rows = db.session.execute(select(place.versions).where(place.mine, waiting, ~brought)).mappings().all()
    ids = match_typed(place.shop.id, [facts_in(place, row) for row in rows])
    if not ids:
        return
    locked = _list_locked(place, ids.values())
    for action, code, are_locked in (
        (RowAction.UPDATE, REPLACES_TYPED, False),
        (RowAction.LOCKED, MONTH_LOCKED, True),
    ):
        keys = {key for key, id_ in ids.items() if (id_ in locked) is are_locked}
        numbers = [row["row_number"] for row in rows if row["natural_key"] in keys]
        _mark(place.versions, and_(place.mine, said.row_number.in_(numbers)), action, code)


def _list_locked(place: Place, ids: Iterable[int]) -> set[int]:
    """Which of these stand in a month that is approved."""
    if not (spans := place.locked):
        return set()
    inside = within(moment_of(place.kind, place.known), spans)
    return set(db.session.scalars(select(place.known.c.id).where(place.known.c.id.in_(ids), inside)))


def _compare_rest(place: Place) -> None:
    """Rows under a known key that would change it: newer, older, or for a person to say."""
    for rows in list_pairs(place, RowAction.NEW):
        verdicts = []
        for number, said, known in rows:
            standing, _after = compare(place.kind, known, said)
            action, code = _VERDICTS[standing]
            problems = [["", code, {}]] if code else None
            verdicts.append({"this_row": number, "to_action": action, "to_problems": problems})
        write_verdicts(place, verdicts)


_VERDICTS = {
    Standing.SAME: (RowAction.SAME, None),
    Standing.OLDER: (RowAction.SAME, OLDER),
    Standing.NEWER: (RowAction.UPDATE, None),
    Standing.UNCLEAR: (RowAction.NEEDS_PERSON, OLDER_OR_NEWER),
}


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
        write_verdicts(place, rows)
