"""Words for the satisfaction form."""

from flask_babel import lazy_gettext as _

from trainer.domain.feedback import Face, Question

LABELS = {
    Question: {
        Question.CONTENT: _("What was taught"),
        Question.TEACHING: _("How it was taught"),
        Question.ORGANISATION: _("How it was organised"),
    },
    Face: {Face.GOOD: _("Content with it"), Face.FAIR: _("So-so"), Face.BAD: _("Not content with it")},
}

TONES: dict[type, dict] = {}

# Asked of her, in her words.
ASKED = {
    Question.CONTENT: _("Was what you learnt useful to you?"),
    Question.TEACHING: _("Did the teachers explain it well?"),
    Question.ORGANISATION: _("Were place, times, food and help as they should be?"),
}
SHEET = {
    "feedback": _("Satisfaction"),
    "question": _("Question"),
    "answered": _("Answers counted"),
    "words": _("In their words"),
}

SENTENCES: dict[str, object] = {
    "feedback_not_open": _(
        "This form is open from the day of the last lesson for %(days)s days. It takes no answers now; tell your teacher what "
        "you would like to say."
    ),
    "feedback_given_already": _("You have answered already, thank you. Each woman answers once."),
}
