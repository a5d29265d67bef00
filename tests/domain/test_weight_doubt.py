"""What the list owes to the weights: chances of a place, and the smallest change that lets another in."""

import numpy as np
import pytest

from trainer.domain.weight_doubt import seat_chances, smallest_change, totals

NAN = np.nan
EVEN = np.array([0.5, 0.5])


def rng():
    return np.random.default_rng(1)


@pytest.mark.parametrize(
    ("points", "weights", "expected"),
    [
        ([[80, 40]], EVEN, [60]),
        ([[80, NAN]], EVEN, [80]),  # what is not known is left out, never zero
        ([[80, 40], [0, 100]], np.array([0.25, 0.75]), [50, 75]),
    ],
)
def test_totals(points, weights, expected):
    assert totals(np.array(points, dtype=float), weights) == pytest.approx(expected)


def test_whoever_is_better_in_everything_is_never_in_doubt():
    points = np.array([[90.0, 90.0], [50.0, 60.0], [60.0, 50.0], [10.0, 10.0]])
    chances = seat_chances(points, EVEN, np.zeros(4), 2, rng())
    assert chances[0] == 1
    assert chances[3] == 0
    # The two between are mirror images: one of them gets the other place.
    assert chances[1] + chances[2] == pytest.approx(1)
    assert 0.4 < chances[1] < 0.6


def test_equals_of_the_last_place_are_both_in_and_few_candidates_all():
    same = np.array([[50.0, 50.0], [50.0, 50.0], [0.0, 0.0]])
    assert list(seat_chances(same, EVEN, np.zeros(3), 1, rng())) == [1, 1, 0]
    assert list(seat_chances(same, EVEN, np.zeros(3), 3, rng())) == [1, 1, 1]


def test_weights_are_drawn_around_the_official_ones_and_a_bonus_counts():
    # w₁ ~ Beta(40·0.8, 40·0.2) has mean 0.8; the first is ahead while w₁ > ½, and once the other has 55 more while w₁ > 0.775.
    points, weights = np.array([[100.0, 0.0], [0.0, 100.0]]), np.array([0.8, 0.2])
    assert seat_chances(points, weights, np.zeros(2), 1, rng())[0] > 0.999
    ahead = np.random.default_rng(2).beta(32, 8, 20_000) > 0.775
    chance = seat_chances(points, weights, np.array([0.0, 55.0]), 1, rng())
    assert chance[0] == pytest.approx(ahead.mean(), abs=0.03)
    assert chance.sum() == pytest.approx(1)


def test_of_all_single_weights_the_nearest_is_named():
    """Against a fine grid over every weight, up and down, the others in proportion; with a bonus that counts."""
    for seed in range(6):
        draw = np.random.default_rng(seed)
        points, bonus = draw.uniform(0, 100, (9, 3)), draw.choice([0.0, 6.0], 9)
        weights = np.array([0.5, 0.3, 0.2])
        found = smallest_change(points, weights, bonus, 4)
        before = set(np.argsort(-(points @ weights + bonus))[:4])
        nearest = np.inf
        for criterion, weight in enumerate(weights):
            for to in np.linspace(0, 1, 2001):
                moved = weights * (1 - to) / (1 - weight)
                moved[criterion] = to
                if set(np.argsort(-(points @ moved + bonus))[:4]) != before:
                    nearest = min(nearest, abs(to - weight))
        assert abs(found.to - found.weight) == pytest.approx(nearest, abs=6e-4)


def test_what_is_not_known_counts_as_the_rest_of_hers():
    # In: 80 and unknown, so 80 either way. Out: 90 and 40 → 65. She draws level where w·90 + (1−w)·40 = 80, at w = 0.8.
    found = smallest_change(np.array([[80.0, NAN], [90.0, 40.0]]), EVEN, np.zeros(2), 1)
    assert (found.criterion, found.to) == (0, pytest.approx(0.8))


def test_the_smallest_change_by_hand():
    # In: 70 and 50 → 60. Out: 40 and 70 → 55. w·70 + (1−w)·50 = w·40 + (1−w)·70 at w = 0.4: the first from 50 to 40 %.
    found = smallest_change(np.array([[70.0, 50.0], [40.0, 70.0]]), EVEN, np.zeros(2), 1)
    assert (found.criterion, found.weight, found.to) == (0, 0.5, pytest.approx(0.4))
    assert (found.comes_in, found.goes_out) == (1, 0)


def test_at_that_weight_the_two_draw_level():
    points = np.random.default_rng(3).uniform(0, 100, (40, 4))
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    found = smallest_change(points, weights, np.zeros(40), 10)
    moved = weights * (1 - found.to) / (1 - weights[found.criterion])
    moved[found.criterion] = found.to
    scores = totals(points, moved)
    assert scores[found.comes_in] == pytest.approx(scores[found.goes_out], abs=1e-9)
    assert moved.sum() == pytest.approx(1)
    # Half of that change alters nothing.
    half = weights * (1 - (weights[found.criterion] + found.to) / 2) / (1 - weights[found.criterion])
    half[found.criterion] = (weights[found.criterion] + found.to) / 2
    best = lambda w: set(np.argsort(-totals(points, w))[:10])  # noqa: E731
    assert best(half) == best(weights)


@pytest.mark.parametrize(
    ("points", "bonus", "seats"),
    [
        ([[90, 90], [10, 10]], [0, 0], 1),  # better in everything
        ([[50, 50], [50, 50]], [0, 0], 1),  # a tie on the line is one already
        ([[60, 40], [40, 60]], [0, 0], 1),  # nor does one whom every other weight would part
        ([[50, 60]], [0], 1),  # nobody outside
        ([[90, 80], [80, 90]], [60, 0], 1),  # no weight outweighs the bonus
    ],
)
def test_where_no_weight_alters_the_list(points, bonus, seats):
    assert smallest_change(np.array(points, dtype=float), EVEN, np.array(bonus, dtype=float), seats) is None
