"""Ranks, ties, the cut line, plain figures, and what redraws say about ranks."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.domain.ranking import (
    certainty_of_ties,
    competition_ranks,
    raw_figures,
    tied_on_cut_line,
    uncertainty_of_draws,
)


@pytest.mark.parametrize(
    ("scores", "ranks"),
    [
        ([9, 8, 8, 7], [1, 2, 2, 4]),
        ([7, 8, None, 8, 9], [4, 2, None, 2, 1]),
        ([5, 5, 5], [1, 1, 1]),
        ([None], [None]),
        ([], []),
    ],
)
def test_competition_ranks(scores, ranks):
    assert competition_ranks(scores) == ranks


@pytest.mark.parametrize(
    ("ranks", "seats", "tied"),
    [
        ([1, 2, 2, 4], 2, [False, True, True, False]),
        ([1, 2, 2, 4], 3, [False] * 4),  # the tie ends on the line: nobody is cut
        ([1, 2, 2, 4], 1, [False] * 4),
        ([1, 1, 1, None], 1, [True, True, True, False]),
        ([1, 1], 5, [False, False]),
    ],
)
def test_only_a_tie_the_line_runs_through_is_flagged(ranks, seats, tied):
    assert tied_on_cut_line(ranks, seats) == tied


def test_raw_figures():
    figures = raw_figures(
        {"b": [Decimal(70), Decimal(80)], "a": [Decimal(75), None], "c": [None], "d": [Decimal(90), Decimal(90)]}
    )
    assert [(f.candidate, f.n, f.mean, f.spread, f.rank) for f in figures] == [
        ("d", 2, Decimal(90), Decimal(0), 1),
        ("a", 1, Decimal(75), None, 2),
        ("b", 2, Decimal(75), Decimal("7.071068"), 2),
        ("c", 0, None, None, None),
    ]


@given(st.lists(st.integers(0, 5) | st.none(), max_size=12), st.randoms())
def test_ranks_belong_to_the_score_not_to_the_place_in_the_list(scores, random):
    by_score = dict(zip(scores, competition_ranks(scores), strict=True))
    shuffled = random.sample(scores, len(scores))
    assert competition_ranks(shuffled) == [by_score[score] for score in shuffled]
    for score, rank in by_score.items():
        if rank is not None:
            assert rank == 1 + sum(other > score for other in scores if other is not None)


def test_intervals_are_the_5_and_95_percent_points_of_the_redrawn_ranks():
    # The first is best in 90 of 100 draws, second in 6, third in 4.
    draws = np.array([[3.0, 2.0, 1.0]] * 90 + [[2.0, 3.0, 1.0]] * 6 + [[1.0, 3.0, 2.0]] * 4)
    found = uncertainty_of_draws(draws, seats=1)
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1, 3], [2, 2, 3])
    assert found.p_seat.tolist() == [0.9, 0.1, 0.0]


def test_equals_share_the_places_they_span():
    found = certainty_of_ties([9.0, 8.0, 8.0, 7.0], seats=2)
    assert (found.low.tolist(), found.high.tolist()) == ([1, 2, 2, 4], [1, 3, 3, 4])
    assert found.p_seat.tolist() == [1.0, 0.5, 0.5, 0.0]


def test_the_points_of_an_interval_are_counted_not_guessed():
    # Of 20 draws the 5 % point is the first and the 95 % point the nineteenth: A is ahead of B in one alone.
    draws = np.array([[2.0, 1.0]] + [[1.0, 2.0]] * 19)
    found = uncertainty_of_draws(draws, 1)
    assert (found.low.tolist(), found.high.tolist(), found.p_seat.tolist()) == ([1, 1], [2, 1], [0.05, 0.95])


def test_what_is_equal_to_a_millionth_shares_a_rank():
    found = raw_figures({"A": [Decimal("50.0000004")], "B": [Decimal("50.0000001")]})
    assert [(row.mean, row.rank) for row in found] == [(50, 1), (50, 1)]
