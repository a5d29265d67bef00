"""Shops: whose they are, which a person may see, and their broadcasts one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, bindparam, or_, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.sales import GmvMeasure, RefundBasis, SalesKind, ShopRole, TrustBasis, trust_basis
from trainer.domain.sales_figures import ShopFigures
from trainer.models.person import Person
from trainer.models.region import Region
from trainer.models.sales import Livestream, Shop
from trainer.permissions import Permission
from trainer.queries.person import visible_people
from trainer.queries.sales_figures import get_figures
from trainer.queries.scoping import Page, contains, fetch_page


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
    role: ShopRole
    name: str
    account_uid: str | None
    opened_on: date | None
    owner: Seller


# Made once, over the tables: every seller opens pages with them. `shop_head` reads a row.
SHOP, OWNER = Shop.__table__.c, Person.__table__.c
SHOPS = select(
    *(SHOP.id, SHOP.platform, SHOP.role, SHOP.name, SHOP.account_uid, SHOP.opened_on),
    *(OWNER.id, OWNER.name, OWNER.region_code, OWNER.village),
).join(Person.__table__, OWNER.id == SHOP.person_id)
_SHOPS_OF = SHOPS.where(SHOP.person_id == bindparam("person")).order_by(SHOP.id)


def shop_head(row) -> ShopHead:
    return ShopHead(*row[:6], Seller(*row[6:10]))


def get_shop_for(actor: Actor, permission: Permission, shop_id: int) -> ShopHead | None:
    return _one(SHOPS.where(SHOP.id == shop_id, visible_people(actor, permission)))


def get_shop(shop_id: int) -> ShopHead | None:
    """Whoever asks: for commands, which act for the installation."""
    return _one(SHOPS.where(SHOP.id == shop_id))


def _one(statement: Select) -> ShopHead | None:
    row = db.session.execute(statement).one_or_none()
    return shop_head(row) if row else None


def list_shops_of(person_id: int) -> list[ShopHead]:
    """A woman's shops, the oldest first."""
    return [shop_head(row) for row in db.session.execute(_SHOPS_OF, {"person": person_id})]


@dataclass(frozen=True)
class ShopLine:
    """A line of the list of shops; its sources stand side by side and are never added."""

    shop: ShopHead
    figures: ShopFigures


def select_visible_shops(actor: Actor, *, text: str = "", platform: str | None = None) -> Select:
    """Shops that `actor` may look at, by owner; `text` is part of the owner's or the shop's name."""
    statement = SHOPS.where(visible_people(actor, Permission.VIEW_SALES)).order_by(OWNER.name_pinyin, OWNER.id, SHOP.id)
    if text:
        statement = statement.where(or_(contains(Person.name, text), contains(Shop.name, text)))
    return statement.where(Shop.platform == platform) if platform else statement


def shops_page(
    actor: Actor, *, text: str = "", platform: str | None = None, page: int = 1, per_page: int = 20
) -> Page[ShopLine]:
    statement = select_visible_shops(actor, text=text, platform=platform)
    found = fetch_page(statement, shop_head, page=page, per_page=per_page)
    return Page(_lines(found.items), found.total, found.page, found.per_page)


def list_shop_lines(actor: Actor, *, text: str = "", platform: str | None = None, most: int = 20_000) -> list[ShopLine]:
    """The whole list, for a workbook."""
    rows = db.session.execute(select_visible_shops(actor, text=text, platform=platform).limit(most))
    return _lines([shop_head(row) for row in rows])


def _lines(shops: Sequence[ShopHead]) -> list[ShopLine]:
    figures = get_figures(roles_of(shops))
    return [ShopLine(shop, figures[shop.id]) for shop in shops]


def roles_of(shops: Iterable[ShopHead]) -> dict[int, ShopRole]:
    """What the sums of sales ask for."""
    return {shop.id: shop.role for shop in shops}


def regions_of_shops(actor: Actor, *which: ColumnElement[bool]) -> list[tuple[str, str]]:
    """(code, name) of the areas in which owners of shops (of those that fit) within her reach live."""
    homes = SHOPS.with_only_columns(OWNER.region_code, maintain_column_froms=True).where(
        visible_people(actor, Permission.VIEW_SALES), *which
    )
    rows = select(Region.code, Region.name).where(Region.code.in_(homes)).order_by(Region.code)
    return [tuple(row) for row in db.session.execute(rows)]


@dataclass(frozen=True)
class Broadcast:
    """A line of a shop's broadcasts."""

    id: int
    title: str
    started_at: datetime
    duration_s: int | None
    viewers: int | None
    viewers_exact: bool
    orders: int | None
    gmv_fen: int | None
    gmv_incl_abnormal_fen: int | None
    gmv_measure: GmvMeasure
    refund_fen: int | None
    refund_basis: RefundBasis | None
    trust: TrustBasis
    excluded_by: int | None


_BROADCAST = [getattr(Livestream, name) for name in Broadcast.__dataclass_fields__]


def select_broadcasts() -> Select:
    """The newest first; for `broadcast_of`."""
    return select(*_BROADCAST).order_by(Livestream.started_at.desc(), Livestream.id)


def broadcast_of(row) -> Broadcast:
    facts = dict(zip(Broadcast.__dataclass_fields__, row, strict=True))
    facts["gmv_measure"] = GmvMeasure(facts["gmv_measure"])
    facts["refund_basis"] = RefundBasis(facts["refund_basis"]) if facts["refund_basis"] else None
    return Broadcast(**{**facts, "trust": trust_basis(facts["trust"], SalesKind.LIVE_SESSION)})


def broadcasts_page(shop_id: int, *, page: int = 1, per_page: int = 20) -> Page[Broadcast]:
    statement = select_broadcasts().where(Livestream.shop_id == shop_id)
    return fetch_page(statement, broadcast_of, page=page, per_page=per_page)
