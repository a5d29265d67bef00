"""Shops: whose they are, which a person may see, and what their files add up to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import Select, bindparam, case, func, or_, select

from trainer.database import db, on_postgresql
from trainer.domain.actors import Actor
from trainer.domain.sales import BroadcastTotals, OrderTotals, RefundBasis, SalesKind, trust_basis
from trainer.models.person import Person
from trainer.models.sales import Livestream, OrderLine, Shop
from trainer.permissions import Permission
from trainer.queries.person import visible_people
from trainer.queries.scoping import Page, contains, fetch_page

# A payment day is the evidence of payment; a file without that column says by the state what was paid.
ORDER = OrderLine.__table__.c
PAID = or_(ORDER.paid_at.is_not(None), ORDER.paid_fen > 0)
ORDER_DAY = func.coalesce(ORDER.paid_at, ORDER.ordered_at)


@dataclass(frozen=True)
class Seller:
    """A woman to whom a shop belongs."""

    id: int
    name: str
    region_code: str
    village: str | None


def get_seller_for(actor: Actor, permission: Permission, person_id: int) -> Seller | None:
    row = db.session.execute(
        select(Person.id, Person.name, Person.region_code, Person.village).where(
            Person.id == person_id, visible_people(actor, permission)
        )
    ).one_or_none()
    return Seller(*row) if row else None


@dataclass(frozen=True)
class ShopHead:
    """What every page about a shop begins with."""

    id: int
    platform: str
    name: str
    account_uid: str | None
    opened_on: date | None
    owner: Seller


def get_shop_for(actor: Actor, permission: Permission, shop_id: int) -> ShopHead | None:
    return next(iter(_heads(select_shops().where(Shop.id == shop_id, visible_people(actor, permission)))), None)


def get_shop(shop_id: int) -> ShopHead | None:
    """Whoever asks: for commands, which act for the installation."""
    return next(iter(_heads(select_shops().where(Shop.id == shop_id))), None)


def list_shops_of(person_id: int) -> list[ShopHead]:
    """A woman's shops, the oldest first."""
    return [_head(row) for row in db.session.execute(_SHOPS_OF, {"person": person_id})]


def select_shops() -> Select:
    return select(
        *(Shop.id, Shop.platform, Shop.name, Shop.account_uid, Shop.opened_on),
        *(Person.id, Person.name, Person.region_code, Person.village),
    ).join(Person, Person.id == Shop.person_id)


# Of the pages that every seller opens, these and what follows: made once, over the tables.
SHOP, OWNER = Shop.__table__.c, Person.__table__.c
_SHOPS_OF = (
    select(
        *(SHOP.id, SHOP.platform, SHOP.name, SHOP.account_uid, SHOP.opened_on),
        *(OWNER.id, OWNER.name, OWNER.region_code, OWNER.village),
    )
    .join(Person.__table__, OWNER.id == SHOP.person_id)
    .where(SHOP.person_id == bindparam("person"))
    .order_by(SHOP.id)
)


def _heads(statement: Select) -> list[ShopHead]:
    return [_head(row) for row in db.session.execute(statement)]


def _head(row) -> ShopHead:
    return ShopHead(*row[:5], owner=Seller(*row[5:]))


@dataclass(frozen=True)
class ShopLine:
    """A line of the list of shops; the two sources' figures stand side by side and are never added."""

    shop: ShopHead
    broadcasts: int
    last_broadcast_at: datetime | None
    broadcast_fen: int | None
    paid_fen: int | None
    refunded_fen: int | None

    @property
    def net_fen(self) -> int | None:
        return None if self.paid_fen is None else self.paid_fen - self.refunded_fen


def select_visible_shops(actor: Actor, *, text: str = "", platform: str | None = None) -> Select:
    """Shops that `actor` may look at, by owner; `text` is part of the owner's or the shop's name."""
    statement = (
        select_shops()
        .where(visible_people(actor, Permission.VIEW_SALES))
        .order_by(Person.name_pinyin, Person.id, Shop.id)
    )
    if text:
        statement = statement.where(or_(contains(Person.name, text), contains(Shop.name, text)))
    return statement.where(Shop.platform == platform) if platform else statement


def shops_page(
    actor: Actor, *, text: str = "", platform: str | None = None, page: int = 1, per_page: int = 20
) -> Page[ShopLine]:
    statement = select_visible_shops(actor, text=text, platform=platform)
    found = fetch_page(statement, _head, page=page, per_page=per_page)
    return Page(_lines(found.items), found.total, found.page, found.per_page)


def list_shop_lines(actor: Actor, *, text: str = "", platform: str | None = None, most: int = 20_000) -> list[ShopLine]:
    """The whole list, for a workbook."""
    return _lines(_heads(select_visible_shops(actor, text=text, platform=platform).limit(most)))


def _lines(shops: Iterable[ShopHead]) -> list[ShopLine]:
    shops = list(shops)
    ids = [shop.id for shop in shops]
    live = (
        select(Livestream.shop_id, func.count(), func.max(Livestream.started_at), func.sum(Livestream.gmv_fen))
        .where(Livestream.shop_id.in_(ids))
        .group_by(Livestream.shop_id)
    )
    orders = (
        select(OrderLine.shop_id, func.sum(OrderLine.paid_fen), func.sum(OrderLine.refunded_fen))
        .where(OrderLine.shop_id.in_(ids), PAID)
        .group_by(OrderLine.shop_id)
    )
    of_live = {shop_id: figures for shop_id, *figures in db.session.execute(live)}
    of_orders = {shop_id: figures for shop_id, *figures in db.session.execute(orders)}
    return [
        ShopLine(shop, *of_live.get(shop.id, (0, None, None)), *of_orders.get(shop.id, (None, None))) for shop in shops
    ]


BROADCAST = Livestream.__table__.c
_BROADCASTS_OF = (
    select(
        *(BROADCAST.shop_id, BROADCAST.refund_basis, func.sum(BROADCAST.refund_fen)),
        *(func.count(), func.min(BROADCAST.started_at), func.max(BROADCAST.started_at)),
        *(func.sum(column) for column in (BROADCAST.duration_s, BROADCAST.gmv_fen)),
        *(func.sum(column) for column in (BROADCAST.gmv_incl_abnormal_fen, BROADCAST.orders, BROADCAST.viewers)),
        *(func.sum(case((BROADCAST.viewers_exact, 0), else_=1)), func.min(BROADCAST.trust)),
    )
    .where(BROADCAST.shop_id.in_(bindparam("shops", expanding=True)))
    .group_by(BROADCAST.shop_id, BROADCAST.refund_basis)
    .order_by(BROADCAST.shop_id, BROADCAST.refund_basis)
)


# From a moment on, up to another one.
Between = tuple[datetime, datetime]


def get_broadcast_totals(shop_ids: Iterable[int], between: Between | None = None) -> dict[int, BroadcastTotals]:
    """By shop; shops without broadcasts are left out. One statement."""
    statement = _within(_BROADCASTS_OF, BROADCAST.started_at, between)
    rows = db.session.execute(statement, {"shops": list(shop_ids)})
    return {shop_id: _broadcast_totals([row[1:] for row in own]) for shop_id, own in groupby(rows, lambda row: row[0])}


def _within(statement: Select, moment, between: Between | None) -> Select:
    return statement.where(moment >= between[0], moment < between[1]) if between else statement


def _broadcast_totals(by_basis: Sequence[Sequence]) -> BroadcastTotals:
    """All broadcasts of a shop, from a row for each basis of their refunds."""
    bases, refunds, counts, firsts, lasts, *figures, inexact, trust = zip(*by_basis, strict=True)
    return BroadcastTotals(
        *(sum(counts), min(firsts), max(lasts)),
        *(_sum_of_known(figure) for figure in figures),
        viewers_exact=not any(inexact),
        refunds=tuple(
            (RefundBasis(basis) if basis else None, int(fen))
            for basis, fen in zip(bases, refunds, strict=True)
            if fen is not None
        ),
        trust=trust_basis(min(trust), SalesKind.LIVE_SESSION),
    )


def _sum_of_known(figures: Sequence) -> int | None:
    known = [int(figure) for figure in figures if figure is not None]
    return sum(known) if known else None


def _order_figures():
    return (
        func.count(ORDER.order_key.distinct()),
        *(func.sum(column) for column in (ORDER.paid_fen, ORDER.refunded_fen, ORDER.settled_fen)),
        func.sum(case((ORDER.is_live, ORDER.paid_fen), else_=0)),
        func.min(ORDER.trust),
    )


def _order_totals(orders, paid, refunded, settled, live, trust) -> OrderTotals:
    settled = None if settled is None else int(settled)
    return OrderTotals(orders, int(paid), int(refunded), settled, int(live), trust_basis(trust, SalesKind.ORDER))


_ORDERS_OF = (
    select(ORDER.shop_id, *_order_figures())
    .where(ORDER.shop_id.in_(bindparam("shops", expanding=True)), PAID)
    .group_by(ORDER.shop_id)
)


def get_order_totals(shop_ids: Iterable[int], between: Between | None = None) -> dict[int, OrderTotals]:
    """Paid orders by shop; trusted as much as the least of their lines. `between`: of the day of payment, of the order
    where none is known. One statement."""
    statement = _within(_ORDERS_OF, ORDER_DAY, between)
    rows = db.session.execute(statement, {"shops": list(shop_ids)})
    return {shop_id: _order_totals(*figures) for shop_id, *figures in rows}


def list_order_months(shop_id: int) -> list[tuple[str | None, OrderTotals]]:
    """(2026-03, its paid orders), the newest first; months as in China, of the order where no payment day is known.

    Orders without any day come last, under None: the months add up to get_order_totals.
    """
    day = func.coalesce(OrderLine.paid_at, OrderLine.ordered_at)
    month = (
        func.to_char(func.timezone("Asia/Shanghai", day), "YYYY-MM")
        if on_postgresql()
        else func.strftime("%Y-%m", day, "+8 hours")
    )
    rows = db.session.execute(
        select(month.label("month"), *_order_figures())
        .where(OrderLine.shop_id == shop_id, PAID)
        .group_by("month")
        .order_by(month.desc().nulls_last())
    )
    return [(said, _order_totals(*figures)) for said, *figures in rows]


@dataclass(frozen=True)
class Broadcast:
    """A line of a shop's broadcasts."""

    title: str
    started_at: datetime
    duration_s: int | None
    viewers: int | None
    viewers_exact: bool
    orders: int | None
    gmv_fen: int | None
    gmv_incl_abnormal_fen: int | None
    refund_fen: int | None
    refund_basis: str | None


def broadcasts_page(shop_id: int, *, page: int = 1, per_page: int = 20) -> Page[Broadcast]:
    """The newest first."""
    statement = (
        select(*(getattr(Livestream, name) for name in Broadcast.__dataclass_fields__))
        .where(Livestream.shop_id == shop_id)
        .order_by(Livestream.started_at.desc(), Livestream.id)
    )
    return fetch_page(statement, lambda row: Broadcast(*row), page=page, per_page=per_page)
