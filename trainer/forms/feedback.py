"""Satisfaction: three questions with three faces each, and a few words."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from trainer.domain.feedback import Face, Question
from trainer.forms.form import Form, options, required
from trainer.wording.feedback import ASKED, LABELS


def _face_field(question: Question) -> RadioField:
    faces = [(face.value, LABELS[Face][face]) for face in sorted(Face, reverse=True)]
    return RadioField(ASKED[question], [required(_("Choose one."))], choices=options(faces), coerce=int)


class FeedbackForm(Form):
    content = _face_field(Question.CONTENT)
    teaching = _face_field(Question.TEACHING)
    organisation = _face_field(Question.ORGANISATION)
    words = TextAreaField(
        _("What else would you like to say? (need not be)"),
        [Length(max=500)],
        description=_("Please write no names and nothing by which you can be known."),
        render_kw={"rows": 3},
    )

    @property
    def faces(self) -> dict[Question, int]:
        return {question: self[question].data for question in Question}
