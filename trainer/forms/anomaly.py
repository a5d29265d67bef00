"""What people make of a finding in sales: an explanation, a decision, a question to her, taking a decision back."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length, ValidationError

from trainer.domain.anomaly import AnomalyCheck, Decision, Explanation, fitting
from trainer.forms.form import Form, VersionForm, options, required
from trainer.wording import LABELS


def _chosen(kind):
    return lambda value: kind(value) if value in set(kind) else None


class ExplainForm(VersionForm):
    """Nothing is chosen beforehand."""

    explanation = RadioField(
        _("What explains it?"), [required(_("Choose what explains it."))], coerce=_chosen(Explanation)
    )
    words = TextAreaField(
        _("What you heard or saw"),
        [Length(max=1000)],
        description=_("Whom you asked, by phone or on a visit, and what you looked at. It is stored encrypted."),
        render_kw={"rows": 3},
    )

    def __init__(self, check: AnomalyCheck, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.explanation.choices = options((choice, LABELS[Explanation][choice]) for choice in fitting(check))

    def validate_words(self, field: TextAreaField) -> None:
        if self.explanation.data in (Explanation.OTHER, Explanation.NO_EXPLANATION) and not (field.data or "").strip():
            raise ValidationError(_("Write in a few words what you asked and heard."))


DECISIONS = (
    (Decision.ACCEPT, _("It counts as it is: the explanation holds")),
    (Decision.BACK_CHECK, _("Call or visit first, then decide again")),
    (Decision.EXCLUDE, _("Leave these rows out of scoring")),
)


class DecideForm(VersionForm):
    """Nothing is chosen beforehand."""

    decision = RadioField(
        _("What do you decide?"),
        [required(_("Choose what you decide."))],
        choices=options(DECISIONS),
        coerce=_chosen(Decision),
    )
    reason = TextAreaField(
        _("Why you decide so"),
        [Length(max=1000)],
        description=_("Needed unless it counts as it is. It is stored encrypted."),
        render_kw={"rows": 3},
    )

    def validate_reason(self, field: TextAreaField) -> None:
        if self.decision.data in (Decision.BACK_CHECK, Decision.EXCLUDE) and not (field.data or "").strip():
            raise ValidationError(_("Say why, or what is to be asked."))


class ReopenForm(VersionForm):
    reason = TextAreaField(
        _("Why the decision is taken back"),
        [required(_("Say why the decision is taken back.")), Length(max=1000)],
        render_kw={"rows": 2},
    )


class AskForm(Form):
    question = TextAreaField(
        _("Your question to her"),
        [required(_("Write your question.")), Length(max=300)],
        description=_("Kind and short, as you would say it on the phone. It goes into her inbox on this site."),
        render_kw={"rows": 3},
    )
