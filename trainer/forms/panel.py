"""Panels: asking an evaluator, her answer, how many files she takes and where she is from."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, SelectField, StringField, TelField
from wtforms.validators import AnyOf, Length, NumberRange, Optional, Regexp

from trainer.forms.form import CreatingForm, Form, options, required
from trainer.forms.region import OfRegion

MOST_FILES = 1000


class SeatFields(OfRegion):
    """How many files at most, and where she is from."""

    max_load = IntegerField(
        _("Files at most"),
        [Optional(), NumberRange(min=1, max=MOST_FILES)],
        description=_("Empty: as many as fall to her."),
    )
    region = StringField(
        _("County she is from"),
        [Optional(), Length(max=60)],
        description=_(
            "A name or a code. By it files of other counties are given to her, where the round asks for that."
        ),
    )
    village = StringField(
        _("Village she is from"),
        [Length(max=60)],
        description=_("Only to find candidates from the same village."),
    )

    @property
    def seat(self) -> dict:
        return {
            "max_load": self.max_load.data,
            "region_code": self.region_code or None,
            "village": self.village.data or None,
        }


class SeatForm(SeatFields, Form):
    field_order = ("max_load", "region", "village")


class InviteForm(SeatFields, CreatingForm):
    """Somebody who has an evaluator's account."""

    account_id = SelectField(_("Evaluator"), [required()], coerce=lambda value: int(value) if value else 0)
    field_order = ("account_id", "max_load", "region", "village")

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        self.account_id.choices = options([("", _("Please choose")), *people])


class InviteNewForm(SeatFields, CreatingForm):
    """Somebody who has no account yet."""

    name = StringField(_("Name"), [required(), Length(max=60)])
    organisation = StringField(_("Organisation"), [Length(max=120)])
    phone = TelField(
        _("Phone"),
        [Optional(), Regexp(r"^1[3-9]\d{9}$", message=_("A mobile number has eleven digits."))],
        description=_("If she gives one, she may sign in with it instead of her user name."),
    )
    field_order = ("name", "organisation", "phone", "max_load", "region", "village")


class AnswerForm(Form):
    """Yes or no; with no, why."""

    act = HiddenField(validators=[AnyOf(("accept", "decline"))])
    reason = StringField(
        _("If you decline: why, in a few words"),
        [Length(max=200)],
        description=_("Whoever prepares the round reads it, for example: no time that week."),
    )

    @property
    def accepts(self) -> bool:
        return self.act.data == "accept"


class RemoveForm(Form):
    reason = StringField(_("Reason"), [required(), Length(max=200)])
