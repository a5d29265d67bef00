"""Phone spot checks: a tenth of those on the roll as attending are asked whether they were there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, sqrt
from random import Random

SHARE = 0.1
# Of the normal distribution: 95 of a hundred such intervals hold the true share.
Z = 1.96
# Whoever was not reached so often is let be.
MOST_TRIES = 3


class SpotCheckOutcome(StrEnum):
    """What she said on the phone; NOT_REACHED and WRONG_NUMBER leave the question open for another try."""

    WAS_THERE = "was_there"
    WAS_NOT_THERE = "was_not_there"
    UNSURE = "unsure"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"


REACHED = frozenset({SpotCheckOutcome.WAS_THERE, SpotCheckOutcome.WAS_NOT_THERE, SpotCheckOutcome.UNSURE})


def draw(attended: Mapping[int, Sequence[int]], drawn_before: Mapping[int, int], seed: int) -> list[tuple[int, int]]:
    """(woman, lesson) of the next drawing: a tenth of all women of `attended`, rounded up, each with one of her lessons.

    `attended`: the lessons each is reported at. Nobody is drawn again before everybody was (`drawn_before`: how often);
    the last of a turn may be fewer. The same arguments give the same women in the same order on every machine.
    """
    if not attended:
        return []
    fewest = min(drawn_before.get(woman, 0) for woman in attended)
    urn = sorted(woman for woman in attended if drawn_before.get(woman, 0) == fewest)
    chance = Random(seed)  # noqa: S311 (drawn again from its seed by whoever doubts it)
    women = chance.sample(urn, min(ceil(len(attended) * SHARE), len(urn)))
    return [(woman, chance.choice(sorted(attended[woman]))) for woman in women]


def wilson(hits: int, asked: int) -> tuple[float, float] | None:
    """Wilson's score interval of a share at 95 %, fit for few calls (E. B. Wilson 1927); None where nobody was asked."""
    if not asked:
        return None
    share = hits / asked
    middle = share + Z * Z / (2 * asked)
    width = Z * sqrt(share * (1 - share) / asked + Z * Z / (4 * asked * asked))
    scale = 1 + Z * Z / asked
    return max(0.0, (middle - width) / scale), min(1.0, (middle + width) / scale)


@dataclass(frozen=True)
class SpotCheckSummary:
    """What the calls of a cohort came to; the share confirmed is of those reached, with its interval."""

    drawn: int
    reached: int
    was_there: int
    was_not_there: int
    unsure: int
    wrong_number: int
    left: int

    @property
    def share(self) -> float | None:
        return self.was_there / self.reached if self.reached else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.was_there, self.reached)


def is_left(outcome: SpotCheckOutcome | None, tries: int) -> bool:
    """Whether somebody should still call her; nobody answers a wrong number."""
    return outcome is None or (outcome is SpotCheckOutcome.NOT_REACHED and tries < MOST_TRIES)


def summarise_calls(calls: Iterable[tuple[SpotCheckOutcome | None, int]]) -> SpotCheckSummary:
    """From (outcome, tries) of every woman drawn."""
    calls = list(calls)
    often = Counter(outcome for outcome, _tries in calls)
    return SpotCheckSummary(
        drawn=len(calls),
        reached=sum(often[outcome] for outcome in REACHED),
        was_there=often[SpotCheckOutcome.WAS_THERE],
        was_not_there=often[SpotCheckOutcome.WAS_NOT_THERE],
        unsure=often[SpotCheckOutcome.UNSURE],
        wrong_number=often[SpotCheckOutcome.WRONG_NUMBER],
        left=sum(1 for outcome, tries in calls if is_left(outcome, tries)),
    )
