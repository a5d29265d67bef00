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

SENTENCES: dict[str, object] = {}
