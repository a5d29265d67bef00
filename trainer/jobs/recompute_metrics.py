"""Reckon the figures of every cohort afresh, who of its women is at risk, and whether the outcomes kept up are right."""

import logging
from collections.abc import Mapping

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import tell
from trainer.queries.job import list_cohort_ids
from trainer.services.at_risk import refresh_risks
from trainer.services.metrics import recompute_cohort
from trainer.services.outcomes import check_cohort

log = logging.getLogger(__name__)


class SomeFailed(Exception):
    """Some cohorts could not be reckoned; the others were."""


def run(_settings: Mapping[str, object]) -> str:
    """Each cohort in its own transaction: one that fails is logged and the others go on. Raises SomeFailed."""
    cohorts, failures, differing, differed = list_cohort_ids(), [], [], 0
    for cohort_id in cohorts:
        try:
            with transaction():
                recompute_cohort(cohort_id, at=clock.now())
                changes = refresh_risks(cohort_id, at=clock.now())
            with transaction():
                if check_cohort(cohort_id, at=clock.now()):
                    differing.append(cohort_id)
        except Exception as error:
            log.exception("cohort %s could not be reckoned", cohort_id)
            failures.append(f"cohort {cohort_id}: {type(error).__name__}")
        else:
            differed += changes
    if failures:
        raise SomeFailed("; ".join([f"{len(cohorts) - len(failures)}/{len(cohorts)}", *failures[:20]]))
    if differing:
        which = {"differing": len(differing), "which": ", ".join(map(str, differing[:20]))}
        return tell("job_outcomes_differ", {"cohorts": len(cohorts), "risks": differed, **which})
    return tell("job_reckoned_with_risks", {"cohorts": len(cohorts), "risks": differed})
