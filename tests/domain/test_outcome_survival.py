"""Time to the first paid order."""

import pytest

from tests.outcome_women import on, woman
from trainer.domain.outcome_survival import first_order, kaplan_meier
from trainer.domain.outcomes import FirstOrder, SurvivalStep


@pytest.mark.parametrize(
    ("cases", "steps"),
    [
        ([], []),
        # All censored: no step.
        ([(5, False), (9, False)], []),
        ([(5, True)], [(5, 1, 1, 0.0)]),
        # Two on one day, one last watched on it (still at risk), one later.
        ([(3, True), (3, True), (3, False), (8, True)], [(3, 4, 2, 0.5), (8, 1, 1, 0.0)]),
        # 5/6 · 3/4 · 1/2.
        ([(1, True), (2, False), (4, True), (5, False), (6, True), (7, False)],
         [(1, 6, 1, 5 / 6), (4, 4, 1, 0.625), (6, 2, 1, 0.3125)]),
    ],
)  # fmt: skip
def test_kaplan_meier(cases, steps):
    assert kaplan_meier(cases) == tuple(SurvivalStep(*step) for step in steps)


@pytest.mark.parametrize(
    ("women", "as_of", "n", "events", "already", "median_day"),
    [
        ([], 90, 0, 0, 0, None),
        ([{"reach": 50, "order": 20}], 90, 1, 1, 0, 20),
        # On the last day watched an order counts, after it it does not.
        ([{"reach": 20, "order": 20}], 90, 1, 1, 0, 20),
        ([{"reach": 19, "order": 20}], 90, 1, 0, 0, None),
        ([{"reach": 50, "order": 20}], 19, 1, 0, 0, None),
        # Before or on the last day of the course: not new, whatever the data.
        ([{"reach": 50, "order": 0}, {"order": -9}], 90, 0, 0, 2, None),
        # Data that do not reach past the course tell nothing.
        ([{"reach": 0}, {}, {"order": 9}], 90, 0, 0, 0, None),
        ([{"reach": 50, "order": 20}], 0, 0, 0, 0, None),
        # Half of two; a third of three is not half.
        ([{"reach": 50, "order": 20}, {"reach": 50}], 90, 2, 1, 0, 20),
        ([{"reach": 50, "order": 20}, {"reach": 50}, {"reach": 50}], 90, 3, 1, 0, None),
        ([{"reach": 50, "order": 20, "done": False}], 90, 0, 0, 0, None),
    ],
)
def test_first_order(women, as_of, n, events, already, median_day):
    made = [
        woman(
            reach=one.get("reach"),
            done=one.get("done", True),
            stages={"first_paid_order": day} if day is not None else {},
        )
        for one in women
        for day in [one.get("order")]
    ]
    found = first_order(made, on(as_of))
    assert found == FirstOrder(n, events, already, median_day, found.steps)


def test_a_half_is_a_half():
    """Of 24 women half ordered, one a day: floating point would come to 0.5000000000000001, and no median."""
    women = [woman(reach=12, stages={"first_paid_order": day}) for day in range(1, 25)]
    assert first_order(women, on(90)).median_day == 12
