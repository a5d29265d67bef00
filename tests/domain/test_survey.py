"""Questionnaires as data: which questions a wave has, what is an answer, and when each wave is asked."""

from datetime import date, timedelta

import pytest

from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.survey import (
    ENDLINE,
    MIDLINE,
    QUESTIONS,
    Answer,
    AnswerUnfit,
    Question,
    QuestionKind,
    Wave,
    answers_that_count,
    as_given,
    asked_of,
    check_answer,
    differing,
    find_question,
    is_complete,
    next_question,
    questions_of,
    wave_on,
)

STARTS, ENDS = date(2026, 3, 9), date(2026, 3, 20)
BY_CODE = {one.code: one for one in QUESTIONS}
SELLS, SELLS_NOT = Answer(1), Answer(0)


@pytest.mark.parametrize(
    ("wave", "most"),
    [(Wave.BASELINE, 7), (Wave.DAY_30, 5), (Wave.DAY_60, 5), (MIDLINE, 8), (Wave.DAY_180, 5), (ENDLINE, 8)],
)
def test_every_wave_is_short_and_asks_for_profit_and_broadcasts(wave, most):
    codes = [one.code for one in questions_of(wave)]
    assert len(codes) <= most
    assert {"sells_now", "profit", "broadcasts_30"} <= set(codes)


def test_a_question_that_hangs_on_another_is_asked_where_it_fits():
    assert "sells_on" in [one.code for one in questions_of(MIDLINE, {})]
    assert "sells_on" in [one.code for one in questions_of(MIDLINE, {"sells_now": SELLS})]
    for said in (SELLS_NOT, Answer(declined=True)):
        assert "sells_on" not in [one.code for one in questions_of(MIDLINE, {"sells_now": said})]
    both = {"sells_now": SELLS_NOT, "sells_on": Answer(choices=("douyin",))}
    assert answers_that_count(MIDLINE, both) == {"sells_now": SELLS_NOT}


def test_the_next_question_is_the_first_without_an_answer():
    answers: dict[str, Answer] = {}
    for code in ("sells_now", "broadcasts_30", "profit", "obstacle", "wants_call"):
        assert not is_complete(Wave.DAY_30, answers)
        assert next_question(Wave.DAY_30, answers).code == code
        answers[code] = Answer(declined=True)
    assert is_complete(Wave.DAY_30, answers)
    assert find_question(Wave.BASELINE, "wants_call") is None


@pytest.mark.parametrize(
    ("code", "raw", "answer"),
    [
        ("sells_now", "yes", Answer(1)),
        ("sells_now", "no", Answer(0)),
        ("sells_now", "declined", Answer(declined=True)),
        ("broadcasts_30", "0", Answer(0)),
        ("broadcasts_30", " ８ ", Answer(8)),
        ("profit", "1500", Answer(150_000)),
        ("profit", "￥1,500.50元", Answer(150_050)),
        ("profit", "1.2万", Answer(1_200_000)),
        ("profit", "-300", Answer(-30_000)),
        ("profit", "亏了300元", Answer(-30_000)),
        ("profit", "－300", Answer(-30_000)),
        ("profit", "0", Answer(0)),
        ("obstacle", ["time"], Answer(choices=("time",))),
        ("sells_on", ["other", "douyin", "douyin"], Answer(choices=("douyin", "other"))),
    ],
)
def test_what_is_an_answer_and_how_it_is_typed_again(code, raw, answer):
    question = BY_CODE[code]
    assert check_answer(question, raw) == answer
    assert check_answer(question, as_given(question, answer)) == answer


@pytest.mark.parametrize(
    ("code", "raw", "refusal"),
    [
        ("sells_now", "", "survey_no_answer"),
        ("sells_now", [], "survey_no_answer"),
        ("sells_now", "perhaps", "survey_no_answer"),
        ("obstacle", ["weather"], "survey_no_answer"),
        ("obstacle", ["time", "money"], "survey_one_answer"),
        ("sells_on", ["declined", "douyin"], "survey_no_answer"),
        ("broadcasts_30", "many", "survey_no_number"),
        ("broadcasts_30", "-1", "survey_no_number"),
        ("broadcasts_30", "1.5", "survey_no_number"),
        ("broadcasts_30", "301", "survey_too_many"),
        ("profit", "三千", "survey_no_amount"),
        ("profit", "1500.555", "survey_no_amount"),
        ("profit", "2亿", "survey_too_much"),
        ("profit", "60000", "survey_look_again"),
        ("profit", "-40000", "survey_look_again"),
        ("broadcasts_30", "61", "survey_look_again"),
    ],
)
def test_what_is_none_says_why(code, raw, refusal):
    with pytest.raises(AnswerUnfit) as refused:
        check_answer(BY_CODE[code], raw)
    assert refused.value.code == refusal


def test_an_unusual_figure_is_taken_from_whoever_has_looked_again():
    assert check_answer(BY_CODE["profit"], "60000", sure=True) == Answer(6_000_000)
    with pytest.raises(AnswerUnfit, match="survey_too_much"):
        check_answer(BY_CODE["profit"], "2亿", sure=True)


def test_two_copies_of_a_paper_differ_where_they_say_otherwise():
    first = {"sells_now": SELLS, "profit": Answer(100), "sells_on": Answer(choices=("douyin",))}
    assert differing(MIDLINE, first, dict(first)) == ()
    assert differing(MIDLINE, first, {"sells_now": SELLS_NOT, "profit": Answer(100)}) == ("sells_now", "sells_on")


@pytest.mark.parametrize(
    ("day", "wave"),
    [
        (STARTS - timedelta(days=11), None),
        (STARTS - timedelta(days=10), Wave.BASELINE),
        (ENDS, Wave.BASELINE),
        (ENDS + timedelta(days=1), None),
        (ENDS + timedelta(days=29), None),
        (ENDS + timedelta(days=30), Wave.DAY_30),
        (ENDS + timedelta(days=59), Wave.DAY_30),
        (ENDS + timedelta(days=60), Wave.DAY_60),
        (ENDS + timedelta(days=179), MIDLINE),
        (ENDS + timedelta(days=180), Wave.DAY_180),
        (ENDS + timedelta(days=365), ENDLINE),
        (ENDS + timedelta(days=424), ENDLINE),
        (ENDS + timedelta(days=425), None),
    ],
)
def test_one_wave_at_a_time_from_its_day_until_the_next(day, wave):
    assert wave_on(day, STARTS, ENDS) is wave


def test_the_class_is_asked_before_and_its_graduates_after():
    assert EnrolmentStatus.ACTIVE in asked_of(Wave.BASELINE)
    assert EnrolmentStatus.WAITLISTED not in asked_of(Wave.BASELINE)
    assert asked_of(Wave.DAY_30) == {EnrolmentStatus.COMPLETED}


def test_money_is_asked_with_bounds_around_the_usual():
    for one in QUESTIONS:
        assert one.bounds[0] <= one.usual[0] <= one.usual[1] <= one.bounds[1]
        assert isinstance(one, Question)
        assert bool(one.choices) == (one.kind not in (QuestionKind.NUMBER, QuestionKind.MONEY))
