"""Running one job for one period, once, whoever else tries."""

import logging
from dataclasses import dataclass
from pathlib import Path

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import tell
from trainer.domain.people import mask_numbers
from trainer.errors import Refused
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
            outcome = Outcome(True, _told(error)[:2000])
        with transaction():
            finish_run(name, period, failed=outcome.failed, message=outcome.message, at=clock.now())
        return outcome


def _told(error: Exception) -> str:
    """What the page of jobs may say of a failure. What a library puts into an exception may quote a row of ours: of
    those only the kind and the place are told, the rest stands in the log."""
    if isinstance(error, Refused):
        return tell(error.code, error.values)
    if type(error).__module__.startswith("trainer.jobs."):  # made by a job to be told
        return mask_numbers(f"{type(error).__name__}: {error}")
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}"
    last = error.__traceback__
    while last.tb_next is not None:
        last = last.tb_next
    return f"{type(error).__name__} ({Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno})"
