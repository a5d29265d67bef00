"""Shops: whose they are, which a person may see, and their broadcasts one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, bindparam, or_, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.sales import GmvMeasure, RefundBasis, SalesKind, ShopRole, TrustBasis, trust_basis
from trainer.domain.sales_figures import ShopFigures
from trainer.models.person import Person
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
    name: str
    account_uid: str | None
    opened_on: date | None
    owner: Seller
    # None: not asked for.
    role: ShopRole | None = None


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
        *(OWNER.id, OWNER.name, OWNER.region_code, OWNER.village, SHOP.role),
    )
    .join(Person.__table__, OWNER.id == SHOP.person_id)
    .where(SHOP.person_id == bindparam("person"))
    .order_by(SHOP.id)
)


def _heads(statement: Select) -> list[ShopHead]:
    return [_head(row) for row in db.session.execute(statement.add_columns(Shop.role))]


def _head(row) -> ShopHead:
    *about, role = row
    return ShopHead(*about[:5], owner=Seller(*about[5:]), role=role)


@dataclass(frozen=True)
class ShopLine:
    """A line of the list of shops; its sources stand side by side and are never added."""

    shop: ShopHead
    figures: ShopFigures


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
    found = fetch_page(statement.add_columns(Shop.role), _head, page=page, per_page=per_page)
    return Page(_lines(found.items), found.total, found.page, found.per_page)


def list_shop_lines(actor: Actor, *, text: str = "", platform: str | None = None, most: int = 20_000) -> list[ShopLine]:
    """The whole list, for a workbook."""
    return _lines(_heads(select_visible_shops(actor, text=text, platform=platform).limit(most)))


def _lines(shops: Sequence[ShopHead]) -> list[ShopLine]:
    figures = get_figures(roles_of(shops))
    return [ShopLine(shop, figures[shop.id]) for shop in shops]


def roles_of(shops: Iterable[ShopHead]) -> dict[int, ShopRole]:
    """What the sums of sales ask for."""
    return {shop.id: shop.role for shop in shops}


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
