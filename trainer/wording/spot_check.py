"""Words for phone spot checks: what she said, and what the caller reads out."""

from flask_babel import lazy_gettext as _

from trainer.domain.spot_check import SpotCheckOutcome

LABELS = {
    SpotCheckOutcome: {
        SpotCheckOutcome.WAS_THERE: _("She was there"),
        SpotCheckOutcome.WAS_NOT_THERE: _("She was not there"),
        SpotCheckOutcome.UNSURE: _("She is not sure"),
        SpotCheckOutcome.NOT_REACHED: _("Not reached"),
        SpotCheckOutcome.WRONG_NUMBER: _("Wrong number"),
    },
}

TONES = {
    SpotCheckOutcome: {
        SpotCheckOutcome.WAS_THERE: "good",
        SpotCheckOutcome.WAS_NOT_THERE: "bad",
        SpotCheckOutcome.UNSURE: "attention",
        SpotCheckOutcome.NOT_REACHED: "quiet",
        SpotCheckOutcome.WRONG_NUMBER: "attention",
    },
}

SENTENCES: dict[str, object] = {
    "spot_check_nobody": _("No lesson of this cohort is closed with a woman attending: there is nobody to draw yet."),
    "spot_check_calls_left": _(
        "%(left)s calls of the last drawing were never tried. Make them first: a drawing is not repeated until it suits."
    ),
}
