"""Words for checks on the marker: what was seen, what may lie behind it, what looking into it came to. None accuses."""

from collections.abc import Callable, Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from trainer.domain.roll_check import RollCheckAnswer, RollCheckKind

K = RollCheckKind
LABELS = {
    RollCheckKind: {
        K.HEADCOUNT_DIFFERS: _("The headcount differs from the roll"),
        K.TAKEN_IN_SECONDS: _("A roll taken in seconds"),
        K.SAME_AS_THE_DAY_BEFORE: _("The same women absent as before"),
        K.ONE_DEVICE_FOR_MANY: _("Many signed in on one phone"),
        K.MARKED_AFTER_CLOSING: _("Marks after the closing"),
        K.SAID_SHE_WAS_NOT_THERE: _("Said on the phone that she was not there"),
    },
    RollCheckAnswer: {
        RollCheckAnswer.EXPLAINED: _("Explained"),
        RollCheckAnswer.CORRECTED: _("Put right"),
        RollCheckAnswer.NOT_CREDIBLE: _("Not credible"),
    },
}

TONES = {
    RollCheckAnswer: {
        RollCheckAnswer.EXPLAINED: "good",
        RollCheckAnswer.CORRECTED: "good",
        RollCheckAnswer.NOT_CREDIBLE: "bad",
    },
}

SENTENCES: dict[str, object] = {
    "roll_check_answered": _("Somebody was faster and answered: %(answer)s. Nothing was changed."),
    "roll_check_gone": _("The roll was put right or opened again meanwhile: there is nothing to answer any more."),
    "roll_check_words_missing": _("Write down in a few words what you found, and whom you asked."),
}

STATES: Mapping[str, object] = {
    "open": _("To look into"),
    "answered": _("Answered"),
    "gone": _("No longer so"),
}

# Nothing here is a reproach: each of these has honest reasons, and they are said first.
MAY_BE: Mapping[RollCheckKind, object] = {
    K.HEADCOUNT_DIFFERS: _(
        "Often: a guest who was not written down, somebody who came after the roll or left before the count, a miscount."
    ),
    K.TAKEN_IN_SECONDS: _(
        "Often: she called the names out first, noted them on paper, and then typed them in. Ask for the paper."
    ),
    K.SAME_AS_THE_DAY_BEFORE: _("Often: neighbours who travel together, harvest, an illness in one village."),
    K.ONE_DEVICE_FOR_MANY: _(
        "Often: a village cadre or a daughter helped women without a phone of their own. Ask whether they sat in the room."
    ),
    K.MARKED_AFTER_CLOSING: _("Often: a paper sheet that arrived later, or a mistake that was put right."),
    K.SAID_SHE_WAS_NOT_THERE: _(
        "Often: she mixed up the day, or somebody else answered her phone. Ask her once more, and look at the class photo."
    ),
}


_SEEN: Mapping[RollCheckKind, Callable[..., str]] = {
    K.HEADCOUNT_DIFFERS: lambda f: gettext(
        "%(headcount)s heads counted, %(on_the_roll)s in the room by the roll, with those noted at the door.", **f
    ),
    K.TAKEN_IN_SECONDS: lambda f: gettext(
        "%(taps)s taps by %(who)s within %(seconds)s seconds, half of them less than %(median)s seconds apart.", **f
    ),
    K.SAME_AS_THE_DAY_BEFORE: lambda f: gettext(
        "%(absent)s of %(women)s women are absent, the very same as in the lesson before: %(other)s.", **f
    ),
    K.ONE_DEVICE_FOR_MANY: lambda f: gettext("%(women)s women signed in on one phone (noted above %(most)s).", **f),
    K.MARKED_AFTER_CLOSING: lambda f: gettext(
        "%(marks)s marks were made after the closing, %(as_attending)s of them as attending.", **f
    ),
    K.SAID_SHE_WAS_NOT_THERE: lambda f: gettext(
        "Of %(asked)s women reached by phone, %(women)s said that they were not at this lesson; the roll says they were.",
        **f,
    ),
}


def seen(kind: RollCheckKind, facts: Mapping[str, object], *, who: str = "", other: str = "") -> str:
    """What was seen, in one sentence; `who` made the taps, `other` is the lesson it is compared with."""
    return _SEEN[kind]({**facts, "who": who or "—", "other": other or "—"})
