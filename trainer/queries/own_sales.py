"""A trainee's own sales: her shops with their figures, and her last broadcasts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from trainer.database import db
from trainer.domain.imports import BatchState
from trainer.domain.sales import SalesKind
from trainer.domain.sales_figures import ShopFigures
from trainer.models.imports import ImportBatch
from trainer.models.sales import Shop
from trainer.queries.sales_figures import get_figures, get_main_figures
from trainer.queries.shop import Broadcast, ShopHead, broadcast_of, list_shops_of, roles_of, select_broadcasts


@dataclass(frozen=True)
class OwnShop:
    """A shop of hers with what is known of its sales; `files`: when the newest file of each kind was taken in."""

    shop: ShopHead
    figures: ShopFigures
    files: dict[SalesKind, datetime]


def get_own_sales(person_id: int) -> list[OwnShop]:
    """Her shops with their figures, apart by shop and by source. Five statements, one where she has no shop."""
    shops = list_shops_of(person_id)
    figures = get_figures(roles_of(shops))
    files = _newest_files([shop.id for shop in shops]) if shops else {}
    return [OwnShop(shop, figures[shop.id], files.get(shop.id, {})) for shop in shops]


def get_own_main_sales(person_id: int) -> list[OwnShop]:
    """For her first page, which has one figure a shop: neither settlements nor files. Three statements."""
    shops = list_shops_of(person_id)
    figures = get_main_figures(roles_of(shops))
    return [OwnShop(shop, figures[shop.id], {}) for shop in shops]


BATCH = ImportBatch.__table__.c
_FILES_OF = (
    select(BATCH.shop_id, BATCH.summary, BATCH.committed_at)
    .where(BATCH.shop_id.in_(bindparam("shops", expanding=True)), BATCH.state == BatchState.COMMITTED)
    .order_by(BATCH.committed_at)
)


def _newest_files(shop_ids: Iterable[int]) -> dict[int, dict[SalesKind, datetime]]:
    rows = db.session.execute(_FILES_OF, {"shops": list(shop_ids)})
    files: dict[int, dict[SalesKind, datetime]] = {}
    for shop_id, summary, committed_at in rows:
        files.setdefault(shop_id, {})[SalesKind(summary["kind"])] = committed_at
    return files


def list_own_broadcasts(person_id: int, *, most: int = 10) -> list[tuple[str, Broadcast]]:
    """(shop's name, broadcast) of her last broadcasts, the newest first."""
    rows = db.session.execute(
        select_broadcasts().add_columns(Shop.name).join(Shop).where(Shop.person_id == person_id).limit(most)
    )
    return [(shop, broadcast_of(facts)) for *facts, shop in rows]
