"""Words for costs of a cohort: kinds, refusals, headings of the workbook, what a figure means."""

from flask_babel import lazy_gettext as _

from trainer.domain.cost import CostKind

LABELS: dict[type, dict] = {
    CostKind: {
        CostKind.INSTRUCTORS: _("Fees of instructors"),
        CostKind.VENUE: _("Venue"),
        CostKind.MEALS: _("Meals"),
        CostKind.LODGING: _("Lodging"),
        CostKind.TRAVEL: _("Travel and transport"),
        CostKind.MATERIALS: _("Materials and printing"),
        CostKind.EQUIPMENT: _("Equipment"),
        CostKind.STAFF: _("Pay of staff"),
        CostKind.FOLLOW_UP: _("Follow-up after the course"),
        CostKind.OTHER: _("Other costs"),
    },
}
TONES: dict[type, dict] = {}
SENTENCES: dict[str, object] = {
    "cost_amount": _(
        "An amount lies between ¥0.01 and ¥%(most)s. Larger sums are entered in parts, each with its evidence."
    ),
    "cost_to_come": _("%(day)s has not come yet. Enter a cost when the money has been spent."),
    "cost_before_programme": _(
        "The programme began on %(starts_on)s, and %(day)s lies before it. Enter the day on which the money was spent."
    ),
    "evidence_type": _("The evidence has to be a picture (JPG, PNG, WebP) or a PDF."),
}

NOTES = (
    _("Together: what was entered and not taken back, up to today."),
    _("For each who completed: all costs divided by the women who completed the course."),
    _(
        "For each sustained seller: all costs divided by the women who broadcast and sold for three months in a row. It "
        "says what a lasting seller cost, not that the course alone made her one."
    ),
)
SHEET = {
    "title": _("Costs of %(cohort)s"),
    "costs": _("Costs"),
    "kinds": _("By kind"),
    "kind": _("Kind of cost"),
    "amount": _("Amount (yuan)"),
    "share": _("Share"),
    "spent_on": _("Spent on"),
    "note": _("Note"),
    "evidence": _("Receipt"),
    "by": _("Entered by"),
    "taken_back": _("Taken back because"),
    "together": _("Together"),
    "per_completed": _("For each who completed (yuan)"),
    "per_sustained": _("For each sustained seller (yuan)"),
    "with_evidence": _("attached"),
}
