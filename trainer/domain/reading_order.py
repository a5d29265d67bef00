"""Each judge's own order of reading: drawn by lot, and no candidate always early or always late."""

import hashlib
from collections.abc import Collection, Hashable, Iterator, Mapping

THIRDS = 3
Pair = tuple[Hashable, Hashable]


def draw_key(*what: object) -> bytes:
    """A sort key that shuffles: the same everywhere for the same `what`, and nobody can foresee it."""
    return hashlib.sha256(":".join(map(str, what)).encode()).digest()


def in_order(pairs: Collection[Pair], before: Mapping[Pair, int], seed: str) -> Iterator[tuple[Pair, int]]:
    """Each (candidate, judge) with its position; those of `before` keep theirs, the new ones come after them.

    Of a judge's candidates a third is early, a third in the middle, a third late; so are, as nearly as whole numbers
    let it be, the readings of each candidate: later files get better marks (O'Connor & Cheema 2018).
    """
    last: dict[Hashable, int] = {}
    for (_, judge), position in before.items():
        last[judge] = max(last.get(judge, 0), position)
    drawn = sorted(pairs, key=lambda pair: draw_key(seed, "order", *pair))
    third = _thirds(drawn)
    for pair in sorted(drawn, key=lambda pair: third[pair]):
        last[pair[1]] = last.get(pair[1], 0) + 1
        yield pair, last[pair[1]]


def _thirds(pairs: list[Pair]) -> dict[Pair, int]:
    """Three colours on the edges between candidates and judges, each vertex with each colour equally often (±1).

    Vertices are split so that none has more than three edges; then König's theorem: an edge gets a colour free at both
    ends, made free by swapping two colours along a path where there is none.
    """
    at: dict[tuple, dict[int, tuple]] = {}  # (side, key, part) → colour → (neighbour, pair)
    seen: dict[tuple, int] = {}
    for pair in pairs:
        ends = []
        for side, key in enumerate(pair):
            count = seen.get((side, key), 0)
            seen[side, key] = count + 1
            ends.append((side, key, count // THIRDS))
        _colour(at, *ends, pair)
    return {pair: colour for edges in at.values() for colour, (_, pair) in edges.items()}


def _colour(at: dict, one: tuple, other: tuple, pair: Pair) -> None:
    mine, yours = at.setdefault(one, {}), at.setdefault(other, {})
    free = next(colour for colour in range(THIRDS) if colour not in mine)
    if free in yours:
        # The path of the two colours from `other` never comes to `one`: the graph has two sides.
        wanted = next(colour for colour in range(THIRDS) if colour not in yours)
        _swap_along(at, other, free, wanted)
    mine[free] = (other, pair)
    yours[free] = (one, pair)


def _swap_along(at: dict, start: tuple, first: int, second: int) -> None:
    """From `start`, where `second` is free, make `first` free."""
    path, vertex, colour = [], start, first
    while colour in at[vertex]:
        neighbour, pair = at[vertex][colour]
        path.append((vertex, neighbour, pair, colour))
        vertex, colour = neighbour, first + second - colour
    for one, other, _, colour in path:
        del at[one][colour], at[other][colour]
    for one, other, pair, colour in path:
        at[one][first + second - colour] = (other, pair)
        at[other][first + second - colour] = (one, pair)
