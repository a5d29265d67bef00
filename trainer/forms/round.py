"""Rounds: the forms for freezing, for the next round and who is named into it, and for opening one again."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import AnyOf, Length, NumberRange

from trainer.domain.selection import RoundKind
from trainer.forms.form import Form, VersionForm, enum_field, options, required, required_number


class FreezeForm(VersionForm):
    """`run`: the ranking that was looked at."""

    run = IntegerField(_("Ranking"), [required_number()])


class NextRoundForm(VersionForm):
    kind = enum_field(_("Kind of round"), RoundKind, default=RoundKind.EXPERT)
    advances = IntegerField(
        _("So many go on from it"),
        [required_number(), NumberRange(min=1, max=10_000)],
        description=_("In the last round these are the places to give."),
    )


class NamingForm(VersionForm):
    application_id = SelectField(_("Candidate"), coerce=int)
    reason = StringField(_("Why she takes part although her rank did not lead here"), [required(), Length(max=200)])

    def offer(self, left: Iterable) -> None:
        self.application_id.choices = options(
            (row.id, f"{row.code} {row.name}" + (f" · {row.rank}" if row.rank else "")) for row in left
        )


class AskForm(Form):
    reason = StringField(_("Why the round must be opened again"), [required(), Length(max=200)])


class AnswerForm(Form):
    """The button says which."""

    answer = StringField(_("Reason for your answer"), [required(), Length(max=200)])
    act = HiddenField(validators=[AnyOf(["grant", "refuse"])])
