"""Words for the yearly statement: the milestones, and the lines of the picture."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from trainer.domain.statement import MilestoneKind

LABELS = {
    MilestoneKind: {
        MilestoneKind.FIRST_LESSON: _("First lesson"),
        MilestoneKind.FIRST_BROADCAST: _("First broadcast"),
        MilestoneKind.FIRST_ORDER: _("First order"),
        MilestoneKind.CERTIFICATE: _("Certificate earned"),
        MilestoneKind.HONOUR: _("Honoured"),
    },
}

TONES: dict[type, dict] = {}

SENTENCES: dict[str, object] = {}


def picture_words(**values: object) -> dict[str, str]:
    """What the picture says around its figures; `values` fill them."""
    return {
        "title": gettext("My year %(year)s", **values),
        "greeting": gettext("%(name)s, thank you for this year.", **values),
        "so_far": gettext("So far, as of %(as_of)s", **values),
        "learnt": gettext("Lessons attended"),
        "learnt_hours": gettext("%(hours)s hours of lessons", **values),
        "helped": gettext("Hours helped"),
        "helped_points": gettext("%(points)s service points", **values),
        "live": gettext("Broadcasts"),
        "live_time": gettext("%(time)s on air (hours:minutes)", **values),
        "sales": gettext("What my shops sold"),
        "orders": gettext("Order file"),
        "broadcasts": gettext("List of broadcasts"),
        "gross": gettext("Gross"),
        "refund": gettext("Refund"),
        "net": gettext("Net"),
        "commission": gettext("Commission"),
        "settled": gettext("Settled"),
        "milestones": gettext("Days to remember"),
        "apart": gettext("The two kinds of figures are not added: they hold some of the same sales."),
        "project": gettext("She Power training"),
    }
