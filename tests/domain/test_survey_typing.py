"""Copying a paper with the keyboard: numbers of answers, figures as they stand, an x for what was left empty."""

import pytest

from trainer.domain.survey import AnswerUnfit, Wave, as_given, check_answer, find_question
from trainer.domain.survey_typing import read_typed, typed


@pytest.mark.parametrize(
    ("code", "text", "given"),
    [
        ("sells_now", "1", ["yes"]),
        ("sells_now", " 2 ", ["no"]),
        ("sells_on", "1 3", ["kuaishou", "wechat_channels"]),
        ("sells_on", "2、7，1", ["douyin", "other", "kuaishou"]),
        ("obstacle", "10", ["other"]),
        ("obstacle", "X", ["declined"]),
        ("profit", "×", ["declined"]),
        ("profit", "-200.5", ["-200.5"]),
        ("profit", "", [""]),
    ],
)
def test_what_was_typed_is_what_the_boxes_say(code, text, given):
    assert list(read_typed(find_question(Wave.BASELINE, code), text)) == given


@pytest.mark.parametrize(
    ("code", "text"), [("sells_now", "3"), ("sells_now", "0"), ("obstacle", "11"), ("sells_on", "是")]
)
def test_a_number_that_no_answer_has_is_refused(code, text):
    with pytest.raises(AnswerUnfit):
        read_typed(find_question(Wave.BASELINE, code), text)


@pytest.mark.parametrize(
    ("code", "text"), [("sells_now", "2"), ("sells_on", "1 3"), ("profit", "-200.50"), ("helpers", "x")]
)
def test_the_copy_made_anew_begins_with_what_was_typed(code, text):
    question = find_question(Wave.BASELINE, code)
    answer = check_answer(question, read_typed(question, text), sure=True)
    assert typed(question, as_given(question, answer)) == text
