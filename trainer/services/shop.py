"""Shops: a woman's selling account on a platform is entered once."""

from datetime import date, datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.sales import Platform
from trainer.errors import Refused
from trainer.models.sales import Shop
from trainer.services import audit


class ShopExists(Refused):
    """She has a shop of that name there already."""

    code = "shop_exists"


class AccountTaken(Refused):
    """The platform's account number stands with a shop already, hers or another's."""

    code = "shop_account_taken"


class NoSuchShop(Refused):
    """A command named a shop that is not there."""

    code = "no_such_shop"


def create_shop(
    person_id: int,
    platform: Platform,
    name: str,
    account_uid: str | None,
    opened_on: date | None,
    *,
    by: Actor,
    at: datetime,
) -> Shop:
    """Raises ShopExists and AccountTaken."""
    same = select(Shop.id).where(Shop.person_id == person_id, Shop.platform == platform, Shop.name == name)
    if db.session.scalar(same):
        raise ShopExists(name=name)
    taken = select(Shop.id).where(Shop.platform == platform, Shop.account_uid == account_uid)
    if account_uid and db.session.scalar(taken):
        raise AccountTaken()
    shop = Shop(
        person_id=person_id,
        platform=platform.value,
        name=name,
        account_uid=account_uid or None,
        opened_on=opened_on,
        created_at=at,
    )
    db.session.add(shop)
    db.session.flush()
    audit.record("shop.create", "shop", shop.id, by=by, at=at, person=person_id, platform=platform)
    return shop
