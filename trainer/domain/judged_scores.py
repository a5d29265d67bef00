"""The evaluators' counted sheets as one score a candidate: adjusted or raw, with redraws and refits without one judge."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from trainer.domain.severity import Fit, Marks, fit, huber, redraw, studentised

DRAWS = 2000
INFLATED = 2.5  # studentised residual above which a third reader should look (finds about ¾ of planted favours)


@dataclass(frozen=True)
class JudgedScores:
    """`candidates`, `judges`: the names behind the positions of `marks`, sorted; `scores`: one a candidate, rounded.

    `adjusted`: severity is taken out of `scores`; never between unlinked judges.
    """

    candidates: list[str]
    judges: list
    marks: Marks
    plain: Fit
    adjusted: bool
    scores: np.ndarray

    @property
    def linked(self) -> bool:
        return self.plain.graph.components == 1

    @property
    def is_uncertain(self) -> bool:
        """Whether the sheets tell how far chance reaches."""
        return self.plain.noise_var is not None

    @property
    def doubt(self) -> np.ndarray:
        """Root of the covariance of the judges' offsets: what the fit leaves open, around raw means all of their severity."""
        if self.adjusted:
            return self.plain.root
        return np.sqrt(self.plain.severity_var or 0.0) * np.eye(len(self.judges))

    @property
    def se(self) -> np.ndarray:
        return np.sqrt(self.plain.theta_var(self.doubt))

    @property
    def theta(self) -> np.ndarray | None:
        """Adjusted scores, rounded, whichever rank; None between unlinked judges, for they would mean nothing.

        Where nothing is corrected they are the exact means, to the last digit.
        """
        if not self.linked:
            return None
        return np.round(self.plain.theta, 6) if self.plain.ratio else self.scores

    @property
    def huber(self) -> np.ndarray | None:
        return np.round(huber(self.marks, self.plain)[0], 6) if self.linked and self.is_uncertain else None

    @property
    def inflated(self) -> np.ndarray:
        """Per mark: far above what the candidate's other readers and the judge's own severity let expect."""
        return studentised(self.marks, self.plain) > INFLATED

    def draws(self, rng: np.random.Generator, count: int = DRAWS) -> np.ndarray:
        """Scores that could as well have come out (draws × candidates)."""
        centre = self.plain.theta if self.adjusted else self.plain.graph.means
        return redraw(centre, self.doubt, self.plain, count, rng)

    def without_each_judge(self) -> Iterator[np.ndarray]:
        """`scores` refitted without each judge in turn; whoever would be left without any reader keeps hers."""
        for judge in range(len(self.judges)):
            kept = self.marks.judge != judge
            left, candidate = np.unique(self.marks.candidate[kept], return_inverse=True)
            others = np.unique(self.marks.judge[kept], return_inverse=True)[1]
            scores = self.scores.copy()
            refit = fit(Marks(candidate, others, self.marks.score[kept]))
            scores[left] = np.round(refit.theta if self.adjusted else refit.graph.means, 6)
            yield scores


def judge_scores(
    sheets: Mapping[tuple[str, Hashable], Decimal | None], raw: Mapping[str, Decimal], *, adjusting: bool = True
) -> JudgedScores | None:
    """From the score of every complete sheet and the raw mean of every candidate with one; None without any.

    `adjusting`: whether severity is to be taken out where the judges are linked. Where nothing is corrected the exact
    means rank, not their floating-point doubles.
    """
    complete = {pair: score for pair, score in sheets.items() if score is not None}
    if not complete:
        return None
    candidates, judges = sorted(raw), sorted({judge for _, judge in complete})
    place, seat = _places(candidates), _places(judges)
    marks = Marks(
        np.array([place[candidate] for candidate, _ in complete]),
        np.array([seat[judge] for _, judge in complete]),
        np.array([float(score) for score in complete.values()]),
    )
    plain = fit(marks)
    adjusted = adjusting and plain.graph.components == 1
    exact = np.array([float(raw[name]) for name in candidates])
    scores = np.round(plain.theta, 6) if adjusted and plain.ratio else exact
    return JudgedScores(candidates, judges, marks, plain, adjusted, scores)


def _places(names: Sequence[Hashable]) -> dict[Hashable, int]:
    return {name: place for place, name in enumerate(names)}
