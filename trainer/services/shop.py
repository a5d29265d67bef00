"""Shops: a woman's selling account on a platform is entered once."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.people import mask_numbers
from trainer.domain.sales import Platform, ShopRole
from trainer.domain.sales_upload import unknown_accounts as unknown_among
from trainer.errors import Refused
from trainer.models.sales import Shop, ShopAlias
from trainer.queries.sales_upload import list_names
from trainer.services import audit
from trainer.services.outcomes import touch_cohorts_of
from trainer.services.shop_lock import hold_shop, touch


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
    role: ShopRole = ShopRole.OWN,
    by: Actor,
    at: datetime,
) -> Shop:
    """Raises ShopExists and AccountTaken."""
    _refuse_taken(person_id, platform, name, account_uid)
    shop = Shop(
        person_id=person_id,
        platform=platform.value,
        role=role,
        name=name,
        account_uid=account_uid or None,
        opened_on=opened_on,
        created_at=at,
    )
    db.session.add(shop)
    db.session.flush()
    touch_cohorts_of(person_id, at=at)
    audit.record("shop.create", "shop", shop.id, by=by, at=at, person=person_id, platform=platform, role=role)
    return shop


def _refuse_taken(person_id: int, platform: str, name: str, account_uid: str | None, *, but: int = 0) -> None:
    others = select(Shop.id).where(Shop.platform == platform, Shop.id != but)
    if db.session.scalar(others.where(Shop.person_id == person_id, Shop.name == name)):
        raise ShopExists(name=name)
    if account_uid and db.session.scalar(others.where(Shop.account_uid == account_uid)):
        raise AccountTaken()


def update_shop(
    shop_id: int,
    *,
    name: str,
    account_uid: str | None,
    role: ShopRole,
    opened_on: date | None,
    by: Actor,
    at: datetime,
) -> None:
    """Put right what is known of it; the platform stays: another platform is another shop.

    Raises ShopExists and AccountTaken.
    """
    shop = hold_shop(shop_id)
    was = {"name": shop.name, "account_uid": shop.account_uid, "role": shop.role, "opened_on": shop.opened_on}
    to_be = {"name": name, "account_uid": account_uid or None, "role": role, "opened_on": opened_on}
    changed = [key for key, value in to_be.items() if value != was[key]]
    if not changed:
        return
    _refuse_taken(shop.person_id, shop.platform, name, account_uid, but=shop_id)
    for key in changed:
        setattr(shop, key, to_be[key])
    touch(shop, at=at)
    told = {key: str(to_be[key]) if key in ("role", "opened_on") else "changed" for key in changed}
    audit.record("shop.update", "shop", shop_id, by=by, at=at, after=told)


def unknown_accounts(shop: Shop, accounts: Sequence[str]) -> tuple[str, ...]:
    """The accounts that a file names where none is called as the shop is: a person has to say that it is hers."""
    return unknown_among(list_names([shop.id])[shop.id], accounts) if accounts else ()


def accept_alias(shop: Shop, names: Sequence[str], *, by: Actor, at: datetime) -> None:
    """Somebody says that files with these accounts are of this shop; it is not asked again."""
    known = list_names([shop.id])[shop.id]
    new = [name for name in dict.fromkeys(said.strip()[:120] for said in names) if unknown_among(known, [name])]
    if not new:
        return
    db.session.add_all([ShopAlias(shop_id=shop.id, name=name, created_at=at, created_by=by.account_id) for name in new])
    told = [mask_numbers(name) for name in new]
    audit.record("shop.accept_alias", "shop", shop.id, by=by, at=at, accounts=told)
