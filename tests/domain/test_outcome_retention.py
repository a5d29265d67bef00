"""Retention cells and their intervals."""

import pytest

from tests.outcome_women import on, woman
from trainer.domain.outcome_retention import retention, retention_at, wilson


@pytest.mark.parametrize(
    ("successes", "n", "interval"),
    [
        (0, 0, (None, None)),
        # z² = 3.841459: nobody of one: z²/(1 + z²); five of ten from the formula by hand.
        (0, 1, (0.0, 0.793451)),
        (1, 1, (0.206549, 1.0)),
        (5, 10, (0.236593, 0.763407)),
        (0, 10, (0.0, 0.277533)),
    ],
)
def test_wilson(successes, n, interval):
    assert wilson(successes, n) == (interval if not n else pytest.approx(interval, abs=1e-6))


def test_none_and_all_are_bounds_to_the_last_digit():
    assert {(wilson(0, n)[0], wilson(n, n)[1]) for n in range(1, 300)} == {(0.0, 1.0)}


def test_retention_tells_no_data_from_inactive():
    women = [
        *[woman(reach=30, broadcasts=[7])] * 3,
        *[woman(reach=30)] * 2,
        *[woman(said=[30])] * 1,
        *[woman(reach=29, broadcasts=[7])] * 4,
        woman(reach=30, broadcasts=[7], done=False),
    ]
    cell = retention_at(women, 30, on(30))
    assert (cell.due, cell.eligible, cell.active, cell.no_data, cell.inactive) == (10, 5, 3, 5, 2)
    assert (cell.low, cell.rate, cell.high) == (0.3, 0.6, 0.8)
    assert (cell.wilson_low, cell.wilson_high) == wilson(3, 5)


def test_nobody_is_due_before_the_day():
    cells = retention([woman(reach=400, broadcasts=[7, 89])], on(89))
    assert [(cell.day, cell.due, cell.active) for cell in cells] == [
        *((30, 1, 1), (60, 1, 0), (90, 0, 0), (180, 0, 0), (365, 0, 0))
    ]
    assert (cells[2].low, cells[2].rate, cells[2].high, cells[2].wilson_low) == (None, None, None, None)


def test_where_nobody_has_data_there_is_a_range_and_no_rate():
    cell = retention_at([woman(), woman()], 30, on(30))
    assert (cell.due, cell.eligible, cell.low, cell.rate, cell.high, cell.wilson_high) == (2, 0, 0.0, None, 1.0, None)


def test_who_lasts_is_counted_at_the_day_by_which_she_did():
    days = [number * 30 + broadcast for number in range(4) for broadcast in (2, 9, 16, 23)]
    women = [woman(reach=365, broadcasts=days, sold={3: 9_900, 40: 9_900}), woman(reach=365)]
    assert [(cell.day, cell.sustained) for cell in retention(women, on(180))] == [
        *((30, 0), (60, 0), (90, 1), (180, 1), (365, 0))
    ]
