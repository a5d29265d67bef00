"""Words for enrolments."""

from flask_babel import lazy_gettext as _

from trainer.domain.enrolment import EnrolmentStatus

LABELS = {
    EnrolmentStatus: {
        EnrolmentStatus.APPLIED: _("Applied"),
        EnrolmentStatus.WAITLISTED: _("Waitlisted"),
        EnrolmentStatus.ADMITTED: _("Admitted"),
        EnrolmentStatus.ACTIVE: _("In training"),
        EnrolmentStatus.COMPLETED: _("Completed"),
        EnrolmentStatus.NOT_COMPLETED: _("Not completed"),
        EnrolmentStatus.WITHDRAWN: _("Withdrawn"),
        EnrolmentStatus.REJECTED: _("Not admitted"),
    },
}

TONES = {
    EnrolmentStatus: {
        EnrolmentStatus.ACTIVE: "good",
        EnrolmentStatus.COMPLETED: "good",
        EnrolmentStatus.WITHDRAWN: "quiet",
        EnrolmentStatus.REJECTED: "quiet",
    },
}

SENTENCES: dict[str, object] = {}
