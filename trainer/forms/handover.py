"""Handing over: to whom, with which roles, and whether the leaver's account is shut."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectField

from trainer.forms.form import CreatingForm, options, required


class HandoverForm(CreatingForm):
    successor = SelectField(
        _("Who takes her work over"), [required()], default="", coerce=lambda value: int(value) if value else ""
    )
    give_roles = BooleanField(_("Give the successor the same roles, over the same areas"))
    shut = BooleanField(_("Shut the account of whoever leaves"))
    # What the person looked at before she pressed the button.
    mark = HiddenField()

    def offer(self, successors: Iterable[tuple[int, str]]) -> None:
        self.successor.choices = options([("", _("Please choose")), *successors])
