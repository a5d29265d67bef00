"""What of a woman's own order lines advice asks for, where the sums by day do not say it."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import and_, bindparam, case, exists, func, or_, select

from trainer.database import db
from trainer.domain.advice_facts import EIGHT_WEEKS, OLD_SINCE, OLD_UNTIL, OrderFacts, ProductRefunds, old_orders
from trainer.domain.days import day_begins
from trainer.domain.sales import Attribution, OrderStatus
from trainer.models.outcomes import ProductDay
from trainer.models.product import Product
from trainer.models.sales import OrderLine, Settlement

ORDER, FLOW, DAY, PRODUCT = (
    OrderLine.__table__.c,
    Settlement.__table__.c,
    ProductDay.__table__.c,
    Product.__table__.c,
)
_TOLD = ORDER.attribution.in_(set(Attribution) - {Attribution.OPEN})
_RECENT = ORDER.paid_at >= bindparam("recent")
# Received by the buyer, nothing given back, and nobody says that the money was paid out.
_WAITS = and_(
    ORDER.shop_id.in_(bindparam("settled", expanding=True)),
    ORDER.paid_at < bindparam("old"),
    ORDER.status == OrderStatus.RECEIVED,
    ORDER.refunded_fen == 0,
    or_(ORDER.settled_fen.is_(None), ORDER.settled_fen == 0),
    ~exists().where(FLOW.order_key == ORDER.order_key, FLOW.shop_id == ORDER.shop_id),
)
_ORDER_FACTS = select(
    func.count(case((and_(_TOLD, _RECENT), ORDER.order_key)).distinct()),
    *(
        func.coalesce(func.sum(case((which, ORDER.paid_fen), else_=0)), 0)
        for which in (and_(_TOLD, _RECENT), and_(ORDER.attribution == Attribution.NOT_LIVE, _RECENT))
    ),
    func.count(case((_WAITS, ORDER.order_key)).distinct()),
    func.coalesce(func.sum(case((_WAITS, ORDER.paid_fen), else_=0)), 0),
).where(
    ORDER.shop_id.in_(bindparam("shops", expanding=True)),
    ORDER.paid_at >= bindparam("since"),
    ORDER.is_gift.is_(False),
    ORDER.excluded_by.is_(None),
)


def get_order_facts(shop_ids: Collection[int], settled_until: Mapping[int, date], today: date) -> OrderFacts:
    """Of her own lines of four months. `settled_until`: by shop, the last day of its settlement files; what was paid less
    than a month before cannot be in them yet. One statement."""
    told_of = min(settled_until.values(), default=today)
    days = {"recent": today - EIGHT_WEEKS, "old": told_of - OLD_UNTIL, "since": today - OLD_SINCE}
    moments = {name: day_begins(day) for name, day in days.items()}
    shops = {"shops": list(shop_ids), "settled": list(settled_until)}
    orders, told_fen, outside_fen, waiting, waiting_fen = map(
        int, db.session.execute(_ORDER_FACTS, shops | moments).one()
    )
    if not settled_until:
        return OrderFacts(orders, told_fen, outside_fen)
    return OrderFacts(orders, told_fen, outside_fen, waiting, waiting_fen)


_WORST = (
    select(func.max(PRODUCT.name), func.sum(DAY.paid_fen), func.sum(DAY.refunded_fen).label("refunded"))
    .join(Product.__table__, and_(PRODUCT.shop_id == DAY.shop_id, PRODUCT.key == DAY.product_key))
    .where(DAY.shop_id.in_(bindparam("shops", expanding=True)), DAY.day.between(bindparam("since"), bindparam("until")))
    .group_by(DAY.shop_id, DAY.product_key)
    .having(func.sum(DAY.refunded_fen) > 0)
    .order_by(func.sum(DAY.refunded_fen).desc(), DAY.shop_id, DAY.product_key)
    .limit(1)
)


def get_worst_product(shop_ids: Collection[int], today: date) -> ProductRefunds | None:
    """Of her products, the one of which most came back of old orders. One statement."""
    old = old_orders(today)
    row = db.session.execute(_WORST, {"shops": list(shop_ids), "since": old.since, "until": old.until}).one_or_none()
    return ProductRefunds(row[0], int(row[1]), int(row[2])) if row else None
