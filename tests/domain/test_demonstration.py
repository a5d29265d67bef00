"""The demonstration's plan and its inventions: they add up, differ where they must, and fall the same way every time."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.days import CHINA, china_day
from trainer.domain.demo_lessons import Habit, roll, timetable
from trainer.domain.demo_people import FIRST_PHONE, PHONE_COUNT, PHONES, Maker
from trainer.domain.demo_sales import BROADCASTS, BUSINESSES, ORDERS, Seller, trade
from trainer.domain.demonstration import MEDIUM_WOMEN, county_cohorts, small_cohorts
from trainer.domain.people import check_id_number, sex_from_id
from trainer.domain.programme import Track
from trainer.domain.sales import OrderStatus

TODAY = date(2026, 11, 22)
COUNTIES = {
    "140215": "云州区",
    "140221": "阳高县",
    "140302": "城区",
    "140403": "潞州区",
    "140802": "盐湖区",
    "141002": "尧都区",
}
UNTIL = datetime(2026, 11, 22, 18, tzinfo=CHINA)


def test_five_cities_have_about_a_hundred_women_each():
    plans = small_cohorts(TODAY, COUNTIES)
    assert sum(plan.women for plan in plans if plan.track is Track.FOUNDATION) == 500
    assert [plan.region_code for plan in plans if plan.starts_on <= TODAY <= plan.ends_on] == ["140200"]
    assert [plan.region_code for plan in plans if plan.women == 0 and plan.starts_on > TODAY] == ["140200"]
    for plan in plans:
        assert all(county.startswith(plan.region_code.rstrip("0")) for county in plan.counties)


@pytest.mark.parametrize("women", [99_476, 250, 100, 1])
def test_county_cohorts_take_exactly_the_women_that_are_left(women):
    plans = county_cohorts(women, TODAY, COUNTIES)
    assert sum(plan.women for plan in plans) == women
    assert max(plan.women for plan in plans) == min(women, 100)
    assert len({plan.code for plan in plans}) == len({plan.name for plan in plans}) == len(plans)
    assert max(plan.starts_on for plan in plans) <= TODAY + timedelta(days=10)


def test_medium_is_a_hundred_thousand():
    assert MEDIUM_WOMEN == 100_000


def test_women_have_valid_numbers_of_their_own():
    maker, chance = Maker(), Random(1)
    women = [maker.woman(chance, "140215", ["苹果"]) for _ in range(3000)]
    assert len({woman.id_number for woman in women}) == 3000
    assert len({woman.phone for woman in women}) == 3000
    for woman in women[:300]:
        assert check_id_number(woman.id_number) == woman.id_number
        assert sex_from_id(woman.id_number) == "F"
        assert woman.birth_year == int(woman.id_number[6:10])
    assert {"阿依努尔·麦麦提", "赵𬱖"} <= {woman.name for woman in women}


def test_when_the_phones_run_out_they_are_shared():
    maker, chance = Maker(), Random(1)
    maker.made = PHONE_COUNT - 1
    last, next_one = (maker.woman(chance, "140215", ["苹果"]).phone for _ in range(2))
    assert last == PHONES.format(FIRST_PHONE + PHONE_COUNT - 1) == "14000009999"
    assert next_one == "14000001000"


def test_a_running_cohort_has_lessons_of_every_kind_of_state():
    lessons = timetable(Track.FOUNDATION, TODAY - timedelta(days=2), 10, TODAY, forgotten=True)
    assert [lesson.state for lesson in lessons] == [
        *[LessonState.CLOSED] * 3,
        LessonState.OPEN,
        LessonState.OPEN,
        *[LessonState.PLANNED] * 5,
    ]
    assert china_day(lessons[4].starts_at) == TODAY


def test_a_cohort_that_is_over_is_closed_and_one_to_come_is_planned():
    over = timetable(Track.CADRE, TODAY - timedelta(days=9), 4, TODAY, forgotten=False)
    ahead = timetable(Track.CADRE, TODAY + timedelta(days=1), 4, TODAY, forgotten=True)
    assert {lesson.state for lesson in over} == {LessonState.CLOSED}
    assert {lesson.state for lesson in ahead} == {LessonState.PLANNED}


@pytest.mark.parametrize(("habit", "least", "most"), [(Habit.STEADY, 0.9, 1), (Habit.DROPS_OFF, 0.1, 0.6)])
def test_habits_show_in_the_roll(habit, least, most):
    chance, came = Random(7), Counter()
    lessons = timetable(Track.FOUNDATION, TODAY - timedelta(days=9), 10, TODAY, forgotten=False)
    for _ in range(200):
        for words in roll(chance, habit, lessons, TODAY - timedelta(days=9)):
            came[bool(words) and words[-1].status not in (AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED)] += 1
    assert least <= came[True] / came.total() <= most


def test_who_joins_late_is_not_marked_before():
    lessons = timetable(Track.FOUNDATION, TODAY - timedelta(days=9), 10, TODAY, forgotten=False)
    said = list(roll(Random(3), Habit.JOINS_LATE, lessons, TODAY - timedelta(days=8)))
    assert said[:2] == [[], []]
    assert any(said[2:])


@pytest.mark.parametrize("seller", list(Seller))
def test_a_shop_trades_within_its_bounds_and_its_life(seller):
    opened = TODAY - timedelta(days=300)
    done = trade(Random(5), seller, "苹果", opened, UNTIL)
    assert ORDERS[seller][0] <= len(done.orders) <= ORDERS[seller][1]
    assert BROADCASTS[seller][0] <= len(done.broadcasts) <= BROADCASTS[seller][1]
    for moment in [order.at for order in done.orders] + [broadcast.at for broadcast in done.broadcasts]:
        assert opened <= china_day(moment) < TODAY
    for order in done.orders:
        assert 0 <= order.refunded_fen <= order.paid_fen
        assert (order.paid_at is None) == (order.paid_fen == 0)
        assert order.status is not OrderStatus.UNKNOWN
    for broadcast in done.broadcasts:
        assert len(broadcast.orders) <= broadcast.viewers


def test_a_shop_opened_today_has_sold_nothing_yet():
    assert trade(Random(5), Seller.STAR, "苹果", TODAY, UNTIL).orders == []


def test_apples_sell_in_autumn_and_about_a_fifth_is_given_back():
    orders = [
        order
        for seed in range(60)
        for order in trade(Random(seed), Seller.STRONG, "苹果", TODAY - timedelta(days=365), UNTIL).orders
    ]
    by_month = Counter(order.at.month for order in orders)
    assert by_month[11] > 3 * by_month[5]
    share = sum(o.refunded_fen for o in orders) / sum(o.paid_fen for o in orders)
    assert 0.10 < share < 0.30


def test_every_business_is_asked_for_on_every_day():
    for products in BUSINESSES.values():
        for product in products:
            assert all(product.demand(TODAY + timedelta(days=day)) > 0 for day in range(366))


def test_chance_falls_the_same_way_twice():
    first, second = (trade(Random("seed"), Seller.STEADY, "剪纸", date(2026, 1, 1), UNTIL) for _ in range(2))
    assert first == second
    assert first != trade(Random("other"), Seller.STEADY, "剪纸", date(2026, 1, 1), UNTIL)
    assert first.orders[0].at.astimezone(UTC) < UNTIL
