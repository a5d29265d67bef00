"""The timetable: every job, what it does and when it runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trainer.domain.jobs import TIMINGS, JobName, Timing
from trainer.jobs import (
    apply_retention,
    ask_surveys,
    back_up,
    begin_classes,
    check_sheets,
    deliver_messages,
    reckon_outcomes,
    reckon_sales,
    recompute_metrics,
    rehearse_restore,
    remind,
    remind_evaluators,
    remind_of_applications,
    remind_of_lessons,
    seal_audit,
    shut_unused_accounts,
)


@dataclass(frozen=True)
class Job:
    """Something done by the clock; `run` gets the settings, says what it did, and raises where it failed."""

    name: JobName
    timing: Timing
    run: Callable[[Mapping[str, object]], str]


RUNS: dict[JobName, Callable[[Mapping[str, object]], str]] = {
    JobName.RECOMPUTE_METRICS: recompute_metrics.run,
    JobName.SHUT_UNUSED_ACCOUNTS: shut_unused_accounts.run,
    JobName.DELIVER_MESSAGES: deliver_messages.run,
    JobName.REMIND: remind.run,
    JobName.REMIND_OF_LESSONS: remind_of_lessons.run,
    JobName.REMIND_OF_APPLICATIONS: remind_of_applications.run,
    JobName.ASK_SURVEYS: ask_surveys.run,
    JobName.BACK_UP: back_up.run,
    JobName.REHEARSE_RESTORE: rehearse_restore.run,
    JobName.SEAL_AUDIT: seal_audit.run,
    JobName.APPLY_RETENTION: apply_retention.run,
    JobName.BEGIN_CLASSES: begin_classes.run,
    JobName.RECKON_SALES: reckon_sales.run,
    JobName.RECKON_OUTCOMES: reckon_outcomes.run,
    JobName.CHECK_SHEETS: check_sheets.run,
    JobName.REMIND_EVALUATORS: remind_evaluators.run,
}

TIMETABLE = tuple(Job(name, TIMINGS[name], RUNS[name]) for name in JobName)

JOBS = {job.name: job for job in TIMETABLE}
