"""What a call came to."""

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import Length

from trainer.domain.at_risk import ContactOutcome
from trainer.forms.form import CreatingForm, enum_field, required


class ContactForm(CreatingForm):
    outcome = enum_field(
        _("What came of it"), ContactOutcome, validators=[required(_("Choose what came of the call."))]
    )
    words = TextAreaField(
        _("What she said (may stay empty)"),
        [Length(max=500)],
        description=_("Only what helps her to come. She can read it."),
        render_kw={"rows": 3},
    )
