"""Holding a shop: whoever changes its sales, its findings or its pledges goes one after the other, and says so."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.errors import NotFound
from trainer.models.person import Person
from trainer.models.sales import Shop
from trainer.models.sales_upload import SalesUpload


def hold_shop(shop_id: int | None) -> Shop:
    """Until the act ends, on both databases. Raises NotFound."""
    shop = db.session.scalar(select(Shop).where(Shop.id == shop_id).with_for_update(of=Shop))
    if shop is None:
        raise NotFound()
    return shop


def hold_living_shop(shop_id: int | None) -> Shop:
    """For whoever writes of her what was not there: after an erasure nobody would look for it. Raises NotFound."""
    shop = hold_shop(shop_id)
    # Asked for once the shop is held: an erasure that was waited for is seen.
    if db.session.scalar(select(Person.erased_at).where(Person.id == shop.person_id)):
        raise NotFound()
    return shop


def touch(shop: Shop, *, at: datetime) -> None:
    """Its sales changed, or what they are compared by: what follows from them is to be reckoned (services/sales_reckoning)."""
    shop.changed_at, shop.reckoned_at = at, None


def hold_shops_of(person_ids: Collection[int]) -> None:
    """All of hers; before them the files on their way in, as whoever reads one does."""
    shops = select(Shop.id).where(Shop.person_id.in_(person_ids)).order_by(Shop.id)
    uploads = select(SalesUpload.id).where(SalesUpload.shop_id.in_(shops)).order_by(SalesUpload.id)
    for rows in (uploads, shops):
        db.session.execute(rows.with_for_update())
