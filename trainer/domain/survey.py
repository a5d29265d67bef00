"""Follow-up questionnaires: the questions as data, when each is asked and of whom, how far a sheet has come."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus
from trainer.domain.sales_entry import UnreadableFigure, read_number, written
from trainer.errors import Refused


class Wave(StrEnum):
    """One asking. The 90th day is the midline and the 365th the endline: nobody is asked twice on one day."""

    BASELINE = "baseline"
    DAY_30 = "day_30"
    DAY_60 = "day_60"
    DAY_90 = "day_90"
    DAY_180 = "day_180"
    DAY_365 = "day_365"

    @property
    def days(self) -> int | None:
        """Days after the course ended; None for the baseline, which is asked when it begins."""
        return None if self is Wave.BASELINE else int(self.value.removeprefix("day_"))

    def due_on(self, starts_on: date, ends_on: date) -> date:
        return starts_on if self.days is None else ends_on + timedelta(days=self.days)

    def span(self, starts_on: date, ends_on: date) -> tuple[date, date]:
        """First and last day on which she may answer: the baseline while the course goes on, a follow-up until the next."""
        if self.days is None:
            return starts_on - BASELINE_AHEAD, ends_on
        first = self.due_on(starts_on, ends_on)
        return first, first + OPEN_FOR[self] - timedelta(days=1)


MIDLINE, ENDLINE = Wave.DAY_90, Wave.DAY_365
BASELINE_AHEAD = timedelta(days=10)
# Until the next one is asked; after the last there is none.
OPEN_FOR: Mapping[Wave, timedelta] = {
    Wave.DAY_30: timedelta(days=30),
    Wave.DAY_60: timedelta(days=30),
    Wave.DAY_90: timedelta(days=90),
    Wave.DAY_180: timedelta(days=185),
    Wave.DAY_365: timedelta(days=60),
}
# So long after a course nothing is asked any more.
LAST_DAY = timedelta(days=365) + OPEN_FOR[Wave.DAY_365]
# So long after she was asked she is reminded, and then not again: a call is better.
REMINDED_AFTER = (timedelta(days=3), timedelta(days=7))
# With whom the class may be compared: asked by telephone alone, where staff open their sheets.
COMPARED = frozenset({EnrolmentStatus.WAITLISTED, EnrolmentStatus.REJECTED})


def wave_on(day: date, starts_on: date, ends_on: date) -> Wave | None:
    """The one that is asked on that day: never two."""
    for wave in Wave:
        first, last = wave.span(starts_on, ends_on)
        if first <= day <= last:
            return wave
    return None


def asked_of(wave: Wave) -> frozenset[EnrolmentStatus]:
    """Who is asked without anybody's doing."""
    return ON_THE_ROLL if wave is Wave.BASELINE else frozenset({EnrolmentStatus.COMPLETED})


class SurveyMode(StrEnum):
    HERSELF = "herself"
    PHONE = "phone"
    PAPER = "paper"


class SheetState(StrEnum):
    """ENTERED: copied from paper by one person, not yet by a second."""

    OPEN = "open"
    ENTERED = "entered"
    ANSWERED = "answered"
    DECLINED = "declined"


class QuestionKind(StrEnum):
    YES_NO = "yes_no"
    NUMBER = "number"
    MONEY = "money"
    CHOICE = "choice"
    CHOICES = "choices"


YES, NO, DECLINED = "yes", "no", "declined"
_YES_NO = {YES: 1, NO: 0}
_EVERY_WAVE = frozenset(Wave)
_LONG = frozenset({Wave.BASELINE, MIDLINE, ENDLINE})


@dataclass(frozen=True)
class Question:
    """Money and its bounds in fen. Outside `usual` she is asked to look again, outside `bounds` it cannot be.

    She may leave each unsaid. `only_if`: asked of whoever gave that answer (1 yes, 0 no) to the other question, and of whom it is not known yet.
    """

    code: str
    kind: QuestionKind
    waves: frozenset[Wave] = _EVERY_WAVE
    bounds: tuple[int, int] = (0, 0)
    usual: tuple[int, int] = (0, 0)
    choices: tuple[str, ...] = ()
    only_if: tuple[str, int] | None = None

    def applies(self, answers: Mapping[str, "Answer"]) -> bool:
        if self.only_if is None:
            return True
        code, wanted = self.only_if
        return code not in answers or answers[code].number == wanted


# Profit is asked straight out: asked so it is more accurate than sales less costs (de Mel, McKenzie and Woodruff 2009).
PROFIT, BROADCASTS = "profit", "broadcasts_30"
QUESTIONS: tuple[Question, ...] = (
    Question("sells_now", QuestionKind.YES_NO, choices=(YES, NO)),
    Question(
        "sells_on",
        QuestionKind.CHOICES,
        _LONG,
        choices=("kuaishou", "douyin", "wechat_channels", "taobao", "pinduoduo", "wechat", "other"),
        only_if=("sells_now", 1),
    ),
    Question(BROADCASTS, QuestionKind.NUMBER, bounds=(0, 300), usual=(0, 60)),
    Question(PROFIT, QuestionKind.MONEY, bounds=(-(10**10), 10**10), usual=(-3_000_000, 5_000_000)),
    Question("helpers", QuestionKind.NUMBER, _LONG, bounds=(0, 500), usual=(0, 10)),
    Question(
        "obstacle",
        QuestionKind.CHOICE,
        choices=("viewers", "goods", "shipping", "skills", "phone", "time", "money", "family", "nothing", "other"),
    ),
    Question("wants_call", QuestionKind.YES_NO, _EVERY_WAVE - {Wave.BASELINE}, choices=(YES, NO)),
)


@dataclass(frozen=True)
class Answer:
    """To one question: a number (1 and 0 for yes and no, money in fen), codes of choices, or that she rather not says."""

    number: int | None = None
    choices: tuple[str, ...] = ()
    declined: bool = False


class AnswerUnfit(Refused):
    """What was given cannot be the answer: `code` says why."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        super().__init__(**values)


def questions_of(wave: Wave, answers: Mapping[str, Answer] | None = None) -> tuple[Question, ...]:
    """Of a wave, in the order of asking; with answers those that are asked after them."""
    return tuple(one for one in QUESTIONS if wave in one.waves and one.applies(answers or {}))


def find_question(wave: Wave, code: str) -> Question | None:
    return next((one for one in questions_of(wave) if one.code == code), None)


def next_question(wave: Wave, answers: Mapping[str, Answer]) -> Question | None:
    """The first that has no answer yet."""
    return next((one for one in questions_of(wave, answers) if one.code not in answers), None)


def is_complete(wave: Wave, answers: Mapping[str, Answer]) -> bool:
    return next_question(wave, answers) is None


def answers_that_count(wave: Wave, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Without those to questions that are not asked any more, after an answer before them was changed."""
    return {one.code: answers[one.code] for one in questions_of(wave, answers) if one.code in answers}


def differing(wave: Wave, first: Mapping[str, Answer], second: Mapping[str, Answer]) -> tuple[str, ...]:
    """Codes of the questions that two entries of one sheet of paper answer otherwise."""
    return tuple(one.code for one in questions_of(wave) if first.get(one.code) != second.get(one.code))


def check_answer(question: Question, raw: str | Sequence[str], *, sure: bool = False) -> Answer:
    """What was typed or ticked, read; `sure`: she has looked again at a figure that is out of the usual.

    Raises AnswerUnfit.
    """
    given = [raw] if isinstance(raw, str) else list(raw)
    given = [one.strip() for one in given if one.strip()]
    if not given:
        raise AnswerUnfit("survey_no_answer")
    if given == [DECLINED]:
        return Answer(declined=True)
    if question.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES):
        return _read_choices(question, given)
    if question.kind is QuestionKind.YES_NO:
        if given[0] not in _YES_NO:
            raise AnswerUnfit("survey_no_answer")
        return Answer(_YES_NO[given[0]])
    return Answer(_read_figure(question, given[0], sure=sure))


def _read_choices(question: Question, given: Sequence[str]) -> Answer:
    if any(one not in question.choices for one in given):
        raise AnswerUnfit("survey_no_answer")
    if question.kind is QuestionKind.CHOICE and len(given) > 1:
        raise AnswerUnfit("survey_one_answer")
    return Answer(choices=tuple(one for one in question.choices if one in given))


_LOSS = re.compile(r"[-−–亏负]+\s*了?")


def _read_figure(question: Question, text: str, *, sure: bool) -> int:
    is_money = question.kind is QuestionKind.MONEY
    low, high = question.bounds
    text = unicodedata.normalize("NFKC", text)
    loss = _LOSS.match(text) if low < 0 else None
    try:
        figure, _exact = read_number(text[loss.end() :] if loss else text, most=10**13, decimals=2 if is_money else 0)
    except UnreadableFigure:
        raise AnswerUnfit("survey_no_amount" if is_money else "survey_no_number") from None
    figure = -figure if loss else figure
    if not low <= figure <= high:
        raise AnswerUnfit("survey_too_much" if is_money else "survey_too_many", most=high // 100 if is_money else high)
    if not sure and not question.usual[0] <= figure <= question.usual[1]:
        raise AnswerUnfit("survey_look_again", figure=figure_text(question, figure))
    return figure


def figure_text(question: Question, figure: int) -> str:
    """As it is typed: yuan without pence where there are none."""
    if question.kind is not QuestionKind.MONEY:
        return str(figure)
    text = written(abs(figure), rounded=False, decimals=2)
    return ("-" if figure < 0 else "") + text.removesuffix(".00")


def as_given(question: Question, answer: Answer) -> list[str]:
    """The answer as a form gives it: `check_answer` reads the same from it."""
    if answer.declined:
        return [DECLINED]
    if answer.number is None:
        return list(answer.choices)
    if question.kind is QuestionKind.YES_NO:
        return [YES if answer.number else NO]
    return [figure_text(question, answer.number)]
