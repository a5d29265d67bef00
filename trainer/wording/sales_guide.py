"""Words for the guides to platforms' files: which dates to choose, and what is in a template."""

from flask_babel import lazy_gettext as _

from trainer.domain.sales_guide import Dates

LABELS = {
    Dates: {
        Dates.MATURE: _(
            "Dates: choose whole months that ended more than 30 days ago, and fetch the last month once more later. "
            "Refunds come in for about a month: 30 days after payment a sale counts fully, before that only for now."
        ),
        Dates.MONTH: _("Dates: choose the whole of the last month, at the beginning of the new one."),
        Dates.EACH: _("This file is of a single broadcast: download one for each."),
    }
}
TONES: dict[type, dict] = {}
SENTENCES: dict[str, object] = {}

# The second sheet of a template.
HOW_TO = _("How to fill it in")
RULES = (
    _("One row for each broadcast. The headings must stay as they are."),
    _("The grey example row is passed over: you may leave it."),
    _("Began at: year, month, day and clock, such as 2026-03-08 19:30."),
    _("Length: hours, minutes and seconds, such as 02:15:00."),
    _("Amounts in yuan with two decimals, in full and not rounded, as the platform shows them after the broadcast."),
    _("Leave empty what the platform does not show. Do not reckon anything yourself."),
    _("Keep a screenshot of each broadcast: figures typed in are checked against it."),
)
