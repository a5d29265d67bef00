"""Words for signing in by the code on the screen."""

from flask_babel import lazy_gettext as _

LABELS: dict[type, dict] = {}

TONES: dict[type, dict] = {}

SENTENCES: dict[str, object] = {
    "check_in_unreadable": _("This code cannot be read. Scan the one on the screen afresh, or type its four digits."),
    "check_in_too_old": _(
        "This code is more than two days old and no longer proves anything. Please call your teacher."
    ),
    "check_in_not_yours": _(
        "This code is for “%(title)s” of %(cohort)s, and you are not on that roll. Nothing was changed. Scan the code in "
        "your own room, or speak to your teacher."
    ),
    "check_in_wrong_digits": _(
        "No lesson of yours shows these four digits now. They change all the time: look at the screen and type the new "
        "ones."
    ),
    "check_in_wrong_seat": _(
        "Seat number and last four digits do not belong together. Look at both and try again, or speak to your teacher."
    ),
    "check_in_wrong_typed": _(
        "The digits on the screen, the seat number and the last four digits do not fit together. The ones on the screen "
        "change all the time: look again and type all three."
    ),
    "check_in_waits": _(
        "That was wrong too often. Wait 15 minutes, or tell your teacher your seat number: she can mark you at once."
    ),
    "check_in_answered": _("Your teacher has dealt with this already: %(state)s. If that is wrong, please call her."),
    "check_in_not_open": _("Checking in to this lesson begins on %(day)s at %(time)s. Scan the code again then."),
    "check_in_which_lesson": _("Two lessons show these digits just now. Which one are you in?"),
}
