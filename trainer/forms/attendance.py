"""The roll: closing it with a headcount, correcting one mark, opening it again."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField
from wtforms.validators import Length, NumberRange

from trainer.domain.attendance import AttendanceStatus
from trainer.forms.form import CreatingForm, Form, enum_field, required, required_number


class CloseForm(Form):
    headcount = IntegerField(
        _("Heads counted in the room"),
        [required_number(_("Count the women in the room and enter the number.")), NumberRange(0, 9999)],
        render_kw={"inputmode": "numeric", "min": 0, "max": 9999, "autocomplete": "off"},
    )


class CorrectionForm(CreatingForm):
    """One mark about one woman; its key is the mark's nonce."""

    status = enum_field(_("Status"), AttendanceStatus)
    reason = StringField(_("Reason"), [Length(max=200)])


class TakeBackForm(CreatingForm):
    reason = StringField(_("Reason"), [Length(max=200)], id="take_back_reason")


class RestAbsentForm(CreatingForm):
    """No field but the key: whom it is about stands on the page."""


class ReopenForm(Form):
    reason = StringField(_("Why must it be opened again?"), [required(), Length(max=200)])
