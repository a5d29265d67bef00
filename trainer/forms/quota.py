"""Quotas: the form for one."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from trainer.domain.round_inputs import QuotaRule
from trainer.domain.selection import QuotaAttribute
from trainer.forms.form import VersionForm, required


class QuotaForm(VersionForm):
    """`group`: an attribute and a value of it that some candidate has."""

    group = SelectField(_("Who is meant"))
    at_least = IntegerField(_("At least so many of the chosen"), [Optional(), NumberRange(min=1, max=10_000)])
    at_most = IntegerField(_("At most so many of the chosen"), [Optional(), NumberRange(min=0, max=10_000)])
    basis = StringField(
        _("The paper that demands it"),
        [required(), Length(max=200)],
        description=_("For example the number and title of a notice. Applicants and auditors see it."),
    )

    def rule(self) -> QuotaRule:
        attribute, value = self.group.data.split(":", 1)
        return QuotaRule(
            QuotaAttribute(attribute), value, self.at_least.data, self.at_most.data, self.basis.data.strip()
        )
