"""How well the ranking finds the truth on invented panels whose truth is known, and what it costs to reckon.

In the designs with counties a judge reads her own county, save for a share of the readings. tau: Kendall's with the true quality; top 20: share of the true
best twenty found; covered: true ranks within the 90 % interval.
"""

import argparse
import time
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from scipy.stats import kendalltau

from trainer.domain.round_inputs import Figure, RoundCriterion, RoundInputs, Sheet
from trainer.domain.round_ranking import rank_round
from trainer.domain.rubric import Criterion, RankRubric, ScoreRow
from trainer.domain.selection import CriterionKind, RankedBy
from trainer.domain.severity_ranking import rank_scores

SEEDS, SEATS = 50, 20
HEAD = "{:<26}{:>9}{:>7}{:>8}{:>7}{:>11}{:>7}{:>9}"
LINE = "{:<26}{:>9.3f}{:>7.3f}{:>8}{:>+7.2f}{:>11.3f}{:>7.3f}{:>9}"
WEIGHTS = (30, 25, 20, 15, 10)
RUBRIC = RankRubric(
    tuple(Criterion(f"k{k}", Decimal(w), Decimal(1), Decimal(10)) for k, w in enumerate(WEIGHTS)), seats=SEATS, seed=1
)


@dataclass(frozen=True)
class Design:
    """100 candidates and 12 judges unless said otherwise; `gain`: how much τ must rise over the raw mean's."""

    gain: float = -0.01
    severity: float = 0.8
    slope: float = 0.15
    noise: float = 0.8
    reviews: tuple[int, ...] = (3,)
    counties: int = 1
    crossing: float = 0.0
    anchors: int = 0
    judges: int = 12
    candidates: int = 100


DESIGNS = {
    "A random, 3 reviews": Design(gain=0.04),
    "B no severity": Design(severity=0.0),
    "C severity sd 1.5": Design(gain=0.04, severity=1.5),
    "D scale use differs": Design(slope=0.5),
    "F 2 reviews": Design(gain=0.04, reviews=(2,)),
    "G 5 reviews": Design(gain=0.04, reviews=(5,)),
    "H everybody by all 12": Design(reviews=(12,)),
    "N noisy judges": Design(noise=1.3),
    "J counties, 30 % cross": Design(counties=4, crossing=0.3),
    "J2 counties, 10 % cross": Design(counties=4, crossing=0.1),
    "K counties apart": Design(counties=4),
    "L apart, 6 anchors": Design(counties=4, anchors=6),
    "U 1 to 5 reviews": Design(reviews=(1, 2, 3, 4, 5)),
}


def world(design: Design, seed: int) -> tuple[list[ScoreRow], np.ndarray]:
    """Score rows and the true quality: θ ~ N(0,1) (+ county), criteria θ + N(0,.5), levels 1–10.

    x = round(5.5 + 1.2·(slope·criterion − severity + noise)); 70 % of a sheet's noise is common to its criteria (halo).
    """
    rng = np.random.default_rng(seed)
    n, judges = design.candidates, design.judges
    county = np.arange(n) % design.counties
    truth = rng.normal(size=n) + rng.normal(0, 0.5 if design.counties > 1 else 0, design.counties)[county]
    criteria = truth[:, None] + rng.normal(0, 0.5, (n, len(WEIGHTS)))
    strict = rng.normal(0, design.severity, judges)
    slope = np.exp(rng.normal(0, design.slope, judges))
    noise = design.noise * np.exp(rng.normal(0, 0.2, judges))
    home, load, rows = np.arange(judges) % design.counties, np.zeros(judges), []
    anchors = set(range(design.anchors))
    for i in rng.permutation(n):
        for j in _readers(design, rng, load, home, county[i], i in anchors):
            load[j] += 1
            slip = noise[j] * (np.sqrt(0.7) * rng.normal() + np.sqrt(0.3) * rng.normal(size=len(WEIGHTS)))
            levels = np.clip(np.round(5.5 + 1.2 * (slope[j] * criteria[i] - strict[j] + slip)), 1, 10)
            rows += [ScoreRow(f"c{i:03d}", f"j{j:02d}", f"k{k}", Decimal(int(x))) for k, x in enumerate(levels)]
    return rows, criteria @ np.array(WEIGHTS) / 100


def _readers(design: Design, rng, load: np.ndarray, home: np.ndarray, county: int, is_anchor: bool) -> np.ndarray:
    """The least loaded of the own county, each place with `crossing` chance from another one; of an anchor all."""
    everybody = np.arange(load.size)
    if is_anchor:
        return everybody
    chosen: list[int] = []
    for _ in range(int(rng.choice(design.reviews))):
        away = design.counties > 1 and rng.random() < design.crossing
        free = [j for j in everybody if j not in chosen and ((home[j] != county) if away else (home[j] == county))]
        free = free or [j for j in everybody if j not in chosen]
        chosen.append(min(free, key=lambda j: (load[j], rng.random())))
    return np.array(chosen)


def quality(design: Design, seeds: int) -> list[float]:
    """tau raw, tau ranked by, top 20 raw, top 20 ranked by, share of true ranks in the interval: means over the seeds."""
    found = []
    for seed in range(seeds):
        rows, truth = world(design, seed)
        ranked = sorted(rank_scores(rows, RUBRIC).rows, key=lambda row: row.candidate)
        raw = np.array([row.raw for row in ranked])
        used = np.array([row.raw if row.adjusted is None else row.adjusted for row in ranked])
        best, true_rank = set(np.argsort(-truth)[:SEATS]), np.argsort(np.argsort(-truth)) + 1
        inside = [r.rank_lo <= true <= r.rank_hi for r, true in zip(ranked, true_rank, strict=True) if r.rank_lo]
        found.append(
            [
                *(kendalltau(scores, truth).statistic for scores in (raw, used)),
                *(len(best & set(np.argsort(-scores)[:SEATS])) / SEATS for scores in (raw, used)),
                np.mean(inside),
            ]
        )
    return np.mean(found, axis=0).tolist()


def big_round(candidates: int = 1000, judges: int = 60, reviews: int = 3) -> RoundInputs:
    """Four judged criteria and attendance; every candidate by `reviews` judges."""
    rng = np.random.default_rng(1)
    criteria = (
        *(RoundCriterion(f"c{k}", f"c{k}", CriterionKind.JUDGED, 2000, 1, 10) for k in range(1, 5)),
        RoundCriterion("c5", "c5", CriterionKind.WEIGHTED, 2000, 1, 100, {"field": "attendance_rate", "of": 100}),
    )
    codes = [f"A-{i:04d}" for i in range(1, candidates + 1)]
    sheets = tuple(
        Sheet(code, int(j) + 1, {f"c{k}": int(rng.integers(1, 11)) for k in range(1, 5)})
        for code in codes
        for j in rng.choice(judges, reviews, replace=False)
    )
    figures = {code: {"attendance_rate": Figure(str(rng.integers(50, 101)))} for code in codes}
    return RoundInputs(criteria, SEATS, sheets, figures, ranked_by=RankedBy.ADJUSTED)


def show(seeds: int = SEEDS) -> None:
    print(
        "\n"
        + HEAD.format(
            f"known truth, {seeds} seeds", *("tau raw", "tau", "gain", "goal", "top20 raw", "top20", "covered")
        )
    )
    for name, design in DESIGNS.items():
        raw, used, top_raw, top, covered = quality(design, seeds)
        gain = f"{used - raw:+.3f}" + (" " if used - raw >= design.gain else "!")
        within = f"{covered:.3f}" + (" " if 0.85 <= covered <= 0.95 else "!")
        print(LINE.format(name, raw, used, gain, design.gain, top_raw, top, within), flush=True)
    inputs = big_round()
    rank_round(big_round(60, 12))
    began = time.process_time()
    first = rank_round(inputs)
    spent = time.process_time() - began
    shuffled = replace(inputs, sheets=inputs.sheets[::-1])
    same = rank_round(shuffled).output_sha256 == first.output_sha256
    what = "1,000 candidates × 60 judges × 3 reviews, 2,000 redraws, weights in doubt"
    print(f"\n{what}: {spent:.2f} s of CPU (goal 1.5); shuffled rows the same: {same}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.selection", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    show(parser.parse_args().seeds)
