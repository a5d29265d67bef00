"""Outcomes kept up: what changed is marked, and reckoned anew by a job within a minute."""

from datetime import datetime

from sqlalchemy import literal, select

from trainer.database import db
from trainer.models.enrolment import Enrolment
from trainer.models.outcomes import CohortOutcomes
from trainer.services.idempotency import dialect_insert


def touch_cohort(cohort_id: int, *, at: datetime) -> None:
    """Something of its outcomes changed, in the caller's transaction: attendance, status, answers, costs, calls."""
    _mark(select(literal(cohort_id), literal(at, CohortOutcomes.changed_at.type)))


def touch_cohorts_of(*person_ids: int, at: datetime) -> None:
    """Of every cohort that one of them belongs to: her sales changed, or whom she pays."""
    cohorts = select(Enrolment.cohort_id, literal(at, CohortOutcomes.changed_at.type))
    _mark(cohorts.where(Enrolment.person_id.in_(person_ids)).distinct().order_by(Enrolment.cohort_id))


def _mark(rows) -> None:
    insert = dialect_insert()(CohortOutcomes).from_select(["cohort_id", "changed_at"], rows.where(literal(True)))
    changed = {"changed_at": insert.excluded.changed_at}
    db.session.execute(insert.on_conflict_do_update(index_elements=["cohort_id"], set_=changed))
