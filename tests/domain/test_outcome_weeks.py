"""Months, weeks and where the data come from."""

import pytest

from tests.outcome_women import T0, on, woman
from trainer.domain.outcome_weeks import coverage, months, weeks
from trainer.domain.outcomes import CoverageMonth, Month, Week


def test_months():
    women = [
        woman(reach=60, broadcasts=[30, 31], sold={30: 100, 31: 10, 60: 10, 61: 5}),
        woman(reach=60, broadcasts=[1], sold={5: 50}),
        woman(reach=30),
        woman(broadcasts=[5]),
        woman(reach=60, done=False, broadcasts=[5]),
    ]
    first = Month(
        1, n=3, no_data=1, active=2, net_fen_total=150, net_fen_median=50, net_fen_mean_winsorised=50, sellers=2
    )
    assert months(women, on(59)) == (first,)
    assert months(women, on(60)) == (
        first,
        Month(2, n=2, no_data=2, active=1, net_fen_total=20, net_fen_median=10, net_fen_mean_winsorised=10, sellers=1),
    )


@pytest.mark.parametrize(("as_of", "come"), [(0, 0), (29, 0), (30, 1), (359, 11), (360, 12), (2000, 12)])
def test_twelve_months_at_most(as_of, come):
    assert len(months([woman()], on(as_of))) == len(coverage([woman()], on(as_of))) == come
    assert months([], on(as_of)) == coverage([woman(done=False)], on(as_of)) == ()


def test_weeks_of_whose_data_reach_them():
    women = [
        woman(reach=14, since=-90, broadcasts=[1, 7, 8], sold={7: 100, 8: 20, 14: -5, 15: 9}),
        woman(reach=13, since=-90, broadcasts=[14]),
        woman(reach=14, done=False, broadcasts=[5]),
    ]
    found = {week.number: week for week in weeks(women, on(20), T0)}
    assert list(found) == [-4, -3, -2, -1, 0, 1, 2]
    assert found[1] == Week(
        1, n=2, broadcasting=1, broadcasts=2, selling=1, paid_fen=100, refunded_fen=0, firm_net_fen=100
    )
    assert found[2] == Week(
        2, n=1, broadcasting=1, broadcasts=1, selling=1, paid_fen=20, refunded_fen=5, firm_net_fen=15
    )
    assert found[0] == Week(0, n=2, broadcasting=0, broadcasts=0, selling=0, paid_fen=0, refunded_fen=0, firm_net_fen=0)


@pytest.mark.parametrize(
    ("facts", "known"),
    [
        # Week 0 is the days −6…0.
        ({"reach": 9, "since": -6}, 1),
        ({"reach": 9, "since": -5}, 0),
        ({"reach": 9}, 0),
        ({"reach": -1, "since": -90}, 0),
        # The shop was opened in the week, and the data begin with it, or a day late.
        ({"reach": 9, "since": -3, "stages": {"shop_opened": -3}}, 1),
        ({"reach": 9, "since": -2, "stages": {"shop_opened": -3}}, 0),
        # There was no shop yet.
        ({"reach": 9, "since": 5, "stages": {"shop_opened": 1}}, 1),
        ({"reach": 9, "since": 5, "stages": {"shop_opened": 0}}, 0),
    ],
)
def test_a_week_before_the_end_needs_data_that_had_begun(facts, known):
    assert weeks([woman(**facts)], on(0), T0)[-1].n == known
    assert weeks([woman(**facts)], on(7), T0)[-1].n == (facts["reach"] >= 7)


def test_weeks_end_after_a_year():
    assert [week.number for week in weeks([], on(2000), T0)][-1] == 52
    assert weeks([woman()], on(-29), T0) == ()


def test_coverage():
    women = [
        woman(file_months=frozenset({1}), typed_months=frozenset({2})),
        woman(said=[30, 61]),
        woman(),
        woman(done=False, file_months=frozenset({1})),
    ]
    assert coverage(women, on(61)) == (
        CoverageMonth(1, due=3, files=1, typed=0, said=1, none=1),
        CoverageMonth(2, due=3, files=0, typed=1, said=1, none=1),
    )
