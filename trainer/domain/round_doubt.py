"""How sure a round's ranking is: of the evaluators' noise, of each single evaluator, of the weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

import numpy as np

from trainer.domain.judged_scores import JudgedScores
from trainer.domain.ranking import RankUncertainty, certainty_of_ties, uncertainty_of_draws
from trainer.domain.round_inputs import RoundInputs
from trainer.domain.round_reckoning import Reckoned, to_decimal
from trainer.domain.severity_ranking import decided_by_one_judge
from trainer.domain.weight_doubt import seat_chances, smallest_change
from trainer.domain.weight_doubt import totals as plain_totals


@dataclass(frozen=True)
class NamedChange:
    """The smallest change of one weight that alters the list, in basis points, and whom it lets in for whom."""

    criterion: str
    weight_bp: int
    to_bp: int
    comes_in: str
    goes_out: str


class Doubt:
    """Redraws of the judged scores carried through to totals and ranks; nothing where the sheets cannot tell.

    `of(k)` speaks of the candidate at position k of `reckoned`.
    """

    def __init__(
        self,
        inputs: RoundInputs,
        reckoned: Sequence[Reckoned],
        totals: Sequence[Decimal | None],
        judged: JudgedScores | None,
    ) -> None:
        ranked = [k for k, total in enumerate(totals) if total is not None]
        self.place = {k: at for at, k in enumerate(ranked)}
        self.found: RankUncertainty | None = None
        self.decided_by_one: frozenset[int] = frozenset()
        if judged is None or not ranked:
            return
        values = np.array([float(totals[k]) for k in ranked])
        name_at = {name: at for at, name in enumerate(judged.candidates)}
        columns = np.array([name_at[reckoned[k].candidate] for k in ranked])
        weight = sum(c.weight_bp for c in inputs.criteria if c.judged)
        # So much of a total moves when the judged score does.
        share = weight / np.array([reckoned[k].known_bp for k in ranked])
        if judged.is_uncertain:
            self.se = judged.se[columns] * share
            self.found = self._uncertainty(inputs, judged, values, columns, share)
        refits = (
            np.round(values + (scores - judged.scores)[columns] * share, 6) for scores in judged.without_each_judge()
        )
        moved = decided_by_one_judge(np.round(values, 6), refits, len(judged.judges), inputs.seats)
        self.decided_by_one = frozenset(k for k, changes in zip(ranked, moved, strict=True) if changes)

    @staticmethod
    def _uncertainty(inputs, judged: JudgedScores, values, columns, share) -> RankUncertainty:
        if judged.plain.noise_var == 0:
            return certainty_of_ties(values, inputs.seats)
        centre = judged.plain.theta if judged.adjusted else judged.plain.graph.means
        moved = (judged.draws(np.random.default_rng(seed_of(inputs, "sheets"))) - centre)[:, columns]
        return uncertainty_of_draws(values + moved * share, inputs.seats)

    def of(self, k: int, rank: int | None) -> tuple:
        """se, low, high, p_seat; the printed rank always lies in its printed interval."""
        if self.found is None or k not in self.place:
            return None, None, None, None
        at = self.place[k]
        low, high = min(int(self.found.low[at]), rank), max(int(self.found.high[at]), rank)
        return to_decimal(self.se[at]), low, high, to_decimal(self.found.p_seat[at])


def doubt_weights(
    inputs: RoundInputs, reckoned: Sequence[Reckoned], totals: Sequence[Decimal | None], adjusted: bool
) -> tuple[dict[int, Decimal], NamedChange | None]:
    """Chances of a place when the weights are in doubt, by position, and the smallest change that alters the list.

    Of a judged criterion count its own points, moved so that at the official weights the totals are those that rank.
    """
    ranked = [k for k, total in enumerate(totals) if total is not None]
    if not ranked or len(inputs.criteria) < 2:
        return {}, None
    weights = np.array([c.weight_bp / 10_000 for c in inputs.criteria])
    judged = np.array([c.judged for c in inputs.criteria])
    parts = [[reckoned[k].parts[c.code].points for c in inputs.criteria] for k in ranked]
    points = np.array([[np.nan if p is None else float(p) for p in row] for row in parts])
    bonus = np.array([float(reckoned[k].bonus) for k in ranked])
    away = np.array([float(totals[k]) for k in ranked]) - bonus - plain_totals(points, weights)
    share = (~np.isnan(points) * judged) @ weights / (~np.isnan(points) @ weights)
    points += np.where(judged, (away / np.where(share > 0, share, 1.0))[:, None], 0.0)
    chances = seat_chances(points, weights, bonus, inputs.seats, np.random.default_rng(seed_of(inputs, "weights")))
    found = smallest_change(points, weights, bonus, inputs.seats)
    change = found and NamedChange(
        criterion=inputs.criteria[found.criterion].code,
        weight_bp=inputs.criteria[found.criterion].weight_bp,
        to_bp=round(found.to * 10_000),
        comes_in=reckoned[ranked[found.comes_in]].candidate,
        goes_out=reckoned[ranked[found.goes_out]].candidate,
    )
    return {k: to_decimal(p) for k, p in zip(ranked, chances, strict=True)}, change


def seed_of(inputs: RoundInputs, what: str) -> int:
    """Of what is drawn for `what`: it follows from the inputs and the seed of the rules."""
    return int(sha256(f"{inputs.sha256}:{inputs.seed}:{what}".encode()).hexdigest(), 16)
