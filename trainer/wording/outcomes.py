"""Words for outcomes: stages, states, sources, what may be claimed, and what every figure is and of whom."""

from flask_babel import lazy_gettext as _

from trainer.domain.outcomes import Activity, Claim, ComparisonKind, DataSource, Stage
from trainer.domain.product import ProductCategory
from trainer.wording import product

LABELS = {
    Stage: {
        Stage.ENROLLED: _("Got a place"),
        Stage.ATTENDED: _("Attended four fifths of the hours"),
        Stage.COMPLETED: _("Completed the course"),
        Stage.SHOP_OPENED: _("Opened a shop"),
        Stage.FIRST_BROADCAST: _("First broadcast"),
        Stage.FIRST_PAID_ORDER: _("First paid order"),
        Stage.FIRST_SETTLED: _("First settled order"),
        Stage.ACTIVE_30: _("Active on day 30"),
        Stage.SUSTAINED: _("Sustained"),
    },
    Activity: {
        Activity.ACTIVE: _("Broadcasting still"),
        Activity.INACTIVE: _("Does not broadcast"),
        Activity.NO_DATA: _("No data yet"),
    },
    DataSource: {
        DataSource.FILES: _("Platform files"),
        DataSource.TYPED: _("Typed in and checked"),
        DataSource.SAID: _("Only her word"),
        DataSource.NONE: _("Nothing yet"),
    },
    Claim: {
        Claim.ASSOCIATED: _("Goes together"),
        Claim.BEFORE_AFTER: _("Before and after"),
        Claim.COMPARED: _("Against a comparison group"),
    },
    ComparisonKind: {
        ComparisonKind.WAITLIST: _("women on the waitlist"),
        ComparisonKind.NOT_ADMITTED: _("women who applied and were not admitted"),
        ComparisonKind.EARLIER_COHORT: _("graduates of earlier cohorts"),
    },
}

TONES = {
    Activity: {Activity.ACTIVE: "good", Activity.INACTIVE: "bad", Activity.NO_DATA: "quiet"},
    DataSource: {
        DataSource.FILES: "good",
        DataSource.TYPED: "good",
        DataSource.SAID: "attention",
        DataSource.NONE: "quiet",
    },
    Claim: {Claim.ASSOCIATED: "quiet", Claim.BEFORE_AFTER: "attention", Claim.COMPARED: "good"},
}

SENTENCES: dict[str, object] = {}

# What each claim allows to be said.
CLAIMS = {
    Claim.ASSOCIATED: _("This goes together with the course. Whether the course did it, these figures cannot say."),
    Claim.BEFORE_AFTER: _(
        "The same women before and after. Season, prices and luck may have changed as well, so this alone does not prove "
        "that the course did it."
    ),
    Claim.COMPARED: _(
        "The trained against women who were not trained, over the same months. This comes closest to what the course did."
    ),
}

# What a figure is, and of whom; as of when stands beside each.
DEFINITIONS = {
    "funnel": _(
        "Women who came on the roll, stage by stage. “Through all” counts those who reached every earlier stage too; "
        "“skipped” reached this one without an earlier one, such as a shop of a woman who did not complete. Days: the median "
        "since the stage before, of those who came to it after that one (a shop may be older than the course). In a class taken over without a roll, who completed it counts as having attended."
    ),
    "stages": _(
        "Active on day 30: a qualifying broadcast (half an hour and longer, 20 viewers and more, known from a file or checked) "
        "in the thirty days after the course. Sustained: four such broadcasts in each of three months in a row, with net "
        "sales in two of them."
    ),
    "retention": _(
        "Of the graduates whose own data reach that day after the course, the share with a qualifying broadcast in the thirty "
        "days before it; days before the first row of her files count as days without. Whoever has no data is in neither number, "
        "even if she said that she does not broadcast: the range says what the share of all would be if none, or all, of those "
        "without data were active."
    ),
    "wilson": _(
        "The interval (Wilson, 95 in 100) says how far chance alone may move the share. Under ten women the share is grey: too few "
        "to compare."
    ),
    "weeks": _(
        "The graduates whose data reach the week: how many broadcast and sold in it, and what they sold. The number of women "
        "falls from week to week where data end, so compare shares and averages, not sums."
    ),
    "broadcasting": _(
        "Of the graduates whose data reach the week, the share that broadcast at least once in it. Weeks count from the last day "
        "of the course; 0 and below were during or before it."
    ),
    "sales": _(
        "Firm net sales of the week (paid − refunded, 30 days after payment or settled, and commission) for each graduate "
        "whose data reach it. The last 30 days are not drawn: their orders may yet come back."
    ),
    "first_order": _(
        "Of the graduates without a paid order by the end of the course, the share that has had its first (Kaplan–Meier). Each "
        "is watched as far as her own data reach; what is not known is not counted as “no order”."
    ),
    "money": _(
        "Firm net sales of the first 90 days after the course (paid − refunded, 30 days after payment or settled, and "
        "commission), of the graduates whose data reach day 90. In the mean, the largest and smallest hundredth are drawn "
        "in (winsorised), so that one large order does not speak for all. What buyers paid and got back is everything known of these days, "
        "firm or not, goods sold for others in full; so it does not add up to the firm net sales."
    ),
    "year_earlier": _(
        "The same days of the year before, of the women whose data cover both, so that a season is not taken for the course."
    ),
    "months": _(
        "Firm net sales month by month (thirty days each) since the course, of the graduates whose data reach its end."
    ),
    "areas": _(
        "Graduates by the county in which they live, and their firm net sales since the course ended. A county with more "
        "data shows more sales."
    ),
    "products": _(
        "Paid − refunded since the course ended, firm or not, in the own shops of all graduates, by what their products are "
        "sorted into."
    ),
    "coverage": _(
        "For each month after the course that has passed: of how many graduates there are platform files, entries that were "
        "checked, only her word, or nothing. Every other figure is as good as this strip."
    ),
    "bands": _(
        "Women by how much of the lesson hours they attended, whether they completed or not, and how those whose data reach "
        "day 90 after the course sell. Keen people both attend and sell, so this does not show that attending makes her sell."
    ),
    "surveys": _(
        "Questionnaires sent and answered at each asking, and the profit women named for the month before it."
    ),
    "changes": _(
        "Profit a graduate names against what she herself named before the course. More by a fifth: of those who earned something "
        "before. From nothing: of those who earned nothing before, how many earn something now."
    ),
    "difference": _(
        "What the profit of the trained changed, less what that of women who were not trained changed over the same time, with "
        "an interval of 95 in 100."
    ),
    "costs": _(
        "What was spent on the cohort and written down, divided by those who completed and by those who last. Hours of staff "
        "for calls and visits stand beside it, unpriced."
    ),
    "jobs": _("Workers paid by the graduates' businesses, by name list. A full-time job is 240 paid days a year."),
}

# Heads of the sheets of the workbook and of their columns.
SHEET = {
    "funnel": _("Funnel"),
    "retention": _("Retention"),
    "weeks": _("Week by week"),
    "first_order": _("Time to first order"),
    "money": _("The first 90 days after the course"),
    "areas": _("By county of home"),
    "products": _("By category of product"),
    "coverage": _("Data coverage by month"),
    "surveys": _("Questionnaires"),
    "costs": _("Costs and jobs"),
    "definitions": _("What each figure means"),
    "women": _("Women"),
    "names": _("Women one by one"),
    "stage": _("Stage reached"),
    "reached": _("Reached it"),
    "through": _("Through all stages"),
    "skipped": _("Skipped a stage"),
    "median_days": _("Median days since the stage before"),
    "day": _("Day after the course"),
    "due": _("Graduates due"),
    "eligible": _("With data"),
    "active": _("Still broadcasting"),
    "no_data": _("Without data"),
    "rate": _("Share of those with data"),
    "low": _("If none of the others"),
    "high": _("If all of the others"),
    "wilson_low": _("Interval from"),
    "wilson_high": _("Interval to"),
    "sustained": _("Lasting by then"),
    "week": _("Week after the course"),
    "until": _("Up to the day"),
    "broadcasting": _("Women broadcasting"),
    "broadcasts": _("Broadcasts in all"),
    "selling": _("Women selling"),
    "paid": _("Paid (yuan)"),
    "refunded": _("Refunded (yuan)"),
    "net": _("Firm net sales (yuan)"),
    "share_broadcasting": _("Share broadcasting"),
    "net_each": _("Net for each (yuan)"),
    "at_risk": _("Still waiting"),
    "events": _("First orders"),
    "ordered_share": _("Share with a first order"),
    "figure": _("Figure"),
    "value": _("Value"),
    "amount": _("Amount (yuan)"),
    "month": _("Month after the course"),
    "median": _("Median (yuan)"),
    "mean": _("Mean, winsorised (yuan)"),
    "total": _("Sum (yuan)"),
    "county": _("County of home"),
    "graduates": _("Graduates"),
    "sellers": _("Sellers"),
    "category": _("Category of product"),
    "wave": _("Asking"),
    "asked": _("Women asked"),
    "answered": _("Answered the questions"),
    "declined": _("Did not want to"),
    "profits": _("Named a profit"),
    "profit_median": _("Median profit (yuan)"),
    "meaning": _("What it is, and of whom"),
    "hidden": _("not shown: fewer than 5, or would give them away"),
    "months": _("Month by month"),
    "bands": _("By attendance"),
    "changes": _("Profit now against before"),
    "jobs": _("Jobs in the businesses of graduates"),
    "unsorted": _("Not sorted yet"),
    "files": LABELS[DataSource][DataSource.FILES],
    "typed": LABELS[DataSource][DataSource.TYPED],
    "said": LABELS[DataSource][DataSource.SAID],
    "none": LABELS[DataSource][DataSource.NONE],
    "attendance": _("Share of hours attended"),
    "women_in_band": _("Women in it"),
    "eligible_90": _("Data reach day 90"),
    "active_90": _("Broadcasting on day 90"),
    "both_times": _("Named a profit both times"),
    "lost": _("Only before the course"),
    "median_change": _("Median change (yuan)"),
    "mean_change": _("Mean change, winsorised (yuan)"),
    "uplift": _("Earn a fifth more"),
    "earned_before": _("of those who earned before"),
    "from_zero": _("Earn from nothing"),
    "earned_nothing": _("of those who earned nothing"),
    "seat": _("Seat"),
    "name": _("Name"),
    "village": _("Village"),
    "reach": _("Her data reach"),
    "source": _("Where her data come from"),
    "state": _("State on day %(day)s"),
    "paid_90": _("Paid in 90 days (yuan)"),
    "refunded_90": _("Refunded of it (yuan)"),
    "net_90": _("Firm net sales of 90 days (yuan)"),
    "term": _("Figure or table"),
    "made_at": _("Data up to the end of %(day)s; reckoned at %(moment)s."),
}
MONEY = {
    "n": _("Graduates whose data reach day 90"),
    "sellers": _("of them with firm net sales"),
    "median": _("Median firm net sales"),
    "mean": _("Mean, winsorised"),
    "total": _("All together"),
    "paid": _("Paid by buyers"),
    "refunded": _("Refunded to them"),
    "now": _("Median of the latest stretch"),
    "then": _("Median of the same days a year before"),
    "cost": _("Spent on the cohort"),
    "per_completed": _("For each who completed"),
    "per_sustained": _("For each who lasts"),
    "minutes": _("Minutes of staff for calls and visits"),
    "workers": _("Workers on the name lists"),
    "fte": _("Full-time jobs"),
    "women_fte": _("of them women's"),
    "seasonal_fte": _("of them seasonal"),
}
# What stands along the axes of the charts, and what each is called.
CHARTS = {
    "broadcasting": _("Share of women who broadcast, week by week since the course ended"),
    "sales": _("Firm net sales for each graduate, week by week since the course ended"),
    "first_order": _("Share of women who had their first paid order, by day after the course"),
    "weeks": _("Weeks after the course"),
    "days": _("Days after the course"),
    "share_of_women": _("Share of women"),
    "yuan_each": _("Yuan for each woman"),
}


def band_words(low_bp: int, high_bp: int) -> str:
    """0–49 %, 80–100 %."""
    return f"{low_bp // 100}–{min(high_bp // 100 - (high_bp % 100 == 0), 100)} %"


def category_words(category: ProductCategory | None) -> str:
    return str(product.LABELS[ProductCategory][category]) if category else str(SHEET["unsorted"])
