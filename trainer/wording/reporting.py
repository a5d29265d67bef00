"""Words for reporting: how far a woman's sales data reach, what is counted, heads of the workbook."""

from flask_babel import lazy_gettext as _

from trainer.domain.reporting import Reporting

LABELS = {
    Reporting: {
        Reporting.RECENT: _("Files of the last 30 days"),
        Reporting.TYPED: _("Last 30 days, typed only"),
        Reporting.OLDER: _("Older than 30 days"),
        Reporting.NONE: _("No data yet"),
    },
}
TONES = {
    Reporting: {
        Reporting.RECENT: "good",
        Reporting.TYPED: "attention",
        Reporting.OLDER: "attention",
        Reporting.NONE: "bad",
    },
}
SENTENCES: dict[str, object] = {}

TITLE = _("Women to remind of their sales data, %(day)s")
HEADS = {
    "number": _("No."),
    "name": _("Name"),
    "phone": _("Phone"),
    "county": _("County"),
    "cohort": _("Cohort"),
    "state": _("Sales data"),
    "reach_on": _("Data up to"),
    "reminded_at": _("Last reminder"),
    "teacher": _("Teacher"),
    "staff": _("Who reminds her"),
}
DEFINITIONS = (
    (
        _("Who is counted"),
        _(
            "Women who completed a course other than for cadres, and women on a roll who have a shop; by county each woman once, where she lives. "
            "In the table of cohorts she stands in each of hers."
        ),
    ),
    (
        _("Sales data"),
        _(
            "How far her own platform files and checked entries reach. What she only says in a questionnaire is no sales data."
        ),
    ),
    (
        _("Typed only"),
        _("Of her months there are entries typed by hand, and no platform file. Ask for the file: it weighs more."),
    ),
    (
        _("Who reminds her"),
        _("The staff nearest to her: of her class, else of her county, else of the city. Nobody there: a manager."),
    ),
)
