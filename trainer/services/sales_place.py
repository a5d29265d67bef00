"""Where a file's rows go, and its rows beside what is known of them, in chunks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from trainer.database import db
from trainer.domain.days import Span
from trainer.domain.imports import RowAction
from trainer.domain.sales import SalesKind
from trainer.domain.sales_import import (
    Facts,
)
from trainer.models.sales import FACTS, KNOWN, VERSIONS, Shop
from trainer.queries.sales_period import locked_spans

AT_ONCE = 5_000


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


def facts_in(place: Place, row: Mapping[str, object]) -> Facts:
    return {name: row[name] for name in FACTS[place.kind]}


def write_verdicts(place: Place, verdicts: list[dict[str, object]]) -> None:
    versions = place.versions
    names = [name.removeprefix("to_") for name in verdicts[0] if name.startswith("to_")]
    db.session.execute(
        update(versions)
        .where(place.mine, versions.c.row_number == bindparam("this_row"))
        .values({name: bindparam(f"to_{name}", type_=versions.c[name].type) for name in names}),
        verdicts,
    )


def list_pairs(place: Place, action: RowAction) -> Iterator[list[tuple[int, Facts, Facts]]]:
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
