"""What the checks read of a shop's sales: narrow rows, a fixed number of statements whatever their number."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from trainer.database import db, on_postgresql
from trainer.domain.anomaly import AnomalyCheck, Limits, Sign
from trainer.domain.broadcast_checks import BroadcastFacts
from trainer.domain.entry_checks import Claim, EntryFacts
from trainer.domain.imports import BatchState, RowAction
from trainer.domain.order_checks import Line, Parcel, Saying, is_elsewhere
from trainer.domain.product import ProductCategory
from trainer.domain.sales import SalesKind
from trainer.domain.sales_entry import EntryState
from trainer.domain.selection import ApplicationState
from trainer.models.anomaly import Anomaly
from trainer.models.application import Application
from trainer.models.imports import ImportBatch
from trainer.models.person import Person
from trainer.models.product import Product
from trainer.models.region import Region
from trainer.models.sales import KNOWN, VERSIONS, Livestream, OrderLine, OrderLineVersion, Shop
from trainer.models.sales_entry import SalesEntry
from trainer.models.selection import Round, Selection
from trainer.queries.sales_figures import ORDER_DAY, month_of

LINE = OrderLine.__table__.c
# Made once: a new alias for every shop would cost more than asking the database.
CLAIMANT = aliased(Shop)
AT_ONCE = 5_000
# Of odd parcels: more lines than these tell nobody more.
MOST_PARCELS = 20_000


def seconds(moment) -> ColumnElement[int]:
    """Since 1970: a number is read ten times faster than a moment."""
    if on_postgresql():
        return cast(func.floor(func.extract("epoch", moment)), Integer)
    return cast(func.strftime("%s", moment), Integer)


def _sold(shop_id: int) -> ColumnElement[bool]:
    return and_(LINE.shop_id == shop_id, LINE.paid_fen > 0, LINE.is_gift.is_(False))


def iter_lines(shop_id: int) -> Iterator[Line]:
    """Paid lines by goods and amount, then by payment; read as they are asked for."""
    paid_s = seconds(LINE.paid_at)
    rows = db.session.execute(
        select(
            *(LINE.id, LINE.order_key, LINE.product_key, LINE.sku, LINE.quantity, LINE.paid_fen, LINE.refunded_fen),
            *(paid_s, LINE.province),
        )
        .where(_sold(shop_id))
        .order_by(LINE.product_key, LINE.sku, LINE.paid_fen, LINE.paid_at, LINE.id)
        .execution_options(yield_per=AT_ONCE)
    )
    return (Line(*row) for row in rows)


def main_category(shop_id: int) -> ProductCategory | None:
    """What most of its products are sorted into."""
    return db.session.scalar(
        select(Product.category)
        .where(Product.shop_id == shop_id, Product.category.is_not(None))
        .group_by(Product.category)
        .order_by(func.count().desc(), Product.category)
        .limit(1)
    )


def _of_like_shops(column, platform: str, category: ProductCategory | None) -> ColumnElement[bool]:
    """Shops of the platform that have products of the category; without one, all of the platform."""
    shops = select(Shop.id).where(Shop.platform == platform)
    if category is not None:
        shops = shops.where(Shop.id.in_(select(Product.shop_id).where(Product.category == category)))
    return column.in_(shops)


def list_refund_rates(shop_id: int, platform: str, category: ProductCategory | None, limits: Limits) -> list[float]:
    """Of the other shops that sell the like."""
    rows = db.session.execute(
        select(func.sum(LINE.refunded_fen), func.sum(LINE.paid_fen))
        .where(LINE.shop_id != shop_id, LINE.paid_fen > 0, _of_like_shops(LINE.shop_id, platform, category))
        .group_by(LINE.shop_id)
        .having(func.count() >= limits.refund_orders)
    )
    return [float(refunded / paid) for refunded, paid in rows]


def list_broadcasts(shop_id: int) -> list[BroadcastFacts]:
    columns = (getattr(Livestream, name) for name in BroadcastFacts.__slots__)
    return [BroadcastFacts(*row) for row in db.session.execute(select(*columns).where(Livestream.shop_id == shop_id))]


def list_like_broadcasts(platform: str, category: ProductCategory | None) -> list[BroadcastFacts]:
    """Those of the platform and kind of goods of which a conversion can be reckoned; only what it takes."""
    row = Livestream
    known = or_(and_(row.buyers > 0, row.viewers > 0), and_(row.gmv_fen > 0, row.views > 0))
    names = ("id", "natural_key", "started_at", "gmv_fen", "buyers", "viewers", "views")
    rows = db.session.execute(
        select(*(getattr(row, name) for name in names)).where(
            row.platform == platform, known, _of_like_shops(row.shop_id, platform, category)
        )
    )
    return [BroadcastFacts(**dict(zip(names, found, strict=True))) for found in rows]


def list_parcels(shop_id: int, limits: Limits) -> list[Parcel]:
    """Lines with something odd about their sending: two statements and one for where she lives."""
    paid, shipped, received = (seconds(LINE[name]) for name in ("paid_at", "shipped_at", "received_at"))
    month = func.coalesce(month_of(ORDER_DAY), "")
    at_once = and_(LINE.shipped_at.is_not(None), (shipped - paid).between(0, limits.shipped_s - 1))
    fast = and_(LINE.received_at.is_not(None), (received - shipped).between(0, limits.received_s - 1))
    rows = db.session.execute(
        select(LINE.id, month, at_once, fast, LINE.empty_parcel, LINE.province)
        .where(_sold(shop_id), or_(at_once, fast, LINE.empty_parcel))
        .limit(MOST_PARCELS)
    ).all()
    home = _home_province(shop_id) if any(row[3] for row in rows) else None
    return [
        *(Parcel(row[0], Sign.SHIPPED_AT_ONCE, row[1]) for row in rows if row[2]),
        *(Parcel(row[0], Sign.RECEIVED_FAST, row[1]) for row in rows if row[3] and is_elsewhere(row[5], home)),
        *(Parcel(row[0], Sign.EMPTY_PARCEL, row[1]) for row in rows if row[4]),
        *(Parcel(id_, Sign.ONE_PARCEL, of) for id_, of in db.session.execute(_shared_parcels(shop_id, month))),
    ]


def _shared_parcels(shop_id: int, month) -> Select:
    """Lines of parcels that several orders name; the lines of one order go in one parcel anyway."""
    shared = (
        select(LINE.parcel)
        .where(_sold(shop_id), LINE.parcel.is_not(None))
        .group_by(LINE.parcel)
        .having(func.min(LINE.order_key) != func.max(LINE.order_key))
    )
    return select(LINE.id, month).where(_sold(shop_id), LINE.parcel.in_(shared)).limit(MOST_PARCELS)


def _home_province(shop_id: int) -> str | None:
    region = select(func.substr(Person.region_code, 1, 2)).join(Shop, Shop.person_id == Person.id)
    code = region.where(Shop.id == shop_id).scalar_subquery().concat("0000")
    return db.session.scalar(select(Region.name).where(Region.code == code))


def get_deadline(shop_id: int) -> tuple[int, datetime] | None:
    """(selection, until when one could apply: else when its first round opened) of the last one the owner applied in."""
    closed = func.coalesce(Selection.applies_until, func.min(Round.opened_at))
    row = db.session.execute(
        select(Application.selection_id, closed.label("closed"))
        .join(Shop, Shop.person_id == Application.person_id)
        .join(Round, Round.selection_id == Application.selection_id)
        .join(Selection, Selection.id == Application.selection_id)
        .where(Shop.id == shop_id, Application.state == ApplicationState.SUBMITTED)
        .group_by(Application.selection_id, Selection.applies_until)
        .having(closed.is_not(None))
        .order_by(closed.desc())
        .limit(1)
    ).first()
    return tuple(row) if row else None


def list_sales_before(shop_id: int, closes_at: datetime, limits: Limits) -> list[tuple[int, int, int]]:
    """(line, paid at, fen) of the days before a deadline."""
    since = closes_at - timedelta(days=limits.rush_of_days)
    rows = db.session.execute(
        select(LINE.id, seconds(LINE.paid_at), LINE.paid_fen)
        .where(_sold(shop_id), LINE.paid_at > since, LINE.paid_at <= closes_at)
        .order_by(LINE.paid_at)
    )
    return [tuple(row) for row in rows]


def list_order_batches(shop_id: int) -> dict[int, bool]:
    """The order files that are taken in, in that order: whether each brought something new."""
    rows = db.session.execute(
        select(ImportBatch.id, ImportBatch.summary)
        .where(ImportBatch.shop_id == shop_id, ImportBatch.state == BatchState.COMMITTED)
        .order_by(ImportBatch.id)
    )
    news = (RowAction.NEW, RowAction.UPDATE)
    return {
        id_: any((summary.get("counts") or {}).get(action) for action in news)
        for id_, summary in rows
        if summary.get("kind") == SalesKind.ORDER
    }


def list_sayings(batches: Sequence[int]) -> list[Saying]:
    """What these files say of the lines of which they do not say the same."""
    said = OrderLineVersion.__table__.c
    differing = (
        select(said.natural_key)
        .where(said.batch_id.in_(batches))
        .group_by(said.natural_key)
        .having(
            or_(
                func.max(said.refunded_fen) > func.min(said.refunded_fen), func.max(said.status) > func.min(said.status)
            )
        )
    )
    rows = db.session.execute(
        select(said.natural_key, said.batch_id, said.refunded_fen, said.status, LINE.id)
        .join(ImportBatch, ImportBatch.id == said.batch_id)
        .join(Shop, Shop.id == ImportBatch.shop_id)
        .outerjoin(OrderLine.__table__, and_(LINE.natural_key == said.natural_key, LINE.platform == Shop.platform))
        .where(said.batch_id.in_(batches), said.natural_key.in_(differing))
        .order_by(said.natural_key, said.batch_id)
    )
    return [Saying(*row) for row in rows]


def list_claims(shop_id: int) -> list[Claim]:
    """Rows that a file of one shop names and another shop has: this shop on either side. A file all of whose rows are
    another's cannot be confirmed: one that waits claims as well. A statement a kind."""
    return [
        *(Claim(*row, is_order=True) for row in db.session.execute(_claims(SalesKind.ORDER, shop_id))),
        *(Claim(*row, is_order=False) for row in db.session.execute(_claims(SalesKind.LIVE_SESSION, shop_id))),
    ]


def _claims(kind: SalesKind, shop_id: int) -> Select:
    said, known = VERSIONS[kind].c, KNOWN[kind].c
    return (
        select(CLAIMANT.id, known.shop_id, said.natural_key, known.id)
        .join(ImportBatch, ImportBatch.id == said.batch_id)
        .join(CLAIMANT, CLAIMANT.id == ImportBatch.shop_id)
        .join(KNOWN[kind], and_(known.natural_key == said.natural_key, known.platform == CLAIMANT.platform))
        .where(
            # In so many words: with a parameter the index of conflicts would not be used.
            said.action == literal_column(f"'{RowAction.CONFLICT}'"),
            ImportBatch.state.in_((BatchState.PREVIEWED, BatchState.COMMITTED)),
            known.shop_id != CLAIMANT.id,
            or_(CLAIMANT.id == shop_id, known.shop_id == shop_id),
        )
    )


def list_entries_by_typists_of(shop_id: int) -> list[EntryFacts]:
    """All that those typed who typed something of this shop, of other shops too."""
    counted = SalesEntry.state.not_in((EntryState.DRAFT, EntryState.TAKEN_BACK))
    typists = select(SalesEntry.entered_by).where(SalesEntry.shop_id == shop_id, counted)
    row = SalesEntry
    rows = db.session.execute(
        select(
            *(row.id, row.shop_id, row.entered_by, func.coalesce(row.submitted_at, row.entered_at), row.started_at),
            *(row.viewers, row.orders, row.gmv_fen, row.livestream_id),
        )
        .where(counted, row.entered_by.in_(typists), row.started_at.is_not(None))
        .order_by(row.entered_by, row.id)
    )
    return [EntryFacts(*found) for found in rows]


def list_subjects_elsewhere(shop_id: int, subjects: Sequence[str]) -> set[str]:
    """Of findings about a person's typing: those that another shop's list has already."""
    checks = (AnomalyCheck.TYPED_NUMBERS, AnomalyCheck.ENTRY_PACE)
    return set(
        db.session.scalars(
            select(Anomaly.subject).where(
                Anomaly.check.in_(checks), Anomaly.subject.in_(subjects), Anomaly.shop_id != shop_id
            )
        )
    )
