"""When an order is of a broadcast that its file does not name."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.domain.attribution import EVER, NEVER, cut, window
from trainer.domain.sales import Attribution

EVENING = datetime(2026, 3, 8, 11, tzinfo=UTC)  # 19:00 in China


def at(hours: float) -> datetime:
    return EVENING + timedelta(hours=hours)


def found(windows, moment: datetime) -> tuple:
    (one,) = [slice for slice in cut(windows) if slice.begins <= moment < slice.until]
    return one.livestream_id, one.if_live.value, one.if_untold.value


OUTSIDE = (None, "unknown_broadcast", "open")
# One from 19:00 to 21:00, one that overlaps it from 20:30 to 22:00, one on the next evening.
THREE = [window(1, at(0), at(2), None), window(2, at(1.5), None, 5400), window(3, at(24), at(26), 60)]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (-1 / 3600, OUTSIDE),
        (0, (1, "time", "time")),
        (1.49, (1, "time", "time")),
        (1.5, (None, "open", "open")),  # both are on air
        (2.5, (None, "open", "open")),  # to the half hour after the first one's end
        (2.5 + 1 / 3600, (2, "time", "time")),
        (3.5, (2, "time", "time")),  # the half hour is of the broadcast to its last second
        (3.5 + 1 / 3600, (None, "unknown_broadcast", "not_live")),
        (24, (3, "time", "time")),
        (26.5, (3, "time", "time")),
        (26.6, OUTSIDE),
    ],
)
def test_when_an_order_was_paid_says_of_which_broadcast_it_is(hours, said):
    assert found(THREE, at(hours)) == said


def test_without_any_broadcast_nothing_is_said_of_any_time():
    assert found([], at(0)) == OUTSIDE


@pytest.mark.parametrize(("ended", "seconds"), [(None, None), (at(-1), None)])
def test_a_broadcast_without_an_end_has_no_time_of_its_own(ended, seconds):
    assert window(1, at(0), ended, seconds) is None


def test_a_day_without_a_clock_is_no_payment_in_a_broadcast_over_midnight():
    over = [window(1, at(3), at(7), None)]
    assert found(over, at(5)) == (None, "open", "open")
    assert found(over, at(5) + timedelta(seconds=1)) == (1, "time", "time")


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 40)), max_size=8), st.integers(-20, 300))
def test_every_moment_lies_in_one_stretch_and_says_what_the_rule_says(broadcasts, hours):
    windows = [window(n, at(begin), None, 3600 * length) for n, (begin, length) in enumerate(broadcasts)]
    slices = cut(windows)
    assert (slices[0].begins, slices[-1].until) == (EVER, NEVER)
    assert all(one.until == other.begins for one, other in pairwise(slices))
    moment = at(hours + 0.25)
    inside = [n for n, (begin, length) in enumerate(broadcasts) if begin <= hours + 0.25 <= begin + length + 0.5]
    livestream, if_live, _untold = found(windows, moment)
    assert livestream == (inside[0] if len(inside) == 1 else None)
    assert (if_live == Attribution.OPEN) == (len(inside) > 1)
