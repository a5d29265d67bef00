"""Holding a shop: whoever changes its sales, its findings or its pledges goes one after the other."""

from sqlalchemy import select

from trainer.database import db
from trainer.errors import NotFound
from trainer.models.sales import Shop


def hold_shop(shop_id: int | None) -> Shop:
    """Until the act ends, on both databases. Raises NotFound."""
    shop = db.session.scalar(select(Shop).where(Shop.id == shop_id).with_for_update(of=Shop))
    if shop is None:
        raise NotFound()
    return shop
