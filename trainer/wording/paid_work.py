"""Words for paid work by name list: refusals, headings of the list, how jobs are reckoned."""

from flask_babel import lazy_gettext as _

LABELS: dict[type, dict] = {}
TONES: dict[type, dict] = {}
SENTENCES: dict[str, object] = {
    "paid_work_dates": _("The last day (%(until_on)s) lies before the first one (%(from_on)s). Please look at both."),
    "paid_work_two_years": _(
        "%(from_on)s and %(until_on)s lie in two years. Jobs are told by the year: enter a row for each year."
    ),
    "paid_work_to_come": _("%(day)s has not come yet. Enter days when they have been worked and paid."),
    "paid_work_before_end": _(
        "The course ended on %(ends_on)s, and %(day)s does not lie after it. Enter only days after the course."
    ),
    "paid_work_days": _("From %(from_on)s to %(until_on)s there can be 1 to %(most)s paid days, each counted once."),
    "paid_work_overlap": _(
        "%(worker)s stands in this woman's list already, from %(from_on)s to %(until_on)s with %(days)s days, and these "
        "days overlap. Enter other days, or take that row back first."
    ),
    "paid_work_not_of_class": _("The business has to be that of a woman who completed this course."),
}

NOTES = (
    _(
        "Jobs as full-time equivalents: all paid days by this list, divided by 240. A job is so many days a year; nothing is "
        "estimated."
    ),
    _(
        "Only days after the course count, of businesses of women who completed it, in the year in which they were worked. "
        "What was taken back does not count."
    ),
    _("Women's and seasonal jobs are parts of all jobs, and one may be both. The owner herself is not on the list."),
    _("A worker is told by her name within one business; whoever works for two women counts as two workers."),
)
SHEET = {
    "title": _("Name list of paid work of %(cohort)s"),
    "list": _("Name list"),
    "number": _("No."),
    "employer": _("Who pays"),
    "worker": _("Worker"),
    "sex": _("Woman or man"),
    "woman": _("woman"),
    "man": _("man"),
    "seasonal": _("Seasonal"),
    "yes": _("yes"),
    "no": _("no"),
    "from_on": _("First day"),
    "until_on": _("Last day"),
    "days": _("Days paid"),
    "evidence": _("Receipt"),
    "sign": _("Signature of the worker"),
    "together": _("Together"),
    "jobs": _("Jobs (days / 240)"),
    "women_jobs": _("of them women"),
    "seasonal_jobs": _("of them seasonal"),
    "signed": _("Checked by:                    Date:                    Seal:"),
}
