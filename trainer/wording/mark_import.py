"""Words for files of marks: their kinds, what would become of each row, and why."""

from flask_babel import lazy_gettext as _

from trainer.domain.imports import RowAction
from trainer.domain.mark_import import MarkFileKind

LABELS = {
    MarkFileKind: {
        MarkFileKind.MARKS: _("Marks: statuses or sign-in times"),
        MarkFileKind.PLATFORM: _("List of the platform: who watched the live lesson"),
    },
}
TONES: dict = {}
# What rows are listed by; a preview of marks has other words for it than one of a roster.
KINDS = {
    RowAction.NEW: _("New"),
    RowAction.UPDATE: _("Changes what another list said"),
    RowAction.SAME: _("The same as on the roll"),
    RowAction.CONFLICT: _("Contradicts the roll"),
    RowAction.NEEDS_PERSON: _("Needs a person"),
    RowAction.REJECTED: _("Rejected"),
    RowAction.DUPLICATE: _("Twice in the file"),
}
ABOUT = {
    RowAction.NEW: _("Not marked yet; they get what the file says."),
    RowAction.UPDATE: _("An earlier file marked them otherwise; this one counts."),
    RowAction.SAME: _("The roll says so already; nothing is written."),
    RowAction.CONFLICT: _(
        "Somebody marked them otherwise. The roll stays as it is, save where you tick; save the ticks before you confirm."
    ),
    RowAction.NEEDS_PERSON: _("It cannot be told for certain who these are. Choose and save; else they are left out."),
    RowAction.REJECTED: _("These rows make no mark. The others are not held up by them."),
    RowAction.DUPLICATE: _("The first row of each woman counts; of a platform's list her minutes are added up there."),
}
# A woman in two or more files, and one who left the roll.
SENTENCES: dict[str, object] = {
    "no_mark_header": _(
        "No row of headings was found. A file of marks needs a column for the name or seat, and one for the status, "
        "the sign-in time or the minutes watched."
    ),
    "marks_without_rows": _("There is no row of a person below the headings."),
    "marks_too_long": _("The file has more than %(most)s rows. Split it."),
    "marks_say_nothing": _("No row says anything: status, time and minutes are empty everywhere."),
    "mark_seat_of_another": _("The seat belongs to somebody else than the name."),
    "mark_several_fit": _("Several women on the roll have this name. Add the seat or the phone's last four digits."),
    "mark_phone_of_another": _("The name is on the roll, but with another phone."),
    "mark_who_is_it": _("Seat and phone are not of the same woman."),
    "mark_other_name": _("Nobody on the roll has exactly this name; seat, phone or part of the name fit."),
    "mark_nobody": _("Nobody on the roll of this cohort fits."),
    "mark_of_another_cohort": _("She is not on the roll of this cohort; a woman of this name is in another one."),
    "mark_left_the_cohort": _("She is not in training in this cohort any more, or not yet."),
    "mark_left_out": _("Left out by your decision."),
    "mark_unclear": _(
        "“%(text)s” cannot be read. Write a status as the form of the lesson offers it, or a time such as 08:31."
    ),
    "mark_says_nothing": _("Neither a status nor a time nor minutes."),
    "mark_after_lesson": _("%(time)s is after the end of the lesson. Write a status if she was there."),
    "mark_other_day": _("This is of another day or half-day: %(day)s."),
    "mark_no_lesson": _("This cohort has no lesson at that time: %(day)s."),
    "mark_which_lesson": _(
        "Several lessons of this cohort fit. Write the date and the half of the day, or the title: %(day)s."
    ),
    "mark_watched_short": _("Watched too little: %(minutes)s minutes of at least %(least)s. She stays not marked."),
    "roll_changed": _(
        "Meanwhile the roll has changed: %(rows)s rows would do something else now. Nothing was written. "
        "Look at the new preview and confirm again."
    ),
    "undo_marked_since": _("Stays as it is: somebody marked her since, or she has left the roll."),
}
