"""What a woman said on the phone."""

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import Length

from trainer.domain.spot_check import SpotCheckOutcome
from trainer.forms.form import CreatingForm, VersionForm, enum_field, required


class DrawForm(CreatingForm):
    """The button that draws."""


class CallForm(VersionForm):
    outcome = enum_field(_("What she said"), SpotCheckOutcome, validators=[required(_("Choose what she said."))])
    note = TextAreaField(
        _("Note (may stay empty)"),
        [Length(max=300)],
        description=_("Only what bears on the lesson. She can read it."),
        render_kw={"rows": 2},
    )
