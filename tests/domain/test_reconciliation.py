"""Broadcasts against orders, which times files cover, what refunds leave."""

from datetime import UTC, datetime, timedelta

import pytest

from trainer.domain.reconciliation import Reconciled, haircut_of, is_covered, stretches

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return DAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("listed", "orders", "agrees"),
    [
        (1_000_000, 1_000_000, True),
        (1_000_000, 900_000, True),  # ten per cent
        (1_000_000, 899_999, False),
        (1_000_000, 1_100_001, False),  # more than the list says is as odd
        (30_000, 10_000, True),  # two hundred yuan
        (30_000, 9_999, False),
        (0, 20_000, True),
        (0, 20_001, False),
    ],
)
def test_what_agrees(listed, orders, agrees):
    assert Reconciled(1, listed, orders, 0).agrees is agrees


def test_the_share_found_by_time():
    assert Reconciled(1, 100, 400, 100).inferred_share == 0.25
    assert Reconciled(1, 100, 0, 0).inferred_share == 0


def test_files_of_one_month_after_the_other_cover_the_night_between():
    known = stretches([(day(40), day(59)), (day(0), day(29.8)), (day(30.4), day(39)), (day(70), day(80))])
    assert known == [(day(0), day(59)), (day(70), day(80))]
    assert is_covered(day(29.7), day(29.9), known)
    assert not is_covered(day(58.9), day(59.1), known)  # the file may end in the middle of it
    assert not is_covered(day(65), day(65.1), known)
    assert not is_covered(day(0), day(0.1), known)


def test_what_refunds_leave_is_the_median_of_women_and_of_enough_of_them():
    women = [(1_000, 0), (1_000, 100), (1_000, 200), (1_000, 900), (0, 0)]
    assert haircut_of(women).left_bp is None
    enough = haircut_of([*women, (4_000_000, 1_200_000)])
    assert (enough.women, enough.left_bp) == (5, 8_000)
    assert enough.estimate(10_000) == 8_000
    assert haircut_of(women).estimate(10_000) is None
