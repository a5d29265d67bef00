"""Krippendorff's α and the intraclass correlations by hand."""

import numpy as np
import pytest

from trainer.domain.agreement import agreement, krippendorff_alpha
from trainer.domain.severity import Marks, fit


def marks_of(rows):
    """`rows`: the scores of each candidate, one column a judge, None where she did not read."""
    cells = [(i, j, score) for i, row in enumerate(rows) for j, score in enumerate(row) if score is not None]
    candidate, judge, score = zip(*cells, strict=True)
    return Marks(np.array(candidate), np.array(judge), np.array(score, dtype=float))


def test_alpha_of_the_published_example():
    # Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), example D: interval α = 0.849.
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    assert krippendorff_alpha(marks_of(list(zip(*observers, strict=True)))) == pytest.approx(0.849, abs=5e-4)


@pytest.mark.parametrize(
    ("rows", "alpha"),
    [
        ([[1, 1], [3, 3]], 1.0),
        # Observed 4 each; expected: pairs over {1, 3, 3, 1}: 2·4/3.
        ([[1, 3], [3, 1]], 1 - 4 / (8 / 3)),
        ([[1, None], [None, 3]], None),
        ([[2, 2], [2, 2]], None),
    ],
)
def test_alpha_by_hand(rows, alpha):
    assert krippendorff_alpha(marks_of(rows)) == (None if alpha is None else pytest.approx(alpha))


def test_icc_of_a_complete_table_is_the_textbooks():
    # Shrout & Fleiss (1979), six targets by four judges: ICC(2,1) = .29, ICC(2,4) = .62, ICC(3,4) = .91.
    table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    marks = marks_of(table)
    plain = fit(marks)
    assert plain.noise_var == pytest.approx(1.0194, abs=1e-4)
    assert plain.severity_var == pytest.approx(5.2444, abs=1e-3)
    found = agreement(marks, plain)
    assert (found.icc_single, found.icc_mean_raw, found.icc_mean_adjusted) == pytest.approx(
        (0.2898, 0.6201, 0.9093), abs=1e-4
    )


def test_icc_where_not_everybody_read_everybody():
    """σ_c² from the whole covariance of θ̂, about their mean."""
    rows = [[89, 69, None], [None, 55, 43], [80, None, 65], [68, 53, 49], [84, None, 51], [None, 49, 47]]
    marks = marks_of(rows)
    plain = fit(marks)
    shifts = plain.graph.share @ plain.root
    covariance = shifts @ shifts.T + np.diag(plain.noise_var / plain.reviews)
    about = np.eye(6) - 1 / 6
    own = np.var(plain.theta, ddof=1) - np.trace(about @ covariance) / 5
    assert plain.severity_var > 1
    assert own > 0
    assert agreement(marks, plain).icc_mean_adjusted == pytest.approx(own / (own + plain.noise_var / (13 / 6)))


def test_candidates_who_differ_less_than_chance_own_nothing_and_never_less():
    marks = marks_of([[0, 10], [10, 0], [5, 5]])
    found = agreement(marks, fit(marks))
    assert (found.icc_single, found.icc_mean_raw, found.icc_mean_adjusted) == (0, 0, 0)


def test_nothing_is_claimed_where_nothing_can_be_known():
    one_each = marks_of([[1, None], [None, 3]])
    found = agreement(one_each, fit(one_each))
    assert (found.icc_single, found.icc_mean_raw, found.icc_mean_adjusted, found.alpha) == (None, None, None, None)
