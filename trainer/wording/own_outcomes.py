"""Words for a woman's own sales after the course: the steps from sold to received, in her words."""

from datetime import date

from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from trainer.domain.own_outcomes import Measure, StepKind

LABELS: dict[type, dict] = {
    Measure: {
        Measure.BROADCASTS: _("My broadcasts"),
        Measure.SALES: _("Orders, gross less refunds"),
    },
    StepKind: {
        StepKind.SOLD: _("Sold in all"),
        StepKind.GOODS: _("Goods of others that I sold (not my money)"),
        StepKind.SETTLED_SALES: _("Sales that the platform settled this month"),
        StepKind.EARNED: _("Commission that the platform settled this month"),
        StepKind.REFUND: _("Given back to buyers"),
        StepKind.FEES: _("Platform's fees and commissions"),
        StepKind.GIVEN_TO_HOSTS: _("Commission to those who sold for me, as the order file says"),
        StepKind.FEES_OR_LATER: _("Fees and commissions, or not paid out yet"),
        StepKind.SUBSIDY: _("Added by the platform"),
        StepKind.LEFT: _("Left, before the platform's fees"),
        StepKind.COMMISSION: _("My commission, as the order file says"),
        StepKind.RECEIVED: _("Reached me"),
    },
}
TONES: dict[type, dict] = {}
SENTENCES: dict[str, object] = {}


def month_day(value: date) -> str:
    """3月8日, or 8 March: where the year goes without saying."""
    is_english = str(get_locale()).startswith("en")
    return f"{value.day} {value:%B}" if is_english else f"{value.month}月{value.day}日"
