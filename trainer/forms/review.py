"""Reviews: a score sheet made from the rubric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from trainer.domain.selection import SheetDraft
from trainer.forms.form import Form, options

NOT_ANSWERED = ""


@dataclass(frozen=True)
class JudgedCriterion:
    """What the sheet asks: the words of the levels by value."""

    code: str
    name: str
    weight_bp: int
    levels: tuple[tuple[int, str], ...]


class SheetForm(Form):
    """What every sheet has; `build_sheet_form` adds a question for each judged criterion."""

    version = HiddenField()
    strengths = TextAreaField(_("Strengths"), [Length(max=4000)], render_kw={"rows": 4})
    risks = TextAreaField(_("Risks"), [Length(max=4000)], render_kw={"rows": 4})
    reason = StringField(_("Why you change your sheet"), [Length(max=200)])
    abstaining = BooleanField(_("I abstain on what is not answered"))
    criteria: Sequence[JudgedCriterion] = ()

    @property
    def seen(self) -> int:
        return int(str(self.version.data)[:9]) if str(self.version.data).isdecimal() else 0

    @property
    def questions(self) -> list[RadioField]:
        return [self[f"level_{criterion.code}"] for criterion in self.criteria]

    def draft(self) -> SheetDraft:
        levels = {c.code: self[f"level_{c.code}"].data for c in self.criteria}
        return SheetDraft(levels, self.strengths.data or "", self.risks.data or "")


def build_sheet_form(criteria: Sequence[JudgedCriterion], draft: Mapping, version: int) -> SheetForm:
    """A form with a radio group for each criterion, filled from the kept draft."""
    fields = {
        f"level_{c.code}": RadioField(
            c.name,
            [Optional()],
            choices=options([*((str(value), words) for value, words in c.levels), (NOT_ANSWERED, _("Not answered"))]),
            coerce=_level,
        )
        for c in criteria
    }
    form_class = type("RubricSheetForm", (SheetForm,), {**fields, "criteria": tuple(criteria)})
    given = {f"level_{code}": level for code, level in draft["levels"].items()}
    return form_class(data={**given, "strengths": draft["strengths"], "risks": draft["risks"], "version": version})


def _level(value: object) -> int | None:
    return int(value) if value not in (None, NOT_ANSWERED, "None") else None
