"""What looking into a check came to."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import Length

from trainer.domain.roll_check import RollCheckAnswer
from trainer.forms.form import Form, options, required

ANSWERS = (
    (RollCheckAnswer.EXPLAINED, _("Explained: there is an honest reason")),
    (RollCheckAnswer.CORRECTED, _("Put right: the roll or the headcount was wrong and is correct now")),
    (RollCheckAnswer.NOT_CREDIBLE, _("Not credible: I do not rely on this roll")),
)


class AnswerForm(Form):
    """Nothing is chosen beforehand; `seen`: when what she read was found."""

    answer = RadioField(
        _("What did you find?"),
        [required(_("Choose what you found."))],
        choices=options(ANSWERS),
        coerce=lambda value: RollCheckAnswer(value) if value in set(RollCheckAnswer) else None,
    )
    words = TextAreaField(
        _("In a few words"),
        [required(_("Write down in a few words what you found, and whom you asked.")), Length(max=300)],
        description=_("Whom you asked and what was said; no name of a trainee."),
        render_kw={"rows": 3},
    )
    seen = HiddenField()
