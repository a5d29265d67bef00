"""Calibration: an invented application with its reference, and the levels an evaluator gives it."""

from collections.abc import Mapping
from functools import lru_cache

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from trainer.forms.form import Form, VersionForm, options, required
from trainer.queries.review import JudgedCriterion


class LevelsForm(Form):
    """A level for every judged criterion; `build_levels_form` adds them."""

    criteria: tuple[JudgedCriterion, ...] = ()

    @property
    def questions(self) -> list[tuple[JudgedCriterion, RadioField]]:
        return [(c, self[f"level_{c.code}"]) for c in self.criteria]

    @property
    def levels(self) -> dict[str, int]:
        return {c.code: int(field.data) for c, field in self.questions}


class CalibrationForm(LevelsForm, VersionForm):
    """The same for staff, with the application and why its levels are right."""

    text = TextAreaField(_("Invented application"), [required(), Length(max=8000)], render_kw={"rows": 12})
    words = TextAreaField(_("Why these levels are right"), [required(), Length(max=400)], render_kw={"rows": 4})


def build_levels_form(criteria: tuple[JudgedCriterion, ...]) -> LevelsForm:
    return _form_of(LevelsForm, criteria)()


def build_calibration_form(
    criteria: tuple[JudgedCriterion, ...], version: int, text: str = "", words: str = "", levels: Mapping | None = None
) -> CalibrationForm:
    given = {f"level_{code}": str(level) for code, level in (levels or {}).items()}
    return _form_of(CalibrationForm, criteria)(data={**given, "text": text, "words": words, "version": version})


@lru_cache(maxsize=100)  # a class for each rubric, by its very words
def _form_of(kind: type[LevelsForm], criteria: tuple[JudgedCriterion, ...]) -> type[LevelsForm]:
    fields: dict[str, object] = {"criteria": criteria}
    for c in criteria:
        levels = options((str(value), words) for value, words in c.levels)
        fields[f"level_{c.code}"] = RadioField(c.name, [required(_("Please choose a level."))], choices=levels)
    return type("RubricLevelsForm", (kind,), fields)
