"""What a finding in sales rests on: its rows as far as a page shows them, and what a decision about it left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.models.account import Account
from trainer.models.person import Person
from trainer.models.product import Product
from trainer.models.sales import Livestream, OrderLine, Shop
from trainer.models.sales_entry import SalesEntry
from trainer.permissions import Permission
from trainer.queries.anomaly import FindingRow
from trainer.queries.person import visible_people
from trainer.queries.shop import Broadcast, broadcast_of, select_broadcasts

# A page shows so many rows of a kind; the others are counted.
ROWS_SHOWN = 60


@dataclass(frozen=True)
class LineRow:
    """An order line as evidence."""

    id: int
    order_key: str
    product: str
    quantity: int | None
    paid_at: datetime | None
    shipped_at: datetime | None
    received_at: datetime | None
    paid_fen: int
    refunded_fen: int
    province: str | None
    excluded_by: int | None


@dataclass(frozen=True)
class EntryRow:
    """A typed broadcast as evidence."""

    id: int
    started_at: datetime | None
    viewers: int | None
    orders: int | None
    gmv_fen: int | None
    entered_at: datetime
    enterer: str | None


@dataclass(frozen=True)
class Evidence:
    """The rows that a finding rests on, as far as they still exist and a page shows them."""

    lines: Sequence[LineRow]
    broadcasts: Sequence[Broadcast]
    entries: Sequence[EntryRow]
    lines_named: int
    # The product, where the finding is about one and names no rows.
    goods: str | None
    # The other shop of a double claim: (id, its name, its owner) where she may see it, else None.
    other: tuple[int, str, str] | None
    # How many rows do not count in scoring because of this finding.
    left_out: int


def get_evidence(actor: Actor, finding: FindingRow) -> Evidence:
    """A statement a kind of row that it names, and one for how many are left out."""
    named = finding.evidence
    return Evidence(
        lines=_lines(named["order_lines"], finding.shop_id),
        broadcasts=_broadcasts(named["livestreams"], finding.shop_id),
        entries=_entries(named["entries"]),
        lines_named=len(named["order_lines"]),
        goods=_goods(finding),
        other=_other_shop(actor, finding),
        left_out=_left_out(finding.id),
    )


def _other_shop(actor: Actor, finding: FindingRow) -> tuple[int, str, str] | None:
    shops = {values["shop"] for _sign, values in finding.evidence["said"] if "shop" in values} - {finding.shop_id}
    if not shops:
        return None
    row = db.session.execute(
        select(Shop.id, Shop.name, Person.name)
        .join(Person, Person.id == Shop.person_id)
        .where(Shop.id.in_(shops), visible_people(actor, Permission.VIEW_SALES))
    ).first()
    return tuple(row) if row else None


def _goods(finding: FindingRow) -> str | None:
    keys = [values["product_key"] for _sign, values in finding.evidence["said"] if "product_key" in values]
    if not keys:
        return None
    return db.session.scalar(select(Product.name).where(Product.shop_id == finding.shop_id, Product.key == keys[0]))


def _lines(ids: Sequence[int], shop_id: int) -> list[LineRow]:
    """Of the shop alone."""
    if not ids:
        return []
    columns = (getattr(OrderLine, name) for name in LineRow.__dataclass_fields__)
    hers = select(*columns).where(OrderLine.id.in_(ids[:ROWS_SHOWN]), OrderLine.shop_id == shop_id)
    return [LineRow(*row) for row in db.session.execute(hers.order_by(OrderLine.paid_at, OrderLine.id))]


def _broadcasts(ids: Sequence[int], shop_id: int) -> list[Broadcast]:
    """Of the shop alone."""
    if not ids:
        return []
    hers = select_broadcasts().where(Livestream.id.in_(ids[:ROWS_SHOWN]), Livestream.shop_id == shop_id)
    in_time = hers.order_by(None).order_by(Livestream.started_at, Livestream.id)
    return [broadcast_of(row) for row in db.session.execute(in_time)]


def _entries(ids: Sequence[int]) -> list[EntryRow]:
    if not ids:
        return []
    row = SalesEntry
    rows = db.session.execute(
        select(row.id, row.started_at, row.viewers, row.orders, row.gmv_fen, row.entered_at, Account.name)
        .outerjoin(Account, Account.id == row.entered_by)
        .where(row.id.in_(ids[:ROWS_SHOWN]))
        .order_by(row.entered_at, row.id)
    )
    return [EntryRow(*found) for found in rows]


def _left_out(anomaly_id: int) -> int:
    counts = [
        select(func.count()).where(model.excluded_by == anomaly_id).scalar_subquery()
        for model in (Livestream, OrderLine)
    ]
    return db.session.scalar(select(counts[0] + counts[1]))
