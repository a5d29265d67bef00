"""Sums of money after the course."""

from datetime import date

import pytest

from tests.outcome_women import on, woman
from trainer.domain.outcome_money import a_year_before, middle_of, money, winsorised_mean, year_earlier
from trainer.domain.outcomes import Money, Woman, YearEarlier

NOTHING = YearEarlier(0, None, None, None, None)


@pytest.mark.parametrize(
    ("amounts", "middle"),
    [([], None), ([7], 7), ([9, 1, 5], 5), ([1, 2], 2), ([2, 3], 2), ([-1, -2], -2), ([-3, 2, 1, 10], 2), ([4, 0], 2)],
)
def test_middle(amounts, middle):
    assert middle_of(amounts) == middle


@pytest.mark.parametrize(
    ("amounts", "mean"),
    [
        ([], None),
        ([7], 7),
        # Quantiles 1 and 99: both ends are drawn in by one.
        ([0, 100], 50),
        # 1 %: 0; 99 %: 0.98 of the way from the second place to the third, 9800: (0 + 0 + 9800)/3.
        ([0, 0, 10_000], 3267),
        # Of 101, exactly the second and the second to last: 0 → 1, 10 000 → 99; Σ 1…99 = 4950 + 1 + 99.
        ([0, *range(1, 100), 10_000], 50),
    ],
)
def test_winsorised_mean(amounts, mean):
    assert winsorised_mean(amounts) == mean


def test_nobody_sold_anything_there_was_nobody():
    assert money([], on(90)) == Money(90, 0, 0, 0, 0, None, None, None, 0, 0, 0, NOTHING)
    assert money([woman(reach=90, done=False, sold={5: 100})], on(90)).n == 0


def test_the_window_and_who_is_in_it():
    women = [
        woman(reach=90, sold={0: 1, 1: 100, 90: 20, 91: 7}),
        woman(reach=91, sold={30: 50, 31: -80}),
        woman(reach=90),
        woman(reach=89, sold={5: 1000}),
        woman(sold={5: 1000}),
    ]
    found = money(women, on(95))
    assert (found.n, found.no_data, found.sellers, found.net_fen_total) == (3, 2, 1, 90)
    assert (found.net_fen_median, found.top_share, found.top_sellers) == (0, 1.0, 1)
    assert (found.paid_fen, found.refunded_fen) == (170, 80)
    # Drawn in to −29.4 and 117.6: (−29.4 + 0 + 117.6)/3.
    assert found.net_fen_mean_winsorised == 29
    assert (money(women, on(89)).n, money(women, on(89)).no_data) == (0, 0)


def test_the_best_tenth_is_rounded_up():
    found = money([woman(reach=90, sold={5: 100 if seller == 3 else 10}) for seller in range(11)], on(90))
    assert (found.sellers, found.top_sellers, found.top_share) == (11, 2, 110 / 200)


def test_the_best_tenth_never_has_more_than_all():
    assert money([woman(reach=90, sold={5: 100}), woman(reach=90, sold={5: -60})], on(90)).top_share == 1.0


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2028, 2, 29), date(2027, 2, 28)),
        (date(2028, 3, 1), date(2027, 3, 1)),
        (date(2029, 2, 28), date(2028, 2, 28)),
    ],
)
def test_a_year_before(day, before):
    assert a_year_before(day) == before


def test_the_year_before_is_of_women_whose_data_cover_both():
    women = [
        # Days 11…100 are 11 February to 11 May; in 2025, days −354…−265.
        woman(reach=100, since=-354, sold={10: 1, 11: 500, 100: 40, 101: 9, -355: 3, -354: 60, -265: 7, -264: 2}),
        woman(reach=120, since=-400, sold={50: 60}),
        woman(reach=100, since=-353, sold={50: 10_000}),
        woman(reach=99, since=-400, sold={50: 10_000}),
        woman(),
    ]
    assert year_earlier(women, on(110)) == YearEarlier(2, on(11), on(100), 300, 34)


@pytest.mark.parametrize(
    ("women", "as_of", "found"),
    [
        ([], 100, NOTHING),
        ([{}], 100, NOTHING),
        ([{"reach": 0, "since": -500}], 100, NOTHING),
        ([{"reach": 50, "since": -500}, {}, {}], 100, NOTHING),
        # Half of them: 50. Fewer days than ninety have passed.
        ([{"reach": 50, "since": -500}, {}], 100, YearEarlier(1, on(1), on(50), 0, 0)),
        ([{"reach": 50, "since": -500}], 20, YearEarlier(1, on(1), on(20), 0, 0)),
        ([{"reach": 50}], 20, YearEarlier(0, on(1), on(20), None, None)),
        ([{"reach": 50, "since": -500, "done": False}], 20, NOTHING),
    ],
)
def test_which_days_are_compared(women, as_of, found):
    assert year_earlier([woman(**one) for one in women], on(as_of)) == found


def test_a_leap_day_is_compared_with_the_day_before_it():
    one = Woman(1, "1", completed_on=date(2028, 2, 28), reach_from=date(2027, 2, 28), reach_on=date(2028, 2, 29))
    assert year_earlier([one], date(2028, 2, 29)) == YearEarlier(1, date(2028, 2, 29), date(2028, 2, 29), 0, 0)
