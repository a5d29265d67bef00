"""One woman: active or not or unknown, sustained, and where her months come from."""

import pytest

from tests.outcome_women import on, woman
from trainer.domain.outcome_woman import active_state, source_of_month, sustained_on, with_derived_stages
from trainer.domain.outcomes import Activity, DataSource, Stage

ACTIVE, INACTIVE, NO_DATA = Activity


@pytest.mark.parametrize(
    ("facts", "as_of", "state"),
    [
        # The window of day 60 is 31…60, and data must reach the 60th.
        ({"reach": 60, "broadcasts": [31]}, 60, ACTIVE),
        ({"reach": 60, "broadcasts": [60]}, 60, ACTIVE),
        ({"reach": 60, "broadcasts": [30, 61]}, 61, INACTIVE),
        ({"reach": 60}, 60, INACTIVE),
        ({"reach": 59, "broadcasts": [45]}, 60, NO_DATA),
        ({"broadcasts": [45]}, 400, NO_DATA),
        # The day has not come, or there is no first day to count from.
        ({"reach": 59, "broadcasts": [45]}, 59, None),
        ({"reach": 60, "broadcasts": [45], "done": False}, 60, None),
        # Her word that she does not broadcast changes nothing: nobody becomes active by saying the contrary.
        ({"said": [60]}, 60, NO_DATA),
        ({"said": [60], "reach": 50, "broadcasts": [20]}, 60, NO_DATA),
        ({"said": [60], "reach": 60, "broadcasts": [40]}, 60, ACTIVE),
    ],
)
def test_active_at_day_60(facts, as_of, state):
    assert active_state(woman(**facts), 60, on(as_of)) is state


def four(*months):
    """Four qualifying broadcasts in each of these months, two of them on its last day."""
    return [day for number in months for day in (number * 30 - 29, number * 30 - 10, number * 30, number * 30)]


@pytest.mark.parametrize(
    ("facts", "as_of", "day"),
    [
        ({"reach": 90, "broadcasts": four(1, 2, 3), "sold": {1: 5, 31: 5}}, 90, 90),
        ({"reach": 90, "broadcasts": four(1, 2, 3), "sold": {1: 5, 90: 5}}, 400, 90),
        ({"reach": 90, "broadcasts": four(1, 2, 3), "sold": {1: 5, 31: 5}}, 89, None),
        ({"reach": 89, "broadcasts": four(1, 2, 3), "sold": {1: 5, 31: 5}}, 400, None),
        ({"broadcasts": four(1, 2, 3), "sold": {1: 5, 31: 5}}, 400, None),
        # One selling month, or one eaten up by what was sent back.
        ({"reach": 90, "broadcasts": four(1, 2, 3), "sold": {1: 5, 2: 5}}, 90, None),
        ({"reach": 90, "broadcasts": four(1, 2, 3), "sold": {1: 5, 31: 5, 32: -5}}, 90, None),
        # Three broadcasts in the second month; then three good months later on; none in a row.
        ({"reach": 90, "broadcasts": [*four(1, 3), 31, 32, 33], "sold": {1: 5, 61: 5}}, 90, None),
        ({"reach": 400, "broadcasts": four(1, 3, 4, 5), "sold": {61: 5, 100: 5}}, 400, 150),
        ({"reach": 400, "broadcasts": four(1, 2, 4, 5), "sold": {1: 5, 31: 5}}, 400, None),
        # On the day of the course's end itself nothing counts.
        ({"reach": 90, "broadcasts": [0, 1, 20, 30, *four(2, 3)], "sold": {1: 5, 31: 5}}, 90, None),
        ({"reach": 90, "broadcasts": four(1, 2, 3), "sold": {1: 5, 31: 5}, "done": False}, 90, None),
    ],
)
def test_sustained(facts, as_of, day):
    assert sustained_on(woman(**facts), on(as_of)) == (None if day is None else on(day))


def test_the_stages_reckoned_from_days_replace_what_stood_there():
    facts = {
        "reach": 90,
        "broadcasts": four(1, 2, 3),
        "sold": {1: 5, 31: 5},
        "stages": {"enrolled": -9, "sustained": 1},
    }
    assert with_derived_stages(woman(**facts), on(90)).stages == {
        Stage.ENROLLED: on(-9),
        Stage.ACTIVE_30: on(30),
        Stage.SUSTAINED: on(90),
    }
    assert with_derived_stages(woman(**facts), on(29)).stages == {Stage.ENROLLED: on(-9)}


@pytest.mark.parametrize(
    ("facts", "source"),
    [
        ({"file_months": frozenset({2}), "typed_months": frozenset({2}), "said": [40]}, DataSource.FILES),
        ({"file_months": frozenset({1}), "typed_months": frozenset({2}), "said": [40]}, DataSource.TYPED),
        ({"said": [31]}, DataSource.SAID),
        ({"said": [74]}, DataSource.SAID),
        ({"said": [30, 75]}, DataSource.NONE),
        ({}, DataSource.NONE),
    ],
)
def test_where_the_second_month_comes_from(facts, source):
    assert source_of_month(woman(**facts), 2) is source


def test_what_she_says_later_is_not_known_yet():
    assert source_of_month(woman(said=[70]), 2, on(69)) is DataSource.NONE
