"""Words for completion: what a woman still needs, each as one plain sentence."""

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _

from trainer.domain.completion import Missing, MissingKind, ProgressState

LABELS = {
    ProgressState: {
        ProgressState.MEETS: _("Meets the rule"),
        ProgressState.NOT_YET: _("Not there yet"),
        ProgressState.OUT_OF_REACH: _("Cannot any more"),
    },
}

TONES = {
    ProgressState: {
        ProgressState.MEETS: "good",
        ProgressState.NOT_YET: "attention",
        ProgressState.OUT_OF_REACH: "bad",
    },
}

SENTENCES: dict[str, object] = {}

# Read by the women themselves as well as by staff: no words that only an office knows.
MISSING = {
    MissingKind.NOTHING_MARKED: _("no lesson is marked yet"),
    MissingKind.HOURS: _("%(hours)s hours of lessons still to attend"),
    MissingKind.HOURS_LOST: _("%(hours)s hours of lessons short, and not enough lessons left"),
    MissingKind.UNEXCUSED: _("absent without leave %(number)s times too often"),
    MissingKind.LESSON_TO_COME: _("must come to the lesson “%(name)s”"),
    MissingKind.LESSON_UNMARKED: _("nobody has marked the required lesson “%(name)s” yet"),
    MissingKind.LESSON_MISSED: _("missed the required lesson “%(name)s”, which has to be made up"),
    MissingKind.TASK_TO_DO: _("the task “%(name)s” still to do"),
    MissingKind.TASK_WAITING: _("the task “%(name)s” waits for the teacher to mark it"),
    MissingKind.TASK_AGAIN: _("the task “%(name)s” to do once more"),
    MissingKind.ASSESSMENT_TO_COME: _("“%(name)s” still to take, at least %(score)s points"),
    MissingKind.SCORE_BELOW: _("in “%(name)s” %(has)s points, at least %(score)s needed"),
}
AND = _("; ")


def missing_sentence(missing: Sequence[Missing]) -> str:
    """还需上课 6 学时；还要完成任务「直播一场」: all that she lacks in one sentence, nothing where she lacks nothing."""
    return str(AND).join(_say(one) for one in missing)


def _say(one: Missing) -> str:
    return str(MISSING[one.kind]) % {
        "name": one.name,
        "number": one.number,
        # Rounded up to a tenth: whoever attends so much has enough.
        "hours": _short(Decimal(-(-one.number // 6)) / 10),
        "score": _short(Decimal(one.number) / 100),
        "has": _short(Decimal(one.has) / 100),
    }


def _short(number: Decimal) -> str:
    """Without needless zeros: 60, 60.5."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
