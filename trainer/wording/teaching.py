"""Words of the workbook of hours taught."""

from flask_babel import lazy_gettext as _

HEADINGS = {
    "month": _("Month"),
    "cohort": _("Cohort"),
    "given": _("Lessons given"),
    "credit": _("Hours that count"),
    "clock": _("Hours on the clock"),
    "planned": _("Lessons to come"),
}
TITLE = _("Hours taught")
TO_SIGN = _("Instructor (signature):            Checked by (signature):            Date:")
TOTAL = _("Total")
