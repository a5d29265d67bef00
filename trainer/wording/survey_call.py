"""Words for the phone round of the questionnaires: how a call ended, what was refused, the list that leaves the house."""

from flask_babel import lazy_gettext as _

from trainer.domain.survey_call import CallResult

LABELS: dict[type, dict] = {
    CallResult: {
        CallResult.ANSWERED: _("She answered the questions"),
        CallResult.DECLINED: _("She would rather not answer"),
        CallResult.CALL_AGAIN: _("She asked to be called again"),
        CallResult.NOT_REACHED: _("Nobody picked up"),
        CallResult.WRONG_NUMBER: _("The number is wrong"),
    },
}
TONES: dict[type, dict] = {}
SENTENCES: dict[str, object] = {
    "survey_nothing_now": _(
        "Nothing is asked of this class today: it lies between two questionnaires, or after the last. Come back on the day "
        "on which the next one is due."
    ),
    "survey_nobody_chosen": _(
        "Nobody was changed: tick at least one woman who has another caller so far, or choose all on the list."
    ),
    "survey_may_not_call": _("This colleague does not work with the class any more. Choose one of the list."),
    "survey_no_such_choice": _("Type the numbers of the answers, from 1 to %(most)s, with a blank between them."),
}

TITLE = _("Phone call list of %(cohort)s")
HEADINGS = {
    "sheet": _("Whom to call"),
    "number": _("No."),
    "seat": _("Seat"),
    "name": _("Name"),
    "phone": _("Phone"),
    "village": _("Village"),
    "wave": _("Questionnaire"),
    "due_on": _("Due on"),
    "reminders": _("Reminders sent"),
    "tries": _("Calls made so far"),
    "called_on": _("Last call"),
    "outcome": _("Outcome"),
    "caller": _("Who calls"),
    "note": _("Note"),
}
