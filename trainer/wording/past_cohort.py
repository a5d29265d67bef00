"""Words for classes held before this system."""

from flask_babel import lazy_gettext as _

LABELS: dict[type, dict] = {}
TONES: dict[type, dict] = {}
SENTENCES: dict[str, object] = {
    "past_without_name": _("Neither the file nor the form says what this class is called."),
    "past_without_days": _("Neither the file nor the form says when this class was held."),
    "past_days_reversed": _("Its last day lies before its first. Look at the dates in the file."),
    "past_class_lacks": _("“%(name)s” cannot be taken over as it is. Discard this preview, and send what is missing."),
    "past_lists_taken_in": _("Lists of these classes are taken in. Undo them first, each on its own page."),
    "past_class_in_use": _(
        "“%(name)s” is used elsewhere by now, for a task, a letter or somebody's role. Take that back first."
    ),
    "past_day_unreadable": _("“%(text)s” is no date we can read. Write it as 2023-03-08."),
    "past_hours_unreadable": _("“%(text)s” is no number of hours. Write it as 48."),
    "past_certificate_too_long": _("A certificate number has at most %(most)s characters."),
    "past_certificate_is_id": _(
        "An ID number stands as the number of the certificate, and everybody who checks a certificate would read it. "
        "Leave the cell empty, or write the number on the paper."
    ),
    "past_certificate_twice": _("The certificate number %(number)s stands in row %(row)s already."),
}
