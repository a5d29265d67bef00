"""Words for jobs and their runs."""

from flask_babel import lazy_gettext as _

from trainer.domain.jobs import JobName, JobState

LABELS = {
    JobName: {JobName.RECOMPUTE_METRICS: _("Reckon the cohorts' figures afresh")},
    JobState: {
        JobState.WAITING: _("Waiting"),
        JobState.RUNNING: _("Running"),
        JobState.DONE: _("Done"),
        JobState.FAILED: _("Failed"),
    },
}

TONES = {JobState: {JobState.RUNNING: "attention", JobState.DONE: "good", JobState.FAILED: "bad"}}

SENTENCES: dict[str, object] = {
    "job_already_asked": _("This job is waiting or running already. Look again in a minute."),
}
