"""Where one more reader tells most: candidates near the line, and sheets that look far too high.

Reviews beyond the first two, spent on the largest P(1−P) of getting a seat instead of evenly, find more of the true best
(`benchmarks/adaptive.py` measures it). The rule is told beforehand; which files, and why, the readers never learn.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from trainer.domain.assignment import Judge
from trainer.domain.reading_order import draw_key
from trainer.domain.selection import AssignmentOrigin


@dataclass(frozen=True)
class Doubt:
    """A candidate after a first reckoning; `inflated`: one of her sheets is far above what the others say."""

    key: Hashable
    group: str
    p_seat: Decimal | None
    inflated: bool = False

    @property
    def worth(self) -> Decimal:
        """P(1−P): nothing where it is clear, or where nothing is known of it."""
        return self.p_seat * (1 - self.p_seat) if self.p_seat is not None else Decimal(0)


@dataclass(frozen=True)
class Further:
    """One more reading: which file, which judge, why. `judge` None: nobody is left to read it."""

    candidate: Hashable
    judge: Hashable | None
    why: AssignmentOrigin
    p_seat: Decimal | None


def further_readers(
    doubts: Iterable[Doubt],
    judges: Sequence[Judge],
    readings: Collection[tuple[Hashable, Hashable]],
    apart: Collection[tuple[Hashable, Hashable]],
    count: int,
    seed: str,
) -> list[Further]:
    """At most `count` files, those with a sheet far too high first, then by P(1−P); those that nobody can read besides.

    Of the judges who do not read a file yet, may, and have room: the least load, then whoever links groups that share
    no candidate, then another group than the candidate's, then whoever shares fewest with its readers, then the lot.
    """
    choice = _Choice(judges, readings, apart, seed)
    waiting = sorted(
        (doubt for doubt in doubts if doubt.inflated or doubt.worth > 0),
        key=lambda d: (not d.inflated, -d.worth, draw_key(seed, "file", d.key)),
    )
    chosen, given = [], 0
    for doubt in waiting:
        if given == count:
            break
        judge = choice.reader(doubt)
        given += judge is not None
        why = AssignmentOrigin.THIRD_READER if doubt.inflated else AssignmentOrigin.ADAPTIVE
        chosen.append(Further(doubt.key, judge, why, doubt.p_seat))
    return chosen


class _Choice:
    """Who reads what so far, kept up as readings are added."""

    def __init__(self, judges, readings, apart, seed: str) -> None:
        self.judges, self.apart, self.seed = judges, set(apart), seed
        self.load: Counter = Counter()
        self.readers: Mapping[Hashable, set] = defaultdict(set)
        self.shared: Counter = Counter()
        self.group = {judge.key: judge.key for judge in judges}
        for candidate, judge in sorted(readings, key=str):
            self._add(candidate, judge)

    def _add(self, candidate: Hashable, judge: Hashable) -> None:
        self.load[judge] += 1
        for other in self.readers[candidate]:
            self.shared[frozenset((judge, other))] += 1
        self.readers[candidate].add(judge)
        joined = {self.group.setdefault(reader, reader) for reader in self.readers[candidate]}
        self.group = {key: self.group[judge] if of in joined else of for key, of in self.group.items()}

    def reader(self, doubt: Doubt) -> Hashable | None:
        here = self.readers[doubt.key]
        linked = {self.group[reader] for reader in here}
        free = [
            judge
            for judge in self.judges
            if judge.key not in here
            and (doubt.key, judge.key) not in self.apart
            and (judge.most is None or self.load[judge.key] < judge.most)
        ]
        if not free:
            return None
        best = min(
            free,
            key=lambda judge: (
                self.load[judge.key],
                self.group[judge.key] in linked,
                bool(judge.group) and judge.group == doubt.group,
                sum(self.shared[frozenset((judge.key, other))] for other in here),
                draw_key(self.seed, doubt.key, judge.key),
            ),
        )
        self._add(doubt.key, best.key)
        return best.key


def sha256_of(further: Sequence[Further]) -> str:
    """The same for the same list: what was looked at is what is done."""
    return sha256(repr([(str(f.candidate), str(f.judge), f.why.value) for f in further]).encode()).hexdigest()
