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

SENTENCES: dict[str, object] = {
    "sign_up_not_open": _("Signing up is not open today. Nothing was sent. Call the teacher if you have a question."),
    "sign_up_waits": _(
        "Very many sign-ups have just come from here. What you typed still stands below: wait ten minutes, then press "
        "the button again. Or call the teacher."
    ),
    "sign_up_wrong_code": _(
        "Code and last four digits do not belong together. Compare both: the digits are of the phone number that was "
        "given when signing up. Code lost? Call the teacher."
    ),
    "sign_up_look_up_waits": _(
        "Too many wrong tries. Please wait 15 minutes and try again, or call the teacher: the number stands on the poster."
    ),
    "sign_up_decided": _("The sign-up was answered meanwhile, so it cannot be taken back here. Call the teacher."),
    "sign_up_after_cohort": _("The class ends on %(last)s; nobody can sign up after that. Choose earlier days."),
    "sign_up_roster_waits": _(
        "A roster with ID numbers waits for confirmation. Take it in or discard it first, then stop collecting them."
    ),
}
