"""Donation funds: a fund, its last day, a pledge, money that came in, taking it back."""

from decimal import Decimal

from flask_babel import lazy_gettext as _
from wtforms import DateField, DecimalField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from trainer.domain.donation import FundDraft, PledgeDraft
from trainer.forms.evidence import evidence_field
from trainer.forms.form import CreatingForm, EditableForm, VersionForm, not_before, options, required
from trainer.forms.form import required_number as number
from trainer.forms.region import OfRegion

MOST_YUAN = Decimal(100_000_000)


def whole_fen(form, field: DecimalField) -> None:
    amount = field.data
    if amount is not None and abs(amount) <= MOST_YUAN and amount * 100 % 1:
        raise ValidationError(_("Two digits behind the point at most."))


class FundForm(OfRegion, EditableForm):
    name = StringField(_("Name of the fund"), [required(), Length(max=120)])
    region = StringField(
        _("County, city or province that keeps it"),
        [required()],
        description=_("A name or a code. Where several share the name, write the city before it."),
    )
    purpose = TextAreaField(_("Purpose of the fund"), [Length(max=300)], render_kw={"rows": 3})

    def draft(self) -> FundDraft:
        return FundDraft(self.region_code, self.name.data, self.purpose.data or "")


class ChangeFundForm(VersionForm):
    name = StringField(_("Name of the fund"), [required(), Length(max=120)])
    purpose = TextAreaField(_("Purpose of the fund"), [Length(max=300)], render_kw={"rows": 3})


class CloseFundForm(VersionForm):
    day = DateField(_("Its last day"), [required()])


class PledgeForm(EditableForm):
    """In yuan, as people speak; kept in fen."""

    per_order = DecimalField(
        _("An order gives (yuan)"),
        [number(), NumberRange(min=Decimal("0.01"), max=1000), whole_fen],
        places=None,
        description=_("0.05 is five fen of each completed order."),
        render_kw={"inputmode": "decimal"},
    )
    starts_on = DateField(_("Gives from"), [required()])
    ends_on = DateField(
        _("Gives until (need not be)"),
        [Optional(), not_before("starts_on", _("It cannot end before it begins."))],
        description=_("Without a last day it goes on until you enter one."),
    )

    def draft(self) -> PledgeDraft:
        return PledgeDraft(int(self.per_order.data * 100), self.starts_on.data, self.ends_on.data)


class PaymentForm(CreatingForm):
    amount = DecimalField(
        _("Amount (yuan)"),
        [number(), NumberRange(min=Decimal("0.01"), max=MOST_YUAN), whole_fen],
        places=None,
        render_kw={"inputmode": "decimal"},
    )
    paid_on = DateField(_("Paid in on"), [required()])
    shop_id = SelectField(_("From which shop"), coerce=int, default=0)
    evidence = evidence_field(_("A picture or a PDF of the receipt or the transfer."))
    note = StringField(_("Note"), [Length(max=300)])

    def __init__(self, shops, **kwargs) -> None:
        super().__init__(**kwargs)
        self.shop_id.choices = options([(0, _("of several, or of somebody else")), *shops])

    @property
    def amount_fen(self) -> int:
        return int(self.amount.data * 100)
