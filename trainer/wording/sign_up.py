"""Words for sign-ups."""

from flask_babel import lazy_gettext as _

from trainer.domain.sign_up import AnswerChannel, HelperRelation, SignUpState

LABELS = {
    SignUpState: {
        SignUpState.OPEN: _("Waiting for an answer"),
        SignUpState.SETTLED: _("Answered"),
        SignUpState.TAKEN_BACK: _("Taken back"),
        SignUpState.STRUCK_OUT: _("Struck out"),
    },
    AnswerChannel: {
        AnswerChannel.CALL: _("A call"),
        AnswerChannel.SMS: _("A text message"),
        AnswerChannel.HELPER: _("Through whoever helped"),
        AnswerChannel.LOOK_UP: _("I look it up myself"),
    },
    HelperRelation: {
        HelperRelation.CADRE: _("Village cadre"),
        HelperRelation.FAMILY: _("Family"),
        HelperRelation.NEIGHBOUR: _("Neighbour"),
        HelperRelation.OTHER: _("Somebody else"),
    },
}

TONES = {
    SignUpState: {
        SignUpState.OPEN: "attention",
        SignUpState.SETTLED: "good",
        SignUpState.TAKEN_BACK: "quiet",
        SignUpState.STRUCK_OUT: "quiet",
    },
}

SENTENCES: dict[str, object] = {}
