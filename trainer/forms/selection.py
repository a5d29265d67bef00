"""Selections: the forms for making one, its rubric, its candidates and evaluators, and for each step of a round."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import (
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange

from trainer.domain.selection import RoundKind, SelectionKind
from trainer.forms.form import CreatingForm, VersionForm, enum_field, options, required, required_number


class SelectionForm(CreatingForm):
    programme_id = SelectField(_("Programme"), coerce=int)
    name = StringField(
        _("Name of the selection"),
        [required(), Length(max=120)],
        description=_("Evaluators see it: for example “Advanced training 2026, Datong”."),
    )
    kind = enum_field(_("What is chosen for"), SelectionKind)
    region_code = SelectField(_("Area"), description=_("Candidates come from cohorts within it."))
    seats = IntegerField(
        _("Places to give"),
        [required_number(), NumberRange(min=1, max=10_000)],
        default=20,
        description=_("The ranking draws its line after so many."),
    )
    round_kind = enum_field(_("Kind of round"), RoundKind, default=RoundKind.EXPERT)

    def offer(self, programmes: Iterable[tuple[int, str]], regions: Iterable[tuple[str, str]]) -> None:
        self.programme_id.choices = options(programmes)
        self.region_code.choices = options(regions)


class ReasonForm(VersionForm):
    reason = StringField(_("Reason"), [required(), Length(max=200)])


class CandidatesForm(VersionForm):
    """Women of one cohort; the buttons say whether all or the ticked ones."""

    enrolment_ids = SelectMultipleField(coerce=int, validate_choice=False)
    everybody = HiddenField()


class PlanForm(VersionForm):
    plan = TextAreaField(
        _("What the evaluators read"),
        [Length(max=20_000)],
        render_kw={"rows": 14},
        description=_("Her plan without her name, village or phone: they know her only by her code."),
    )
