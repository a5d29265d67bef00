"""Signing in to a lesson: the digits on the screen, a seat, the end of a phone number."""

import unicodedata

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Regexp

from trainer.forms.form import Form, required
from trainer.forms.slip import DigitsForm


def _plain(value: str | None) -> str | None:
    """Full-width digits are digits, and blanks between them are none."""
    return "".join(unicodedata.normalize("NFKC", value).split()) if value else value


class ScreenDigitsForm(Form):
    """Whoever is signed in types what she sees or hears."""

    screen = StringField(
        _("The 4 digits on the screen"),
        [required(), Regexp(r"^[0-9]{4}$", message=_("Type the four digits on the screen, such as 0482."))],
        filters=[_plain],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "maxlength": 8},
    )


class SeatForm(DigitsForm):
    """Whoever is not signed in says who she is."""

    seat = StringField(
        _("Your seat number"),
        [required(), Regexp(r"^[0-9]{1,4}$", message=_("Type your seat number, such as 27."))],
        filters=[_plain],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "maxlength": 8},
    )

    @property
    def number(self) -> int:
        return int(self.seat.data)


class TypedForm(SeatForm, ScreenDigitsForm):
    """Both, where no code was scanned."""
