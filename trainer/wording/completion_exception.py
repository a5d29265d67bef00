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

SENTENCES: dict[str, object] = {
    "exception_stands": _("An exception for her is proposed or approved already. Look at that one."),
    "exception_not_needed": _("She completes by the rule: no exception is needed."),
    "exception_not_on_the_roll": _(
        "She is not on the roll of this cohort: there is nothing to make an exception from."
    ),
    "exception_own_proposal": _("You proposed this exception. Somebody else has to sign it."),
    "exception_own": _("This is about yourself. An exception takes two other people: ask them."),
    "exception_decided": _("Somebody has dealt with this exception already: %(state)s. Look at it again."),
}
