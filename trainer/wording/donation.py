"""Words for donation funds: refusals, headings of the workbook, what its figures mean."""

from flask_babel import lazy_gettext as _

LABELS: dict[type, dict] = {}
TONES: dict[type, dict] = {}

SENTENCES: dict[str, object] = {
    "donation_fund_exists": _("This area has a fund called “%(name)s” already. Choose another name."),
    "donation_fund_closed": _("This fund is closed since %(day)s: no pledge reaches beyond that day."),
    "donation_fund_later_pledges": _(
        "A pledge begins after %(day)s. Give it other days first, or close the fund on a later day."
    ),
    "donation_pledges_overlap": _(
        "This shop gives of its orders from %(first)s to %(last)s already, and an order gives only once. Choose other "
        "days, or end the other pledge first."
    ),
    "donation_paid_in_future": _("%(day)s has not come yet. Enter money when it has arrived."),
    "donation_payment_taken_back": _("This payment is taken back already."),
    "donation_no_reason": _("Please write why the payment is taken back."),
}

NOTES = (
    _(
        "An order gives when it is received or settled and not wholly refunded: once, whichever files tell of it, by the "
        "pledge in force on the day of its payment."
    ),
    _("Nothing of this is stored: a later refund or a file that is undone lowers what orders gave."),
    _("Outstanding: given by orders so far less paid in so far; below zero where more was paid in."),
)
SHEET = {
    "title": _("Donation fund “%(name)s”"),
    "months": _("By month"),
    "month": _("Month"),
    "orders": _("Orders that gave"),
    "given": _("Given by orders (yuan)"),
    "received": _("Paid in (yuan)"),
    "given_so_far": _("Given so far (yuan)"),
    "received_so_far": _("Paid in so far (yuan)"),
    "outstanding": _("Outstanding (yuan)"),
    "pledges": _("Pledges"),
    "owner": _("Owner"),
    "shop": _("Shop"),
    "per_order": _("An order gives (yuan)"),
    "starts_on": _("Gives from"),
    "ends_on": _("Gives until"),
    "payments": _("Payments"),
    "paid_on": _("Paid in on"),
    "amount": _("Amount (yuan)"),
    "note": _("Note"),
    "recorded_by": _("Entered by"),
    "taken_back": _("Taken back because"),
    "together": _("Together"),
}
