"""A cost of a cohort."""

from decimal import Decimal

from flask_babel import lazy_gettext as _
from wtforms import DateField, DecimalField, StringField
from wtforms.validators import Length, NumberRange

from trainer.domain.cost import MOST_FEN, CostDraft, CostKind
from trainer.forms.donation import whole_fen
from trainer.forms.evidence import evidence_field
from trainer.forms.form import CreatingForm, enum_field, required, required_number


class CostForm(CreatingForm):
    """In yuan, as people write; kept in fen."""

    field_order = ("kind", "amount", "spent_on", "note", "evidence")

    kind = enum_field(_("Kind of cost"), CostKind)
    amount = DecimalField(
        _("Amount (yuan)"),
        [required_number(), NumberRange(min=Decimal("0.01"), max=MOST_FEN // 100), whole_fen],
        places=None,
        render_kw={"inputmode": "decimal"},
    )
    spent_on = DateField(_("Spent on"), [required()])
    note = StringField(
        _("Note"), [Length(max=300)], description=_("What was bought, the number of the invoice. No woman's name.")
    )
    evidence = evidence_field(_("A picture or a PDF of the invoice or the receipt."))

    def draft(self) -> CostDraft:
        return CostDraft(self.kind.data, int(self.amount.data * 100), self.spent_on.data, self.note.data or "")
