"""The timetable: every job and when it runs, China time."""

from collections.abc import Callable
from dataclasses import dataclass

from trainer.domain.jobs import JobName
from trainer.jobs import recompute_metrics


@dataclass(frozen=True)
class Job:
    """Something done once a day; `run` says what it did, and raises where it failed."""

    name: JobName
    hour: int
    minute: int
    run: Callable[[], str]


TIMETABLE = (Job(JobName.RECOMPUTE_METRICS, 2, 30, recompute_metrics.run),)

JOBS = {job.name: job for job in TIMETABLE}
