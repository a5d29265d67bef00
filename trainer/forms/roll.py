"""The roll: correcting one mark, taking it back, the rest of the roll."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import Length, Regexp

from trainer.domain.attendance import AttendanceStatus
from trainer.forms.form import CreatingForm, Form, enum_field


class CorrectionForm(CreatingForm):
    """One mark about one woman; its key is the mark's nonce."""

    status = enum_field(_("Status"), AttendanceStatus)
    reason = StringField(_("Reason"), [Length(max=200)])


class TakeBackForm(CreatingForm):
    reason = StringField(_("Reason"), [Length(max=200)], id="take_back_reason")


class RestAbsentForm(CreatingForm):
    """No field but the key: whom it is about stands on the page."""


class UndoRestForm(Form):
    """The key that "the rest" was sent with."""

    key = HiddenField(validators=[Length(min=8, max=40), Regexp(r"^\S*$")])
