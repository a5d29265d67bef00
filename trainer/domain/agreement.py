"""How far judges agree: intraclass correlations from the variance components, and Krippendorff's α."""

from dataclasses import dataclass

import numpy as np

from trainer.domain.severity import Fit, Marks


@dataclass(frozen=True)
class Agreement:
    """Shares of the variance that are the candidates' own; None where the sheets cannot tell."""

    icc_single: float | None
    icc_mean_raw: float | None
    icc_mean_adjusted: float | None
    alpha: float | None


def agreement(marks: Marks, plain: Fit) -> Agreement:
    """ICC(single, absolute) and the reliability of the mean of R reviews before and after correction (R: their mean).

    σ_c² = var(θ̂) − mean error variance, floored at 0, both about the mean of all candidates: what is not known about
    the judges' common level moves everybody alike and is no error between candidates. So on complete tables the figures
    are ICC(2,1), ICC(2,k) and ICC(3,k) of Shrout & Fleiss (1979). After correction is None between unlinked judges.
    """
    alpha = krippendorff_alpha(marks)
    if plain.noise_var is None or plain.theta.size < 2:
        return Agreement(None, None, None, alpha)
    own = max(0.0, float(np.var(plain.theta, ddof=1) - _error_variance(plain)))
    noise, severity, reviews = plain.noise_var, plain.severity_var or 0.0, float(plain.reviews.mean())
    adjusted = _share(own, noise / reviews) if plain.graph.components == 1 else None
    return Agreement(_share(own, severity + noise), _share(own, (severity + noise) / reviews), adjusted, alpha)


def _error_variance(plain: Fit) -> float:
    shifts = plain.graph.share @ plain.root
    apart = ((shifts - shifts.mean(axis=0)) ** 2).sum() / (plain.theta.size - 1)
    return float(apart + plain.noise_var * (1.0 / plain.reviews).mean())


def _share(own: float, other: float) -> float | None:
    return own / (own + other) if own + other > 0 else None


def krippendorff_alpha(marks: Marks) -> float | None:
    """1 − D_o/D_e with squared differences (Krippendorff 2004, interval scale); lone scores are left out.

    None where there is nothing to compare: no candidate with two scores, or all scores equal.
    """
    reviews = np.bincount(marks.candidate, minlength=marks.n_candidates)
    paired = reviews[marks.candidate] > 1 if marks.score.size else np.zeros(0, dtype=bool)
    scores, of = marks.score[paired], marks.candidate[paired]
    if scores.size < 2 or np.ptp(scores) <= 1e-9:
        return None
    means = np.bincount(of, scores, minlength=reviews.size) / np.maximum(reviews, 1)
    # Σ over ordered pairs of (a−b)² = 2·m·Σ(a−mean)², so no pair is ever listed.
    inside = 2 * np.bincount(of, (scores - means[of]) ** 2, minlength=reviews.size)
    observed = float((inside * reviews / np.maximum(reviews - 1, 1)).sum()) / scores.size
    expected = 2 * float(((scores - scores.mean()) ** 2).sum()) / (scores.size - 1)
    return 1.0 - observed / expected
