"""Words for jobs and their runs."""

import json

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from trainer.domain.jobs import INTERRUPTED, JobName, JobState, Timing

LABELS = {
    JobName: {
        JobName.RECOMPUTE_METRICS: _("Reckon the cohorts' figures afresh"),
        JobName.SHUT_UNUSED_ACCOUNTS: _("Shut staff accounts that nobody uses"),
        JobName.DELIVER_MESSAGES: _("Hand letters over to the channels besides the inbox"),
        JobName.REMIND: _("Remind of requests about personal data that are overdue"),
        JobName.BACK_UP: _("Make a backup"),
        JobName.REHEARSE_RESTORE: _("Try whether the newest backup can be put back"),
        JobName.SEAL_AUDIT: _("Seal old entries of the audit trail into a file"),
        JobName.APPLY_RETENTION: _("Delete what has been kept long enough"),
    },
    JobState: {
        JobState.WAITING: _("Waiting"),
        JobState.RUNNING: _("Running"),
        JobState.DONE: _("Done"),
        JobState.FAILED: _("Failed"),
    },
}

TONES = {JobState: {JobState.RUNNING: "attention", JobState.DONE: "good", JobState.FAILED: "bad"}}

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))

SENTENCES: dict[str, object] = {
    "job_interrupted": _("Its process was stopped in the middle."),
    "job_already_asked": _("This job is waiting or running already. Look again in a minute."),
}


def when_words(timing: Timing) -> str:
    """When a job comes: every day at 02:30."""
    if timing.every_minutes is not None:
        return gettext("every %(minutes)s minutes", minutes=timing.every_minutes)
    time = f"{timing.hour:02d}:{timing.minute:02d}"
    if timing.weekday is None:
        return gettext("every day at %(time)s", time=time)
    return gettext("every %(weekday)s at %(time)s", weekday=WEEKDAYS[timing.weekday], time=time)


def told_by(message: str) -> tuple[str, dict[str, object]] | None:
    """Code and values where a run was refused; None where it says something in its own words."""
    if message == INTERRUPTED:
        return "job_interrupted", {}
    try:
        told = json.loads(message) if message.startswith("{") else None
    except ValueError:  # cut off at its end
        return None
    return (told["code"], told["values"]) if told else None
