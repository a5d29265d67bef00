"""A shop's sums by day, and by day and product: kept beside its rows, so that no page adds them up again."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
)

from trainer.database import db
from trainer.domain.outcomes import QUALIFYING_SECONDS, QUALIFYING_VIEWERS
from trainer.domain.sales import CHECKED_TRUST, MATURE_TRUST
from trainer.models.outcomes import ProductDay, ShopDay
from trainer.queries.sales_figures import BROADCAST, FLOW, ORDER, ORDER_DAY, SOLD, day_of

KEY = ("shop_id", "day")
SUMS = tuple(column.name for column in ShopDay.__table__.columns if column.name not in KEY)


def sum_up_days(shop_id: int, _at: datetime) -> None:
    """Write the sums of one shop anew, out of its rows; whoever calls holds the shop. Four statements, whatever its size."""
    for table, rows in ((ShopDay, shop_days(shop_id)), (ProductDay, product_days(shop_id))):
        db.session.execute(delete(table).where(table.shop_id == shop_id), execution_options=_UNSYNCED)
        db.session.execute(insert(table).from_select([column.name for column in rows.selected_columns], rows))


_UNSYNCED = {"synchronize_session": False}


def shop_days(shop_id: int) -> Select:
    """What ShopDay says of a shop, out of its rows: a row a day on which anything is known."""
    parts = union_all(
        *(_padded(rows) for rows in (_orders(shop_id), _paid_out(shop_id), _broadcasts(shop_id), _flows(shop_id)))
    )
    parts = parts.subquery()
    sums = (cast(func.sum(parts.c[name]), BigInteger).label(name) for name in SUMS)
    return select(literal(shop_id).label("shop_id"), parts.c.day, *sums).group_by(parts.c.day)


def product_days(shop_id: int) -> Select:
    day = _day(ORDER_DAY)
    columns = (ORDER.paid_fen, ORDER.refunded_fen)
    sums = (cast(func.sum(column), BigInteger).label(column.name) for column in columns)
    return (
        select(literal(shop_id).label("shop_id"), day, ORDER.product_key, *sums)
        .where(_counted_orders(shop_id))
        .group_by("day", ORDER.product_key)
    )


def _day(moment) -> ColumnElement:
    return day_of(moment).label("day")


def _counted_orders(shop_id: int) -> ColumnElement[bool]:
    """Sold, of a known day, and not left out by a decision."""
    return and_(ORDER.shop_id == shop_id, SOLD, ORDER_DAY.is_not(None), ORDER.excluded_by.is_(None))


def _padded(rows: Select) -> Select:
    """With every sum of ShopDay, 0 where these rows say nothing of it."""
    rows = rows.subquery()
    known = {column.name: column for column in rows.c}
    return select(rows.c.day, *(known.get(name, literal(0)).label(name) for name in SUMS))


def _firm(column) -> ColumnElement:
    return func.sum(case((ORDER.trust >= MATURE_TRUST, column), else_=0))


def _orders(shop_id: int) -> Select:
    commission = func.coalesce(ORDER.commission_fen, 0)
    return (
        select(
            _day(ORDER_DAY),
            func.count(ORDER.order_key.distinct()).label("orders"),
            func.sum(ORDER.paid_fen).label("paid_fen"),
            func.sum(ORDER.refunded_fen).label("refunded_fen"),
            _firm(ORDER.paid_fen).label("firm_paid_fen"),
            _firm(ORDER.refunded_fen).label("firm_refunded_fen"),
            func.sum(commission).label("commission_fen"),
            _firm(commission).label("firm_commission_fen"),
        )
        .where(_counted_orders(shop_id))
        .group_by("day")
    )


def _paid_out(shop_id: int) -> Select:
    """What order files say was settled, on the day of receipt, else of payment."""
    moment = func.coalesce(ORDER.received_at, ORDER_DAY)
    said = and_(_counted_orders(shop_id), ORDER.settled_fen.is_not(None), ORDER.settled_fen != 0)
    return select(_day(moment), func.sum(ORDER.settled_fen).label("order_settled_fen")).where(said).group_by("day")


def _flows(shop_id: int) -> Select:
    day = _day(FLOW.settled_at)
    known = and_(FLOW.shop_id == shop_id, FLOW.settled_at.is_not(None))
    return select(day, func.sum(FLOW.settled_fen).label("flow_settled_fen")).where(known).group_by("day")


def _broadcasts(shop_id: int) -> Select:
    """Known from a list of the platform, or typed and checked. Where a list does not print how long or how many, the
    other figure decides; where it prints neither, nobody can say that it qualifies."""
    day = _day(BROADCAST.started_at)
    said = BROADCAST.duration_s.is_not(None) | BROADCAST.viewers.is_not(None)
    long_enough = func.coalesce(BROADCAST.duration_s, QUALIFYING_SECONDS) >= QUALIFYING_SECONDS
    seen_enough = func.coalesce(BROADCAST.viewers, QUALIFYING_VIEWERS) >= QUALIFYING_VIEWERS
    return (
        select(
            day,
            func.count().label("broadcasts"),
            func.sum(case((BROADCAST.batch_id.is_(None), 1), else_=0)).label("typed_broadcasts"),
            func.sum(case((and_(said, long_enough, seen_enough), 1), else_=0)).label("qualifying"),
        )
        .where(BROADCAST.shop_id == shop_id, BROADCAST.trust >= CHECKED_TRUST, BROADCAST.excluded_by.is_(None))
        .group_by("day")
    )
