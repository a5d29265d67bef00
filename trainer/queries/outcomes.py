"""Outcomes as they are kept: the figures of cohorts, and the women behind each number."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Text, cast, select

from trainer.database import db
from trainer.domain.outcomes import CohortFigures, read_figures
from trainer.models.outcomes import CohortOutcomes

KEPT = CohortOutcomes.__table__.c
_FIGURES = select(KEPT.cohort_id, KEPT.figures, KEPT.as_of, KEPT.reckoned_at, KEPT.changed_at, KEPT.differed_at)


@dataclass(frozen=True)
class KeptFigures:
    """`changed_at`: something changed that the figures do not say yet; `differed_at`: the last full recomputation came
    to something else. `figures` is None before the first reckoning."""

    figures: CohortFigures | None
    as_of: date | None
    reckoned_at: datetime | None
    changed_at: datetime | None
    differed_at: datetime | None


def get_cohort_figures(cohort_id: int) -> KeptFigures:
    """One statement."""
    return list_cohort_figures([cohort_id]).get(cohort_id, KeptFigures(None, None, None, None, None))


def get_figures_as_written(cohort_id: int) -> tuple[str | None, KeptFigures]:
    """The figures as they stand in their row, unread, and the rest of it: for a page that knows them already."""
    text = select(cast(KEPT.figures, Text), KEPT.as_of, KEPT.reckoned_at, KEPT.changed_at, KEPT.differed_at)
    row = db.session.execute(text.where(KEPT.cohort_id == cohort_id)).one_or_none()
    if row is None:
        return None, KeptFigures(None, None, None, None, None)
    return row[0], KeptFigures(None, *row[1:])


def list_cohort_figures(cohort_ids: Collection[int]) -> dict[int, KeptFigures]:
    """By cohort, of those that were reckoned or wait to be; one statement."""
    rows = db.session.execute(_FIGURES.where(KEPT.cohort_id.in_(cohort_ids)))
    return {id_: KeptFigures(read_figures(figures) if figures else None, *rest) for id_, figures, *rest in rows}
