"""Broadcasts against the orders found for them, and what refunds leave of a cohort's sales."""

from datetime import timedelta

from sqlalchemy import and_, case, func, or_, select

from trainer.database import db
from trainer.domain.days import Span
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.reconciliation import Haircut, Reconciled, haircut_of, is_covered, stretches
from trainer.domain.sales import MATURE_TRUST, Attribution, GmvMeasure, ShopRole
from trainer.models.enrolment import Enrolment
from trainer.models.sales import Shop
from trainer.queries.sales_figures import BROADCAST, ORDER, ORDER_DAY, SOLD


def list_reconciled(shop_id: int, livestream_id: int | None = None) -> list[Reconciled]:
    """Every broadcast of the shop (or that one) whose time the order files cover and whose list counts what the room
    sold: an amount over a window of days is not comparable. Two statements."""
    known = stretches(_order_spans(shop_id))
    rows = db.session.execute(
        select(
            *(BROADCAST.id, BROADCAST.started_at, BROADCAST.ended_at, BROADCAST.duration_s, BROADCAST.gmv_fen),
            func.coalesce(func.sum(ORDER.paid_fen), 0),
            func.coalesce(func.sum(case((ORDER.attribution == Attribution.TIME, ORDER.paid_fen), else_=0)), 0),
        )
        .outerjoin_from(BROADCAST.id.table, ORDER.id.table, and_(ORDER.livestream_id == BROADCAST.id, SOLD))
        .where(
            *(BROADCAST.shop_id == shop_id, BROADCAST.gmv_measure == GmvMeasure.ROOM, BROADCAST.gmv_fen.is_not(None)),
            or_(BROADCAST.ended_at.is_not(None), BROADCAST.duration_s.is_not(None)),
            *([BROADCAST.id == livestream_id] if livestream_id is not None else []),
        )
        .group_by(BROADCAST.id)
        .order_by(BROADCAST.started_at, BROADCAST.id)
    )
    return [
        Reconciled(found, gmv, int(orders), int(inferred))
        for found, started_at, ended_at, seconds, gmv, orders, inferred in rows
        if is_covered(started_at, ended_at or started_at + timedelta(seconds=seconds), known)
    ]


def _order_spans(shop_id: int) -> list[Span]:
    """First and last order of every file that is the last one to have said something."""
    spans = (
        select(func.min(ORDER_DAY), func.max(ORDER_DAY))
        .where(ORDER.shop_id == shop_id, ORDER_DAY.is_not(None))
        .group_by(ORDER.batch_id)
    )
    return [(first, last) for first, last in db.session.execute(spans)]


def haircut(cohort_id: int) -> Haircut:
    """Of the women on a cohort's roll, from order lines old enough to be netted, in shops of their own. One statement."""
    women = select(Enrolment.person_id).where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL))
    rows = db.session.execute(
        select(func.sum(ORDER.paid_fen), func.sum(ORDER.refunded_fen))
        .join_from(ORDER.id.table, Shop, Shop.id == ORDER.shop_id)
        .where(SOLD, ORDER.trust >= MATURE_TRUST, ORDER.excluded_by.is_(None))
        .where(Shop.role == ShopRole.OWN, Shop.person_id.in_(women))
        .group_by(Shop.person_id)
    )
    return haircut_of([(int(gross), int(refunded)) for gross, refunded in rows])
