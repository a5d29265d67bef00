"""Rosters: sending a file, deciding about a row, confirming."""

from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, StringField
from wtforms.validators import ValidationError

from trainer.forms.form import CreatingForm, Form, required


class RosterFileForm(CreatingForm):
    file = FileField(
        _("Roster as the county sent it"),
        [FileRequired(_("Please choose a file."))],
        description=_("Excel (.xlsx, .xls) or CSV, at most 20 MB. Nothing is changed before you confirm."),
        render_kw={"accept": ".xlsx,.xls,.csv,.txt"},
    )


class DecisionForm(Form):
    decision = StringField(validators=[required()])


class RosterConfirmationForm(Form):
    joined_on = DateField(
        _("They take part from"),
        [required()],
        description=_("Lessons before this day do not count for the women who are new on the roll."),
    )

    def __init__(self, starts_on: date, ends_on: date, **kwargs) -> None:
        super().__init__(**kwargs)
        self._first, self._last = starts_on, ends_on

    def validate_joined_on(self, field: DateField) -> None:
        if not self._first <= field.data <= self._last:
            raise ValidationError(_("Choose a day between the first and the last of the cohort."))
