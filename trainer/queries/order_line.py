"""A shop's order lines one by one, as a person looks through them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from trainer.database import db
from trainer.domain.sales import Attribution, OrderStatus, SalesKind, TrustBasis, trust_basis
from trainer.models.sales import OrderLine
from trainer.queries.sales_figures import ORDER, ORDER_DAY, SOLD, month_of
from trainer.queries.scoping import Page, contains, fetch_page


@dataclass(frozen=True)
class SoldLine:
    id: int
    order_key: str
    product: str
    quantity: int | None
    at: datetime | None
    paid_fen: int
    refunded_fen: int
    settled_fen: int | None
    commission_fen: int | None
    status: OrderStatus
    is_gift: bool
    attribution: Attribution | None
    livestream_id: int | None
    excluded_by: int | None
    trust: TrustBasis


_LINE = (
    *(ORDER.id, ORDER.order_key, ORDER.product, ORDER.quantity, ORDER_DAY, ORDER.paid_fen, ORDER.refunded_fen),
    *(ORDER.settled_fen, ORDER.commission_fen, ORDER.status, ORDER.is_gift, ORDER.attribution),
    *(ORDER.livestream_id, ORDER.excluded_by, ORDER.trust),
)


def order_lines_page(
    shop_id: int,
    *,
    text: str = "",
    month: str | None = None,
    status: OrderStatus | None = None,
    attribution: Attribution | None = None,
    livestream_id: int | None = None,
    page: int = 1,
    per_page: int = 20,
) -> Page[SoldLine]:
    """The newest first; `text` is part of the product's name, `month` a month of payment as 2026-03."""
    wanted = [ORDER.shop_id == shop_id]
    wanted += [contains(ORDER.product, text)] if text else []
    wanted += [month_of(ORDER_DAY) == month] if month else []
    chosen = ((ORDER.status, status), (ORDER.attribution, attribution), (ORDER.livestream_id, livestream_id))
    wanted += [column == value for column, value in chosen if value is not None]
    statement = select(*_LINE).where(and_(*wanted)).order_by(ORDER_DAY.desc().nulls_last(), ORDER.id)
    return fetch_page(statement, _line, page=page, per_page=per_page)


def _line(row) -> SoldLine:
    *facts, trust = row
    facts[9] = OrderStatus(facts[9])
    return SoldLine(*facts, trust_basis(trust, SalesKind.ORDER))


def list_order_months(shop_id: int) -> list[str]:
    """Months in which something was sold, the newest first."""
    month = month_of(ORDER_DAY)
    found = db.session.scalars(
        select(month)
        .select_from(OrderLine)
        .where(ORDER.shop_id == shop_id, SOLD)
        .group_by(month)
        .order_by(month.desc())
    )
    return [one for one in found if one]
