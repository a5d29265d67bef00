"""Running one job for one period, once, whoever else tries."""

import logging
from dataclasses import dataclass

from trainer import clock
from trainer.database import transaction
from trainer.jobs.schedule import JOBS
from trainer.services.job import finish_run, take_run

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How a run ended, and what it says of itself."""

    failed: bool
    message: str


def run_job(app, name: str, period: str) -> Outcome | None:
    """Run a job for a period; None where that was done before or is being done.

    Takes the (job, period) row first, in its own transaction: of several processes one gets it.
    """
    with app.app_context():
        with transaction():
            if not take_run(name, period, at=clock.now()):
                return None
        try:
            outcome = Outcome(False, JOBS[name].run(app.config))
        except Exception as error:
            log.exception("job %s for %s failed", name, period)
            outcome = Outcome(True, f"{type(error).__name__}: {error}"[:2000])
        with transaction():
            finish_run(name, period, failed=outcome.failed, message=outcome.message, at=clock.now())
        return outcome
