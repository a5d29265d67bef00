"""One woman after the course: whether she is active, when she is sustained, and where her data come from."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from operator import attrgetter

from trainer.domain.outcomes import (
    MONTH,
    SUSTAINED_BROADCASTS,
    SUSTAINED_MONTHS,
    SUSTAINED_SELLING,
    Activity,
    DataSource,
    Day,
    Stage,
    Woman,
)

ACTIVE_DAY = 30
# What she says up to two weeks after a month still speaks of its thirty days.
SAID_LATER = timedelta(days=14)


def graduates_of(women: Sequence[Woman], as_of: date) -> list[Woman]:
    """Whoever had completed by the end of `as_of`."""
    return [woman for woman in women if woman.completed_on is not None and woman.completed_on <= as_of]


def due_at(women: Sequence[Woman], days: int, as_of: date) -> list[Woman]:
    """Graduates of whom so many days after the course have passed."""
    return [woman for woman in graduates_of(women, as_of) if woman.completed_on + timedelta(days=days) <= as_of]


def data_reach(woman: Woman, days: int) -> bool:
    """Whether the data of a graduate reach so many days after the course."""
    return woman.reach_on is not None and woman.reach_on >= woman.completed_on + timedelta(days=days)


def days_after(woman: Woman, after: int, until: int) -> Sequence[Day]:
    """Her days from the one after day `after` of the course's end up to day `until`."""
    return days_between(
        woman, woman.completed_on + timedelta(days=after + 1), woman.completed_on + timedelta(days=until)
    )


def days_between(woman: Woman, first: date, last: date) -> Sequence[Day]:
    """Her days from `first` to `last`, both with it."""
    day_of = attrgetter("day")
    return woman.days[bisect_left(woman.days, first, key=day_of) : bisect_right(woman.days, last, key=day_of)]


def firm_net(days: Sequence[Day]) -> int:
    return sum(day.firm_net_fen for day in days)


def active_state(woman: Woman, day: int, as_of: date) -> Activity | None:
    """Whether she had a qualifying broadcast in the thirty days up to day `day`; None while that day has not come.

    Where her data end before that day nobody knows, though an earlier broadcast be there: else whoever brings data late
    would only count once she is seen to broadcast. Days before the first row of her files count as days without a
    broadcast: a list does not say where it begins. Her own word changes nothing: if it could make her inactive and never
    active, the share would only fall by asking.
    """
    if not due_at([woman], day, as_of):
        return None
    if not data_reach(woman, day):
        return Activity.NO_DATA
    broadcast = any(one.qualifying for one in days_after(woman, day - MONTH.days, day))
    return Activity.ACTIVE if broadcast else Activity.INACTIVE


def sustained_on(woman: Woman, as_of: date) -> date | None:
    """The last day of the first three months in a row that each have four qualifying broadcasts, two of them with firm
    net sales above zero. Months are counted from the end of the course; her data must reach the day."""
    if woman.completed_on is None or woman.reach_on is None:
        return None
    months: list[Sequence[Day]] = []
    for number in count(1):
        if woman.completed_on + number * MONTH > min(as_of, woman.reach_on):
            return None
        months.append(_month(woman, number))
        latest = months[-SUSTAINED_MONTHS:]
        keeps_on = all(sum(day.qualifying for day in month) >= SUSTAINED_BROADCASTS for month in latest)
        selling = sum(firm_net(month) > 0 for month in latest)
        if len(latest) == SUSTAINED_MONTHS and keeps_on and selling >= SUSTAINED_SELLING:
            return woman.completed_on + number * MONTH


def with_derived_stages(woman: Woman, as_of: date) -> Woman:
    """With the two stages that are reckoned from her days: active at day 30 (on that day), and sustained."""
    stages = {stage: day for stage, day in woman.stages.items() if stage not in (Stage.ACTIVE_30, Stage.SUSTAINED)}
    if active_state(woman, ACTIVE_DAY, as_of) is Activity.ACTIVE:
        stages[Stage.ACTIVE_30] = woman.completed_on + timedelta(days=ACTIVE_DAY)
    if sustained := sustained_on(woman, as_of):
        stages[Stage.SUSTAINED] = sustained
    return replace(woman, stages=stages)


def source_of_month(woman: Woman, number: int, as_of: date = date.max) -> DataSource:
    """The best there is of a graduate's month: files, entries, her word in the month or two weeks after it, nothing."""
    if number in woman.file_months:
        return DataSource.FILES
    if number in woman.typed_months:
        return DataSource.TYPED
    first = woman.completed_on + (number - 1) * MONTH + timedelta(days=1)
    last = min(woman.completed_on + number * MONTH + SAID_LATER, as_of)
    return DataSource.SAID if any(first <= day <= last for day in woman.said_on) else DataSource.NONE


def _month(woman: Woman, number: int) -> Sequence[Day]:
    return days_after(woman, (number - 1) * MONTH.days, number * MONTH.days)
