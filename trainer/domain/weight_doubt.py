"""How much the list hangs on the weights: chances of a place when they are in doubt, and the smallest change that alters it.

Stochastic multicriteria acceptability (SMAA-2: Lahdelma & Salminen 2001): weights are drawn around the official ones,
w ~ Dirichlet(40·w), which is 5 to 7 points either way.
"""

from dataclasses import dataclass

import numpy as np

DRAWS = 5000
CONCENTRATION = 40.0


@dataclass(frozen=True)
class WeightChange:
    """`criterion` gets `to` of the whole instead of `weight` (shares of 1), the others in proportion: then the candidate
    at position `comes_in` is within the line and the one at `goes_out` is not."""

    criterion: int
    weight: float
    to: float
    comes_in: int
    goes_out: int


def totals(points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Σ w·points / Σ w over the criteria that are known: one a candidate, or a row a draw of weights.

    `points`: candidates × criteria, 0–100, nan where nothing is known; `weights`: criteria, or draws × criteria.
    """
    known = (~np.isnan(points)).astype(float)
    return (weights @ np.nan_to_num(points).T) / np.maximum(weights @ known.T, 1e-12)


def seat_chances(
    points: np.ndarray, weights: np.ndarray, bonus: np.ndarray, seats: int, rng: np.random.Generator
) -> np.ndarray:
    """Share of the drawn weights with which each candidate is within the line; equals of the last place are."""
    if points.shape[0] <= seats:
        return np.ones(points.shape[0])
    drawn = rng.dirichlet(np.maximum(CONCENTRATION * weights, 1e-9), DRAWS)
    scores = np.round(totals(points, drawn) + bonus, 6)
    last = np.partition(scores, -seats, axis=1)[:, -seats]
    return (scores >= last[:, None]).mean(axis=0)


def smallest_change(points: np.ndarray, weights: np.ndarray, bonus: np.ndarray, seats: int) -> WeightChange | None:
    """The smallest change of one weight by which somebody outside draws level with somebody inside; None: none does.

    What is not known of a candidate counts as the rest of hers is worth. w* = w − s₀/(s₁−s₀) for every pair across the
    line; nothing is said where nobody is outside, or where a tie lies on the line already.
    """
    if points.shape[0] <= seats or points.shape[1] < 2:
        return None
    scores = totals(points, weights)
    filled = np.where(np.isnan(points), scores[:, None], points)
    order = np.argsort(-np.round(scores + bonus, 6), kind="stable")
    inside, outside = order[:seats], order[seats:]
    gap = (scores + bonus)[inside][:, None] - (scores + bonus)[outside][None, :]
    if np.round(gap.min(), 6) <= 0:
        return None
    best: WeightChange | None = None
    for criterion, weight in enumerate(weights):
        # The score rises by `lean` for every unit that goes to this criterion from the others in proportion.
        lean = (filled[:, criterion] - filled @ weights) / (1.0 - weight) if weight < 1.0 else np.zeros(len(filled))
        slope = lean[inside][:, None] - lean[outside][None, :]
        with np.errstate(divide="ignore", invalid="ignore"):
            shift = np.where(np.abs(slope) > 1e-12, -gap / slope, np.inf)
        shift[(weight + shift < 0.0) | (weight + shift > 1.0)] = np.inf
        at = np.unravel_index(np.argmin(np.abs(shift)), shift.shape)
        if np.isfinite(shift[at]) and (best is None or abs(shift[at]) < abs(best.to - best.weight) - 1e-12):
            best = WeightChange(
                *(criterion, float(weight), float(weight + shift[at])), int(outside[at[1]]), int(inside[at[0]])
            )
    return best
