"""Concluding a class as it was shown, and taking that back."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from trainer.forms.form import Form, required


class ConcludeForm(Form):
    seen = HiddenField()


class TakeBackForm(Form):
    reason = StringField(_("Why is the conclusion taken back?"), [required(), Length(max=200)])
