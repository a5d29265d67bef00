"""Sums of a questionnaire: counted by hand, the same women before, and what an outsider is told."""

from fractions import Fraction
from types import MappingProxyType

import pytest

from trainer.domain.survey import Answer, Wave
from trainer.domain.survey_sums import Asking, sum_up

YES, NO, RATHER_NOT = Answer(1), Answer(0), Answer(declined=True)
BEFORE, NOW = Wave.DAY_30, Wave.DAY_60


def asking(wave, **answers):
    """One woman a place in each list; a question that is not named has "nothing is hard" or no."""
    size = len(next(iter(answers.values())))
    usual = {"sells_now": YES, "broadcasts_30": Answer(3), "profit": Answer(1000), "wants_call": NO}
    usual["obstacle"] = Answer(choices=("nothing",))
    said = {at: {code: answers.get(code, [one] * size)[at] for code, one in usual.items()} for at in range(size)}
    return Asking(wave, due=size, declined=0, said={at: hers for at, hers in said.items() if None not in hers.values()})


def summed(*askings, wave=NOW, in_full=True):
    sums = sum_up({one.wave: one for one in askings}, wave, in_full=in_full)
    return {one.question.code: one for one in sums.questions}


def figures(*numbers):
    return [RATHER_NOT if number is None else Answer(number) for number in numbers]


def test_each_kind_of_question_by_hand():
    obstacles = [Answer(choices=(code,)) for code in ("time", "time", "money", "goods", "time")]
    wanted = [YES, NO, NO, RATHER_NOT, YES]
    profits = figures(-20_000, 0, 50_000, None, 100_000)
    found = summed(asking(NOW, obstacle=obstacles, wants_call=wanted, profit=profits))
    assert {part: n for part, n in found["obstacle"].sums.parts.items() if n} == {"time": 3, "money": 1, "goods": 1}
    call, profit = found["wants_call"].sums, found["profit"].sums
    assert (call.asked, call.answered, call.parts) == (5, 4, {"yes": 2, "no": 2, "declined": 1})
    assert profit.parts == {"some": 2, "zero": 1, "loss": 1, "declined": 1}
    # Of −200, 0, 500 and 1,000 yuan.
    assert (profit.median, profit.quartiles) == (25_000, (Fraction(-5_000), Fraction(62_500)))
    assert found["profit"].same is None


def test_a_question_asked_after_another_is_of_those_alone_who_were_asked_it():
    said = {"sells_now": YES, "sells_on": Answer(choices=("douyin", "wechat"))}
    women = {1: said, 2: said | {"sells_on": RATHER_NOT}, 3: {"sells_now": NO}, 4: {"sells_now": RATHER_NOT}}
    found = summed(Asking(Wave.DAY_90, 4, 0, women), wave=Wave.DAY_90)["sells_on"].sums
    assert (found.asked, found.answered) == (2, 1)
    assert {part: n for part, n in found.parts.items() if n} == {"douyin": 1, "wechat": 1, "declined": 1}


def test_before_is_the_last_wave_with_the_question_of_the_women_who_answered_both_times():
    helpers = [MappingProxyType({"helpers": Answer(number)}) for number in (1, 5, 0)]
    first = Asking(Wave.BASELINE, 3, 0, {1: helpers[0], 2: helpers[1], 3: {"helpers": RATHER_NOT}})
    between = Asking(Wave.DAY_30, 3, 0, {1: {"wants_call": YES}})
    last = Asking(Wave.DAY_90, 3, 0, {1: helpers[2], 3: helpers[1], 4: helpers[1]})
    same = summed(first, between, last, wave=Wave.DAY_90)["helpers"].same
    assert (same.wave, same.then.parts["some"], same.now.parts) == (
        Wave.BASELINE,
        1,
        {"some": 0, "zero": 1, "declined": 0},
    )


@pytest.mark.parametrize(
    ("yes", "no", "declined", "told"),
    [
        (8, 7, 0, {"yes": 8, "no": 7, "declined": 0}),
        (15, 0, 0, {"yes": 15, "no": 0, "declined": 0}),
        # The few, and the next smallest with them.
        (10, 6, 1, {"yes": 10, "no": None, "declined": None}),
        (12, 2, 0, {"yes": None, "no": None, "declined": 0}),
        # Fewer than five together give the third away.
        (12, 2, 1, {"yes": None, "no": None, "declined": None}),
        (2, 2, 0, {"yes": None, "no": None, "declined": None}),
    ],
)
def test_an_outsider_is_not_told_of_a_few(yes, no, declined, told):
    wanted = [YES] * yes + [NO] * no + [RATHER_NOT] * declined
    assert summed(asking(NOW, wants_call=wanted), in_full=False)["wants_call"].sums.parts == told


@pytest.mark.parametrize(
    ("numbers", "median", "has_quartiles"),
    [
        ([100] * 4, None, False),
        ([100] * 5, 100, False),
        ([100] * 19, 100, False),
        ([100] * 20, 100, True),
        # With one who would rather not say the rest would be told apart from all.
        ([100] * 20 + [None], None, False),
        ([100] * 20 + [None] * 5, 100, True),
    ],
)
def test_an_outsider_is_told_no_median_of_a_few(numbers, median, has_quartiles):
    found = summed(asking(NOW, profit=figures(*numbers)), in_full=False)["profit"].sums
    assert (found.median, found.quartiles is not None) == (median, has_quartiles)


@pytest.mark.parametrize(
    ("before", "now", "is_told"),
    [
        ("yyyyyyynnnnnnn", "yyyyyynnnnnnnn", True),
        # One woman answered only now: all less the same women is she.
        ("yyyyyyynnnnnnn.", "yyyyyynnnnnnnny", False),
        # One answered only before.
        ("yyyyyyynnnnnnny", "yyyyyynnnnnnnn.", False),
        # Few said yes before.
        ("yyynnnnnnnnnnn", "yyyyyynnnnnnnn", False),
        # Five answered only now, and all alike.
        ("yyyyyyynnnnnnn.....", "yyyyyynnnnnnnnyyyyy", True),
        ("yyyyyyynnnnnnn.....", "yyyyyynnnnnnnnyyyny", False),
    ],
)
def test_an_outsider_is_told_no_difference_between_waves_that_gives_anybody_away(before, now, is_told):
    said = {"y": YES, "n": NO, ".": None}
    askings = [asking(wave, wants_call=[said[one] for one in row]) for wave, row in ((BEFORE, before), (NOW, now))]
    # Who did not answer was not asked either: only the comparison is in question.
    askings = [Asking(one.wave, len(one.said), 0, one.said) for one in askings]
    found = summed(*askings, in_full=False)["wants_call"]
    assert (found.same is not None, found.is_kept_back) == (is_told, not is_told)


def test_where_all_but_a_few_answered_nothing_is_told():
    whole = asking(NOW, wants_call=[YES] * 20)
    few_left = Asking(NOW, 23, 0, whole.said)
    sums = sum_up({NOW: few_left}, NOW, in_full=False)
    assert (sums.due, sums.answered, sums.declined) == (23, None, 0)
    assert {one.sums.asked for one in sums.questions} == {None}
