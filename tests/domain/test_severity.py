"""The estimator against solutions of the full model, and against what it must not do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.domain.severity import Marks, fit, huber, redraw, studentised


def marks_of(seed=0, n=30, judges=6, reviews=3, severity=6.0, noise=4.0, groups=1):
    """Random pairs; with `groups`, candidates and judges are dealt to groups that never meet."""
    rng = np.random.default_rng(seed)
    candidate, judge = [], []
    for i in range(n):
        own = np.arange(judges)[np.arange(judges) % groups == i % groups]
        candidate += [i] * reviews
        judge += rng.choice(own, reviews, replace=False).tolist()
    candidate, judge = np.array(candidate), np.array(judge)
    truth, offsets = rng.normal(60, 10, n), rng.normal(0, severity, judges)
    return Marks(candidate, judge, truth[candidate] + offsets[judge] + rng.normal(0, noise, candidate.size)), offsets


def full_model(marks, ratio):
    """Henderson's equations in full: candidates fixed, judges with ridge λ. Returns θ, v, leverages."""
    n, j, rows = marks.n_candidates, marks.n_judges, np.arange(marks.score.size)
    design = np.zeros((marks.score.size, n + j))
    design[rows, marks.candidate] = design[rows, n + marks.judge] = 1.0
    inverse = np.linalg.inv(design.T @ design + np.diag([0.0] * n + [ratio] * j))
    solution = inverse @ design.T @ marks.score
    return solution[:n], solution[n:], np.diag(design @ inverse @ design.T), inverse


def restricted_likelihood(marks, ratio):
    """−2·log REML of the marginal model y ~ N(Zθ, σ²(I + WWᵀ/λ)), σ² profiled out, from the definition."""
    rows = np.arange(marks.score.size)
    z, w = np.zeros((rows.size, marks.n_candidates)), np.zeros((rows.size, marks.n_judges))
    z[rows, marks.candidate] = w[rows, marks.judge] = 1.0
    v = np.eye(rows.size) + w @ w.T / ratio
    vi = np.linalg.inv(v)
    p = vi - vi @ z @ np.linalg.inv(z.T @ vi @ z) @ z.T @ vi
    free = rows.size - marks.n_candidates
    return (
        free * np.log(marks.score @ p @ marks.score / free)
        + np.linalg.slogdet(v)[1]
        + np.linalg.slogdet(z.T @ vi @ z)[1]
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_eliminated_form_solves_the_full_equations(seed):
    marks, _ = marks_of(seed)
    found = fit(marks)
    theta, offsets, leverage, inverse = full_model(marks, found.ratio)
    np.testing.assert_allclose(found.theta, theta, atol=1e-8)
    np.testing.assert_allclose(found.offsets, offsets, atol=1e-8)
    variances = np.diag(inverse)[: marks.n_candidates] * found.noise_var
    np.testing.assert_allclose(found.theta_var(), variances, rtol=1e-8)
    np.testing.assert_allclose(found.offset_se**2, np.diag(inverse)[marks.n_candidates :] * found.noise_var, rtol=1e-8)
    residuals = marks.score - theta[marks.candidate] - offsets[marks.judge]
    expected = residuals / np.sqrt(found.noise_var * (1 - leverage))
    np.testing.assert_allclose(studentised(marks, found), expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_the_ratio_is_where_the_restricted_likelihood_is_highest(seed):
    marks, _ = marks_of(seed)
    best = fit(marks).ratio
    at_best = restricted_likelihood(marks, best)
    for factor in (0.2, 0.7, 0.97, 1.03, 1.4, 5.0):
        assert restricted_likelihood(marks, best * factor) > at_best


def test_every_adjusted_score_is_the_mean_of_the_scores_less_the_offsets():
    marks, _ = marks_of()
    found = fit(marks)
    for i in range(marks.n_candidates):
        own = marks.candidate == i
        assert found.theta[i] == pytest.approx((marks.score[own] - found.offsets[marks.judge[own]]).mean(), abs=1e-9)


def test_known_severities_are_found():
    marks, offsets = marks_of(seed=3, n=200, judges=8, severity=8.0, noise=3.0)
    found = fit(marks)
    error = (found.offsets - found.offsets.mean()) - (offsets - offsets.mean())
    assert np.abs(error).max() < 3 * found.offset_se.max()
    assert found.noise_var == pytest.approx(9.0, rel=0.2)


def test_without_any_noise_severity_is_taken_out_to_the_last_point():
    truth, offsets = np.array([50.0, 60.0, 70.0, 80.0]), np.array([0.0, -10.0, 10.0])
    candidate, judge = (a.ravel() for a in np.meshgrid(range(4), range(3), indexing="ij"))
    found = fit(Marks(candidate, judge, truth[candidate] + offsets[judge]))
    np.testing.assert_allclose(found.theta, truth, atol=1e-5)
    np.testing.assert_allclose(found.offsets, offsets, atol=1e-5)


@pytest.mark.parametrize("groups", [1, 2, 3])
def test_components_are_counted(groups):
    graph = fit(marks_of(n=30, judges=6, reviews=2, groups=groups)[0]).graph
    assert graph.components == groups
    assert (graph.lambda2 == 0) == (groups > 1)


def test_lambda2_by_hand():
    # Two judges, two shared candidates: S = [[1, −1], [−1, 1]], eigenvalues 0 and 2.
    marks = Marks(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([1.0, 2.0, 3.0, 4.0]))
    assert fit(marks).graph.lambda2 == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("candidate", "judge"),
    [
        ([0, 1, 2], [0, 0, 0]),  # one judge only
        ([0, 1, 2], [0, 1, 0]),  # one review each
        ([0, 0, 1], [0, 1, 0]),  # a tree: the offsets explain everything, nothing is left to call noise
    ],
)
def test_where_noise_and_severity_cannot_be_told_apart_nothing_is_corrected(candidate, judge):
    marks = Marks(np.array(candidate), np.array(judge), np.array([50.0, 60.0, 75.0]))
    found = fit(marks)
    assert found.noise_var is None
    np.testing.assert_array_equal(found.theta, found.graph.means)
    np.testing.assert_array_equal(found.offsets, np.zeros(marks.n_judges))


def test_when_judges_differ_less_than_noise_offsets_are_exactly_zero():
    # Everybody's mean is the same for both judges: no severity can be seen.
    scores = np.array([50.0, 54.0, 64.0, 60.0, 70.0, 72.0, 81.0, 79.0])
    found = fit(Marks(np.repeat(np.arange(4), 2), np.tile([0, 1], 4), scores))
    assert found.ratio is None
    assert found.offsets.tolist() == [0.0, 0.0]
    assert found.noise_var == pytest.approx((8 + 8 + 2 + 2) / 4)


def test_all_equal_scores_leave_nothing_uncertain():
    found = fit(Marks(np.repeat(np.arange(4), 2), np.tile([0, 1], 4), np.full(8, 60.0)))
    assert (found.noise_var, found.severity_var) == (0.0, 0.0)
    assert found.theta.tolist() == [60.0] * 4


def test_huber_hardly_listens_to_an_inflated_review():
    marks, _ = marks_of(seed=4, n=60, judges=6, noise=2.0)
    favour = 17
    inflated = Marks(marks.candidate, marks.judge, marks.score + 30.0 * (np.arange(marks.score.size) == favour))
    plain = fit(inflated)
    theta, weights = huber(inflated, plain)
    favoured = marks.candidate[favour]
    honest = fit(marks).theta[favoured]
    assert weights[favour] < 0.4
    assert weights[favour] == weights.min()
    assert abs(theta[favoured] - honest) < 0.6 * abs(plain.theta[favoured] - honest)
    assert studentised(inflated, plain)[favour] > 2.5
    assert ((weights > 0) & (weights <= 1)).all()


def test_huber_weights_theta_and_offsets_belong_together():
    """One solution of the convex problem, whose scale is that of the plain fit: each follows from the two others."""
    marks, _ = marks_of(seed=6, n=30, judges=5, noise=3.0)
    marks = Marks(marks.candidate, marks.judge, marks.score + 25.0 * (np.arange(marks.score.size) % 17 == 3))
    plain = fit(marks)
    theta, weights = huber(marks, plain)
    rest = marks.score - plain.offsets[marks.judge] - plain.theta[marks.candidate]
    mad = np.median(np.abs(rest - np.median(rest)))
    scale = 1.4826 * mad * np.sqrt(rest.size / (rest.size - 30))
    gaps = weights * (marks.score - theta[marks.candidate])
    offsets = np.bincount(marks.judge, gaps) / (np.bincount(marks.judge, weights) + plain.ratio)
    left = marks.score - offsets[marks.judge] - theta[marks.candidate]
    np.testing.assert_allclose(weights, np.minimum(1.0, 1.345 * scale / np.abs(left)), atol=1e-6)
    means = np.bincount(marks.candidate, weights * (marks.score - offsets[marks.judge]))
    np.testing.assert_allclose(theta, means / np.bincount(marks.candidate, weights), atol=1e-6)
    assert (weights < 1).sum() > 5


@pytest.mark.parametrize("stretch", [1, 2, 10 / 3, 100 / 9, 7.77, 100 / 7])
def test_severity_that_explains_nothing_parts_no_equals(stretch):
    """Severity and none are equally likely here to the last digit: an offset of a millionth would order the two zeros."""
    candidate, judge = np.array([0, 1, 1, 2, 3, 3]), np.array([0, 0, 1, 1, 0, 1])
    found = fit(Marks(candidate, judge, stretch * np.array([0.0, 0.0, 5.0, 2.0, 0.0, 0.0])))
    assert found.offsets.tolist() == [0.0, 0.0]
    assert found.theta[0] == found.theta[3] == 0


def test_redraws_have_the_spread_the_standard_errors_promise():
    marks, _ = marks_of(seed=5)
    found = fit(marks)
    draws = redraw(found.theta, found.root, found, 20_000, np.random.default_rng(1))
    np.testing.assert_allclose(draws.mean(axis=0), found.theta, atol=0.15)
    np.testing.assert_allclose(draws.var(axis=0), found.theta_var(), rtol=0.06)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.2, 5), st.floats(-50, 50))
def test_stretching_and_shifting_all_scores_does_the_same_to_the_adjusted(seed, stretch, shift):
    marks, _ = marks_of(seed, n=12, judges=4)
    found, moved = fit(marks), fit(Marks(marks.candidate, marks.judge, stretch * marks.score + shift))
    np.testing.assert_allclose(moved.theta, stretch * found.theta + shift, atol=1e-4)
