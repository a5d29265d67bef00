"""Words for exceptions from the completion rule."""

from flask_babel import lazy_gettext as _

from trainer.domain.completion_exception import ExceptionState

LABELS = {
    ExceptionState: {
        ExceptionState.PROPOSED: _("Waiting for a signature"),
        ExceptionState.APPROVED: _("Approved"),
        ExceptionState.REFUSED: _("Not approved"),
        ExceptionState.TAKEN_BACK: _("Taken back"),
    },
}

TONES = {
    ExceptionState: {
        ExceptionState.PROPOSED: "attention",
        ExceptionState.APPROVED: "good",
        ExceptionState.REFUSED: "bad",
        ExceptionState.TAKEN_BACK: "quiet",
    },
}

SENTENCES: dict[str, object] = {}
