"""What a class answered to a questionnaire, summed up; and what of that whoever may not see its women is told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from trainer.domain.outcome_money import quantile
from trainer.domain.outcomes import FEWEST
from trainer.domain.survey import DECLINED, Answer, Question, QuestionKind, Wave, as_given, questions_of
from trainer.domain.tally import hidden_cells, hides

# How figures are counted: below nothing, nothing, and more.
LOSS, ZERO, SOME = "loss", "zero", "some"
_FIGURES = {QuestionKind.MONEY: (SOME, ZERO, LOSS), QuestionKind.NUMBER: (SOME, ZERO)}
# Outsiders are told quartiles where each quarter is of FEWEST women at least.
FEWEST_QUARTERED = 4 * FEWEST


@dataclass(frozen=True)
class Asking:
    """One wave of a class: `due` women were asked, `declined` would rather not, `said` are the answers by woman of those
    who handed it in."""

    wave: Wave
    due: int
    declined: int
    said: Mapping[int, Mapping[str, Answer]]


@dataclass(frozen=True)
class Sums:
    """What `asked` women answered. `parts`: how many gave each answer, those who would rather not say among them; where
    several may be ticked a woman is in several. Median and quartiles of figures, money in fen. None: not told."""

    asked: int | None
    parts: Mapping[str, int | None]
    median: Fraction | None = None
    quartiles: tuple[Fraction, Fraction] | None = None

    @property
    def answered(self) -> int | None:
        return None if None in (self.asked, self.parts[DECLINED]) else self.asked - self.parts[DECLINED]

    @property
    def is_whole(self) -> bool:
        """Nothing of it is kept back."""
        return None not in (self.asked, *self.parts.values())


@dataclass(frozen=True)
class SameWomen:
    """Those who answered the question both times, at `wave` and now."""

    wave: Wave
    then: Sums
    now: Sums


@dataclass(frozen=True)
class QuestionSums:
    """`is_kept_back`: there are women who answered both times, and they are not told of."""

    question: Question
    sums: Sums
    same: SameWomen | None
    is_kept_back: bool = False


@dataclass(frozen=True)
class WaveSums:
    wave: Wave
    due: int | None
    answered: int | None
    declined: int | None
    questions: tuple[QuestionSums, ...]


def sum_up(askings: Mapping[Wave, Asking], wave: Wave, *, in_full: bool) -> WaveSums:
    """`askings`: this wave and those before it. Not in full, nothing of fewer than five women is told, nor of the rest,
    nor what would give one of them away."""
    asking, found = askings[wave], {}
    for question in questions_of(wave):
        found[question.code] = _question(question, askings, wave, found, in_full=in_full)
    counts = (asking.due, len(asking.said), asking.declined)
    return WaveSums(wave, *(counts if in_full else _told_counts(asking)), tuple(found.values()))


def _told_counts(asking: Asking) -> tuple[int | None, int | None, int | None]:
    due = None if 0 < asking.due < FEWEST else asking.due
    return due, *(_told_part(part, due) for part in (len(asking.said), asking.declined))


def _told_part(part: int, whole: int | None) -> int | None:
    return None if whole is None or hides(part, whole, FEWEST) else part


def _question(question, askings, wave, before: Mapping[str, QuestionSums], *, in_full: bool) -> QuestionSums:
    asking, earlier = askings[wave], _earlier(question, askings, wave)
    sums, same, rests = _sums(question, _asked(question, asking).values()), None, []
    if earlier and (both := _both(question, earlier, asking)):
        sides = (earlier, asking)
        same = SameWomen(earlier.wave, *(_of(question, side, both, inside=True) for side in sides))
        rests = [_of(question, side, both, inside=False) for side in sides]
    if in_full:
        return QuestionSums(question, sums, same)
    told = _tell(question, sums, asking, before)
    if same is None:
        return QuestionSums(question, told, None)
    then = _tell(question, _sums(question, _asked(question, earlier).values()), earlier, {})
    open_to_all = [told, then, *(_cut(question, one) for one in (same.then, same.now, *rests))]
    if not all(one.is_whole for one in open_to_all):
        return QuestionSums(question, told, None, is_kept_back=True)
    return QuestionSums(question, told, SameWomen(same.wave, *(_cut(question, one) for one in (same.then, same.now))))


def _earlier(question: Question, askings: Mapping[Wave, Asking], wave: Wave) -> Asking | None:
    """The wave before in which the question was asked."""
    waves = list(Wave)
    asked = [one for one in waves[: waves.index(wave)] if one in askings and one in question.waves]
    return askings[asked[-1]] if asked else None


def _asked(question: Question, asking: Asking) -> dict[int, Answer]:
    """The answers of whoever was asked it."""
    return {
        woman: said[question.code]
        for woman, said in asking.said.items()
        if question.code in said and question.applies(said)
    }


def _both(question: Question, earlier: Asking, asking: Asking) -> frozenset[int]:
    """Who answered it both times."""
    sides = [_asked(question, side).items() for side in (earlier, asking)]
    then, now = ({woman for woman, answer in side if not answer.declined} for side in sides)
    return frozenset(then & now)


def _of(question: Question, asking: Asking, women: frozenset[int], *, inside: bool) -> Sums:
    answers = _asked(question, asking).items()
    return _sums(question, [answer for woman, answer in answers if (woman in women) is inside])


def _sums(question: Question, answers: Iterable[Answer]) -> Sums:
    answers = list(answers)
    parts = dict.fromkeys((*question.choices, *_FIGURES.get(question.kind, ()), DECLINED), 0)
    for answer in answers:
        for part in _parts_of(question, answer):
            parts[part] += 1
    figures = sorted(one.number for one in answers if one.number is not None) if question.kind in _FIGURES else []
    if not figures:
        return Sums(len(answers), parts)
    low, middle, high = (quantile(figures, Fraction(quarter, 4)) for quarter in (1, 2, 3))
    return Sums(len(answers), parts, middle, (low, high))


def _parts_of(question: Question, answer: Answer) -> list[str]:
    if question.kind not in _FIGURES or answer.declined:
        return as_given(question, answer)
    return [SOME if answer.number > 0 else ZERO if answer.number == 0 else LOSS]


def _tell(question: Question, sums: Sums, asking: Asking, before: Mapping[str, QuestionSums]) -> Sums:
    """Nothing where it is not told how many answered, or how many were asked for what they had answered before."""
    asked_for = [before[question.only_if[0]].sums] if question.only_if and question.only_if[0] in before else []
    is_open = _told_counts(asking)[1] is not None and all(one.is_whole for one in asked_for)
    return _cut(question, sums) if is_open else Sums(None, dict.fromkeys(sums.parts))


def _cut(question: Question, sums: Sums) -> Sums:
    if 0 < sums.asked < FEWEST:
        return Sums(None, dict.fromkeys(sums.parts))
    hidden = _hidden(sums, overlapping=question.kind is QuestionKind.CHOICES)
    told = Sums(sums.asked, {part: None if part in hidden else count for part, count in sums.parts.items()})
    if told.answered is None or told.answered < FEWEST:
        return told
    quartiles = sums.quartiles if told.answered >= FEWEST_QUARTERED else None
    return Sums(told.asked, told.parts, sums.median, quartiles)


def _hidden(sums: Sums, *, overlapping: bool) -> set[str]:
    """The parts not told: of a few or of all but a few, and what would give them away."""
    if not overlapping:
        return {part for _row, part in hidden_cells([sums.parts], FEWEST)}
    answered = sums.asked - sums.parts[DECLINED]
    wholes = {part: (sums.asked,) if part == DECLINED else (sums.asked, answered) for part in sums.parts}
    return {part for part, n in sums.parts.items() if any(hides(n, whole, FEWEST) for whole in wholes[part])}
