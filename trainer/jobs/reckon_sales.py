"""Reckoning what follows from changed sales: attribution to broadcasts, products, findings that need a look."""

import logging
from collections.abc import Mapping

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import tell
from trainer.services import sales_reckoning

log = logging.getLogger(__name__)


class SomeFailed(Exception):
    """Some shops could not be reckoned; the others were."""


def run(_settings: Mapping[str, object]) -> str:
    """Each shop in its own transaction: one that fails is logged and the others go on. Raises SomeFailed."""
    shops, failures = sales_reckoning.list_waiting(), []
    for shop_id in shops:
        try:
            with transaction():
                sales_reckoning.reckon(shop_id, at=clock.now())
        except Exception as error:
            log.exception("shop %s could not be reckoned", shop_id)
            failures.append(f"shop {shop_id}: {type(error).__name__}")
    if failures:
        raise SomeFailed("; ".join([f"{len(shops) - len(failures)}/{len(shops)}", *failures[:20]]))
    return tell("job_sales_reckoned", {"shops": len(shops)}) if shops else tell("job_nothing_to_do", {})
