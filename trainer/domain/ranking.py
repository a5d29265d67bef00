"""Ranks, shared ranks, the cut line, and the plain figures of each candidate."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import mean, stdev

import numpy as np

from trainer.domain.rubric import round_half_up

INTERVAL = (0.05, 0.95)


def competition_ranks(scores: Sequence) -> list[int | None]:
    """ "1 2 2 4": equal scores share a rank, the highest is 1. What has no score (None) has no rank.

    Equal means equal: round before you rank.
    """
    counted = sorted((score for score in scores if score is not None), reverse=True)
    first: dict = {}
    for place, score in enumerate(counted, start=1):
        first.setdefault(score, place)
    return [None if score is None else first[score] for score in scores]


def tied_on_cut_line(ranks: Sequence[int | None], seats: int) -> list[bool]:
    """True for everybody in the group of equals that the line after `seats` runs through."""
    return [rank is not None and rank <= seats < rank + sum(other == rank for other in ranks) - 1 for rank in ranks]


def middle_share(value, ordered: Sequence) -> Fraction:
    """(fewer + half of the equals)/all: the percentile rank, ties sharing the middle. `ordered` rises and holds `value`."""
    return Fraction(bisect_left(ordered, value) + bisect_right(ordered, value), 2 * len(ordered))


@dataclass(frozen=True)
class RawFigures:
    """What the sheets of one candidate say without any model; absent figures are None, never zero."""

    candidate: str
    n: int
    mean: Decimal | None
    spread: Decimal | None
    rank: int | None


def raw_figures(scores: Mapping[str, Iterable[Decimal | None]]) -> list[RawFigures]:
    """n, mean, spread (sample standard deviation, from two sheets on) and rank by mean, best first.

    `scores`: the sheet scores of each candidate, None for an incomplete sheet (it does not count). Candidates without a
    counted sheet stay in the list, last and without a rank. Figures are rounded to 1e-6 before they are compared.
    """
    counted = {candidate: sorted(s for s in sheets if s is not None) for candidate, sheets in scores.items()}
    names = sorted(counted)
    means = [round_half_up(mean(counted[name])) if counted[name] else None for name in names]
    figures = [
        RawFigures(name, len(counted[name]), average, _spread(counted[name]), rank)
        for name, average, rank in zip(names, means, competition_ranks(means), strict=True)
    ]
    return sorted(figures, key=lambda row: (row.rank is None, row.rank or 0, row.candidate))


def _spread(scores: Sequence[Decimal]) -> Decimal | None:
    return round_half_up(stdev(scores)) if len(scores) > 1 else None


@dataclass(frozen=True)
class RankUncertainty:
    """Per candidate: the 90 % interval of the rank, and how probably she is within the seats."""

    low: np.ndarray
    high: np.ndarray
    p_seat: np.ndarray


def uncertainty_of_draws(draws: np.ndarray, seats: int) -> RankUncertainty:
    """From redrawn scores (draws × candidates, continuous, so without ties): 5 % and 95 % points of the rank."""
    count, n = draws.shape
    order = np.argsort(-draws, axis=1, kind="stable")
    ranks = np.empty((count, n), dtype=np.int32)
    np.put_along_axis(ranks, order, np.arange(1, n + 1, dtype=np.int32)[None, :], axis=1)
    p_seat = (ranks <= seats).mean(axis=0)
    ranks.sort(axis=0)
    low, high = (ranks[int(np.ceil(share * count)) - 1] for share in INTERVAL)
    return RankUncertainty(low, high, p_seat)


def certainty_of_ties(scores: Sequence[float], seats: int) -> RankUncertainty:
    """When the judges agree to the last digit nothing is uncertain but the order of equals: they share the places."""
    values = np.asarray(scores, dtype=float)
    better = (values[None, :] > values[:, None]).sum(axis=1)
    equal = (values[None, :] == values[:, None]).sum(axis=1)
    return RankUncertainty(better + 1, better + equal, np.clip((seats - better) / equal, 0.0, 1.0))
