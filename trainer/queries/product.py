"""Products: of one shop, across shops within reach, with what their order lines come to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from trainer.database import db
from trainer.domain.actors import Actor, region_prefix
from trainer.domain.product import ProductCategory, Season
from trainer.domain.sales import ShopRole
from trainer.models.person import Person
from trainer.models.product import Product
from trainer.models.sales import OrderLine, Shop
from trainer.permissions import Permission
from trainer.queries.person import visible_people
from trainer.queries.sales_figures import SOLD
from trainer.queries.scoping import contains


class KnownProduct(NamedTuple):
    """A product as it is kept."""

    id: int
    name: str
    category: ProductCategory | None
    is_sorted: bool


def list_known_products(shop_id: int) -> dict[str, KnownProduct]:
    rows = select(Product.key, Product.id, Product.name, Product.category, Product.sorted_by.is_not(None))
    of_shop = rows.where(Product.shop_id == shop_id).order_by(Product.id)
    return {key: KnownProduct(*facts) for key, *facts in db.session.execute(of_shop)}


def list_named_products(shop_id: int) -> dict[str, str]:
    """Keys in the shop's order lines, with a name: of several the one that sorts last, so that it is always the same."""
    rows = select(OrderLine.product_key, func.max(OrderLine.product)).where(
        OrderLine.shop_id == shop_id, OrderLine.product_key != ""
    )
    return dict(db.session.execute(rows.group_by(OrderLine.product_key).order_by(OrderLine.product_key)).all())


@dataclass(frozen=True)
class Sold:
    """What paid lines come to; refunds are of these same lines."""

    pieces: int
    paid_fen: int
    refunded_fen: int

    @property
    def net_fen(self) -> int:
        return self.paid_fen - self.refunded_fen

    @property
    def refund_rate(self) -> float | None:
        return self.refunded_fen / self.paid_fen if self.paid_fen else None


@dataclass(frozen=True)
class ProductRow:
    """A line of the list; its figures are those of one shop on one platform."""

    id: int
    name: str
    category: ProductCategory | None
    is_sorted: bool
    season: Season | None
    shop_id: int
    shop: str
    platform: str
    role: ShopRole
    owner: str
    sold: Sold


@dataclass(frozen=True)
class WantedProducts:
    """What the list is cut to; `unsorted`: without a category; `month`: in season then."""

    text: str = ""
    category: ProductCategory | None = None
    unsorted: bool = False
    region_code: str = ""
    month: int | None = None


def list_products_of(shop_id: int) -> list[ProductRow]:
    """Of one shop, what sold most first. One statement."""
    return _rows(_select(Product.shop_id == shop_id, OrderLine.shop_id == shop_id))


def list_products(actor: Actor, wanted: WantedProducts) -> list[ProductRow]:
    """Within her reach, what sold most first. One statement."""
    own = visible_people(actor, Permission.VIEW_SALES)
    shops = select(Shop.id).join(Person, Person.id == Shop.person_id).where(own)
    return _rows(_select(and_(own, *_clauses(wanted)), OrderLine.shop_id.in_(shops)))


def list_products_to_sort(actor: Actor, product_ids: Iterable[int]) -> set[int]:
    """Those of the numbers that she may sort."""
    rows = (
        select(Product.id)
        .join(Shop, Shop.id == Product.shop_id)
        .join(Person, Person.id == Shop.person_id)
        .where(Product.id.in_(list(product_ids)), visible_people(actor, Permission.IMPORT_SALES))
    )
    return set(db.session.scalars(rows))


def _clauses(wanted: WantedProducts) -> list[ColumnElement[bool]]:
    clauses = []
    if wanted.text:
        clauses.append(or_(contains(Product.name, wanted.text), contains(Shop.name, wanted.text)))
    if wanted.unsorted:
        clauses.append(Product.category.is_(None))
    elif wanted.category:
        clauses.append(Product.category == wanted.category)
    if wanted.region_code:
        clauses.append(Person.region_code.startswith(region_prefix(wanted.region_code)))
    return clauses + ([in_season(wanted.month)] if wanted.month else [])


def in_season(month: int) -> ColumnElement[bool]:
    """The SQL twin of `month in Season`."""
    first, last = Product.season_from, Product.season_to
    straight = and_(first <= last, first <= month, last >= month)
    return or_(straight, and_(first > last, or_(first <= month, last >= month)))


def _select(products: ColumnElement[bool], lines: ColumnElement[bool]) -> Select:
    sold = (
        select(
            *(OrderLine.shop_id, OrderLine.product_key, func.sum(OrderLine.quantity).label("pieces")),
            *(func.sum(OrderLine.paid_fen).label("paid"), func.sum(OrderLine.refunded_fen).label("refunded")),
        )
        .where(lines, SOLD, OrderLine.product_key != "")
        .group_by(OrderLine.shop_id, OrderLine.product_key)
        .subquery()
    )
    net = func.coalesce(sold.c.paid - sold.c.refunded, 0)
    return (
        select(
            *(Product.id, Product.name, Product.category, Product.sorted_by.is_not(None)),
            *(Product.season_from, Product.season_to),
            *(Shop.id, Shop.name, Shop.platform, Shop.role, Person.name),
            *(func.coalesce(column, 0) for column in (sold.c.pieces, sold.c.paid, sold.c.refunded)),
        )
        .join(Shop, Shop.id == Product.shop_id)
        .join(Person, Person.id == Shop.person_id)
        .outerjoin(sold, and_(sold.c.shop_id == Product.shop_id, sold.c.product_key == Product.key))
        .where(products)
        .order_by(net.desc(), Product.name, Product.id)
    )


def _rows(statement: Select) -> list[ProductRow]:
    return [
        ProductRow(*row[:4], Season(row[4], row[5]) if row[4] else None, *row[6:11], Sold(*map(int, row[11:])))
        for row in db.session.execute(statement)
    ]
