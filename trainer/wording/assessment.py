"""Words for assessments."""

from flask_babel import lazy_gettext as _

from trainer.domain.assessment import AssessmentKind

LABELS = {
    AssessmentKind: {
        AssessmentKind.THEORY: _("Theory"),
        AssessmentKind.PRACTICE: _("Practice"),
    },
}

TONES = {}

SENTENCES: dict[str, object] = {
    "assessment_demanded": _(
        "The completion rule demands “%(name)s”. Change the rule first, then the assessment can be dropped."
    ),
    "assessment_dropped": _("“%(name)s” was dropped: no scores are entered. Take it up again first."),
    "assessment_maximum_too_low": _("%(score)s points are entered or demanded: the maximum cannot be lower."),
    "score_own": _("You changed your own score. Leave it as it was: somebody else has to enter it."),
    "score_changed_meanwhile": _(
        "Somebody else entered another score meanwhile: %(names)s. What stands now is shown beside what you typed; "
        "nothing was saved yet."
    ),
    "score_change_unexplained": _(
        "Scores that stand already would change: %(names)s. Write why, it is kept with the old score."
    ),
}
