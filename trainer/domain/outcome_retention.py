"""Retention: of the graduates whose own data reach a day after the course, how many still broadcast."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from math import sqrt

from trainer.domain.outcome_woman import active_state, due_at, sustained_on
from trainer.domain.outcomes import RETENTION_DAYS, Activity, Retention, Woman

# The 97.5 % point of the normal distribution.
Z = 1.959963984540054


def wilson(successes: int, n: int, z: float = Z) -> tuple[float, float] | tuple[None, None]:
    """Interval of a share (Wilson 1927): (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n); nothing of nobody."""
    if not n:
        return None, None
    share, square = successes / n, z * z
    middle, half = share + square / (2 * n), z * sqrt(share * (1 - share) / n + square / (4 * n * n))
    low, high = (middle - half) / (1 + square / n), (middle + half) / (1 + square / n)
    # Where none or all were, the bound is 0 or 1 to the last digit.
    return (max(low, 0.0) if successes else 0.0), (min(high, 1.0) if successes < n else 1.0)


def retention(women: Sequence[Woman], as_of: date) -> tuple[Retention, ...]:
    """A cell for each of the days at which retention is looked at."""
    return tuple(retention_at(women, day, as_of) for day in RETENTION_DAYS)


def retention_at(women: Sequence[Woman], day: int, as_of: date) -> Retention:
    states = Counter(state for woman in women if (state := active_state(woman, day, as_of)))
    due, active, no_data = states.total(), states[Activity.ACTIVE], states[Activity.NO_DATA]
    wilson_low, wilson_high = wilson(active, due - no_data)
    return Retention(
        day=day,
        due=due,
        eligible=due - no_data,
        active=active,
        no_data=no_data,
        low=active / due if due else None,
        high=(active + no_data) / due if due else None,
        wilson_low=wilson_low,
        wilson_high=wilson_high,
        sustained=sum(_lasted_by(woman, day, as_of) for woman in due_at(women, day, as_of)),
    )


def _lasted_by(woman: Woman, day: int, as_of: date) -> bool:
    on = sustained_on(woman, as_of)
    return on is not None and on <= woman.completed_on + timedelta(days=day)
