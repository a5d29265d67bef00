"""Words for county indicators: kinds, refusals, headings of the workbook, what a comparison may claim."""

from flask_babel import lazy_gettext as _

from trainer.domain.county_indicator import IndicatorKind

LABELS: dict[type, dict] = {
    IndicatorKind: {
        IndicatorKind.PURCHASE_PRICE: _("Purchase price"),
        IndicatorKind.LOGISTICS_POINTS: _("Village logistics points"),
        IndicatorKind.PRACTITIONERS: _("E-commerce practitioners"),
        IndicatorKind.HOUSEHOLDS: _("Households that earn more"),
    },
}
TONES: dict[type, dict] = {}

SENTENCES: dict[str, object] = {
    "indicator_to_come": _("%(day)s has not come yet. Enter the day on which it was measured."),
    "indicator_not_of_county": _("Choose a county that lies in the programme's area."),
    "indicator_no_subject": _("A price needs its product and its unit."),
    "indicator_value": _("The value must be zero or more; what is counted has no fractions."),
    "indicator_other_unit": _(
        "This series is kept in %(unit)s. Convert the value to this unit: different units cannot be compared."
    ),
    "indicator_same_day": _(
        "There is a reading of %(day)s in this series already. If it is wrong, take it back first, then enter the right one."
    ),
    "indicator_leap": _(
        "The value before was %(last)s %(unit)s, the new one is %(value)s %(unit)s: over a hundred times as much, or less "
        "than a hundredth. Look at the value and the unit once more; if they are right, tick “The value is right”."
    ),
}

# What a comparison may claim, and how it is made; under the table and in the workbook.
NOTES = (
    _(
        "Before/after comparison: it shows what changed while the programme ran, not that the programme caused it. Harvest, "
        "market and other programmes act too."
    ),
    _(
        "Before: the last reading on or before the programme's first day; where there is none, the first reading there is, "
        "marked “not before it began”."
    ),
)
NOT_BEFORE = _("not before it began")
SHEET = {
    "title": _("County indicators of %(programme)s"),
    "compared": _("Before/after"),
    "readings": _("All readings"),
    "region": _("County"),
    "kind": _("Indicator"),
    "subject": _("Product"),
    "unit": _("Unit"),
    "before": _("Value before"),
    "before_on": _("Measured before on"),
    "before_source": _("Source of the value before"),
    "began_before": _("Note on the value before"),
    "after": _("Newest value"),
    "after_on": _("Newest measured on"),
    "after_source": _("Source of the newest value"),
    "change": _("Change of the value"),
    "share": _("Change in percent"),
    "value": _("Measured value"),
    "measured_on": _("Measured on"),
    "source": _("Where the figure comes from"),
    "has_evidence": _("Evidence on file"),
    "recorded_by": _("Entered by"),
}
