"""Advice rule by rule: what makes it speak, that it is silent with too little data, and what it says with which figures."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask_babel import force_locale

from trainer.domain.advice import RULES, AdviceFacts, advise, speaking
from trainer.domain.sales import Platform
from trainer.wording.advice import ADVICE, advice_because, advice_do

TODAY = date(2026, 3, 30)  # a Monday
# By rule: facts that make it speak, one change after which it does not, one with too little data, a piece of what it says.
CASES = {
    "sustained": ({"days_since_sustained": 60}, {"days_since_sustained": 61}, {"days_since_sustained": None}, "60天前"),
    "first_order": (
        {"days_since_first_order": 60},
        {"days_since_first_order": 61},
        {"days_since_first_order": None},
        "60天前，您有了第一笔",
    ),
    "unsettled": (
        {"unsettled_orders": 3, "unsettled_fen": 12_050},
        {"unsettled_orders": 2},
        {"unsettled_orders": None},
        "3笔订单共¥120.50",
    ),
    "ads": (
        {"ad_spend_fen": 5_000, "ad_sales_fen": 4_999},
        {"ad_sales_fen": 5_000},
        {"ad_spend_fen": 4_999, "ad_sales_fen": 0},
        "花了¥50.00，这些场次成交¥49.99",
    ),
    "stopped": (
        {"weeks_kept": 6, "days_silent": 14, "last_broadcast_on": date(2026, 3, 8)},
        {"days_silent": 13},
        {"days_silent": None},
        "最后一场是3月8日，之后14天",
    ),
    "refunds": (
        {"orders_old": 20, "refund_bp": 2_500, "class_refund_bp": 1_500},
        {"refund_bp": 2_499},
        {"orders_old": 19},
        "占25%；同班同学的中间数是15%",
    ),
    "one_product": (
        {"orders_old": 20, "refunded_fen": 10_000, "product": "黄花菜", "product_refund_bp": 5_000}
        | {"product_sales_bp": 3_000},
        {"product_sales_bp": 3_001},
        {"refunded_fen": 9_999},
        "50%是同一件商品“黄花菜”，而它只占您成交的30%",
    ),
    "fewer": (
        {"broadcasts_now": 2, "broadcasts_before": 6},
        {"broadcasts_now": 5},
        {"broadcasts_before": 3, "broadcasts_now": 0},
        "最近4周播了2场，再往前4周播了6场",
    ),
    "no_file": (
        {"days_since_data": 30, "files": 1, "platform": Platform.KUAISHOU},
        {"days_since_data": 29},
        {"files": 0},
        "30天前",
    ),
    "typed_only": (
        {"typed_broadcasts": 3, "files": 0, "platform": Platform.KUAISHOU},
        {"files": 1},
        {"typed_broadcasts": 2},
        "填了3场直播",
    ),
    "short": (
        {"broadcasts_now": 3, "minutes_each": 29},
        {"minutes_each": 30},
        {"broadcasts_now": 2},
        "播了3场，每场大多在29分钟",
    ),
    "few_buy": (
        {"broadcasts_now": 3, "viewers": 1_200, "orders_live": 5},
        {"orders_live": 6},
        {"viewers": 599, "orders_live": 0},
        "1,200人次看您直播，下单5笔",
    ),
    "hour": (
        {"broadcasts_now": 5, "start_hours": 4, "best_hour": 20, "best_hour_fen": 15_000, "other_hours_fen": 10_000},
        {"best_hour_fen": 14_999},
        {"best_hour": None},
        "20:00这个钟点开播的，平均每场成交¥150.00",
    ),
    "weekday": (
        {"orders_by_weekday": 20, "best_weekday": 5, "best_weekday_fen": 15_000, "other_weekdays_fen": 10_000}
        | {"broadcasts_now": 4, "broadcasts_on_best_weekday": 1},
        {"broadcasts_on_best_weekday": 2},
        {"orders_by_weekday": 19},
        "您星期六平均成交¥150.00，其他日子平均¥100.00",
    ),
    "outside": (
        {"orders_told": 20, "outside_bp": 6_000, "broadcasts_now": 2},
        {"outside_bp": 5_999},
        {"orders_told": 19},
        "20笔订单里，60%的钱",
    ),
    "followers": (
        {"followers_now": 30, "followers_before": 20},
        {"followers_now": 29},
        {"followers_before": 4},
        "有30人新关注了您，再往前4周是20人",
    ),
}
BY_CODE = {rule.code: rule for rule in RULES}


def test_each_rule_has_a_case_its_words_and_its_figures():
    assert len(RULES) >= 10
    assert set(CASES) == set(BY_CODE) == set(ADVICE)
    assert all(rule.needs and rule.shows for rule in RULES)


@pytest.mark.parametrize("code", CASES)
def test_a_rule_speaks_where_it_holds_and_is_silent_where_it_does_not_or_knows_too_little(code):
    holds, fails, too_little, _said = CASES[code]
    facts = AdviceFacts(**holds)
    assert [rule.code for rule in speaking(facts)] == [code]
    assert not BY_CODE[code].speaks(replace(facts, **fails))
    assert BY_CODE[code].has_enough(replace(facts, **fails))
    assert not BY_CODE[code].has_enough(replace(facts, **too_little))
    for name in BY_CODE[code].needs:
        assert not BY_CODE[code].has_enough(replace(facts, **{name: None})), name


@pytest.mark.parametrize("code", CASES)
def test_what_is_said_names_the_figures_in_both_languages_blames_nobody_and_promises_nothing(app, code):
    holds, *_rest, said = CASES[code]
    advice = advise(AdviceFacts(**holds), TODAY)
    with app.test_request_context(), force_locale("zh"):
        chinese = advice_because(code, advice.evidence), advice_do(code)
    with app.test_request_context(), force_locale("en"):
        english = advice_because(code, advice.evidence), advice_do(code)
    assert said in chinese[0]
    assert all(ours != theirs and len(ours) >= 10 for ours, theirs in zip(chinese, english, strict=True))
    assert "%(" not in "".join(chinese + english)
    for word in ("应该", "必须", "不努力", "一定能", "保证", "收入会", "赚", "错误", "失败", "太差"):
        assert word not in "".join(chinese), word


def test_nothing_is_said_where_nothing_is_known():
    assert advise(AdviceFacts(), TODAY) is None


def test_two_rules_take_turns_week_by_week_the_most_urgent_first_and_a_third_waits():
    facts = AdviceFacts(**CASES["fewer"][0] | CASES["short"][0] | {"broadcasts_now": 3} | CASES["followers"][0])
    weeks = [advise(facts, TODAY + timedelta(weeks=number)).code for number in range(60)]
    assert set(weeks) == {"fewer", "short"}
    assert all(one != other for one, other in pairwise(weeks))  # over an odd 53rd week too
    days = {advise(facts, TODAY + timedelta(days=number)).code for number in range(7)}
    assert len(days) == 1
    assert advise(AdviceFacts(**CASES["short"][0]), TODAY) == advise(
        AdviceFacts(**CASES["short"][0]), TODAY + timedelta(weeks=1)
    )
