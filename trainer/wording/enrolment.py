"""Words for enrolments."""

from flask_babel import lazy_gettext as _

from trainer.domain.enrolment import EnrolmentStatus, StatusCause

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
    StatusCause: {
        StatusCause.SIGN_UP: _("Her sign-up"),
        StatusCause.STAFF: _("Decision of staff"),
        StatusCause.WAITLIST: _("A place became free"),
        StatusCause.TRANSFER: _("Transfer"),
        StatusCause.ROSTER: _("A list"),
        StatusCause.WALK_IN: _("Matched at the door"),
        StatusCause.MERGE: _("Two records put together"),
        StatusCause.COMPLETION: _("Completion rule"),
        StatusCause.EXCEPTION: _("Exception signed by two"),
        StatusCause.TAKEN_OVER: _("Taken over from before"),
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

SENTENCES: dict[str, object] = {
    "enrolment_no_such_step": _("From “%(before)s” nothing leads to “%(to)s”. Look at her place in the cohort again."),
}
