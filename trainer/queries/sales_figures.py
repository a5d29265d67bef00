"""What sales add up to, by shop and by month: every source by itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Date, Select, and_, bindparam, case, cast, func, or_, select

from trainer.database import db, on_postgresql
from trainer.domain.days import Span
from trainer.domain.sales import (
    BROADCAST_TRUST,
    Attribution,
    GmvMeasure,
    RefundBasis,
    SalesKind,
    ShopRole,
    total,
    trust_basis,
)
from trainer.domain.sales_figures import BroadcastTotals, OrderTotals, SettlementTotals, ShopFigures
from trainer.models.sales import Livestream, OrderLine, Settlement

ORDER, BROADCAST, FLOW = OrderLine.__table__.c, Livestream.__table__.c, Settlement.__table__.c
# A payment day is the evidence of payment; a file without that column says by the state what was paid.
PAID = or_(ORDER.paid_at.is_not(None), ORDER.paid_fen > 0)
# A gift line is no sale.
SOLD = and_(PAID, ORDER.is_gift.is_(False))
ORDER_DAY = func.coalesce(ORDER.paid_at, ORDER.ordered_at)


def get_figures(roles: Mapping[int, ShopRole], between: Span | None = None) -> dict[int, ShopFigures]:
    """By shop, of shops and their roles. `between`: of the beginning of a broadcast, of the day of payment (of the order
    where none is known), of the day of settlement. Three statements, none where there is no shop."""
    if not roles:
        return {}
    broadcasts, orders = _broadcast_totals(roles, between), _order_totals(roles, between)
    settlements = _settlement_totals(roles, between)
    return {
        shop: ShopFigures(role, *broadcasts.get(shop, (None, None)), orders.get(shop), settlements.get(shop))
        for shop, role in roles.items()
    }


def get_main_figures(roles: Mapping[int, ShopRole]) -> dict[int, ShopFigures]:
    """Without settlements, for a page that has room for one figure a shop. Two statements."""
    if not roles:
        return {}
    broadcasts, orders = _broadcast_totals(roles, None), _order_totals(roles, None)
    return {
        shop: ShopFigures(role, *broadcasts.get(shop, (None, None)), orders.get(shop)) for shop, role in roles.items()
    }


# Of the pages that every seller opens: made once, over the tables.
_IS_LISTED = case((BROADCAST.trust >= BROADCAST_TRUST, 1), else_=0)
_BROADCASTS_OF = (
    select(
        *(BROADCAST.shop_id, _IS_LISTED.label("is_listed"), BROADCAST.gmv_measure, BROADCAST.refund_basis),
        *(func.sum(BROADCAST.gmv_fen), func.sum(BROADCAST.refund_fen)),
        *(func.count(), func.min(BROADCAST.started_at), func.max(BROADCAST.started_at)),
        *(func.sum(column) for column in (BROADCAST.duration_s, BROADCAST.gmv_incl_abnormal_fen)),
        *(func.sum(column) for column in (BROADCAST.orders, BROADCAST.viewers)),
        func.sum(case((BROADCAST.viewers_exact, 0), else_=1)),
        func.sum(case((and_(BROADCAST.gmv_fen > 0, BROADCAST.refund_fen.is_(None)), 1), else_=0)),
        *(func.count(BROADCAST.excluded_by), func.min(BROADCAST.trust)),
    )
    .where(BROADCAST.shop_id.in_(bindparam("shops", expanding=True)))
    .group_by(BROADCAST.shop_id, _IS_LISTED, BROADCAST.gmv_measure, BROADCAST.refund_basis)
    .order_by(BROADCAST.shop_id, _IS_LISTED, BROADCAST.gmv_measure, BROADCAST.refund_basis)
)


def _within(statement: Select, moment, between: Span | None) -> Select:
    return statement.where(moment >= between[0], moment < between[1]) if between else statement


def _broadcast_totals(
    shop_ids: Iterable[int], between: Span | None
) -> dict[int, tuple[BroadcastTotals | None, BroadcastTotals | None]]:
    """Shop → (from the platform's lists, typed); one statement."""
    rows = db.session.execute(_within(_BROADCASTS_OF, BROADCAST.started_at, between), {"shops": list(shop_ids)})
    found: dict[int, list[BroadcastTotals | None]] = {}
    for (shop, is_listed), parts in groupby(rows, lambda row: (row[0], row[1])):
        found.setdefault(shop, [None, None])[0 if is_listed else 1] = _together([row[2:] for row in parts])
    return {shop: (listed, typed) for shop, (listed, typed) in found.items()}


def _together(parts: Sequence[Sequence]) -> BroadcastTotals:
    """Broadcasts of one source, from a row for each measure of their amounts and basis of their refunds."""
    measures, bases, amounts, refunds, counts, firsts, lasts, *sums, inexact, silent, excluded, trust = zip(
        *parts, strict=True
    )
    return BroadcastTotals(
        *(sum(counts), min(firsts), max(lasts)),
        *(total(_whole(figure) for figure in figures) for figures in sums),
        viewers_exact=not any(inexact),
        amounts=_apart((GmvMeasure(measure) for measure in measures), amounts),
        refunds=_apart((RefundBasis(basis) if basis else None for basis in bases), refunds),
        silent=sum(silent),
        excluded=sum(excluded),
        trust=trust_basis(min(trust), SalesKind.LIVE_SESSION),
    )


def _whole(figure) -> int | None:
    """PostgreSQL sums up big integers as decimals."""
    return None if figure is None else int(figure)


def _apart(kinds: Iterable, amounts: Iterable) -> tuple:
    """What is known of each kind, in the order of their first coming."""
    found: dict = {}
    for kind, amount in zip(kinds, amounts, strict=True):
        if amount is not None:
            found[kind] = found.get(kind, 0) + int(amount)
    return tuple(found.items())


def _paid_where(condition):
    return func.sum(case((condition, ORDER.paid_fen), else_=0))


def _order_figures() -> tuple:
    """The columns of OrderTotals. What is not attributed yet counts as sold live where its file says so."""
    unlisted = ORDER.attribution == Attribution.UNKNOWN_BROADCAST
    return (
        func.count(ORDER.order_key.distinct()),
        *(func.sum(column) for column in (ORDER.paid_fen, ORDER.refunded_fen)),
        *(func.sum(column) for column in (ORDER.settled_fen, ORDER.commission_fen)),
        *(_paid_where(ORDER.attribution == said) for said in (Attribution.FILE, Attribution.TIME)),
        _paid_where(or_(unlisted, and_(ORDER.attribution.is_(None), ORDER.is_live))),
        *(_paid_where(ORDER.attribution == Attribution.OPEN), _paid_where(ORDER.excluded_by.is_not(None))),
        *(func.min(ORDER_DAY), func.max(ORDER_DAY), func.min(ORDER.trust)),
    )


def _of_orders(orders, *figures) -> OrderTotals:
    *sums, first, last, trust = figures
    return OrderTotals(orders, *map(_whole, sums), first, last, trust_basis(trust, SalesKind.ORDER))


_ORDERS_OF = (
    select(ORDER.shop_id, *_order_figures())
    .where(ORDER.shop_id.in_(bindparam("shops", expanding=True)), SOLD)
    .group_by(ORDER.shop_id)
)


def _order_totals(shop_ids: Iterable[int], between: Span | None) -> dict[int, OrderTotals]:
    """Trusted as much as the least of their lines; one statement."""
    rows = db.session.execute(_within(_ORDERS_OF, ORDER_DAY, between), {"shops": list(shop_ids)})
    return {shop: _of_orders(*figures) for shop, *figures in rows}


def _flow_figures() -> tuple:
    """The columns of SettlementTotals."""
    return (
        func.count(),
        *(func.sum(column) for column in (FLOW.income_fen, FLOW.refund_fen, FLOW.fees_fen, FLOW.settled_fen)),
        *(func.min(FLOW.settled_at), func.max(FLOW.settled_at)),
    )


def _of_flows(flows, *figures) -> SettlementTotals:
    *sums, first, last = figures
    return SettlementTotals(flows, *map(_whole, sums), first, last)


_FLOWS_OF = (
    select(FLOW.shop_id, *_flow_figures())
    .where(FLOW.shop_id.in_(bindparam("shops", expanding=True)))
    .group_by(FLOW.shop_id)
)


def _settlement_totals(shop_ids: Iterable[int], between: Span | None) -> dict[int, SettlementTotals]:
    rows = db.session.execute(_within(_FLOWS_OF, FLOW.settled_at, between), {"shops": list(shop_ids)})
    return {shop: _of_flows(*figures) for shop, *figures in rows}


@dataclass(frozen=True)
class Month:
    """A month of a shop in China: orders by their day of payment, settlements by theirs."""

    name: str | None
    orders: OrderTotals | None
    settlements: SettlementTotals | None


def list_months(shop_id: int) -> list[Month]:
    """The newest first; what has no day comes last, under None, so that the months add up. Two statements."""
    orders = _by_month(ORDER_DAY, _order_figures(), and_(ORDER.shop_id == shop_id, SOLD))
    flows = _by_month(FLOW.settled_at, _flow_figures(), FLOW.shop_id == shop_id)
    names = sorted({*orders, *flows}, key=lambda name: name or "", reverse=True)
    return [
        Month(
            name,
            _of_orders(*orders[name]) if name in orders else None,
            _of_flows(*flows[name]) if name in flows else None,
        )
        for name in names
    ]


def day_of(moment):
    """The day in China of a stored moment, to be compared with a date column."""
    return (
        cast(func.timezone("Asia/Shanghai", moment), Date)
        if on_postgresql()
        else func.date(moment, "+8 hours", type_=Date())
    )


def month_of(moment):
    """Year and month in China, as 2026-03."""
    if on_postgresql():
        return func.to_char(func.timezone("Asia/Shanghai", moment), "YYYY-MM")
    return func.strftime("%Y-%m", moment, "+8 hours")


def _by_month(moment, figures: tuple, which) -> dict[str | None, Sequence]:
    month = month_of(moment).label("month")
    rows = db.session.execute(select(month, *figures).where(which).group_by("month"))
    return {name: row for name, *row in rows}
