"""Words for selections, rounds, reviews and rankings."""

from flask_babel import lazy_gettext as _

from trainer.domain.selection import ApplicationState, CriterionKind, ReviewState, RoundKind, RoundState, SelectionKind

LABELS = {
    SelectionKind: {
        SelectionKind.ADVANCED_TRAINING: _("Advanced training"),
        SelectionKind.STARTUP_FUNDING: _("Startup funding"),
    },
    RoundKind: {
        RoundKind.SCREENING: _("Screening"),
        RoundKind.EXPERT: _("Expert review"),
        RoundKind.FIELD: _("Field visit"),
        RoundKind.FINAL: _("Final"),
    },
    RoundState: {
        RoundState.DRAFT: _("Being prepared"),
        RoundState.OPEN: _("Scoring open"),
        RoundState.CLOSED: _("Scoring closed"),
    },
    CriterionKind: {
        CriterionKind.JUDGED: _("Judged by evaluators"),
        CriterionKind.ATTENDANCE_RATE: _("Attendance rate"),
        CriterionKind.NET_SALES: _("Net sales"),
    },
    ReviewState: {
        ReviewState.NOT_STARTED: _("Not started"),
        ReviewState.DRAFT: _("Draft"),
        ReviewState.SUBMITTED: _("Submitted"),
    },
    ApplicationState: {
        ApplicationState.SUBMITTED: _("Submitted"),
        ApplicationState.WITHDRAWN: _("Withdrawn"),
    },
}

TONES = {
    RoundState: {
        RoundState.OPEN: "attention",
        RoundState.CLOSED: "good",
    },
    ReviewState: {
        ReviewState.DRAFT: "attention",
        ReviewState.SUBMITTED: "good",
    },
}

SENTENCES: dict[str, object] = {}
