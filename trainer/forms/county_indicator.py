"""County indicators: a reading with where it comes from, and taking one back."""

from decimal import Decimal

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, DecimalField, SelectField, StringField
from wtforms.validators import Length, NumberRange, ValidationError

from trainer.domain.county_indicator import PRICE_UNITS, IndicatorKind, ReadingDraft
from trainer.forms.evidence import evidence_field
from trainer.forms.form import CreatingForm, enum_field, options, required
from trainer.forms.form import required_number as number

MOST = Decimal(1_000_000_000_000)


class ReadingForm(CreatingForm):
    region_code = SelectField(_("County"))
    kind = enum_field(_("What was measured"), IndicatorKind)
    subject = StringField(
        _("Of which product (only for a price)"),
        [Length(max=60)],
        description=_("Always in the same words, so that the prices of one product stand in one row."),
    )
    unit = SelectField(_("Unit of the price"), choices=options([("", "—"), *((unit, unit) for unit in PRICE_UNITS)]))
    value = DecimalField(
        _("Measured value"), [number(), NumberRange(min=0, max=MOST)], places=None, render_kw={"inputmode": "decimal"}
    )
    measured_on = DateField(_("Measured on"), [required()])
    source = StringField(
        _("Where the figure comes from"),
        [required(), Length(max=300)],
        description=_("The statistics office, a market's price board, a purchase contract, a count of your own …"),
    )
    evidence = evidence_field(_("A picture or a PDF that shows the figure."))
    is_sure = BooleanField(_("The value is right"))

    def validate_value(self, field: DecimalField) -> None:
        if field.data is not None and abs(field.data) <= MOST and field.data * 100 % 1:
            raise ValidationError(_("Two digits behind the point at most."))

    def draft(self) -> ReadingDraft:
        return ReadingDraft(
            self.region_code.data,
            self.kind.data,
            self.subject.data or "",
            self.unit.data,
            int(self.value.data * 100),
            self.measured_on.data,
            self.source.data,
            is_sure=self.is_sure.data,
        )
