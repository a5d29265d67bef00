"""Sales files: saying the year of one, confirming it."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, SelectField
from wtforms.validators import Optional

from trainer.forms.form import Form, options


class YearForm(Form):
    years_back = SelectField(_("When were these broadcasts?"), coerce=int)

    def offer(self, spans: list[tuple[int, str]]) -> None:
        self.years_back.choices = options(spans)


class ConfirmationForm(Form):
    take_unclear = BooleanField(_("This file is the newer one: take these rows from it too"))
    is_of_shop = BooleanField(_("Yes, this file is of this shop"))
    reaches_on = DateField(_("The file tells of all days up to (leave empty: its last row's day)"), [Optional()])

    @property
    def said(self) -> dict[str, object]:
        """What was ticked and named, as a background task can hold it."""
        day = self.reaches_on.data
        ticked = {"take_unclear": self.take_unclear.data, "is_of_shop": self.is_of_shop.data}
        return ticked | ({"reaches_on": day.isoformat()} if day else {})
