"""Dealing applications out: equal loads, everybody linked, the same every time."""

from collections import Counter

import pytest

from trainer.domain.assignment import deal

SIZES = [(3, 2, 2), (5, 6, 2), (6, 4, 2), (20, 4, 2), (100, 12, 3), (7, 5, 1), (12, 12, 2), (6, 3, 3)]


@pytest.mark.parametrize(("applications", "evaluators", "readers"), SIZES)
def test_every_application_has_its_readers_and_loads_differ_by_one_at_most(applications, evaluators, readers):
    readings = deal(range(applications), range(evaluators), readers, "seed")
    assert len({(r.application, r.evaluator) for r in readings}) == len(readings) == applications * readers
    assert set(Counter(r.application for r in readings).values()) == {readers}
    load = Counter(r.evaluator for r in readings)
    assert len(load) == evaluators
    assert max(load.values()) - min(load.values()) <= 1


@pytest.mark.parametrize(("applications", "evaluators", "readers"), [s for s in SIZES if s[2] > 1])
@pytest.mark.parametrize("seed", ["a", "b", "c"])
def test_evaluators_hang_together(applications, evaluators, readers, seed):
    linked, before = {0}, set()
    shared = {}
    for reading in deal(range(applications), range(evaluators), readers, seed):
        shared.setdefault(reading.application, set()).add(reading.evaluator)
    while linked != before:
        before = set(linked)
        for group in shared.values():
            if group & linked:
                linked |= group
    assert len(linked) == evaluators


def test_everybody_reads_everything_where_there_are_too_few():
    assert {(r.application, r.evaluator) for r in deal([1, 2], [7, 8], 5, "s")} == {(1, 7), (1, 8), (2, 7), (2, 8)}


def test_each_reads_in_her_own_order_and_it_is_always_the_same():
    readings = deal(range(30), range(3), 3, "s")
    orders = [
        [r.application for r in sorted(readings, key=lambda r: r.position) if r.evaluator == evaluator]
        for evaluator in range(3)
    ]
    assert orders[0] != orders[1] != orders[2]
    assert all(sorted(order) == list(range(30)) for order in orders)
    assert readings == deal(list(reversed(range(30))), [2, 1, 0], 3, "s")
    assert readings != deal(range(30), range(3), 3, "another")
