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
