"""Exceptions from the completion rule: a proposal with its reason, and what another person decides."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length, ValidationError

from trainer.forms.form import CreatingForm, VersionForm, options, required

APPROVE, REFUSE = "approve", "refuse"


class ProposalForm(CreatingForm):
    reason = TextAreaField(
        _("Why should she complete all the same?"),
        [required(), Length(max=1000)],
        description=_("Only the staff of this area read it. It is stored encrypted."),
        render_kw={"rows": 4},
    )


class DecisionForm(VersionForm):
    decision = SelectField(
        _("Decision"),
        choices=options([(APPROVE, _("Approve: she completes")), (REFUSE, _("Do not approve"))]),
    )
    answer = TextAreaField(
        _("A word on it"), [Length(max=1000)], description=_("Needed where it is not approved."), render_kw={"rows": 3}
    )

    def validate_answer(self, field: TextAreaField) -> None:
        if self.decision.data == REFUSE and not (field.data or "").strip():
            raise ValidationError(_("Say why it is not approved."))


class WithdrawForm(VersionForm):
    """Only the version that she saw."""
