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
