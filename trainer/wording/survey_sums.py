"""Words for the sums of a questionnaire: parts of a question, headings of its table, what each figure is."""

from flask_babel import lazy_gettext as _

from trainer.domain.survey import DECLINED, Question, QuestionKind
from trainer.domain.survey_sums import LOSS, SOME, ZERO
from trainer.wording.survey import OPTIONS, rather_not

TITLE = _("Answers to “%(wave)s” of %(cohort)s")
HEADINGS = {
    "sheet": _("Answers summed up"),
    "question": _("Question"),
    "answer": _("Answer given"),
    "unit": _("Unit"),
    "value": _("Women, or value"),
    "whole": _("Of women asked it"),
    "share": _("Share"),
    "then": _("Before, the same women"),
    "now": _("Now, the same women"),
    "both": _("Women who answered both times"),
    "wave": _("Before means"),
}
MIDDLE = {
    "low": _("A quarter stand at or below"),
    "median": _("Half stand at or below (median)"),
    "high": _("Three quarters stand at or below"),
}
UNITS = {"number": _("women"), "value": _("number"), "money": _("yuan")}
_FIGURES = {SOME: _("More than 0"), ZERO: _("None (0)"), LOSS: _("Less than 0 (a loss)")}
DEFINITION = _(
    "Women of the class who handed this questionnaire in, by themselves, by phone or on paper that two people copied. What was "
    "corrected counts as corrected. Shares are of the women asked the question, those who would rather not say among them; "
    "figures are of those who named one. Where several answers may be ticked, the shares may come to more than 100 %. Before: "
    "the questionnaire before this one that had the same question, of the women who answered it both times."
)
HIDDEN = _("not shown: fewer than 5, or would give them away")


def part_words(question: Question, part: str) -> str:
    if part == DECLINED:
        return rather_not()[1]
    if question.kind in (QuestionKind.MONEY, QuestionKind.NUMBER):
        return str(_FIGURES[part])
    return str(OPTIONS[question.code][part])
