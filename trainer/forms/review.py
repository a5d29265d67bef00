"""Reviews: a score sheet made from the rubric."""

from collections.abc import Mapping
from functools import lru_cache

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from trainer.domain.selection import SheetDraft
from trainer.forms.form import Form, options
from trainer.queries.review import JudgedCriterion

NOT_ANSWERED = ""


class SheetForm(Form):
    """What every sheet has; `build_sheet_form` adds a question for each judged criterion."""

    version = HiddenField()
    strengths = TextAreaField(_("Strengths"), [Length(max=4000)], render_kw={"rows": 4})
    risks = TextAreaField(_("Risks"), [Length(max=4000)], render_kw={"rows": 4})
    reason = StringField(_("Why you change your sheet"), [Length(max=200)])
    abstaining = BooleanField(_("I abstain on what is not answered"))
    criteria: tuple[JudgedCriterion, ...] = ()

    @property
    def seen(self) -> int:
        return int(str(self.version.data)[:9]) if str(self.version.data).isdecimal() else 0

    @property
    def questions(self) -> list[RadioField]:
        return [self[f"level_{criterion.code}"] for criterion in self.criteria]

    def draft(self) -> SheetDraft:
        levels = {c.code: self[f"level_{c.code}"].data for c in self.criteria}
        return SheetDraft(levels, self.strengths.data or "", self.risks.data or "")


def build_sheet_form(criteria: tuple[JudgedCriterion, ...], draft: Mapping, version: int) -> SheetForm:
    """A form with a radio group for each criterion, filled from the kept draft."""
    given = {f"level_{code}": level for code, level in draft["levels"].items()}
    return _form_of(criteria)(
        data={**given, "strengths": draft["strengths"], "risks": draft["risks"], "version": version}
    )


@lru_cache(maxsize=100)  # a class for each rubric, by its very words: making one costs as much as a page
def _form_of(criteria: tuple[JudgedCriterion, ...]) -> type[SheetForm]:
    fields = {
        f"level_{c.code}": RadioField(
            c.name,
            [Optional()],
            choices=options([*((str(value), words) for value, words in c.levels), (NOT_ANSWERED, _("Not answered"))]),
            coerce=_level,
        )
        for c in criteria
    }
    return type("RubricSheetForm", (SheetForm,), {**fields, "criteria": criteria})


def _level(value: object) -> int | None:
    return int(value) if value not in (None, NOT_ANSWERED, "None") else None
