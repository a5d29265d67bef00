"""Costs a head, and jobs."""

import pytest

from trainer.domain.cost import CostKind
from trainer.domain.outcome_effort import PaidDays, costs, jobs
from trainer.domain.outcomes import Costs, Jobs


@pytest.mark.parametrize(
    ("by_kind", "completed", "sustained", "each"),
    [
        ({}, 10, 2, (0, None, None)),
        ({CostKind.MEALS: 100_00, CostKind.VENUE: 1}, 0, 0, (100_01, None, None)),
        ({CostKind.MEALS: 100_00, CostKind.VENUE: 1}, 3, 2, (100_01, 33_34, 50_00)),
    ],
)
def test_costs(by_kind, completed, sustained, each):
    found = costs(by_kind, completed=completed, sustained=sustained, calls=3, visits=1, minutes=95)
    assert found == Costs(each[0], {str(kind): fen for kind, fen in by_kind.items()}, *each[1:], 3, 1, 95)


def test_jobs():
    rows = [
        PaidDays(is_woman=True, is_seasonal=True, paid_days=60, worker="a"),
        PaidDays(is_woman=True, is_seasonal=False, paid_days=240, worker="a"),
        PaidDays(is_woman=False, is_seasonal=True, paid_days=30, worker="b"),
    ]
    assert jobs(iter(rows)) == Jobs(workers=2, fte=1.375, women_fte=1.25, seasonal_fte=0.375)
    assert jobs([]) == Jobs(0, 0, 0, 0)
