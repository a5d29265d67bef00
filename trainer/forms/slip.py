"""The last four digits of a number that only she knows, on her slip and before acts on her data; slips for a cohort."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField
from wtforms.validators import Regexp

from trainer.forms.form import Form, options, required


class DigitsForm(Form):
    digits = StringField(
        _("The last 4 digits of your phone number or your ID number"),
        [required(), Regexp(r"^\s*[0-9０-９]{3}[0-9０-９XxＸｘ]\s*$", message=_("Type four digits, such as 5678."))],
        render_kw={"autocomplete": "off", "maxlength": 8, "autocapitalize": "characters"},
    )


class CohortSlipsForm(Form):
    """For whom of a cohort slips are made."""

    whom = RadioField(
        choices=options([("rest", _("Only those who are not signed in on any phone")), ("all", _("Everybody"))]),
        default="rest",
    )

    @property
    def only_without_phone(self) -> bool:
        return self.whom.data == "rest"
