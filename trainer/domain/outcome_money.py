"""What graduates sell in their first months: medians, winsorised means, how much the best sell, the year before."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from trainer.domain.outcome_woman import data_reach, days_after, days_between, due_at, firm_net, graduates_of
from trainer.domain.outcomes import Money, Woman, YearEarlier

WINSORISED = Fraction(1, 100)


def middle_of(amounts: Sequence[int]) -> int | None:
    """The median; of an even number the mean of the middle two, half a fen to the even one."""
    if not amounts:
        return None
    ordered = sorted(amounts)
    return round(Fraction(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2], 2))


def winsorised_mean(amounts: Sequence[int]) -> int | None:
    """The mean after what lies outside the 1 % and 99 % quantiles is drawn in to them, to the fen (half to even).

    A quantile lies on the straight line between the two amounts around place q·(n − 1), as numpy's and R's default: so the
    highest is drawn in below a hundred women too, where cutting whole ranks would leave every amount as it is.
    """
    if not amounts:
        return None
    ordered = sorted(amounts)
    low, high = quantile(ordered, WINSORISED), quantile(ordered, 1 - WINSORISED)
    return round(sum(min(max(Fraction(amount), low), high) for amount in ordered) / len(ordered))


def quantile(ordered: Sequence[int], share: Fraction) -> Fraction:
    """Of rising amounts, at least one."""
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def money(women: Sequence[Woman], as_of: date, days: int = 90) -> Money:
    """Firm net sales of the days 1 to `days` after the course, of graduates for whom these have passed and whose data
    reach the last of them. The best tenth's share is of what all sellers (net above zero) sold together."""
    due = due_at(women, days, as_of)
    stretches = [days_after(woman, 0, days) for woman in due if data_reach(woman, days)]
    amounts = [firm_net(stretch) for stretch in stretches]
    sold = sorted((amount for amount in amounts if amount > 0), reverse=True)
    top_sellers = -(-len(sold) // 10)
    return Money(
        days=days,
        n=len(amounts),
        no_data=len(due) - len(amounts),
        sellers=len(sold),
        net_fen_total=sum(amounts),
        net_fen_median=middle_of(amounts),
        net_fen_mean_winsorised=winsorised_mean(amounts),
        top_share=sum(sold[:top_sellers]) / sum(sold) if sold else None,
        top_sellers=top_sellers,
        paid_fen=sum(day.paid_fen for stretch in stretches for day in stretch),
        refunded_fen=sum(day.refunded_fen for stretch in stretches for day in stretch),
        year_earlier=year_earlier(women, as_of, days),
    )


def year_earlier(women: Sequence[Woman], as_of: date, days: int = 90) -> YearEarlier:
    """The latest days after the course (`days` at most) against the same calendar days of the year before.

    They end on the last day up to `as_of` that the data of at least half of the graduates reach, and begin after the
    course. Of women whose data cover both: they begin by the first of the earlier days and reach the last of the later.
    `from_on` and `until_on` are the later stretch. The day a year before 29 February is the 28th.
    """
    graduates = graduates_of(women, as_of)
    reaches = sorted((min(woman.reach_on or date.min, as_of) for woman in graduates), reverse=True)
    if not reaches:
        return YearEarlier(0, None, None, None, None)
    until_on = reaches[(len(reaches) + 1) // 2 - 1]
    over_on = max(woman.completed_on for woman in graduates)
    if until_on <= over_on:
        return YearEarlier(0, None, None, None, None)
    from_on = max(over_on, until_on - timedelta(days=days)) + timedelta(days=1)
    then = (a_year_before(from_on), a_year_before(until_on))
    covered = [woman for woman in graduates if _covers(woman, then[0], until_on)]
    return YearEarlier(
        n=len(covered),
        from_on=from_on,
        until_on=until_on,
        now_fen_median=middle_of([firm_net(days_between(woman, from_on, until_on)) for woman in covered]),
        then_fen_median=middle_of([firm_net(days_between(woman, *then)) for woman in covered]),
    )


def a_year_before(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def _covers(woman: Woman, first: date, last: date) -> bool:
    return woman.reach_from is not None and woman.reach_from <= first and (woman.reach_on or date.min) >= last
