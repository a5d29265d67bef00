"""How long after the course the first paid order comes: Kaplan–Meier."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from trainer.domain.outcome_woman import graduates_of
from trainer.domain.outcomes import FirstOrder, Stage, SurvivalStep, Woman


def first_order(women: Sequence[Woman], as_of: date) -> FirstOrder:
    """Of graduates without a paid order by the end of the course whose data reach past it.

    A woman is watched until her own data end (or `as_of`): what is not known is not "no order". An order counts where it
    falls into the days watched; on the last of them it still does.
    """
    graduates = graduates_of(women, as_of)
    fresh = [woman for woman in graduates if not _sold_before(woman)]
    watched = [(woman, end) for woman in fresh if (end := _watched_until(woman, as_of)) > woman.completed_on]
    cases = []
    for woman, end in watched:
        ordered_on = woman.stages.get(Stage.FIRST_PAID_ORDER)
        happened = ordered_on is not None and ordered_on <= end
        cases.append((((ordered_on if happened else end) - woman.completed_on).days, happened))
    steps = kaplan_meier(cases)
    return FirstOrder(
        n=len(cases),
        events=sum(happened for _day, happened in cases),
        already=len(graduates) - len(fresh),
        median_day=next((step.day for step in steps if step.survival <= 0.5), None),
        steps=steps,
    )


def kaplan_meier(cases: Sequence[tuple[int, bool]]) -> tuple[SurvivalStep, ...]:
    """S(t) = Π (1 − dᵢ/nᵢ) from (day, whether it happened); a step for each day on which it did.

    Whoever is last watched on a day is at risk on it. Reckoned in fractions: a half is a half.
    """
    events = Counter(day for day, happened in cases if happened)
    steps, survival = [], Fraction(1)
    for day in sorted(events):
        at_risk = sum(until >= day for until, _happened in cases)
        survival *= 1 - Fraction(events[day], at_risk)
        steps.append(SurvivalStep(day, at_risk, events[day], float(survival)))
    return tuple(steps)


def _sold_before(woman: Woman) -> bool:
    return woman.stages.get(Stage.FIRST_PAID_ORDER, date.max) <= woman.completed_on


def _watched_until(woman: Woman, as_of: date) -> date:
    return min(woman.reach_on or date.min, as_of)
