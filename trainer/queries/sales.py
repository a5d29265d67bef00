"""Sales files: the batches of a shop, their rows as a person checks them, and a trainee's own figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.imports import BatchState, ImportKind, RowAction
from trainer.domain.sales import OrderStatus, RefundBasis, SalesKind
from trainer.domain.sales_import import Facts, changes, compare, read_facts
from trainer.models.account import Account
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.sales import Livestream, Shop
from trainer.permissions import Permission
from trainer.queries.person import visible_people
from trainer.queries.scoping import Page, fetch_page
from trainer.queries.shop import (
    Broadcast,
    BroadcastTotals,
    OrderTotals,
    Seller,
    ShopHead,
    get_broadcast_totals,
    get_order_totals,
    list_shops_of,
    select_shops,
)


@dataclass(frozen=True)
class BatchHead:
    """One file of a shop; `summary` as the service wrote it."""

    id: int
    filename: str
    state: BatchState
    summary: dict
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None
    created_by: str | None

    @property
    def kind(self) -> SalesKind:
        return SalesKind(self.summary["kind"])

    @property
    def counts(self) -> list[tuple[RowAction, int]]:
        """What happens to how many rows; actions without rows are left out."""
        counts = self.summary["counts"]
        return [(action, counts[action]) for action in RowAction if counts.get(action)]


_HEAD = (
    *(ImportBatch.id, ImportBatch.filename, ImportBatch.state, ImportBatch.summary, ImportBatch.created_at),
    *(ImportBatch.committed_at, ImportBatch.undone_at, Account.name),
)


def get_batch_for(actor: Actor, permission: Permission, batch_id: int) -> tuple[BatchHead, ShopHead] | None:
    row = db.session.execute(
        select_shops()
        .add_columns(*_HEAD)
        .join(ImportBatch, ImportBatch.shop_id == Shop.id)
        .outerjoin(Account, Account.id == ImportBatch.created_by)
        .where(
            ImportBatch.id == batch_id,
            ImportBatch.kind == ImportKind.SALES,
            visible_people(actor, permission),
        )
    ).one_or_none()
    if row is None:
        return None
    return BatchHead(*row[9:]), ShopHead(*row[:5], owner=Seller(*row[5:9]))


def get_batch(batch_id: int) -> BatchHead | None:
    """Whoever asks: for commands, which act for the installation."""
    row = db.session.execute(
        select(*_HEAD).outerjoin(Account, Account.id == ImportBatch.created_by).where(ImportBatch.id == batch_id)
    ).one_or_none()
    return BatchHead(*row) if row else None


def list_batches(shop_id: int, *, most: int = 50) -> list[BatchHead]:
    """A shop's files, the newest first; discarded ones are not worth a line."""
    rows = db.session.execute(
        select(*_HEAD)
        .outerjoin(Account, Account.id == ImportBatch.created_by)
        .where(ImportBatch.shop_id == shop_id, ImportBatch.state != BatchState.DISCARDED)
        .order_by(ImportBatch.created_at.desc(), ImportBatch.id.desc())
        .limit(most)
    )
    return [BatchHead(*row) for row in rows]


@dataclass(frozen=True)
class BatchLine:
    """A row of the file: `facts` as it says (for a rejected row: heading → cell), `changes` as (column, old, new)."""

    row_number: int
    action: RowAction
    facts: Facts
    changes: list[tuple[str, object, object]]
    problems: list
    warnings: list


def batch_lines_page(batch: BatchHead, *, action: RowAction | None = None, page: int = 1) -> Page[BatchLine]:
    """Rows in the file's order, those that nothing happens to last."""
    statement = select(
        *(ImportRow.row_number, ImportRow.action, ImportRow.content, ImportRow.before),
        *(ImportRow.problems, ImportRow.warnings),
    ).where(ImportRow.batch_id == batch.id)
    if action:
        statement = statement.where(ImportRow.action == action)
    statement = statement.order_by(ImportRow.action == RowAction.SAME, ImportRow.row_number)
    return fetch_page(statement, lambda row: _line(batch.kind, *row), page=page, per_page=50)


def _line(kind: SalesKind, row_number, action, content, before, problems, warnings) -> BatchLine:
    facts, changed = read_facts(content), []
    if before and action in (RowAction.UPDATE, RowAction.NEEDS_PERSON):
        known = read_facts(before)
        known.pop("batch_id")
        changed = changes(_typed(known), _typed(compare(kind, known, facts)[1]))
    return BatchLine(row_number, action, _typed(facts), changed, problems, warnings)


def _typed(facts: Facts) -> Facts:
    """States as members of their kind, so that they have words."""
    kinds = (("status", OrderStatus), ("refund_basis", RefundBasis))
    return {**facts, **{name: kind(facts[name]) for name, kind in kinds if facts.get(name)}}


def list_rejected(batch_id: int) -> list[tuple[int, dict[str, str], list]]:
    """(row number, heading → cell, problems) of every refused row."""
    rows = db.session.execute(
        select(ImportRow.row_number, ImportRow.content, ImportRow.problems)
        .where(ImportRow.batch_id == batch_id, ImportRow.action == RowAction.REJECTED)
        .order_by(ImportRow.row_number)
    )
    return [(number, read_facts(content), problems) for number, content, problems in rows]


def year_span(batch_id: int) -> tuple[datetime, datetime, int] | None:
    """First and last moment, and number, of the rows whose year is still to be said."""
    moments = [
        read_facts(content)["started_at"]
        for content, problems in db.session.execute(
            select(ImportRow.content, ImportRow.problems).where(
                ImportRow.batch_id == batch_id, ImportRow.action == RowAction.NEEDS_PERSON
            )
        )
        if any(code == "year_assumed" for _, code, _ in problems)
    ]
    return (min(moments), max(moments), len(moments)) if moments else None


@dataclass(frozen=True)
class OwnShop:
    """A trainee's shop with what its files add up to, and the newest file of each kind."""

    shop: ShopHead
    broadcasts: BroadcastTotals | None
    orders: OrderTotals | None
    files: dict[SalesKind, tuple[str, datetime]]


def get_own_sales(person_id: int, *, with_files: bool = True) -> list[OwnShop]:
    """Her shops with their figures, apart by shop and by source. Four statements, three without the newest files, one
    where she has no shop."""
    shops = list_shops_of(person_id)
    if not shops:
        return []
    ids = [shop.id for shop in shops]
    broadcasts, orders, files = (
        get_broadcast_totals(ids),
        get_order_totals(ids),
        _newest_files(ids) if with_files else {},
    )
    return [OwnShop(shop, broadcasts.get(shop.id), orders.get(shop.id), files.get(shop.id, {})) for shop in shops]


BATCH = ImportBatch.__table__.c
_FILES_OF = (
    select(BATCH.shop_id, BATCH.summary, BATCH.filename, BATCH.committed_at)
    .where(BATCH.shop_id.in_(bindparam("shops", expanding=True)), BATCH.state == BatchState.COMMITTED)
    .order_by(BATCH.committed_at)
)


def _newest_files(shop_ids: Iterable[int]) -> dict[int, dict[SalesKind, tuple[str, datetime]]]:
    rows = db.session.execute(_FILES_OF, {"shops": list(shop_ids)})
    files: dict[int, dict] = {}
    for shop_id, summary, filename, committed_at in rows:
        files.setdefault(shop_id, {})[SalesKind(summary["kind"])] = (filename, committed_at)
    return files


def list_own_broadcasts(person_id: int, *, most: int = 10) -> list[tuple[str, Broadcast]]:
    """(shop's name, broadcast) of her last broadcasts, the newest first."""
    rows = db.session.execute(
        select(Shop.name, *(getattr(Livestream, name) for name in Broadcast.__dataclass_fields__))
        .join(Shop, Shop.id == Livestream.shop_id)
        .where(Shop.person_id == person_id)
        .order_by(Livestream.started_at.desc(), Livestream.id)
        .limit(most)
    )
    return [(shop, Broadcast(*row)) for shop, *row in rows]
