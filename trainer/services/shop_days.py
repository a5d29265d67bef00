"""A shop's sums by day, and by day and product: kept beside its rows, so that no page adds them up again."""

from collections.abc import Sequence
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
    sum_up_days_of([shop_id])


def sum_up_days_of(shop_ids: Sequence[int]) -> None:
    """As `sum_up_days`, for as many shops as one statement can name."""
    for table, rows in ((ShopDay, shop_days(shop_ids)), (ProductDay, product_days(shop_ids))):
        db.session.execute(delete(table).where(table.shop_id.in_(shop_ids)), execution_options=_UNSYNCED)
        db.session.execute(insert(table).from_select([column.name for column in rows.selected_columns], rows))


_UNSYNCED = {"synchronize_session": False}


def shop_days(shop_ids: Sequence[int]) -> Select:
    """What ShopDay says of shops, out of their rows: a row a day on which anything is known."""
    parts = union_all(*(_padded(rows(shop_ids)) for rows in (_orders, _paid_out, _broadcasts, _flows))).subquery()
    sums = (cast(func.sum(parts.c[name]), BigInteger).label(name) for name in SUMS)
    return select(parts.c.shop_id, parts.c.day, *sums).group_by(parts.c.shop_id, parts.c.day)


def product_days(shop_ids: Sequence[int]) -> Select:
    day = _day(ORDER_DAY)
    columns = (ORDER.paid_fen, ORDER.refunded_fen)
    sums = (cast(func.sum(column), BigInteger).label(column.name) for column in columns)
    return (
        select(ORDER.shop_id, day, ORDER.product_key, *sums)
        .where(_counted_orders(shop_ids))
        .group_by(ORDER.shop_id, "day", ORDER.product_key)
    )


def _day(moment) -> ColumnElement:
    return day_of(moment).label("day")


def _counted_orders(shop_ids: Sequence[int]) -> ColumnElement[bool]:
    """Sold, of a known day, and not left out by a decision."""
    return and_(ORDER.shop_id.in_(shop_ids), SOLD, ORDER_DAY.is_not(None), ORDER.excluded_by.is_(None))


def _padded(rows: Select) -> Select:
    """With every sum of ShopDay, 0 where these rows say nothing of it."""
    rows = rows.subquery()
    known = {column.name: column for column in rows.c}
    return select(rows.c.shop_id, rows.c.day, *(known.get(name, literal(0)).label(name) for name in SUMS))


def _firm(column) -> ColumnElement:
    return func.sum(case((ORDER.trust >= MATURE_TRUST, column), else_=0))


def _orders(shop_ids: Sequence[int]) -> Select:
    commission = func.coalesce(ORDER.commission_fen, 0)
    return (
        select(
            ORDER.shop_id,
            _day(ORDER_DAY),
            func.count(ORDER.order_key.distinct()).label("orders"),
            func.sum(ORDER.paid_fen).label("paid_fen"),
            func.sum(ORDER.refunded_fen).label("refunded_fen"),
            _firm(ORDER.paid_fen).label("firm_paid_fen"),
            _firm(ORDER.refunded_fen).label("firm_refunded_fen"),
            func.sum(commission).label("commission_fen"),
            _firm(commission).label("firm_commission_fen"),
        )
        .where(_counted_orders(shop_ids))
        .group_by(ORDER.shop_id, "day")
    )


def _paid_out(shop_ids: Sequence[int]) -> Select:
    """What order files say was settled, on the day of receipt, else of payment."""
    moment = func.coalesce(ORDER.received_at, ORDER_DAY)
    said = and_(_counted_orders(shop_ids), ORDER.settled_fen.is_not(None), ORDER.settled_fen != 0)
    sums = select(ORDER.shop_id, _day(moment), func.sum(ORDER.settled_fen).label("order_settled_fen"))
    return sums.where(said).group_by(ORDER.shop_id, "day")


def _flows(shop_ids: Sequence[int]) -> Select:
    day = _day(FLOW.settled_at)
    known = and_(FLOW.shop_id.in_(shop_ids), FLOW.settled_at.is_not(None))
    sums = select(FLOW.shop_id, day, func.sum(FLOW.settled_fen).label("flow_settled_fen"))
    return sums.where(known).group_by(FLOW.shop_id, "day")


def _broadcasts(shop_ids: Sequence[int]) -> Select:
    """Known from a list of the platform, or typed and checked. Where a list does not print how long or how many, the
    other figure decides; where it prints neither, nobody can say that it qualifies."""
    day = _day(BROADCAST.started_at)
    said = BROADCAST.duration_s.is_not(None) | BROADCAST.viewers.is_not(None)
    long_enough = func.coalesce(BROADCAST.duration_s, QUALIFYING_SECONDS) >= QUALIFYING_SECONDS
    seen_enough = func.coalesce(BROADCAST.viewers, QUALIFYING_VIEWERS) >= QUALIFYING_VIEWERS
    return (
        select(
            BROADCAST.shop_id,
            day,
            func.count().label("broadcasts"),
            func.sum(case((BROADCAST.batch_id.is_(None), 1), else_=0)).label("typed_broadcasts"),
            func.sum(case((and_(said, long_enough, seen_enough), 1), else_=0)).label("qualifying"),
        )
        .where(BROADCAST.shop_id.in_(shop_ids), BROADCAST.trust >= CHECKED_TRUST, BROADCAST.excluded_by.is_(None))
        .group_by(BROADCAST.shop_id, "day")
    )
