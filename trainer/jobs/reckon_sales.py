"""Reckoning what follows from changed sales: attribution to broadcasts, products, findings that need a look."""

from collections.abc import Mapping

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import tell
from trainer.services import sales_reckoning


def run(_settings: Mapping[str, object]) -> str:
    """Each shop in its own transaction."""
    shops = sales_reckoning.list_waiting()
    for shop_id in shops:
        with transaction():
            sales_reckoning.reckon(shop_id, at=clock.now())
    return tell("job_sales_reckoned", {"shops": len(shops)}) if shops else tell("job_nothing_to_do", {})
