"""Closing a lesson with a headcount, and opening it again."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField
from wtforms.validators import Length, NumberRange

from trainer.forms.form import Form, required, required_number


class CloseForm(Form):
    headcount = IntegerField(
        _("Heads counted in the room"),
        [required_number(_("Count the women in the room and enter the number.")), NumberRange(0, 9999)],
        render_kw={"inputmode": "numeric", "min": 0, "max": 9999, "autocomplete": "off"},
    )


class ReopenForm(Form):
    reason = StringField(_("Why must it be opened again?"), [required(), Length(max=200)])
