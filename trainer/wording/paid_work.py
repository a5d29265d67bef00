"""Words for paid work by name list: refusals, headings of the list, how jobs are reckoned."""

from flask_babel import lazy_gettext as _

LABELS: dict[type, dict] = {}
TONES: dict[type, dict] = {}
SENTENCES: dict[str, object] = {
    "paid_work_dates": _("The last day (%(until_on)s) lies before the first one (%(from_on)s). Please look at both."),
    "paid_work_to_come": _("%(day)s has not come yet. Enter days when they have been worked and paid."),
    "paid_work_too_many_days": _(
        "From %(from_on)s to %(until_on)s there are only %(most)s days, and %(days)s were to be entered. Half days and "
        "overtime are not counted twice."
    ),
    "paid_work_too_long": _("A row covers a year at most. Enter the years one after the other."),
    "paid_work_overlap": _(
        "%(worker)s stands in this woman's list already, from %(from_on)s to %(until_on)s with %(days)s days, and these "
        "days overlap. Enter other days, or take that row back first."
    ),
    "paid_work_worker_name": _("Please write the name of who was paid."),
    "paid_work_not_of_class": _("The business has to be that of a woman who completed this course."),
}
