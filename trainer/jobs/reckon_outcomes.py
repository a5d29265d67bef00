"""Reckoning the outcomes of cohorts of which something changed: sales, attendance, answers, costs, calls."""

import logging
from collections.abc import Mapping

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import tell
from trainer.services import outcomes

log = logging.getLogger(__name__)


class SomeFailed(Exception):
    """Some cohorts could not be reckoned; the others were."""


def run(_settings: Mapping[str, object]) -> str:
    """Each cohort in its own transaction: one that fails is logged and the others go on. Raises SomeFailed."""
    cohorts, failures = outcomes.list_waiting(), []
    for cohort_id in cohorts:
        try:
            with transaction():
                outcomes.reckon_cohort(cohort_id, at=clock.now())
        except Exception as error:
            log.exception("outcomes of cohort %s could not be reckoned", cohort_id)
            failures.append(f"cohort {cohort_id}: {type(error).__name__}")
    if failures:
        raise SomeFailed("; ".join([f"{len(cohorts) - len(failures)}/{len(cohorts)}", *failures[:20]]))
    return tell("job_outcomes_reckoned", {"cohorts": len(cohorts)}) if cohorts else tell("job_nothing_to_do", {})
