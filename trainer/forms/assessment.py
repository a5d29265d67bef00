"""Assessments: the form of one, and the scores of a class as they are typed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _
from wtforms import DateField, DecimalField, StringField
from wtforms.validators import Length, NumberRange

from trainer.domain.assessment import AssessmentDraft, AssessmentKind, TypedScore, read_score
from trainer.forms.form import EditableForm, Form, enum_field, required, required_number
from trainer.queries.assessment import ScoreRow
from trainer.wording.completion import short


class AssessmentForm(EditableForm):
    name = StringField(_("Name of the assessment"), [required(), Length(max=120)])
    kind = enum_field(_("Kind"), AssessmentKind)
    held_on = DateField(_("Day it is held"), [required()])
    max_score = DecimalField(
        _("Points at most"), [required_number(), NumberRange(min=1, max=10_000)], places=None, default=Decimal(100)
    )

    def draft(self) -> AssessmentDraft:
        return AssessmentDraft(self.name.data, self.kind.data, self.held_on.data, round(self.max_score.data * 100))


def filled_form(draft: AssessmentDraft, version: int) -> AssessmentForm:
    """The form of one that exists."""
    return AssessmentForm(data={**vars(draft), "max_score": Decimal(short(draft.max_score)), "version": version})


class ScoresForm(Form):
    """The fields of the women are named score-<enrolment> and seen-<enrolment>: a class has a hundred."""

    reason = StringField(_("Why do scores that stand change?"), [Length(max=200)])


def read_scores(
    sent: Mapping[str, str], women: Sequence[ScoreRow], max_score: int
) -> tuple[list[TypedScore], set[int]]:
    """What was typed for the women of a class, and the enrolments where it is no score; who was not on the page is in
    neither."""
    typed, wrong = [], set()
    for woman in women:
        text = sent.get(f"score-{woman.enrolment_id}")
        if text is None:
            continue
        seen = sent.get(f"seen-{woman.enrolment_id}", "")
        try:
            score = read_score(text, max_score)
        except ValueError:
            wrong.add(woman.enrolment_id)
        else:
            typed.append(TypedScore(woman.enrolment_id, score, int(seen[:15]) if seen.isdecimal() else -1))
    return typed, wrong
