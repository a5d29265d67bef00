"""Her own months as data: which days stand beside which, what is known, what reached her, and the facts of advice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from trainer.domain.advice_facts import Live, OrderFacts, ProductRefunds, gather
from trainer.domain.own_outcomes import (
    DaySums,
    Measure,
    Missing,
    OwnDays,
    StepKind,
    Stretch,
    compare,
    month_and_before,
    typical,
    waterfall,
)
from trainer.domain.sales import Platform, ShopRole, TrustBasis
from trainer.domain.sales_figures import OrderTotals, SettlementTotals, ShopFigures

BROADCASTS, SALES = Measure
KUAISHOU = Platform.KUAISHOU


@pytest.mark.parametrize(
    ("reach", "this", "before"),
    [
        # Up to the eighth beside up to the eighth.
        ((3, 8), ((3, 1), (3, 8)), ((2, 1), (2, 8))),
        # A whole month beside a whole one, of other length.
        ((3, 31), ((3, 1), (3, 31)), ((2, 1), (2, 28))),
        ((2, 28), ((2, 1), (2, 28)), ((1, 1), (1, 31))),
        # The thirtieth of a month that is not over: February has no such day.
        ((3, 30), ((3, 1), (3, 30)), ((2, 1), (2, 28))),
        ((1, 15), ((1, 1), (1, 15)), None),
    ],
)
def test_a_month_stands_beside_the_same_days_of_the_month_before(reach, this, before):
    now, then = month_and_before(date(2026, *reach))
    assert (now.since, now.until) == tuple(date(2026, *day) for day in this)
    if before:
        assert (then.since, then.until) == tuple(date(2026, *day) for day in before)
    else:
        assert (then.since, then.until, then.days) == (date(2025, 12, 1), date(2025, 12, 15), 15)


def days(*numbers, month: int = 3, **facts) -> list[DaySums]:
    return [DaySums(date(2026, month, number), **({"broadcasts": 1} | facts)) for number in numbers]


def test_what_is_not_known_is_not_nought():
    assert compare(OwnDays([]), BROADCASTS) is None
    assert compare(OwnDays(days(3)), SALES) is None
    fresh = compare(OwnDays(days(3, 5)), BROADCASTS)
    assert (fresh.this.until, fresh.now.broadcasts, fresh.then) == (date(2026, 3, 5), 2, None)
    within = compare(OwnDays([*days(4, month=2), *days(5)]), BROADCASTS)
    assert (within.then.broadcasts, within.known_from) == (1, date(2026, 2, 4))
    stated = compare(OwnDays([*days(1, month=1), *days(5)], stated={BROADCASTS: date(2026, 3, 31)}), BROADCASTS)
    assert (stated.this.days, stated.before.days) == (31, 28)
    assert (stated.then.broadcasts, stated.known_from) == (0, None)


def test_a_hosts_figure_is_her_commission_and_what_a_month_rests_on_is_said():
    (day,) = days(3, orders=2, paid_fen=9_000, refunded_fen=1_000, commission_fen=800, firm_paid_fen=9_000)
    own, host = compare(OwnDays([day]), SALES), compare(OwnDays([day], is_host=True), SALES)
    assert (own.figure(own.now), host.figure(host.now)) == (8_000, 800)
    silent = compare(OwnDays(days(3, orders=1, paid_fen=500), is_host=True), SALES)
    assert silent.figure(silent.now) is None
    assert (own.trust, silent.trust) == (TrustBasis.MATURE_ORDERS, TrustBasis.FRESH_ORDERS)
    typed = compare(OwnDays(days(3, typed_broadcasts=1)), BROADCASTS)
    assert (typed.trust, compare(OwnDays([day]), BROADCASTS).trust) == (
        TrustBasis.SCREENSHOT,
        TrustBasis.BROADCAST_EXPORT,
    )


def test_the_middle_of_a_class_takes_five_and_money_is_rounded():
    assert typical([1, 2, 3, 4], is_money=False) is None
    assert typical([9, 1, 5, 2, 3], is_money=False) == 3
    assert typical([1, 2, 3, 4, 5, 6], is_money=False) == 4  # 3.5
    assert typical([100, 200, 12_345, 90_000, 99_999], is_money=True) == 12_000


def orders(paid=10_000, refunded=2_000, settled=None, commission=None) -> OrderTotals:
    return OrderTotals(3, paid, refunded, settled, commission, 0, 0, 0, 0, 0, None, None, TrustBasis.MATURE_ORDERS)


FLOWS = SettlementTotals(3, 9_000, 1_000, 500, 7_500, None, None)
SOLD, REFUND, RECEIVED = StepKind.SOLD, StepKind.REFUND, StepKind.RECEIVED


@pytest.mark.parametrize(
    ("figures", "platform", "steps", "missing"),
    [
        # The settlement file alone, whatever the order file says.
        (
            {"orders": orders(settled=6_000), "settlements": FLOWS},
            KUAISHOU,
            [(StepKind.SETTLED_SALES, 9_000), (REFUND, 1_000), (StepKind.FEES, 500), (RECEIVED, 7_500)],
            None,
        ),
        ({"orders": orders()}, KUAISHOU, [(SOLD, 10_000), (REFUND, 2_000), (StepKind.LEFT, 8_000)], Missing.SETTLEMENT),
        (
            {"orders": orders()},
            Platform.TAOBAO,
            [(SOLD, 10_000), (REFUND, 2_000), (StepKind.LEFT, 8_000)],
            Missing.LATER_ORDERS,
        ),
        (
            {"orders": orders(commission=700)},
            KUAISHOU,
            [(SOLD, 10_000), (REFUND, 2_000), (StepKind.GIVEN_TO_HOSTS, 700), (StepKind.LEFT, 7_300)],
            Missing.SETTLEMENT,
        ),
        (
            {"orders": orders(settled=7_000)},
            Platform.TAOBAO,
            [(SOLD, 10_000), (REFUND, 2_000), (StepKind.FEES_OR_LATER, 1_000), (RECEIVED, 7_000)],
            None,
        ),
        (
            {"orders": orders(settled=8_500)},
            Platform.TAOBAO,
            [(SOLD, 10_000), (REFUND, 2_000), (StepKind.SUBSIDY, 500), (RECEIVED, 8_500)],
            None,
        ),
        # Others' goods are no money of hers, so nothing is taken off them.
        (
            {"role": ShopRole.HOST, "orders": orders(commission=900)},
            KUAISHOU,
            [(StepKind.GOODS, 10_000), (REFUND, 2_000), (StepKind.COMMISSION, 900)],
            Missing.SETTLEMENT,
        ),
        (
            {"role": ShopRole.HOST, "settlements": FLOWS},
            KUAISHOU,
            [(StepKind.EARNED, 9_000), (REFUND, 1_000), (StepKind.FEES, 500), (RECEIVED, 7_500)],
            None,
        ),
        ({}, KUAISHOU, [], Missing.ORDERS),
    ],
)
def test_the_way_from_sold_to_received_is_of_one_source(figures, platform, steps, missing):
    way = waterfall(ShopFigures(**{"role": ShopRole.OWN} | figures), platform)
    assert (list(way.steps), way.missing) == (steps, missing)
    assert way.whole_fen == max((fen for _kind, fen in steps), default=0)


TODAY = date(2026, 3, 30)


def evening(days_ago: int, hour: int = 20, **facts) -> Live:
    day = TODAY - timedelta(days=days_ago)
    return Live(datetime(day.year, day.month, day.day, hour - 8, tzinfo=UTC), **facts)


def own(*days_ago: int, **facts) -> OwnDays:
    return OwnDays([DaySums(TODAY - timedelta(days=ago), **facts) for ago in sorted(days_ago, reverse=True)])


def facts_of(shop: OwnDays, *lives: Live, **more):
    return gather({KUAISHOU: [shop]}, lives, today=TODAY, files=1, **more)


def test_four_weeks_stand_beside_the_four_before_only_where_both_are_known():
    ago = (0, 7, 27, 28, 40, 55)
    facts = facts_of(own(*ago, broadcasts=1), *(evening(one, duration_s=1_200) for one in ago))
    assert (facts.broadcasts_now, facts.broadcasts_before, facts.minutes_each) == (3, 3, 20)
    short = facts_of(own(*ago[:5], broadcasts=1), *(evening(one) for one in ago[:5]))
    assert (short.broadcasts_now, short.broadcasts_before, short.minutes_each) == (3, None, None)


def test_broadcasts_of_long_ago_say_nothing_of_now():
    facts = facts_of(own(36, 43, 50, broadcasts=1), evening(36), evening(43), evening(50))
    assert (facts.broadcasts_now, facts.days_since_data, facts.weeks_kept) == (None, 36, 3)


def test_silence_is_counted_only_as_far_as_something_is_known():
    """Her orders are known to yesterday, her last broadcast was three weeks ago."""
    lives = [evening(22 + 7 * week) for week in range(8)]
    silent = own(*(22 + 7 * week for week in range(8)), broadcasts=1)
    assert facts_of(silent, *lives).days_silent == 0
    selling = OwnDays([*silent.days, DaySums(TODAY - timedelta(days=1), orders=1)])
    facts = facts_of(selling, *lives)
    assert (facts.days_silent, facts.weeks_kept) == (21, 8)


def test_rooms_hours_and_followers_are_reckoned_from_broadcasts_that_say_them():
    now = [evening(0, 20, gmv_fen=9_000, viewers=500, orders=2, ad_spend_fen=100, new_followers=9)]
    now += [
        evening(7, 20, gmv_fen=7_000),
        evening(8, 9, gmv_fen=1_000, viewers=100, orders=1),
        evening(9, 10, gmv_fen=3_000),
    ]
    before = [evening(30, 12, new_followers=4)]
    facts = facts_of(own(0, 56, broadcasts=1), *now, *before)
    assert (facts.viewers, facts.orders_live, facts.followers_now, facts.followers_before) == (600, 3, 9, 4)
    assert (facts.ad_spend_fen, facts.ad_sales_fen) == (100, 9_000)
    assert (facts.start_hours, facts.best_hour, facts.best_hour_fen, facts.other_hours_fen) == (3, 20, 8_000, 2_000)


def test_orders_by_weekday_refunds_and_what_advice_is_told_of_lines():
    saturdays = [DaySums(date(2026, 3, 28) - timedelta(weeks=week), orders=3, paid_fen=8_000) for week in range(9)]
    shop = OwnDays([*saturdays[::-1], DaySums(date(2026, 3, 29), orders=1, paid_fen=4_800)])
    told = OrderFacts(28, 10_000, 6_500, 4, 900)
    worst = ProductRefunds("小米", 1_000, 0)
    facts = facts_of(shop, evening(2), orders=told, product=worst, class_refund_bp=500)
    assert (facts.best_weekday, facts.best_weekday_fen, facts.other_weekdays_fen) == (5, 8_000, 100)
    assert (facts.orders_by_weekday, facts.broadcasts_on_best_weekday) == (25, 1)
    assert (facts.outside_bp, facts.unsettled_orders, facts.refund_bp, facts.class_refund_bp) == (6_500, 4, 0, 500)
    assert facts.product is None  # nothing was given back
    assert Stretch(date(2026, 3, 1), date(2026, 3, 31)).is_whole_month


def test_stages_are_told_by_the_days_since():
    facts = facts_of(own(0, broadcasts=1), stages={"first_paid_order": date(2026, 3, 20), "enrolled": date(2026, 1, 1)})
    assert (facts.days_since_first_order, facts.days_since_sustained) == (10, None)
