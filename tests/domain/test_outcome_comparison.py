"""Cohorts at one age: who is compared, sums, order; and that no outsider finds what is hidden."""

import itertools
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from trainer.domain.outcome_comparison import (
    HIDDEN,
    At,
    CohortFacts,
    Cost,
    FirstOrders,
    NotCompared,
    Sales,
    Share,
    Sort,
    compare,
    line_of,
    shown,
    usual_day,
)
from trainer.domain.outcomes import RETENTION_DAYS

TODAY = date(2026, 11, 22)


def cohort(number=1, *, age=200, cell=(60, 50, 30), sustained=12, region="140200", **values) -> CohortFacts:
    """`age` days after its course; the same cell at every day that it has reached."""
    days = [day for day in RETENTION_DAYS if day <= age]
    due, eligible, _active = cell
    facts = {
        "as_of": TODAY,
        "at": {day: At(*cell) if day in days else At(0, 0, 0) for day in RETENTION_DAYS},
        "sustained": {day: sustained if day in days else 0 for day in RETENTION_DAYS},
        "lasting": sustained,
        "sales": Sales(eligible, eligible // 2, 100_000, 2_000),
        "first_orders": FirstOrders(due, due // 2, 40),
        "months": {month: Share(eligible, due) for month in range(1, age // 30 + 1)},
        "cost_fen": 600_000,
        "attendance": Share(900, 1000),
    }
    return CohortFacts(number, f"第{number}期", region, TODAY - timedelta(days=age), **(facts | values))


def seen(*cohorts, day=90, hide_small=False, sort=Sort.END):
    return compare(cohorts, day, today=TODAY, hide_small=hide_small, sort=sort)


@pytest.mark.parametrize(
    ("ages", "day"),
    [
        ([], 30),
        ([29], 30),
        ([30], 30),
        ([95, 100, 29], 90),
        # Two of four are not most of them.
        ([95, 100, 61, 61], 60),
        ([400, 380, 31], 365),
    ],
)
def test_the_usual_day_is_the_greatest_that_most_have_reached(ages, day):
    assert usual_day([cohort(age=age) for age in ages]) == day


@pytest.mark.parametrize(
    ("facts", "why", "on"),
    [
        (cohort(age=89), NotCompared.NOT_YET, TODAY + timedelta(days=1)),
        (cohort(age=-20, as_of=None, at={}), NotCompared.NOT_YET, TODAY + timedelta(days=110)),
        (cohort(age=91, as_of=None, at={}), NotCompared.NOT_RECKONED, TODAY - timedelta(days=1)),
        (cohort(age=91, as_of=TODAY - timedelta(days=5), at={}), NotCompared.NOT_RECKONED, TODAY - timedelta(days=1)),
        (cohort(age=91, cell=(0, 0, 0)), NotCompared.NOBODY_COMPLETED, TODAY - timedelta(days=91)),
    ],
)
def test_whoever_has_not_come_so_far_waits_and_is_in_no_sum(facts, why, on):
    comparison = seen(facts, cohort(2))
    assert [(one.facts.id, one.why, one.on) for one in comparison.waiting] == [(1, why, on)]
    assert (comparison.together.cohorts, comparison.together.at[90]) == (1, At(60, 50, 30))


def test_sums_add_women_not_rates_and_leave_medians_out():
    comparison = seen(
        cohort(1, cell=(100, 90, 81), cost_fen=0),
        cohort(2, cell=(20, 10, 1), sustained=3),
        cohort(3, region="141002", sales=Sales(50, 10, 5_000, 100)),
    )
    (datong, _), (linfen, _) = comparison.cities
    assert (datong.region_code, datong.cohorts, linfen.region_code) == ("140200", 2, "141000")
    # Not (90 % + 10 %) / 2.
    assert (datong.at[90], datong.at[90].rate) == (At(120, 100, 82), 0.82)
    assert datong.sales == Sales(100, 50, 200_000, None)
    # Only where a cost was written down: its own lasting women, not those of a cohort without.
    assert (datong.cost, datong.cost.each_fen) == (Cost(600_000, 3), 200_000)
    assert (datong.sustained[90], datong.first_orders) == (Share(15, 120), None)
    assert comparison.together.at[90] == At(180, 150, 112)
    assert comparison.oldest == TODAY


def test_nothing_after_the_age_is_compared():
    old = cohort(age=400, months={1: Share(10, 20), 3: Share(5, 20), 4: Share(0, 20)})
    line = line_of(old, 90, hide_small=False)
    assert line.coverage == Share(15, 40)
    young = line_of(cohort(age=61), 60, hide_small=False)
    assert (young.sales, young.at[90], young.sustained[90]) == (None, None, None)


@pytest.mark.parametrize(
    ("sort", "order"),
    [(Sort.END, [3, 2, 1, 4]), (Sort.RATE, [1, 2, 3, 4]), (Sort.SUSTAINED, [2, 3, 1, 4]), (Sort.SALES, [3, 2, 1, 4])],
)
def test_cohorts_are_put_in_order_with_what_is_hidden_last(sort, order):
    cohorts = (
        cohort(1, age=100, cell=(60, 50, 40), sustained=6, sales=Sales(50, 20, 1, 10)),
        cohort(2, age=110, cell=(60, 50, 30), sustained=20, sales=Sales(50, 20, 1, 20)),
        cohort(3, age=120, cell=(60, 50, 20), sustained=10, sales=Sales(50, 20, 1, 30)),
        # The best of all, and too few to be told of.
        cohort(4, age=99, cell=(4, 4, 4), sustained=4, sales=Sales(4, 4, 1, 99)),
    )
    comparison = seen(*cohorts, sort=sort, hide_small=True)
    assert [line.cohort_id for line in comparison.lines] == order


@pytest.mark.parametrize(
    ("cell", "is_told"),
    [
        ((60, 50, 30), True),
        ((60, 50, 0), True),
        ((60, 60, 55), True),
        ((60, 50, 4), False),
        ((60, 50, 46), False),
        ((60, 57, 30), False),
        ((4, 0, 0), False),
    ],
)
def test_a_cell_goes_with_its_complements(cell, is_told):
    at = line_of(cohort(cell=cell), 90, hide_small=True).at
    assert {k: at[k] is not HIDDEN for k in (30, 90, 365)} == {30: is_told, 90: is_told, 365: True}


# What an attacker has: every view that the filters give, at every age, each with its sums.
def many_cohorts() -> list[CohortFacts]:
    dice = random.Random(7)
    cohorts = []
    for number in range(40):
        due = dice.choice((3, 8, 25, 60, 100))
        eligible = dice.randint(0, due)
        active = dice.randint(0, eligible)
        months = {m: Share(dice.randint(0, eligible), due) for m in range(1, 13)}
        n = dice.randint(0, eligible)
        cohorts.append(
            cohort(
                number,
                age=dice.choice((35, 100, 400)),
                cell=(due, eligible, active),
                sustained=dice.randint(0, active),
                region=dice.choice(("140200", "140215", "141000")),
                months=months,
                sales=Sales(n, dice.randint(0, n), 12_345, 678),
                first_orders=FirstOrders(dice.randint(0, due), 3, 40),
            )
        )
    return cohorts


def views(cohorts):
    """By city, by year (here: age), and both, as a partner may cut them."""
    regions, ages = {"", "1402", "140215", "1410"}, {None, *(facts.ends_on for facts in cohorts)}
    for region, end in itertools.product(regions, ages):
        yield [f for f in cohorts if f.region_code.startswith(region) and end in (None, f.ends_on)]


PARTS = ("sales", "coverage", "cost", "attendance")


def left_over(head, lines, day) -> list:
    """What a sum holds above the lines that are shown: a hidden number, where it is not nothing."""
    parts = [(shown(head.at[day]), [shown(line.at[day]) for line in lines])]
    parts += [(shown(head.sustained[day]), [shown(line.sustained[day]) for line in lines])]
    parts += [(shown(getattr(head, name)), [shown(getattr(line, name)) for line in lines]) for name in PARTS]
    rests = []
    for total, own in parts:
        there = [one for one in own if one is not None]
        added = [sum(number or 0 for number in numbers) for numbers in zip(*there, strict=True)] or [0] * 9
        rests += [number - known for number, known in zip(total or (), added, strict=False) if number is not None]
    return [rest for rest in rests if rest]


def test_no_view_gives_a_hidden_number_away_by_subtraction():
    cohorts, hidden, naive = many_cohorts(), 0, []
    for of_view, day in itertools.product(views(cohorts), RETENTION_DAYS):
        told, whole = seen(*of_view, day=day, hide_small=True), seen(*of_view, day=day)
        hidden += told.hidden
        for head, lines in [*told.cities, (told.together, told.lines)] if told.lines else []:
            assert left_over(head, lines, day) == []
        # The attack itself works: sums of all with the small ones hidden below them would be found out.
        if whole.lines:
            naive += left_over(whole.together, told.lines, day)
    assert hidden > 100
    assert len(naive) > 100


def test_nothing_that_is_shown_of_a_cohort_tells_of_fewer_than_five():
    """Numbers of one line taken from each other, as far as the women of the one are among those of the other."""
    lines = [line_of(f, day, hide_small=True) for f in many_cohorts() for day in RETENTION_DAYS if f.has_reached(day)]
    counted = 0
    for line in lines:
        for k, cell in line.at.items():
            if not (cell := shown(cell)):
                continue
            numbers = [cell.due, cell.active, cell.inactive, cell.no_data]
            if lasting := shown(line.sustained[k]):
                numbers += [lasting.part, lasting.whole - lasting.part]
            if k == 90 and (sales := shown(line.sales)):
                numbers += [
                    sales.n,
                    cell.due - sales.n,
                    cell.eligible - sales.n,
                    sales.sellers,
                    sales.n - sales.sellers,
                ]
            counted += len(numbers)
            assert not [number for number in numbers if 0 < number < 5]
    assert counted > 200


def test_coverage_of_one_month_does_not_tell_who_only_said_so():
    """Fifty have data by day 30; of forty-eight there are files: two told it themselves."""
    facts = replace(cohort(age=31), months={1: Share(48, 60)})
    assert line_of(facts, 30, hide_small=True).coverage is HIDDEN
    assert line_of(replace(facts, months={1: Share(45, 60)}), 30, hide_small=True).coverage == Share(45, 60)


def test_who_came_to_last_between_two_days_is_not_found():
    facts = cohort(sustained=12, lasting=24)
    facts = replace(facts, sustained=facts.sustained | {30: 0, 60: 0, 90: 12, 180: 22})
    ((_head, (line,)),) = seen(facts, hide_small=True).cities
    assert (line.sustained[90].part, line.sustained[180]) == (12, HIDDEN)
