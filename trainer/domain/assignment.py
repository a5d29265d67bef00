"""Who reads whom: every candidate by so many judges, equal loads, everybody linked, each in her own order."""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from hashlib import sha256

import numpy as np

from trainer.domain.assignment_links import even_out
from trainer.domain.assignment_model import CannotDeal, Table, assign, needs
from trainer.domain.reading_order import draw_key, in_order
from trainer.domain.severity import Marks, judge_graph

# λ₂ beside what it could be at most, were every two judges to share equally many candidates.
WEAKLY_LINKED = 0.25


@dataclass(frozen=True)
class Candidate:
    """`group`: such as her county; `name` is how a sentence calls her."""

    key: Hashable
    group: str = ""
    name: str = ""

    def __str__(self) -> str:
        return self.name or str(self.key)


@dataclass(frozen=True)
class Judge:
    """`group` empty: she is from none of the candidates' groups. `most`: she reads no more; None: no limit."""

    key: Hashable
    group: str = ""
    most: int | None = None
    name: str = ""

    def __str__(self) -> str:
        return self.name or str(self.key)


@dataclass(frozen=True)
class Terms:
    """`readers` of each candidate, None: everybody; `lenient`: fewer where no more are left.

    `cross`: the share of the readings that must lie outside the judge's own group at least.
    """

    readers: int | None
    anchors: int = 0
    cross: Fraction = Fraction(0)
    seed: str = ""
    lenient: bool = False


@dataclass(frozen=True)
class Reading:
    """`judge` reads `candidate` as her `position`-th, from 1."""

    candidate: Hashable
    judge: Hashable
    position: int


@dataclass(frozen=True)
class Links:
    """How judges hang together through shared candidates, those who read anything.

    `lambda2` is the second smallest eigenvalue of S (`severity`), None with fewer than two judges; `highest`: what it
    could be at most with these numbers, were every two judges to share equally many.
    """

    components: int
    lambda2: float | None
    highest: float

    @property
    def weak(self) -> bool:
        return self.components > 1 or (self.lambda2 is not None and self.lambda2 < WEAKLY_LINKED * self.highest)


@dataclass(frozen=True)
class Deal:
    """`readings` are the new ones, `everything` with those that were there; `cross`: of all, the share across groups.

    `short`: candidates with fewer readers than asked for.
    """

    readings: tuple[Reading, ...]
    everything: tuple[Reading, ...]
    anchors: tuple[Hashable, ...]
    links: Links
    cross: Fraction
    short: tuple[Hashable, ...]

    @property
    def loads(self) -> dict[Hashable, int]:
        return dict(sorted(Counter(r.judge for r in self.everything).items()))

    @cached_property
    def sha256(self) -> str:
        """The same for the same deal: what was looked at is what is done."""
        rows = sorted((str(r.candidate), str(r.judge), r.position) for r in self.readings)
        return sha256(repr(rows).encode()).hexdigest()


def solve(
    candidates: Sequence[Candidate],
    judges: Sequence[Judge],
    terms: Terms,
    conflicts: Collection[tuple[Hashable, Hashable]] = (),
    kept: Sequence[Reading] = (),
) -> Deal:
    """Deal out what is missing beside the readings `kept`; the same whatever the order of rows. Raises CannotDeal.

    Loads differ by one at most, unless limits, conflicts or what is kept do not allow it. Nobody can foresee who reads
    whom: the solver weighs the pairs by lot, then swaps even out who shares candidates with whom.
    """
    candidates, judges = sorted(candidates, key=lambda c: c.key), sorted(judges, key=lambda j: j.key)
    table = _table(candidates, judges, conflicts, kept)
    rng = np.random.default_rng(int.from_bytes(draw_key("deal", terms.seed)))
    anchors = _choose_anchors(candidates, judges, table, terms)
    table.fixed[anchors] |= table.may[anchors]
    need = needs(table, terms.readers, lenient=terms.lenient)
    reads, limit = assign(table, need, terms.cross, rng)
    even_out(reads, table, limit, rng)
    pairs = [(candidates[i].key, judges[j].key) for i, j in np.argwhere(reads)]
    old = {(reading.candidate, reading.judge): reading.position for reading in kept}
    new = [pair for pair in pairs if pair not in old]
    readings = tuple(Reading(*pair, place) for pair, place in in_order(new, old, terms.seed))
    return Deal(
        readings=readings,
        everything=tuple(sorted((*kept, *readings), key=lambda r: (r.candidate, r.judge))),
        anchors=tuple(candidates[i].key for i in sorted(anchors)),
        links=links_of(pairs),
        cross=1 - Fraction(int((reads & table.own).sum()), max(int(reads.sum()), 1)),
        short=tuple(c.key for c, n in zip(candidates, reads.sum(axis=1), strict=True) if n < (terms.readers or 1)),
    )


def _table(candidates, judges, conflicts, kept) -> Table:
    """Who may read whom, and whose group is whose, as 0/1 tables: a row a candidate, a column a judge."""
    if not candidates or not judges:
        raise CannotDeal("nothing_to_deal")
    row, column = ({thing.key: at for at, thing in enumerate(things)} for things in (candidates, judges))
    may = np.ones((len(candidates), len(judges)), dtype=bool)
    for candidate, judge in conflicts:
        if candidate in row and judge in column:
            may[row[candidate], column[judge]] = False
    fixed = np.zeros_like(may)
    for reading in kept:
        fixed[row[reading.candidate], column[reading.judge]] = True
    own = np.array([[bool(j.group) and j.group == c.group for j in judges] for c in candidates])
    most = np.array([may.shape[0] if j.most is None else min(j.most, may.shape[0]) for j in judges])
    return Table(may, fixed, own, most, tuple(map(str, candidates)), tuple(map(str, judges)))


def _choose_anchors(candidates, judges, table: Table, terms: Terms) -> list[int]:
    """Rows that all judges who may read: without conflicts as far as there are such, spread over groups, by lot."""
    if not 0 <= terms.anchors <= len(candidates):
        raise CannotDeal("too_many_anchors", anchors=terms.anchors, candidates=len(candidates))
    if terms.anchors:
        for judge, most in zip(judges, table.most, strict=True):
            if most < terms.anchors:
                raise CannotDeal("anchors_beyond_limit", judge=str(judge), most=int(most), anchors=terms.anchors)
    chosen: list[int] = []
    taken: Counter[str] = Counter()
    kept_away = (~table.may).sum(axis=1)
    drawn = sorted(range(len(candidates)), key=lambda i: draw_key(terms.seed, "anchor", candidates[i].key))
    for _ in range(terms.anchors):
        best = min((i for i in drawn if i not in chosen), key=lambda i: (kept_away[i], taken[candidates[i].group]))
        chosen.append(best)
        taken[candidates[best].group] += 1
    return chosen


def links_of(pairs: Collection[tuple[Hashable, Hashable]]) -> Links:
    """Of (candidate, judge) pairs; everybody who is in them."""
    if not pairs:
        return Links(0, None, 0.0)
    candidate, judge = (
        np.unique([str(key) for key in side], return_inverse=True)[1] for side in zip(*pairs, strict=True)
    )
    graph = judge_graph(Marks(candidate, judge, np.zeros(candidate.size)))
    judges = int(judge.max()) + 1
    highest = (candidate.size - int(candidate.max()) - 1) / (judges - 1) if judges > 1 else 0.0
    return Links(graph.components, None if graph.lambda2 is None else round(graph.lambda2, 6), highest)


def deal_answer(deal: Deal, judges: Sequence[Hashable]) -> dict:
    """What `selection assign` answers."""
    loads = deal.loads
    return {
        "pairs": [[r.candidate, r.judge, r.position] for r in deal.everything],
        "loads": {judge: loads.get(judge, 0) for judge in sorted(judges)},
        "components": deal.links.components,
        "lambda2": deal.links.lambda2,
        "anchors": list(deal.anchors),
    }
