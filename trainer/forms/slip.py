"""The last four digits of a number that only she and her family know: on her slip, and before acts on her data."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Regexp

from trainer.forms.form import Form, required


class DigitsForm(Form):
    digits = StringField(
        _("The last 4 digits of your phone number or your ID number"),
        [required(), Regexp(r"^\s*[0-9０-９]{3}[0-9０-９XxＸｘ]\s*$", message=_("Type four digits, such as 5678."))],
        render_kw={"autocomplete": "off", "maxlength": 8, "autocapitalize": "characters"},
    )
