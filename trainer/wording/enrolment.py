"""Words for enrolments."""

from flask_babel import lazy_gettext as _

from trainer.domain.consent import ConsentChannel, ConsentScope
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
    ConsentScope: {
        ConsentScope.BASIC: _("basic data"),
        ConsentScope.ID_NUMBER: _("ID number"),
        ConsentScope.BANK_ACCOUNT: _("bank account"),
        ConsentScope.PICTURES: _("pictures"),
        ConsentScope.PUBLICATION: _("publication of her name"),
        ConsentScope.PROMOTION: _("promotion"),
    },
    ConsentChannel: {
        ConsentChannel.PAPER: _("on paper"),
        ConsentChannel.ONLINE: _("online"),
        ConsentChannel.ROSTER: _("with a roster"),
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
