"""Words for background tasks."""

from flask_babel import lazy_gettext as _

from trainer.domain.background_task import TaskKind, TaskState

LABELS = {
    TaskKind: {
        TaskKind.PEOPLE_EXPORT: _("Export of people"),
        TaskKind.ROSTER_COMMIT: _("Taking in a roster"),
        TaskKind.SALES_READ: _("Reading a sales file"),
        TaskKind.SALES_COMMIT: _("Taking in a sales file"),
        TaskKind.SLIPS: _("Sign-in slips"),
        TaskKind.AUDIT_BUNDLE: _("Proof from the audit trail"),
        TaskKind.LETTER: _("Messages to many"),
        TaskKind.CERTIFICATES: _("Issuing certificates"),
        TaskKind.CERTIFICATE_SHEETS: _("Certificates to print"),
        TaskKind.DOSSIER: _("Training dossier"),
    },
    TaskState: {
        TaskState.WAITING: _("Waiting"),
        TaskState.RUNNING: _("Running"),
        TaskState.DONE: _("Done"),
        TaskState.FAILED: _("Failed"),
        TaskState.CALLED_OFF: _("Called off"),
    },
}

TONES = {
    TaskState: {
        TaskState.RUNNING: "attention",
        TaskState.DONE: "good",
        TaskState.FAILED: "bad",
        TaskState.CALLED_OFF: "quiet",
    }
}

SENTENCES: dict[str, object] = {
    "task_broken": _(
        "Something went wrong on our side, and nothing half done was kept. Ask for it again; if it fails once more, "
        "tell your administrator the number %(number)s."
    ),
    "task_interrupted": _(
        "The system was stopped three times while this was being done. Nothing half done was kept. Ask for it again; "
        "if it happens once more, tell your administrator."
    ),
    "task_taken_in": _("The file was taken in."),
    "task_owner_may_not": _(
        "Your account does not hold the role any more that this takes, so it was not done. Ask your administrator."
    ),
    "task_asked_by_another": _(
        "Somebody else has asked for the very same, and it is being done. Look at the result in a moment."
    ),
    "task_begun": _("This has begun already and cannot be called off. It will be done in a moment."),
    "task_file_gone": _("The file was kept for its time and is deleted now. Ask for it again where you asked first."),
    "task_rights_changed": _(
        "Your roles have changed since this file was made, so it is not handed out. Ask for it again."
    ),
    "readers_busy": _(
        "Other files are being read at this moment. Nothing was lost: wait half a minute and send yours again."
    ),
}
