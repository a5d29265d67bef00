"""Words for months of sales: stages, figures, refusals, the sheet for the report upward."""

from flask_babel import lazy_gettext as _

from trainer.domain.sales import GmvMeasure, RefundBasis, SalesKind
from trainer.domain.sales_period import PeriodStage

LABELS = {
    PeriodStage: {
        PeriodStage.OPEN: _("Not approved yet"),
        PeriodStage.COUNTY: _("Approved by the county"),
        PeriodStage.CITY: _("Approved by the city"),
        PeriodStage.PROVINCE: _("Approved by the province"),
    },
}

TONES = {
    PeriodStage: {
        PeriodStage.OPEN: "attention",
        PeriodStage.COUNTY: "plain",
        PeriodStage.CITY: "plain",
        PeriodStage.PROVINCE: "good",
    },
}

SENTENCES: dict[str, object] = {
    "sales_period_not_over": _("%(month)s is not over yet. A month is approved from the first day of the next one on."),
    "sales_period_no_shops": _("Nobody who lives here has a shop, so there is nothing to approve."),
    "sales_period_behind": _("The level below has not approved everything yet: %(names)s. Ask there first."),
    "sales_period_approved": _("This month is approved already. Open the page again to see by whom."),
    "sales_period_same_person": _(
        "You approved this month on a lower level. Each level is approved by somebody else: ask a colleague."
    ),
    "sales_period_open_ends": _(
        "This month still has work left: %(findings)s findings to decide, %(unchecked)s typed broadcasts to check, "
        "%(previews)s files to confirm. Finish it, or write why you approve all the same."
    ),
    "sales_period_no_reason": _("Please write why the month is unlocked: whoever approved it reads it."),
    "sales_period_no_step_back": _("Choose a stage below the present one."),
}

# Whose approval it is, on its button.
APPROVE = {
    PeriodStage.COUNTY: _("Approve this month for the county"),
    PeriodStage.CITY: _("Approve this month for the city"),
    PeriodStage.PROVINCE: _("Approve this month for the province"),
}
SOURCES = {
    SalesKind.LIVE_SESSION: _("Broadcasts"),
    SalesKind.ORDER: _("Orders in files"),
    SalesKind.SETTLEMENT: _("Settled money"),
}
# Said where it is not the usual one: bought in the room.
MEASURES = {GmvMeasure.WINDOW: _("bought later by its viewers")}
BASES = {
    RefundBasis.PAYMENT_DAY: _("refunds by day of payment"),
    RefundBasis.REFUND_DAY: _("refunds by day of refund"),
}
FIGURES = {
    "shops": _("Shops"),
    "women": _("Women with a shop"),
    "with_data": _("Women with data"),
    "count": _("How many there are"),
    "gross_fen": _("Gross or income"),
    "refund_fen": _("Refund"),
    "net_fen": _("Net or paid out"),
}
# The table the page and the workbook share.
NOTES = (
    _("Broadcasts and orders hold some of the same sales, settlements the same once more: they are never added."),
    _(
        "Platforms count payments differently: their amounts stand side by side. Counties are added within one line only."
    ),
    _("Net: gross less refunds of these same sales; a dash where the refunds are of other days, or not all files say."),
    _(
        "With data: something is known of a shop of hers in this month. In time: it came in by the 15th of the next month."
    ),
)
SHEET = {
    "title": _("Sales of %(place)s in %(month)s"),
    "counties": _("By county"),
    "sources": _("By source"),
    "county": _("County"),
    "stage": _("State"),
    "without_data": _("Women without data"),
    "timely": _("Women with data in time"),
    "broadcasts": _("Broadcasts"),
    "orders": _("Paid orders"),
    "findings": _("Findings to decide"),
    "unchecked": _("Typed, not checked"),
    "previews": _("Files not confirmed"),
    "source": _("Source"),
    "whose": _("Whose goods"),
    "platform": _("Selling platform"),
    "rests_on": _("Rests on"),
    "count": _("How many there are"),
    "gross_fen": _("Gross or income (yuan)"),
    "refund_fen": _("Refund (yuan)"),
    "net_fen": _("Net or paid out (yuan)"),
    "together": _("Together"),
    "itself": _("%(name)s without a county"),
}
