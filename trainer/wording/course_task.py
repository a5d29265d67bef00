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

SENTENCES: dict[str, object] = {}
