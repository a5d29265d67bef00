"""How a filled-in paper is copied with the keyboard: answers by their number, an x where she left it empty."""

import re
from collections.abc import Sequence

from trainer.domain.survey import DECLINED, AnswerUnfit, Question

LEFT_EMPTY = "x"
_BETWEEN = re.compile(r"[\s,，、;；.。+/]+")


def read_typed(question: Question, text: str) -> Sequence[str]:
    """As a form with boxes would give it, for `check_answer`: “1 3” are the first and the third choice, figures stay.

    Raises AnswerUnfit.
    """
    text = text.strip()
    if text.lower() in (LEFT_EMPTY, "×", "ｘ"):
        return [DECLINED]
    if not question.choices or not text:
        return [text]
    return [_choice(question, number) for number in _BETWEEN.split(text) if number]


def _choice(question: Question, number: str) -> str:
    if number.isdecimal() and 1 <= int(number[:3]) <= len(question.choices):
        return question.choices[int(number[:3]) - 1]
    raise AnswerUnfit("survey_no_such_choice", most=len(question.choices))


def typed(question: Question, given: Sequence[str]) -> str:
    """The other way round: what stands in the field where the copy is made anew."""
    if list(given) == [DECLINED]:
        return LEFT_EMPTY
    if not question.choices:
        return "".join(given)
    return " ".join(str(question.choices.index(one) + 1) for one in given)
