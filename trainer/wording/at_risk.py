"""Words for women at risk, and for what calling them came to."""

from flask_babel import lazy_gettext as _

from trainer.domain.at_risk import ContactOutcome, RiskReason

LABELS = {
    RiskReason: {
        RiskReason.OUT_OF_REACH: _("Cannot reach the bar any more"),
        RiskReason.ABSENT_IN_A_ROW: _("Two absences in a row"),
        RiskReason.BEHIND: _("Will not reach the bar at this pace"),
    },
    ContactOutcome: {
        ContactOutcome.WILL_COME: _("Will come"),
        ContactOutcome.CANNOT_COME: _("Cannot come"),
        ContactOutcome.CALL_AGAIN: _("Call again"),
        ContactOutcome.NOT_REACHED: _("Did not answer"),
        ContactOutcome.WRONG_NUMBER: _("Wrong number"),
    },
}

TONES = {
    RiskReason: {
        RiskReason.OUT_OF_REACH: "bad",
        RiskReason.ABSENT_IN_A_ROW: "attention",
        RiskReason.BEHIND: "attention",
    },
    ContactOutcome: {
        ContactOutcome.WILL_COME: "good",
        ContactOutcome.CALL_AGAIN: "attention",
        ContactOutcome.NOT_REACHED: "attention",
        ContactOutcome.WRONG_NUMBER: "bad",
    },
}

SENTENCES: dict[str, object] = {}
