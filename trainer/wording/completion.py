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

SENTENCES: dict[str, object] = {
    "rule_unchanged": _("This is the rule as it stands. Change something, or leave it."),
    "rule_reason_missing": _("Women are on the roll already: write why the rule changes."),
    "rule_preview_stale": _(
        "Marks, scores or the rule changed since this preview. Look at the new one, and confirm that."
    ),
    "rule_not_demandable": _(
        "Something the rule would demand is not there any more, or its score is above the maximum. Make the preview again."
    ),
    "conclusion_lessons_open": _(
        "%(lessons)s lessons are not closed yet. Close or cancel them, then the class can be concluded."
    ),
    "conclusion_stale": _("Something changed since this list was shown. Look at the new one, and confirm that."),
    "conclusion_nothing": _("Everybody stands already as the rule says: there is nothing to conclude."),
    "conclusion_nothing_to_take_back": _(
        "There is no conclusion to take back. A woman with a valid certificate is left as she is; revoke it first."
    ),
}

# What women lack, by groups a list can be cut to.
LACKS = {
    "hours": (_("Hours"), {MissingKind.HOURS, MissingKind.HOURS_LOST, MissingKind.NOTHING_MARKED}),
    "unexcused": (_("Absences"), {MissingKind.UNEXCUSED}),
    "lesson": (
        _("A required lesson"),
        {MissingKind.LESSON_TO_COME, MissingKind.LESSON_UNMARKED, MissingKind.LESSON_MISSED},
    ),
    "task": (_("A task"), {MissingKind.TASK_TO_DO, MissingKind.TASK_AGAIN}),
    "marking": (_("A task to be marked"), {MissingKind.TASK_WAITING}),
    "score": (_("A score"), {MissingKind.ASSESSMENT_TO_COME, MissingKind.SCORE_BELOW}),
}

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
        "hours": short(-(-one.number // 6) * 10),
        "score": short(one.number),
        "has": short(one.has),
    }


def short(hundredths: int) -> str:
    """Without needless zeros: 60, 60.5."""
    return f"{Decimal(hundredths) / 100:.2f}".rstrip("0").rstrip(".")


# Headings of a class's progress as a workbook.
SHEET = {
    "title": _("Progress to completion of %(cohort)s"),
    "sheet": _("Completion"),
    "number": _("No."),
    "name": _("Name"),
    "county": _("County"),
    "status": _("Status"),
    "state": _("By the rule"),
    "rate": _("Attendance rate"),
    "missing": _("What is still missing"),
}
