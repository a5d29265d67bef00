"""What is reckoned out of a shop's sales after they changed: attribution, products, findings, sums by day; derived, so
it may be done anew."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.models.sales import Shop
from trainer.services.anomaly_findings import refresh_findings
from trainer.services.attribution import attribute
from trainer.services.outcomes import touch_cohorts_of
from trainer.services.product import keep_products
from trainer.services.shop_days import sum_up_days

# Each of (shop id, moment); the order matters: findings look at attributed orders.
STEPS: tuple[Callable[[int, datetime], None], ...] = (attribute, keep_products, refresh_findings, sum_up_days)


def list_waiting(*, most: int = 200) -> list[int]:
    """Shops whose sales changed after they were reckoned last, the longest waiting first."""
    waiting = Shop.changed_at.is_not(None), Shop.reckoned_at.is_(None)
    return list(db.session.scalars(select(Shop.id).where(*waiting).order_by(Shop.changed_at).limit(most)))


def reckon(shop_id: int, *, at: datetime) -> None:
    """All steps in the caller's transaction; harmless where nothing changed since."""
    shop = db.session.scalar(select(Shop).where(Shop.id == shop_id).with_for_update(of=Shop))
    if shop is None or shop.changed_at is None or shop.reckoned_at is not None:
        return
    for step in STEPS:
        step(shop_id, at)
    shop.reckoned_at = at
    touch_cohorts_of(shop.person_id, at=at)
