"""Words for the follow-up questionnaires: waves, states, the questions as she is asked them, and her answers."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from trainer.domain.survey import (
    DECLINED,
    NO,
    QUESTIONS,
    YES,
    Answer,
    Question,
    QuestionKind,
    SheetState,
    SurveyMode,
    Wave,
    as_given,
    figure_text,
)
from trainer.wording.sales import PLATFORMS

# Asked of her, in words of a primary school; the second line helps.
ASKED: dict[str, tuple[object, object]] = {
    "sells_now": (
        _("Do you sell goods on the internet now?"),
        _("Broadcasts, short videos, a shop, your WeChat circle: all of it counts."),
    ),
    "sells_on": (_("Where do you sell?"), _("Tick all that fit.")),
    "broadcasts_30": (
        _("How many times did you broadcast in the last 30 days?"),
        _("Such as 8. Not once: 0."),
    ),
    "profit": (
        _("Last month, how many yuan did you earn by selling, after all costs?"),
        _("What was left to you yourself, after goods, postage and other costs. Nothing earned or nothing sold: 0."),
    ),
    "helpers": (
        _("Last month, how many people worked for you and were paid for it?"),
        _("Count family only where you paid them. Nobody: 0."),
    ),
    "obstacle": (_("What is hardest for you now?"), _("Choose the one that weighs most.")),
    "wants_call": (_("Shall your teacher call you?"), _("She calls within a few days.")),
}

OPTIONS: dict[str, dict[str, object]] = {
    "sells_now": {YES: _("Yes, I sell"), NO: _("No, not now")},
    "wants_call": {YES: _("Yes, please call me"), NO: _("No need")},
    "sells_on": {
        **PLATFORMS,
        "wechat": _("WeChat circle and groups"),
        "other": _("Somewhere else"),
    },
    "obstacle": {
        "viewers": _("Too few people watch"),
        "goods": _("I have no good products to sell"),
        "shipping": _("Parcels are dear or slow"),
        "skills": _("I do not know how it is done"),
        "phone": _("My phone or network is not good enough"),
        "time": _("I have no time"),
        "money": _("I lack money"),
        "family": _("My family does not support it"),
        "nothing": _("Nothing is hard"),
        "other": _("Something else is hard"),
    },
}

LABELS: dict[type, dict] = {
    Wave: {
        Wave.BASELINE: _("At the start of the course (baseline)"),
        Wave.DAY_30: _("30 days after the course"),
        Wave.DAY_60: _("60 days after the course"),
        Wave.DAY_90: _("90 days after the course (midline)"),
        Wave.DAY_180: _("180 days after the course"),
        Wave.DAY_365: _("A year after the course (endline)"),
    },
    SurveyMode: {
        SurveyMode.HERSELF: _("By herself"),
        SurveyMode.PHONE: _("By telephone"),
        SurveyMode.PAPER: _("On paper"),
    },
    SheetState: {
        SheetState.OPEN: _("Not answered yet"),
        SheetState.ENTERED: _("Copied once from paper"),
        SheetState.ANSWERED: _("Questionnaire answered"),
        SheetState.DECLINED: _("Would rather not answer"),
    },
    Question: {question: ASKED[question.code][0] for question in QUESTIONS},
}

# As she reads it: without the words of those who compare.
ASKED_WHEN = LABELS[Wave] | {
    Wave.BASELINE: _("At the start of the course"),
    Wave.DAY_90: _("90 days after the course"),
    Wave.DAY_365: _("A year after the course"),
}

TONES: dict[type, dict] = {
    SheetState: {
        SheetState.OPEN: "attention",
        SheetState.ENTERED: "attention",
        SheetState.ANSWERED: "good",
        SheetState.DECLINED: "quiet",
    },
}

SENTENCES: dict[str, object] = {
    "survey_no_answer": _("There is no answer yet. Choose or type one, or tap “I would rather not say this”."),
    "survey_one_answer": _("Choose only one answer."),
    "survey_no_number": _("This is no number. Type digits, such as 8. None: 0."),
    "survey_no_amount": _("This is no amount. Type yuan in digits, such as 1500. Nothing: 0."),
    "survey_too_many": _("This cannot be: at most %(most)s. Look at the number once more."),
    "survey_too_much": _("This cannot be: at most %(most)s yuan. Look at the amount once more."),
    "survey_look_again": _(
        "You typed %(figure)s. That is unusual: please count the digits once more. If it is right, tick the box below."
    ),
    "survey_moved": _(
        "This cannot be done any more: the questionnaire stands as “%(state)s” now. Nothing was changed."
    ),
    "survey_incomplete": _(
        "One question has no answer yet: “%(question)s” Answer it, or choose “I would rather not say this”."
    ),
    "survey_over": _(
        "This questionnaire takes answers from %(first)s to %(last)s: later ones would speak of another time. Nothing was "
        "changed."
    ),
    "survey_reason_missing": _("Write why the questionnaire is changed: whoever checks it later reads it."),
    "survey_own_paper": _("You made the first copy of this paper. Somebody else makes the second."),
    "survey_from_tomorrow": _("She cannot have filled it in on a day that has not come. Look at the day once more."),
}


def help_words(question: Question) -> str:
    return str(ASKED[question.code][1])


def options(question: Question) -> list[tuple[str, str]]:
    """(value, words) of what can be ticked; figures have none."""
    return [(code, str(OPTIONS[question.code][code])) for code in question.choices]


def rather_not() -> tuple[str, str]:
    return DECLINED, gettext("I would rather not say this")


def answer_words(question: Question, answer: Answer | None) -> str:
    """Her answer as it is read back to her, and to staff."""
    if answer is None:
        return "—"
    if answer.declined:
        return rather_not()[1]
    if question.choices:
        return gettext(", ").join(str(OPTIONS[question.code][code]) for code in as_given(question, answer))
    return _figure_words(question, answer.number)


def _figure_words(question: Question, figure: int) -> str:
    if question.kind is not QuestionKind.MONEY:
        return str(figure)
    text = figure_text(question, abs(figure))
    return gettext("lost %(yuan)s yuan", yuan=text) if figure < 0 else gettext("%(yuan)s yuan", yuan=text)
