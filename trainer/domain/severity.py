"""How strict each judge is, taken out of the scores: judges random, candidates fixed.

    y_ij = θ_i + v_j + e_ij,   θ fixed,   v_j ~ N(0, σ_v²),   e_ij ~ N(0, σ_e²)

The candidates are eliminated first, so everything is as small as the number of judges: with A the 0/1 table of who
read whom, S = diag(Aᵀ1) − Aᵀ diag(1/n_i) A is the Laplacian of the judge graph, and one number, λ = σ_e²/σ_v², is found
by REML (Patterson & Thompson 1971). The offsets are a ridge solution; θ̂_i is exactly the mean of (y_ij − v̂_j).
"""

from dataclasses import dataclass, replace

import numpy as np

LOG_LAMBDA = np.linspace(-18.0, 18.0, 73)
NO_GAIN = 1e-10  # on the scale of −2·log likelihood: rounding noise, where severity and none explain the scores alike
LINKED = 1e-9  # an eigenvalue of S below this is a zero: a group of judges of its own
HUBER = 1.345  # 95 % as efficient as the mean when nobody favours anybody (Huber 1964)
HUBER_PASSES = 200


@dataclass(frozen=True)
class Marks:
    """One score a row: `candidate` and `judge` are positions from 0; each pair occurs once; every position is used."""

    candidate: np.ndarray
    judge: np.ndarray
    score: np.ndarray

    @property
    def n_candidates(self) -> int:
        return int(self.candidate.max()) + 1 if self.candidate.size else 0

    @property
    def n_judges(self) -> int:
        return int(self.judge.max()) + 1 if self.judge.size else 0


@dataclass(frozen=True)
class Graph:
    """The judges as linked by the candidates they share, after the candidates are eliminated.

    `share` (candidates × judges) holds each reader's part in a candidate's mean; `values`, `vectors` are the
    eigen-system of S; `projected` is z = Uᵀb; `means` are the candidates' (weighted) means.
    """

    share: np.ndarray
    values: np.ndarray
    vectors: np.ndarray
    projected: np.ndarray
    means: np.ndarray

    @property
    def components(self) -> int:
        return int((self.values == 0).sum())

    @property
    def lambda2(self) -> float | None:
        """Second smallest eigenvalue: 0 = unlinked, small = weakly linked; None with fewer than two judges."""
        return float(self.values[1]) if self.values.size > 1 else None


@dataclass(frozen=True)
class Fit:
    """θ̂, offsets and what is uncertain about them, on the scale of the scores.

    `noise_var` is None where noise and severity cannot be told apart (one review each, or no more links than a tree):
    then nothing is corrected, the offsets are 0 and there is no interval. `root` is the symmetric square root of the
    offsets' covariance.
    """

    theta: np.ndarray
    offsets: np.ndarray
    ratio: float | None
    noise_var: float | None
    severity_var: float | None
    root: np.ndarray
    graph: Graph
    reviews: np.ndarray

    @property
    def offset_se(self) -> np.ndarray:
        return np.sqrt((self.root**2).sum(axis=1))

    def theta_var(self, root: np.ndarray | None = None) -> np.ndarray:
        """Error variance of each θ̂; with another `root` that of the same mean under other doubts about the judges."""
        spread = self.graph.share @ (self.root if root is None else root)
        return (spread**2).sum(axis=1) + (self.noise_var or 0.0) / self.reviews


def _eliminated(marks: Marks, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Readers' parts in the candidates' means, those means, S, and b: what is left when the candidates are eliminated."""
    table = np.zeros((marks.n_candidates, marks.n_judges))
    table[marks.candidate, marks.judge] = weights
    total = table.sum(axis=1)
    share = table / total[:, None]
    means = np.bincount(marks.candidate, weights * marks.score) / total
    gap = np.bincount(marks.judge, weights * (marks.score - means[marks.candidate]), minlength=marks.n_judges)
    return share, means, np.diag(table.sum(axis=0)) - table.T @ share, gap


def judge_graph(marks: Marks) -> Graph:
    share, means, laplacian, gap = _eliminated(marks, np.ones_like(marks.score))
    values, vectors = np.linalg.eigh(laplacian)
    linked = values > LINKED
    return Graph(share, np.where(linked, values, 0.0), vectors, np.where(linked, vectors.T @ gap, 0.0), means)


def fit(marks: Marks) -> Fit:
    graph, nothing = judge_graph(marks), np.zeros(marks.n_judges)
    free = marks.score.size - marks.n_candidates
    linked = graph.values > 0
    plain = Fit(
        theta=graph.means,
        offsets=nothing,
        ratio=None,
        noise_var=None,
        severity_var=None,
        root=np.diag(nothing),
        graph=graph,
        reviews=np.bincount(marks.candidate),
    )
    if free <= linked.sum():
        return plain
    deviations = marks.score - graph.means[marks.candidate]
    if np.abs(deviations).max() <= 1e-9 * max(1.0, np.abs(marks.score).max()):
        return replace(plain, noise_var=0.0, severity_var=0.0)
    # RSS(λ) as least-squares rest + what the ridge gives up: no subtraction of nearly equal numbers.
    s, z2 = graph.values[linked], graph.projected[linked] ** 2
    rest = float((_residuals(marks, graph, _offsets(graph, 0.0)) ** 2).sum())
    ratio = _reml_ratio(s, z2, rest, free)
    if ratio is None:
        return replace(plain, noise_var=float((deviations**2).sum()) / free, severity_var=0.0)
    return _corrected(plain, ratio, (rest + _given_up(s, z2, ratio)) / free)


def _corrected(plain: Fit, ratio: float, noise_var: float) -> Fit:
    graph = plain.graph
    offsets = _offsets(graph, ratio)
    return replace(
        plain,
        theta=graph.means - graph.share @ offsets,
        offsets=offsets,
        ratio=ratio,
        noise_var=noise_var,
        severity_var=noise_var / ratio,
        root=(graph.vectors * np.sqrt(noise_var / (graph.values + ratio))) @ graph.vectors.T,
    )


def _given_up(s: np.ndarray, z2: np.ndarray, ratio: float) -> float:
    return float((z2 * ratio / (s * (s + ratio))).sum())


def _reml_ratio(s: np.ndarray, z2: np.ndarray, rest: float, free: int) -> float | None:
    """λ minimising ½·df·log(RSS/df) + ½·Σ log((s+λ)/λ); None at the upper bound: no severity to be seen.

    None too where the best is no better than the bound: a last digit must not make offsets that part equals.

    A grid finds the valley, the root of the derivative its floor to the last digits; those are cut off again, so that
    two machines that add up in another order still have the same λ, bit for bit.
    """

    def slope(log_ratio: float) -> float:
        ratio = np.exp(log_ratio)
        fall = (z2 * ratio / (s + ratio) ** 2).sum() / (rest + _given_up(s, z2, ratio))
        return float(free * fall - (s / (s + ratio)).sum())

    grid = np.exp(LOG_LAMBDA)[:, None]
    rss = rest + (z2 * grid / (s * (s + grid))).sum(axis=1)
    cost = free * np.log(rss / free) + np.log1p(s / grid).sum(axis=1)
    best = int(np.argmin(cost))
    if cost[-1] - cost[best] <= NO_GAIN:
        return None
    low, high = LOG_LAMBDA[max(best - 1, 0)], LOG_LAMBDA[best + 1]
    from scipy.optimize import brentq  # noqa: PLC0415 (37 MB, and only a ranking needs it)

    found = brentq(slope, low, high, xtol=1e-14) if slope(low) < 0 < slope(high) else LOG_LAMBDA[best]
    return float(np.exp(round(float(found), 10)))


def _offsets(graph: Graph, ratio: float) -> np.ndarray:
    """U(z/(s+λ)); with λ = 0 the least-squares offsets, each group of linked judges centred on 0."""
    held = np.where(graph.values > 0, graph.values + ratio, 1.0)
    return graph.vectors @ (graph.projected / held)


def _residuals(marks: Marks, graph: Graph, offsets: np.ndarray) -> np.ndarray:
    theta = graph.means - graph.share @ offsets
    return marks.score - offsets[marks.judge] - theta[marks.candidate]


def huber(marks: Marks, plain: Fit) -> tuple[np.ndarray, np.ndarray]:
    """θ̂ and the weight (≤ 1) of every score when far-off reviews count less: w = min(1, 1.345·s/|e|).

    The scale s = 1.4826·MAD(e)·√(n/(n−N)) and λ stay those of the plain fit, so the problem is convex: one solution.
    """
    residuals = _residuals(marks, plain.graph, plain.offsets)
    n = marks.score.size
    mad = float(np.median(np.abs(residuals - np.median(residuals))))
    weights, theta = np.ones(n), plain.theta
    if plain.noise_var is None or mad <= 1e-9:
        return theta, weights
    limit = HUBER * 1.4826 * mad * np.sqrt(n / (n - marks.n_candidates))
    for _ in range(HUBER_PASSES):
        weights = limit / np.maximum(np.abs(residuals), limit)
        share, means, laplacian, gap = _eliminated(marks, weights)
        offsets = np.zeros(marks.n_judges)
        if plain.ratio is not None:
            offsets = np.linalg.solve(laplacian + plain.ratio * np.eye(marks.n_judges), gap)
        before, theta = theta, means - share @ offsets
        residuals = marks.score - offsets[marks.judge] - theta[marks.candidate]
        if np.abs(theta - before).max() < 1e-10:
            break
    return theta, weights


def studentised(marks: Marks, plain: Fit) -> np.ndarray:
    """t = e / (σ_e·√(1−h)) of every score; 0 where a candidate has no second reader to differ from."""
    t = np.zeros(marks.score.size)
    if not plain.noise_var:
        return t
    graph, own = plain.graph, -plain.graph.share[marks.candidate]
    own[np.arange(marks.score.size), marks.judge] += 1.0
    half = np.zeros_like(graph.values) if plain.ratio is None else 1.0 / np.sqrt(graph.values + plain.ratio)
    leverage = 1.0 / plain.reviews[marks.candidate] + (((own @ graph.vectors) * half) ** 2).sum(axis=1)
    seen = (plain.reviews[marks.candidate] > 1) & (leverage < 1.0 - 1e-9)
    residuals = _residuals(marks, graph, plain.offsets)
    t[seen] = residuals[seen] / np.sqrt(plain.noise_var * (1.0 - leverage[seen]))
    return t


def redraw(centre: np.ndarray, root: np.ndarray, plain: Fit, count: int, rng: np.random.Generator) -> np.ndarray:
    """`count` scores that could as well have come out, one a row: θ − (mean of the judges' δ) + ε.

    `root` is a square root of the covariance of δ: `plain.root` around the adjusted scores; around raw means the
    judges' whole severity is in doubt.
    """
    shifts = rng.standard_normal((count, root.shape[0])) @ root @ plain.graph.share.T
    noise = rng.standard_normal((count, centre.size)) * np.sqrt((plain.noise_var or 0.0) / plain.reviews)
    return centre - shifts + noise
