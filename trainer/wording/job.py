"""Words for jobs and their runs."""

import json

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from trainer.domain.jobs import INTERRUPTED, JobName, JobState, Timing
from trainer.domain.retention import Kept

LABELS = {
    JobName: {
        JobName.RECOMPUTE_METRICS: _("Reckon the cohorts' figures and the women at risk afresh"),
        JobName.SHUT_UNUSED_ACCOUNTS: _("Shut staff accounts that nobody uses"),
        JobName.DELIVER_MESSAGES: _("Hand letters over to the channels besides the inbox"),
        JobName.REMIND_OF_LESSONS: _("Remind women and instructors of tomorrow's lessons"),
        JobName.REMIND_OF_APPLICATIONS: _("Remind women of applications that are begun and not handed in"),
        JobName.ASK_SURVEYS: _("Ask graduates the questionnaires that are due, and remind them"),
        JobName.REMIND: _("Remind of overdue requests about personal data, and evaluators of invitations"),
        JobName.BEGIN_CLASSES: _("Put women whose class begins today into training"),
        JobName.RECKON_SALES: _("Reckon what follows from sales that changed"),
        JobName.RECKON_OUTCOMES: _("Reckon the outcomes of cohorts of which something changed"),
        JobName.CHECK_SHEETS: _("Reckon the seals of all score sheets again"),
        JobName.REMIND_EVALUATORS: _("Remind evaluators of sheets before their round closes"),
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
    Kept: {
        Kept.SIGN_INS: _("ended sign-ins"),
        Kept.DEVICES: _("browsers nobody signs in from"),
        Kept.WAYS_IN: _("spent links, codes and slips"),
        Kept.DOUBLE_CLICKS: _("notes against double clicks"),
        Kept.STAGED_ROWS: _("rows of lists taken in"),
        Kept.PRODUCTS: _("files that tasks made"),
        Kept.SALES_FILES: _("sales files nobody said anything about"),
        Kept.UPLOADS: _("notes on sales files sent in"),
        Kept.TASKS: _("tasks"),
        Kept.MESSAGES: _("messages"),
        Kept.JOB_RUNS: _("runs of jobs"),
        Kept.REQUEST_WORDS: _("words of answered requests"),
        Kept.CONSENT_SCANS: _("scans of consents"),
        Kept.LESSON_PICTURES: _("pictures of lessons"),
        Kept.WALK_INS: _("walk-ins nobody knows"),
        Kept.PEOPLE: _("people"),
        Kept.LOOSE_FILES: _("files that nothing refers to"),
    },
}

TONES = {JobState: {JobState.RUNNING: "attention", JobState.DONE: "good", JobState.FAILED: "bad"}}

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))

SENTENCES: dict[str, object] = {
    "job_interrupted": _("Its process was stopped in the middle."),
    "job_nothing_to_do": _("Nothing to do."),
    "job_reckoned": _("%(cohorts)s cohorts reckoned."),  # what runs of the first release said
    "job_reckoned_with_risks": _("%(cohorts)s cohorts reckoned; risks of women that had come or gone: %(risks)s."),
    "job_shut": _("%(accounts)s accounts shut."),
    "job_delivered": _("%(sent)s of %(tried)s handed over."),
    "job_reminded_of_lessons": _("Told %(people)s people of tomorrow's lessons, in %(cohorts)s cohorts."),
    "job_reminded_of_applications": _("Reminded %(women)s women of their applications."),
    "job_surveys_asked": _("Asked %(asked)s women a questionnaire; reminded %(reminded)s."),
    "job_reminded": _("Reminded of %(requests)s requests and %(invitations)s invitations."),
    "job_sheets_hold": _("All submitted sheets are as they were submitted."),
    "job_evaluators_reminded": _("Reminded %(evaluators)s evaluators of their sheets."),
    "job_classes_begun": _("%(women)s women are in training now, in %(cohorts)s cohorts."),
    "job_outcomes_reckoned": _("Reckoned the outcomes of %(cohorts)s cohorts anew."),
    "job_outcomes_differ": _(
        "%(cohorts)s cohorts reckoned; risks of women that had come or gone: %(risks)s. ATTENTION: in %(differing)s cohorts the outcomes kept up were not what a full recomputation comes to; the fresh ones stand now: %(which)s."
    ),
    "job_sales_reckoned": _("Reckoned anew what follows from the sales of %(shops)s shops."),
    "job_backed_up": _("%(name)s: %(megabytes)s MB, %(rows)s rows, %(files)s files. Old backups deleted: %(deleted)s."),
    "job_rehearsed": _("%(name)s: all %(rows)s rows are there, and the audit chain holds."),
    "job_rehearsed_without_chain": _(
        "%(name)s: all %(rows)s rows are there. The audit chain was not looked at: the backup is of an earlier release."
    ),
    "job_rehearsed_by_contents": _(
        "%(name)s names every table. The rows were not looked at: the database user may not create a database."
    ),
    "job_sealed": _("%(events)s entries sealed into %(files)s files."),
    "job_let_go": _("Deleted: %(counts)s."),
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
    """Code and values of what a run says; None where it says something in its own words."""
    if message == INTERRUPTED:
        return "job_interrupted", {}
    try:
        told = json.loads(message) if message.startswith("{") else None
    except ValueError:  # cut off at its end
        return None
    if not told:
        return None
    if told["code"] == "job_let_go":
        counts = [f"{LABELS[Kept][kept]} {count}" for kept, count in told["values"]["counts"].items()]
        told["values"] = {"counts": gettext("; ").join(counts)}
    return told["code"], told["values"]
