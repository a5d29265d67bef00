"""Sales files: sending one, saying its year, confirming it."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField

from trainer.forms.form import CreatingForm, Form, options


class SalesFileForm(CreatingForm):
    file = FileField(_("File from the platform"), [FileRequired(_("Please choose a file."))])


class YearForm(Form):
    years_back = SelectField(_("When were these broadcasts?"), coerce=int)

    def offer(self, spans: list[tuple[int, str]]) -> None:
        self.years_back.choices = options(spans)


class ConfirmationForm(Form):
    take_unclear = BooleanField(_("This file is the newer one: take these rows from it too"))
