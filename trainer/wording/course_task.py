"""Words for the tasks of a cohort."""

from flask_babel import lazy_gettext as _

from trainer.domain.course_task import CourseTaskKind, HandInState, Proof

LABELS = {
    CourseTaskKind: {
        CourseTaskKind.BROADCAST: _("Broadcast"),
        CourseTaskKind.VIDEO: _("Short video"),
        CourseTaskKind.SHOP: _("Shop"),
        CourseTaskKind.OTHER: _("Other task"),
    },
    Proof: {
        Proof.PICTURE: _("A picture"),
        Proof.LINK: _("A link"),
        Proof.EITHER: _("A picture or a link"),
        Proof.NONE: _("Words are enough"),
    },
    HandInState: {
        HandInState.HANDED_IN: _("To be marked"),
        HandInState.PASSED: _("Passed"),
        HandInState.SENT_BACK: _("To be done again"),
        HandInState.TAKEN_BACK: _("Taken back"),
    },
}

TONES = {
    HandInState: {
        HandInState.HANDED_IN: "attention",
        HandInState.PASSED: "good",
        HandInState.SENT_BACK: "bad",
        HandInState.TAKEN_BACK: "quiet",
    },
}

SENTENCES: dict[str, object] = {
    "course_task_demanded": _(
        "The completion rule of this cohort asks for “%(title)s”. Change the rule first, then drop the task."
    ),
    "course_task_passed": _("This task has passed already. Nothing more is asked."),
    "hand_in_waits": _("It is handed in already and waits for the teacher. To change it, take it back first."),
    "hand_in_marked": _("It has been marked meanwhile and cannot be taken back any more."),
    "hand_in_overtaken": _("She took it back or handed in again meanwhile. Look at the newest one."),
    "hand_in_own": _("You handed this in yourself. Somebody else has to mark it."),
    "hand_in_remark_missing": _("Write in the remark what is missing, or why it is put right: she reads it."),
    "hand_in_lacks_picture": _("A picture is needed. Please choose one."),
    "hand_in_lacks_link": _("A link is needed. Copy it in the app and paste it here."),
    "hand_in_lacks_either": _("A picture or a link is needed. Please choose a picture, or paste a link."),
    "hand_in_lacks_words": _("Please write in your words what you did."),
    "hand_in_lacks_minutes": _("Please fill in how many minutes it was."),
}
