"""What further readers near the line are worth, on invented panels whose truth is known; and how long a dealing takes.

100 candidates, 12 judges. "Adaptive": two readers each, then 100 more in batches of 30, each to the largest P(1−P). Regret:
how much better the true best twenty are, on the average, than the chosen twenty.
"""

import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
from scipy.stats import kendalltau

from benchmarks.selection import DESIGNS, RUBRIC, SEATS, Design, world
from trainer.domain.adaptive import Doubt, further_readers
from trainer.domain.assignment import Candidate, Judge, Terms, solve
from trainer.domain.rubric import ScoreRow
from trainer.domain.severity_ranking import rank_scores

SEEDS, BATCHES = 30, (30, 30, 30, 10)
BASES = {"base": DESIGNS["A random, 3 reviews"], "noisy judges": DESIGNS["N noisy judges"]}
# candidates, judges, readers, counties, share across, read by all
DEALINGS = (
    (100, 12, 3, 4, "0.3", 6),
    (300, 24, 3, 6, "0.3", 0),
    (300, 24, 3, 2, "0.7", 6),
    (1000, 60, 3, 10, "0.3", 6),
)


class Panel:
    """All sheets there could be; who reads what decides which of them are seen."""

    def __init__(self, design: Design, seed: int) -> None:
        rows, self.truth = world(replace(design, reviews=(design.judges,)), seed)
        self.sheets: dict[tuple[str, str], list[ScoreRow]] = {}
        for row in rows:
            self.sheets.setdefault((row.candidate, row.judge), []).append(row)
        self.candidates = sorted({candidate for candidate, _ in self.sheets})
        self.judges = [Judge(judge) for judge in sorted({judge for _, judge in self.sheets})]

    def dealt(self, readers: int) -> set[tuple[str, str]]:
        deal = solve([Candidate(c) for c in self.candidates], self.judges, Terms(readers, seed="b"))
        return {(r.candidate, r.judge) for r in deal.readings}

    def ranked(self, pairs: set[tuple[str, str]]) -> list:
        rows = rank_scores([row for pair in sorted(pairs) for row in self.sheets[pair]], RUBRIC).rows
        return sorted(rows, key=lambda row: row.candidate)

    def with_further(self, pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
        for number, batch in enumerate(BATCHES):
            doubts = [Doubt(row.candidate, "", row.p_seat) for row in self.ranked(pairs)]
            found = further_readers(doubts, self.judges, pairs, (), batch, f"b{number}")
            pairs = pairs | {(f.candidate, f.judge) for f in found if f.judge}
        return pairs

    def measure(self, pairs: set[tuple[str, str]]) -> tuple[int, float, float, float]:
        """Sheets, tau, share of the true best found, regret."""
        scores = np.array([float(row.adjusted if row.adjusted is not None else row.raw) for row in self.ranked(pairs)])
        best, chosen = np.argsort(-self.truth)[:SEATS], np.argsort(-scores, kind="stable")[:SEATS]
        regret = self.truth[best].mean() - self.truth[chosen].mean()
        return len(pairs), kendalltau(self.truth, scores)[0], len({*best} & {*chosen}) / SEATS, regret


def compare(design: Design, seeds: int) -> dict[str, np.ndarray]:
    found: dict[str, list] = {"2 each": [], "3 each": [], "2 each + adaptive": []}
    for seed in range(seeds):
        panel = Panel(design, seed)
        two = panel.dealt(2)
        ways = zip(found.values(), (two, panel.dealt(3), panel.with_further(two)), strict=True)
        for measured, pairs in ways:
            measured.append(panel.measure(pairs))
    return {name: np.mean(measured, axis=0) for name, measured in found.items()}


def dealing(n: int, j: int, readers: int, counties: int, cross: str, anchors: int):
    rng = np.random.default_rng(1)
    candidates = [Candidate(f"A-{k:04d}", f"g{rng.integers(counties)}") for k in range(n)]
    judges = [Judge(f"J{k:02d}", f"g{k % counties}") for k in range(j)]
    apart = {(f"A-{rng.integers(n):04d}", f"J{rng.integers(j):02d}") for _ in range(n * j // 50)}
    began = time.process_time()
    return solve(candidates, judges, Terms(readers, anchors, Fraction(cross), "b"), apart), time.process_time() - began


def show(seeds: int = SEEDS) -> None:
    print(f"\nfurther readers near the line ({seeds} seeds)    sheets    tau  top 20  regret")
    for name, design in BASES.items():
        for way, (sheets, tau, top, regret) in compare(design, seeds).items():
            print(f"{name + ', ' + way:<40}{sheets:>9.0f}{tau:>8.3f}{top:>8.3f}{regret:>8.3f}", flush=True)
    print("\ndealing out: candidates × judges × readers CPU s  loads  lambda2 of at most  outside own county")
    dealing(3, 2, 2, 1, "0", 0)  # the solver is loaded once
    for n, j, readers, *terms in DEALINGS:
        deal, spent = dealing(n, j, readers, *terms)
        loads, links = deal.loads.values(), deal.links
        print(
            f"{f'{n} × {j} × {readers}, {terms[0]} counties, {terms[2]} by all':<42}{spent:>6.2f}{min(loads):>5}–{max(loads)}"
            f"{links.lambda2:>9.1f}{links.highest:>12.1f}{float(deal.cross):>14.2f}",
            flush=True,
        )


if __name__ == "__main__":
    show()
