"""Who reads whom: every application by so many evaluators, equal loads, everybody linked, each in her own order."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """`evaluator` reads `application` as her `position`-th, from 1."""

    application: int
    evaluator: int
    position: int


def draw_key(*what: object) -> bytes:
    """A sort key that shuffles: the same everywhere for the same `what`, and nobody can foresee it."""
    return hashlib.sha256(":".join(map(str, what)).encode()).digest()


def deal(applications: Sequence[int], evaluators: Sequence[int], readers: int, seed: str) -> list[Reading]:
    """Each application to `readers` different evaluators (to all of them, if there are fewer).

    Loads differ by at most one. Among the evaluators with the least load the next reader is whoever is not yet linked
    through shared applications to those already chosen, then whoever shares fewest with them, then the draw decides;
    so with two readers or more everybody hangs together as soon as there are enough applications.
    """
    readers = min(readers, len(evaluators))
    load = Counter(dict.fromkeys(evaluators, 0))
    shared: Counter[tuple[int, int]] = Counter()
    group = {evaluator: evaluator for evaluator in evaluators}
    pairs: list[tuple[int, int]] = []
    for application in sorted(applications, key=lambda a: draw_key(seed, "application", a)):
        chosen: list[int] = []
        while len(chosen) < readers:
            chosen.append(_next_reader(application, chosen, load, shared, group, seed))
        for evaluator in chosen:
            load[evaluator] += 1
            shared.update((evaluator, other) for other in chosen if other != evaluator)
        joined = {group[evaluator] for evaluator in chosen}
        group = {evaluator: chosen[0] if of in joined else of for evaluator, of in group.items()}
        pairs += [(application, evaluator) for evaluator in chosen]
    return _in_order(pairs, seed)


def _next_reader(application, chosen, load, shared, group, seed) -> int:
    linked = {group[evaluator] for evaluator in chosen}
    return min(
        (evaluator for evaluator in load if evaluator not in chosen),
        key=lambda e: (
            load[e],
            group[e] in linked,
            sum(shared[e, other] for other in chosen),
            draw_key(seed, application, e),
        ),
    )


def _in_order(pairs: Sequence[tuple[int, int]], seed: str) -> list[Reading]:
    """Every evaluator reads in an order of her own, so that nobody's place in it is the same for all."""
    readings = []
    for evaluator in sorted({evaluator for _, evaluator in pairs}):
        own = [application for application, reader in pairs if reader == evaluator]
        own.sort(key=lambda a: draw_key(seed, "order", evaluator, a))
        readings += [Reading(application, evaluator, position) for position, application in enumerate(own, start=1)]
    return readings
