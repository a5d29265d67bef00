"""Words of the federation's forms about a cohort."""

from flask_babel import lazy_gettext as _

REGISTER_TITLE = _("Register of %(cohort)s")
COMPLETION_TITLE = _("Completions of %(cohort)s")
TO_SIGN = _("Filled in by:            Checked by:            (seal)            Date:")
TO_FETCH = _("Filled in by:            Checked by:            Approved by:            (seal)            Date:")
BY_EXCEPTION = _("exception signed by two")
HEADINGS = {
    "number": _("No."),
    "seat": _("Seat"),
    "name": _("Name"),
    "sex": _("Sex"),
    "birth_year": _("Year of birth"),
    "ethnicity": _("Ethnic group"),
    "education": _("Education"),
    "kind": _("Kind of person"),
    "id_number": _("ID number"),
    "phone": _("Phone"),
    "county": _("County"),
    "township": _("Township"),
    "village": _("Village"),
    "business": _("Business"),
    "status": _("Status"),
    "joined_on": _("Joined"),
    "hours": _("Hours"),
    "rate": _("Attendance rate"),
    "tasks": _("Tasks passed"),
    "certificate": _("Certificate number"),
    "issued_on": _("Issued on"),
    "signature": _("Signature of receipt"),
    "remark": _("Remark"),
}
