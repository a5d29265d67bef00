"""Words for comparing cohorts at one age: heads, what each figure means, why a cohort is not compared; the wall."""

from flask_babel import lazy_gettext as _

from trainer.domain.outcome_comparison import NotCompared, Sort

LABELS = {
    NotCompared: {
        NotCompared.NOT_YET: _("not yet"),
        NotCompared.NOT_RECKONED: _("figures not reckoned so far yet"),
        NotCompared.NOBODY_COMPLETED: _("nobody is recorded as completed"),
    },
    Sort: {
        Sort.END: _("Last day of the course"),
        Sort.RATE: _("Active, highest share first"),
        Sort.SUSTAINED: _("Sustained, highest share first"),
        Sort.SALES: _("Median of net sales, highest first"),
    },
}
TONES = {NotCompared: {NotCompared.NOT_RECKONED: "attention", NotCompared.NOBODY_COMPLETED: "attention"}}
SENTENCES: dict[str, object] = {}

HEADS = {
    "city": _("City"),
    "cohort": _("Cohort"),
    "cohorts": _("Cohorts compared"),
    "ends_on": _("Last day of the course"),
    "due": _("Graduates"),
    "eligible": _("With data"),
    "active": _("Active"),
    "rate": _("Active of those with data"),
    "interval": _("Interval (95 per cent)"),
    "low": _("If nobody without data were active"),
    "high": _("If all without data were active"),
    "range": _("Range with those without data"),
    "sustained": _("Sustained"),
    "sales_n": _("Net sales of 90 days: graduates with data"),
    "sales": _("Net sales of 90 days"),
    "median": _("Net sales of 90 days: median"),
    "total": _("Net sales of 90 days: total"),
    "first_order": _("Half had a first order by day"),
    "coverage": _("Data coverage"),
    "cost": _("Cost per sustained seller"),
    "attendance": _("Attendance in the course"),
    "as_of": _("Figures as of"),
    "day": _("Day %(day)s"),
    "day_of": _("Active at day %(day)s"),
}
# (term, what it means), below the page and on the last sheet of the workbook.
DEFINITIONS = (
    (
        _("Equal age"),
        _(
            "Each cohort is looked at so many days after the last day of its own course. Cohorts that have not come so far "
            "are named below the table and are in no sum."
        ),
    ),
    (
        _("Graduates"),
        _(
            "Women who completed the course; at the chosen day, all of the cohort's. A woman of two courses stands in both, "
            "with the same sales, and twice in the sums of cities and of all; targets count her once."
        ),
    ),
    (
        _("With data"),
        _(
            "Graduates of whom platform files or checked entries reach the chosen day; their own word is no data. Without data "
            "is not inactive."
        ),
    ),
    (
        _("Active"),
        _(
            "At least one qualifying broadcast (30 minutes, 20 viewers) in the thirty days up to the chosen day, of those "
            "with data. The interval (Wilson, 95 %) says how far chance alone could move the share; below ten women it "
            "stands in grey."
        ),
    ),
    (
        _("Range with those without data"),
        _("The share of all graduates if nobody without data were active, and if all of them were."),
    ),
    (
        _("Sustained"),
        _(
            "By the chosen day: four qualifying broadcasts in each of three months in a row, and net sales in two of them. "
            "Of all graduates."
        ),
    ),
    (
        _("Net sales of 90 days"),
        _(
            "Paid minus refunded in the first ninety days after the course, settled or past the time for refunds, of "
            "graduates whose data reach day 90. Medians are not added: a city has none."
        ),
    ),
    (
        _("Half had a first order by day"),
        _(
            "Kaplan–Meier, of women without an order before the course ended; a dash while fewer than half have had one. "
            "A city has none: it cannot be added."
        ),
    ),
    (
        _("Data coverage"),
        _("Of all months of all graduates up to the chosen day: those with platform files or checked entries."),
    ),
    (
        _("Cost per sustained seller"),
        _("Costs written down for the cohort, divided by the women sustained by the chosen day."),
    ),
    (_("Attendance in the course"), _("Hours attended of hours counted, added up over the women.")),
    (
        _("What these figures may claim"),
        _("They go along with the courses. That a course caused them is said only where there is a comparison group."),
    ),
)
SHEET = {
    "comparison": _("Cohorts compared"),
    "retention": _("Still active"),
    "waiting": _("Not compared"),
    "why": _("Why"),
    "on": _("Day"),
    "title": _("Cohorts compared at day %(day)s after the course"),
    "as_of": _("Oldest of the figures as of %(day)s"),
    "withheld": _(
        "Of fewer than five women, or where fewer than five others would be told of, nothing is shown; sums are of what is "
        "shown."
    ),
    "definitions": _("What is counted"),
    "term": _("Term"),
    "meaning": _("Meaning"),
    "yuan": _("%(name)s (yuan)"),
    "city_sum": _("%(city)s, %(count)s cohorts"),
    "together": _("Together, %(count)s cohorts"),
}
