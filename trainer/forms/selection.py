"""Selections: the forms for making one, its rubric, its candidates and evaluators, and for each step of a round."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DecimalField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional

from trainer.domain.selection import CriterionDraft, CriterionKind, RoundKind, SelectionKind
from trainer.forms.form import CreatingForm, Row, VersionForm, enum_field, options, required, required_number
from trainer.wording import label

MORE_ROWS = 3
MOST_CRITERIA = 30
FEWEST_LEVELS, MOST_LEVELS, LONGEST_WORDS = 2, 10, 200


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


class CriterionForm(Row):
    """One line of the rubric; a line with nothing in it is none."""

    name = StringField(_("Criterion"), [Length(max=60)])
    kind = enum_field(_("Where the points come from"), CriterionKind, default=CriterionKind.JUDGED)
    weight = DecimalField(
        _("Weight in %"), [Optional(), NumberRange(min=Decimal("0.01"), max=100)], places=None, default=None
    )
    levels = TextAreaField(_("Words of the levels, one a line, the lowest first"), render_kw={"rows": 5})

    @property
    def is_blank(self) -> bool:
        return not (self.name.data or self.weight.data or self.levels.data)

    @property
    def level_words(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in (self.levels.data or "").splitlines() if line.strip())

    def validate(self, extra_validators=None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.is_blank:
            return True
        self.weight.errors, self.levels.errors, self.name.errors = [], [], []
        if self.weight.data is None:
            self.weight.errors.append(gettext("Please fill this in."))
        elif self.weight.data * 100 != int(self.weight.data * 100):
            self.weight.errors.append(gettext("At most two decimals."))
        if self.kind.data is CriterionKind.JUDGED:
            self._check_judged()
        return not (self.weight.errors or self.levels.errors or self.name.errors)

    def _check_judged(self) -> None:
        words = self.level_words
        if not self.name.data:
            self.name.errors.append(gettext("Please fill this in."))
        if not FEWEST_LEVELS <= len(words) <= MOST_LEVELS:
            message = ngettext(
                "A criterion has 2 to 10 levels; here is %(num)d.",
                "A criterion has 2 to 10 levels; here are %(num)d.",
                len(words),
            )
            self.levels.errors.append(message)
        elif max(map(len, words)) > LONGEST_WORDS:
            self.levels.errors.append(gettext("The words of a level are 200 characters at most."))

    def draft(self) -> CriterionDraft:
        judged = self.kind.data is CriterionKind.JUDGED
        return CriterionDraft(
            name=self.name.data or label(self.kind.data),
            kind=self.kind.data,
            weight_bp=int(self.weight.data * 100),
            levels=self.level_words if judged else (),
        )


class RubricForm(VersionForm):
    criteria = FieldList(FormField(CriterionForm), max_entries=MOST_CRITERIA)

    def add_rows(self) -> None:
        for _place in range(min(MORE_ROWS, MOST_CRITERIA - len(self.criteria))):
            self.criteria.append_entry()

    def drafts(self) -> list[CriterionDraft]:
        return [row.form.draft() for row in self.criteria if not row.form.is_blank]


def filled_rubric_form(version: int, lines: Sequence[CriterionDraft]) -> RubricForm:
    """The rubric as it stands, with blank lines for more."""
    rows = [
        {
            "name": line.name,
            "kind": line.kind,
            "weight": plain_weight(line.weight_bp),
            "levels": "\n".join(line.levels),
        }
        for line in lines
    ]
    form = RubricForm(data={"version": version, "criteria": rows})
    form.add_rows()
    return form


def plain_weight(weight_bp: int) -> Decimal:
    """2550 → 25.5, 3000 → 30."""
    weight = Decimal(weight_bp) / 100
    return weight.to_integral_value() if weight == weight.to_integral_value() else weight.normalize()


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


class EvaluatorsForm(VersionForm):
    evaluator_ids = SelectMultipleField(coerce=int)
    readers = IntegerField(_("Evaluators for each application"), [Optional(), NumberRange(min=1, max=100)], default=2)
    everybody = BooleanField(_("Everybody reads every application"))

    def offer(self, evaluators: Iterable[tuple[int, str]]) -> None:
        self.evaluator_ids.choices = options(evaluators)
