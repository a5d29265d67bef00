"""The funnel: who counts at a step, who skipped one, and how long a step takes."""

import pytest

from tests.outcome_women import on, woman
from trainer.domain.outcome_funnel import funnel
from trainer.domain.outcomes import FunnelStep, Stage

START = {"enrolled": -30, "attended": -20, "completed": 0}


def counts(women, as_of=400):
    return [(step.reached, step.reached_all_before) for step in funnel(women, on(as_of))[:5]]


@pytest.mark.parametrize(
    ("women", "found"),
    [
        ([], [(0, 0)] * 5),
        ([START], [(1, 1), (1, 1), (1, 1), (0, 0), (0, 0)]),
        # Without completing she opened a shop and broadcast: she skipped a step, and stays skipped.
        ([{"enrolled": -30, "attended": -20, "shop_opened": 5, "first_broadcast": 6}],
         [(1, 1), (1, 1), (0, 0), (1, 0), (1, 0)]),
        # A shop older than the course is a step reached.
        ([START | {"shop_opened": -90, "first_broadcast": 2}], [(1, 1)] * 5),
        ([START, START | {"first_broadcast": 2}], [(2, 2), (2, 2), (2, 2), (0, 0), (1, 0)]),
    ],
)  # fmt: skip
def test_who_came_how_far(women, found):
    assert counts([woman(stages=stages) for stages in women]) == found


def test_a_step_counts_from_its_day_on():
    one = [woman(stages=START | {"shop_opened": 5})]
    assert [counts(one, day)[3] for day in (4, 5)] == [(0, 0), (1, 1)]


def test_how_long_a_step_takes():
    shops = [0, 2, 5, 9, -90, None]
    women = [woman(stages=START | ({} if day is None else {"shop_opened": day})) for day in shops]
    # One came by a shop without completing: her days are nobody's.
    women.append(woman(stages={"enrolled": -30, "shop_opened": 300}))
    steps = {step.stage: step for step in funnel(women, on(400))}
    assert steps[Stage.ENROLLED] == FunnelStep(Stage.ENROLLED, 7, 7, None)
    # Days since the course: 0, 2, 5, 9; the shop from before it took no days.
    assert steps[Stage.SHOP_OPENED] == FunnelStep(Stage.SHOP_OPENED, 6, 5, 3.5)
    assert steps[Stage.SUSTAINED] == FunnelStep(Stage.SUSTAINED, 0, 0, None)
