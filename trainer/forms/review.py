"""Reviews: a score sheet made from the rubric, and which two files are laid side by side."""

from collections.abc import Mapping
from functools import lru_cache

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from trainer.domain.selection import Recommendation, SheetDraft
from trainer.forms.form import Form, options
from trainer.queries.review import JudgedCriterion
from trainer.wording import choices

NOT_ANSWERED = ""


def _level(value: object) -> int | None:
    return int(value) if value not in (None, NOT_ANSWERED, "None") else None


def _advice(value: object) -> Recommendation | None:
    return Recommendation(value) if value not in (None, NOT_ANSWERED, "None") else None


class SheetForm(Form):
    """What every sheet has; `build_sheet_form` adds a question for each judged criterion."""

    version = HiddenField()
    strengths = TextAreaField(_("Strengths"), [Length(max=4000)], render_kw={"rows": 4})
    risks = TextAreaField(_("Risks"), [Length(max=4000)], render_kw={"rows": 4})
    recommendation = RadioField(
        _("What would you do?"), [Optional()], choices=options(choices(Recommendation)), coerce=_advice
    )
    confidence = RadioField(
        _("How sure are you?"),
        [Optional()],
        choices=options([("1", _("Not sure")), ("2", _("Fairly sure")), ("3", _("Sure"))]),
        coerce=_level,
    )
    reason = StringField(_("Why you change your sheet"), [Length(max=200)])
    criteria: tuple[JudgedCriterion, ...] = ()

    @property
    def seen(self) -> int:
        return int(str(self.version.data)[:9]) if str(self.version.data).isdecimal() else 0

    @property
    def questions(self) -> list[tuple[JudgedCriterion, RadioField, StringField]]:
        return [(c, self[f"level_{c.code}"], self[f"why_{c.code}"]) for c in self.criteria]

    def weight_answered(self, levels: Mapping[str, int | None]) -> float:
        """Percent of the weight that evaluators judge."""
        answered = sum(c.weight_bp for c in self.criteria if levels.get(c.code) is not None)
        return round(100 * answered / sum(c.weight_bp for c in self.criteria), 1)

    def says_all(self) -> bool:
        """Whether it says what a submitted sheet must say beside its levels; marks what does not."""
        for field in (self.recommendation, self.confidence):
            if field.data is None:
                field.errors = [_("Please choose one.")]
        return not self.errors

    def draft(self) -> SheetDraft:
        """As it is filled in; a reason for abstaining goes with an open criterion only."""
        levels = {c.code: level.data for c, level, _why in self.questions}
        return SheetDraft(
            levels,
            self.strengths.data or "",
            self.risks.data or "",
            {c.code: why.data for c, _level, why in self.questions if why.data and levels[c.code] is None},
            self.confidence.data,
            self.recommendation.data,
        )


def build_sheet_form(criteria: tuple[JudgedCriterion, ...], draft: Mapping, version: int) -> SheetForm:
    """A form with levels and a line for abstaining for each judged criterion, filled from the kept draft."""
    given = {f"level_{code}": level for code, level in draft["levels"].items()}
    given |= {f"why_{code}": why for code, why in draft["abstentions"].items()}
    said = {name: draft[name] for name in ("strengths", "risks", "confidence", "recommendation")}
    return _form_of(criteria)(data={**given, **said, "version": version})


@lru_cache(maxsize=100)  # a class for each rubric, by its very words: making one costs as much as a page
def _form_of(criteria: tuple[JudgedCriterion, ...]) -> type[SheetForm]:
    fields: dict[str, object] = {"criteria": criteria}
    for c in criteria:
        fields[f"level_{c.code}"] = RadioField(
            c.name,
            [Optional()],
            choices=options([*((str(value), words) for value, words in c.levels), (NOT_ANSWERED, _("Not answered"))]),
            coerce=_level,
        )
        fields[f"why_{c.code}"] = StringField(_("If you leave it open: why"), [Length(max=200)])
    return type("RubricSheetForm", (SheetForm,), fields)
