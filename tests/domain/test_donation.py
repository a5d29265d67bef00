"""Donations: days that overlap, the running total."""

from datetime import date

import pytest

from trainer.domain.donation import Given, PledgeDraft, running_total

MARCH, MAY, JUNE = date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("days", "others", "overlap"),
    [
        ((MARCH, MAY), (JUNE, None), False),
        ((MARCH, MAY), (MAY, None), True),
        ((MARCH, None), (JUNE, JUNE), True),
        ((JUNE, None), (MARCH, MAY), False),
        ((JUNE, None), (MARCH, None), True),
        ((JUNE, JUNE), (MARCH, JUNE), True),
    ],
)
def test_two_pledges_overlap_where_a_day_is_in_both(days, others, overlap):
    assert PledgeDraft(5, *days).overlaps(*others) is overlap
    assert PledgeDraft(5, *others).overlaps(*days) is overlap


def test_what_was_given_and_received_runs_on_from_month_to_month():
    given = [("2026-03", Given(10, 50)), ("2026-05", Given(20, 100)), ("2026-03", Given(2, 10))]
    received = [("2026-04", 40), ("2026-05", 150)]
    lines = [
        (one.month, one.given.orders, one.given.fen, one.received_fen, one.outstanding_fen)
        for one in running_total(given, received)
    ]
    assert lines == [("2026-03", 12, 60, 0, 60), ("2026-04", 0, 0, 40, 20), ("2026-05", 20, 100, 150, -30)]
    assert running_total([], []) == []
