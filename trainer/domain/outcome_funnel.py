"""The funnel: how many women came how far, from a seat in the class to a business that lasts."""

from collections.abc import Sequence
from datetime import date
from statistics import median

from trainer.domain.outcomes import FunnelStep, Stage, Woman


def funnel(women: Sequence[Woman], as_of: date) -> tuple[FunnelStep, ...]:
    """All nine stages. `women` with their derived stages (`with_derived_stages`).

    Stages may be reached in any order of time: a shop may be older than the course. So the days between two stages are
    those of women who reached the later one on the same day or after the earlier; the others say nothing of how long
    it takes. reached − reached_all_before are those who skipped a stage.
    """
    steps, through, before = [], list(women), None
    for stage in Stage:
        through = [woman for woman in through if _has_reached(woman, stage, as_of)]
        taken = [(woman.stages[stage] - woman.stages[before]).days for woman in through] if before else []
        taken = [number for number in taken if number >= 0]
        steps.append(
            FunnelStep(
                stage=stage,
                reached=sum(_has_reached(woman, stage, as_of) for woman in women),
                reached_all_before=len(through),
                median_days=float(median(taken)) if taken else None,
            )
        )
        before = stage
    return tuple(steps)


def _has_reached(woman: Woman, stage: Stage, as_of: date) -> bool:
    return stage in woman.stages and woman.stages[stage] <= as_of
