"""Words for calls and visits after the course, and for taking back what was written down."""

from flask_babel import lazy_gettext as _

from trainer.domain.follow_up import FollowUpKind, FollowUpOutcome, FollowUpPurpose

LABELS: dict[type, dict] = {
    FollowUpKind: {
        FollowUpKind.CALL: _("Phone call"),
        FollowUpKind.VISIT: _("Visit to her"),
    },
    FollowUpPurpose: {
        FollowUpPurpose.SURVEY: _("Questionnaire"),
        FollowUpPurpose.SALES_DATA: _("Sales data that are missing"),
        FollowUpPurpose.ADVICE: _("Advice on her business"),
        FollowUpPurpose.PROBLEM: _("A problem of hers"),
        FollowUpPurpose.OTHER: _("Another reason"),
    },
    FollowUpOutcome: {
        FollowUpOutcome.SPOKEN: _("Spoke with her"),
        FollowUpOutcome.CALL_AGAIN: _("To be called again"),
        FollowUpOutcome.NOT_REACHED: _("Could not be reached"),
        FollowUpOutcome.WRONG_NUMBER: _("Number is wrong"),
    },
}
TONES: dict[type, dict] = {
    FollowUpOutcome: {
        FollowUpOutcome.SPOKEN: "good",
        FollowUpOutcome.CALL_AGAIN: "attention",
        FollowUpOutcome.NOT_REACHED: "attention",
        FollowUpOutcome.WRONG_NUMBER: "bad",
    },
}
SENTENCES: dict[str, object] = {
    "follow_up_to_come": _("%(day)s has not come yet. Take down a call or a visit when it has been made."),
    "follow_up_before_course": _(
        "The course began on %(starts_on)s, and %(day)s lies before it. Enter the day of the call or the visit."
    ),
    "follow_up_minutes": _("A call or a visit takes between 1 and %(most)s minutes, the way included."),
    "follow_up_spoke_with_nobody": _(
        "You chose that nobody spoke with her, so she has not said whether she broadcasts. Choose “not asked”, or "
        "another outcome."
    ),
    "follow_up_not_of_class": _(
        "She only signed up for this class, or left it before its end. Calls are taken down for women of the class, and "
        "for those on the waitlist or not admitted with whom it is compared."
    ),
    "taken_down_no_reason": _("Please write why it is taken back."),
    "taken_down_taken_back": _("Somebody has taken it back already."),
}
# What the answer means, on every page that asks it.
STILL = _(
    "What she says, yes or no, is kept as her word: the month is then not without any data. The share of women who "
    "broadcast rests on files and checked entries alone. Never enter a no because nobody answered."
)
SHEET = {
    "title": _("Calls and visits of %(cohort)s"),
    "made": _("Calls and visits"),
    "to_call": _("To call next"),
    "number": _("No."),
    "day": _("Day"),
    "name": _("Name"),
    "seat": _("Seat"),
    "village": _("Village"),
    "kind": _("Call or visit"),
    "purpose": _("Why she was called"),
    "outcome": _("What came of it"),
    "minutes": _("Minutes"),
    "still": _("Broadcasts still"),
    "words": _("What she told"),
    "by": _("Made by"),
    "taken_back": _("Taken back because"),
    "together": _("Together"),
    "tries": _("Tries since the course"),
    "last_on": _("Last tried on"),
    "yes": _("yes"),
    "no": _("no"),
    "sign": _("Called on, by whom"),
}
