"""Running one job for one period, once, whoever else tries."""

import logging

from trainer import clock
from trainer.database import transaction
from trainer.jobs.schedule import JOBS
from trainer.services.job import finish_run, take_run

log = logging.getLogger(__name__)


def run_job(app, name: str, period: str) -> bool:
    """Whether the job was run now and went well; False too where the period was done or is being done.

    Takes the (job, period) row first, in its own transaction: of several processes one gets it.
    """
    with app.app_context():
        with transaction():
            if not take_run(name, period, at=clock.now()):
                return False
        failed, message = False, ""
        try:
            message = JOBS[name].run()
        except Exception as error:
            log.exception("job %s for %s failed", name, period)
            failed, message = True, f"{type(error).__name__}: {error}"[:2000]
        with transaction():
            finish_run(name, period, failed=failed, message=message, at=clock.now())
        return not failed
