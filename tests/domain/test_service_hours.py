"""What an hour of help is worth, and on which day."""

from datetime import date

import pytest

from trainer.domain.service_hours import Rate, ServiceKind, points_for, rate_on

KIND = ServiceKind


@pytest.mark.parametrize(
    ("minutes", "rate", "points"),
    [(60, 1, 1), (90, 1, 2), (89, 1, 1), (30, 1, 1), (29, 1, 0), (45, 2, 2), (44, 2, 1), (1440, 5, 120), (90, 0, 0)],
)
def test_half_a_point_is_rounded_up(minutes, rate, points):
    assert points_for(minutes, rate) == points


@pytest.mark.parametrize(
    ("kind", "day", "rate"),
    [
        (KIND.MENTORING, date(2025, 12, 31), 1),
        (KIND.MENTORING, date(2026, 1, 1), 2),
        (KIND.MENTORING, date(2026, 5, 31), 2),
        (KIND.MENTORING, date(2026, 6, 1), 3),
        (KIND.OTHER, date(2026, 6, 1), 1),
    ],
)
def test_the_rate_of_the_day_of_the_help_counts(kind, day, rate):
    rates = [Rate(KIND.MENTORING, date(2026, 6, 1), 3), Rate(KIND.MENTORING, date(2026, 1, 1), 2)]
    assert rate_on(rates, kind, day) == rate
