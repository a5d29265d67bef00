"""Words for enrolments."""

from flask_babel import lazy_gettext as _

from trainer.domain.enrolment import EnrolmentAct, EnrolmentStatus, StatusCause, WhoAsked

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
        StatusCause.BEGUN: _("The class has begun"),
        StatusCause.MERGE: _("Two records put together"),
        StatusCause.COMPLETION: _("Completion rule"),
        StatusCause.EXCEPTION: _("Exception signed by two"),
        StatusCause.TAKEN_OVER: _("Taken over from before"),
    },
    EnrolmentAct: {
        EnrolmentAct.ADMIT: _("Admit her"),
        EnrolmentAct.WAITLIST: _("Put her on the waitlist"),
        EnrolmentAct.REJECT: _("Do not admit her"),
        EnrolmentAct.TRANSFER: _("Transfer her to another cohort"),
        EnrolmentAct.WITHDRAW: _("Withdraw her"),
        EnrolmentAct.TAKE_BACK: _("Take the withdrawal back"),
        EnrolmentAct.TRANSFER_BACK: _("Take the transfer back"),
        EnrolmentAct.REOPEN: _("Back into training"),
    },
    WhoAsked: {
        WhoAsked.HERSELF: _("She herself"),
        WhoAsked.FAMILY: _("Her family"),
        WhoAsked.STAFF: _("Staff of the class"),
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
    "enrolment_certificate_stands": _(
        "She holds the valid certificate %(number)s. Revoke it first; then she can be put back."
    ),
    "enrolment_no_place": _(
        "All places of %(name)s are taken (%(taken)s of %(capacity)s). Put her on the waitlist, or tick that she is admitted "
        "over the number of places and say why."
    ),
    "enrolment_over_without_reason": _("Say why she is admitted over the number of places."),
    "enrolment_went_elsewhere": _("She left by a transfer. Take the transfer back on her page in the other cohort."),
    "transfer_already_there": _("She is on the roll of %(name)s already. Nothing was changed."),
    "transfer_not_in_force": _("There is no transfer to take back. Look at her place in the cohort again."),
}
