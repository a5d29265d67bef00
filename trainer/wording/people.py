"""Words above the columns of a list of people that leaves the house."""

from flask_babel import lazy_gettext as _

HEADINGS = {
    "number": _("No."),
    "name": _("Name"),
    "phone": _("Phone"),
    "id_number": _("ID number"),
    "county": _("County"),
    "township": _("Township"),
    "village": _("Village"),
    "business": _("Business"),
    "cohorts": _("Cohorts"),
}
TITLE = _("People of the register")
UNIT = _("She Power training")
