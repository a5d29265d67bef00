"""Graduates by month and by week since the end of the course, and where the data of their months come from."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from trainer.domain.outcome_money import middle_of, winsorised_mean
from trainer.domain.outcome_woman import (
    data_reach,
    days_after,
    days_between,
    due_at,
    firm_net,
    graduates_of,
    source_of_month,
)
from trainer.domain.outcomes import MONTH, CoverageMonth, DataSource, Month, Stage, Week, Woman

MONTHS = 12
FIRST_WEEK, LAST_WEEK = -4, 52
WEEK = timedelta(days=7)


def months(women: Sequence[Woman], as_of: date) -> tuple[Month, ...]:
    """The months that have passed for at least one graduate, twelve at most."""
    return tuple(
        _month(due, number) for number in range(1, MONTHS + 1) if (due := due_at(women, number * MONTH.days, as_of))
    )


def _month(due: Sequence[Woman], number: int) -> Month:
    last = number * MONTH.days
    stretches = [days_after(woman, last - MONTH.days, last) for woman in due if data_reach(woman, last)]
    amounts = [firm_net(stretch) for stretch in stretches]
    return Month(
        number=number,
        n=len(amounts),
        no_data=len(due) - len(amounts),
        active=sum(any(day.qualifying for day in stretch) for stretch in stretches),
        net_fen_total=sum(amounts),
        net_fen_median=middle_of(amounts),
        net_fen_mean_winsorised=winsorised_mean(amounts),
        sellers=sum(amount > 0 for amount in amounts),
    )


def weeks(women: Sequence[Woman], as_of: date, course_end: date) -> tuple[Week, ...]:
    """The weeks that have passed, from five before the end of the course (−4…0) to fifty-two after it, of graduates.

    Selling is a paid order in the week. Before the course ended a week without data would look like a week without sales,
    and the course like its end: of these weeks only women count whose data had begun, or who had no shop yet.
    """
    graduates = graduates_of(women, as_of)
    ends = {number: course_end + number * WEEK for number in range(FIRST_WEEK, LAST_WEEK + 1)}
    return tuple(_week(graduates, number, last) for number, last in ends.items() if last <= as_of)


def _week(graduates: Sequence[Woman], number: int, last: date) -> Week:
    first = last - WEEK + timedelta(days=1)
    known = [woman for woman in graduates if woman.reach_on is not None and woman.reach_on >= last]
    if number <= 0:
        known = [woman for woman in known if _had_begun(woman, first, last)]
    stretches = [days_between(woman, first, last) for woman in known]
    days = [day for stretch in stretches for day in stretch]
    return Week(
        number=number,
        n=len(known),
        broadcasting=sum(any(day.broadcasts for day in stretch) for stretch in stretches),
        broadcasts=sum(day.broadcasts for day in days),
        selling=sum(any(day.orders for day in stretch) for stretch in stretches),
        paid_fen=sum(day.paid_fen for day in days),
        refunded_fen=sum(day.refunded_fen for day in days),
        firm_net_fen=firm_net(days),
    )


def _had_begun(woman: Woman, first: date, last: date) -> bool:
    """Whether no day of the stretch is missing: her data begin with it, or with her shop, or the shop came later."""
    opened_on = woman.stages.get(Stage.SHOP_OPENED, date.min)
    return opened_on > last or (woman.reach_from is not None and woman.reach_from <= max(first, opened_on))


def coverage(women: Sequence[Woman], as_of: date) -> tuple[CoverageMonth, ...]:
    """Of each month that has passed: of how many graduates there are files, entries, their word, or nothing."""
    return tuple(
        _coverage(due, number, as_of)
        for number in range(1, MONTHS + 1)
        if (due := due_at(women, number * MONTH.days, as_of))
    )


def _coverage(due: Sequence[Woman], number: int, as_of: date) -> CoverageMonth:
    sources = Counter(source_of_month(woman, number, as_of) for woman in due)
    return CoverageMonth(
        number=number,
        due=len(due),
        files=sources[DataSource.FILES],
        typed=sources[DataSource.TYPED],
        said=sources[DataSource.SAID],
        none=sources[DataSource.NONE],
    )
