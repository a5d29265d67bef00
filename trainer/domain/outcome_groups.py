"""Outcomes by where the women live, and by how much of the course they attended."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from trainer.domain.outcome_money import middle_of
from trainer.domain.outcome_woman import (
    active_state,
    data_reach,
    days_after,
    days_between,
    due_at,
    firm_net,
    graduates_of,
)
from trainer.domain.outcomes import Activity, AreaSales, Band, Woman

# From so many hundredths of a percent up to but without the other.
BANDS = ((0, 5000), (5000, 8000), (8000, 10001))
BAND_DAYS = 90


def areas(women: Sequence[Woman], as_of: date) -> tuple[AreaSales, ...]:
    """Graduates by region: with data that reach past the course, and firm net sales since it ended."""
    living: dict[str, list[Woman]] = defaultdict(list)
    for woman in graduates_of(women, as_of):
        living[woman.region_code].append(woman)
    return tuple(_area(code, living[code], as_of) for code in sorted(living))


def _area(code: str, graduates: Sequence[Woman], as_of: date) -> AreaSales:
    known = [woman for woman in graduates if data_reach(woman, 1) and woman.completed_on < as_of]
    amounts = [firm_net(days_between(woman, woman.completed_on + timedelta(days=1), as_of)) for woman in known]
    return AreaSales(
        region_code=code,
        women=len(graduates),
        with_data=len(known),
        sellers=sum(amount > 0 for amount in amounts),
        net_fen=sum(amounts),
    )


def bands(women: Sequence[Woman], course_end: date, as_of: date) -> tuple[Band, ...]:
    """By attendance, 90 days on, everybody whose attendance is known. Who did not complete is looked at from the last day of
    the course like the others: of graduates alone there would be nobody in the lower bands.

    Keen people both attend and sell: the bands show what goes together, not what the lessons did.
    """
    everybody = [replace(woman, completed_on=course_end) for woman in women]
    return tuple(_band(everybody, low, high, as_of) for low, high in BANDS)


def _band(women: Sequence[Woman], low_bp: int, high_bp: int, as_of: date) -> Band:
    inside = [woman for woman in women if woman.attendance_bp is not None and low_bp <= woman.attendance_bp < high_bp]
    known = [woman for woman in due_at(inside, BAND_DAYS, as_of) if data_reach(woman, BAND_DAYS)]
    return Band(
        low_bp=low_bp,
        high_bp=high_bp,
        women=len(inside),
        with_data=len(known),
        active_90=sum(active_state(woman, BAND_DAYS, as_of) is Activity.ACTIVE for woman in known),
        net_fen_median=middle_of([firm_net(days_after(woman, 0, BAND_DAYS)) for woman in known]),
    )
