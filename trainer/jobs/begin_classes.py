"""Putting whoever is admitted into training once the first day of her class has come."""

from collections.abc import Mapping

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import tell
from trainer.queries.enrolment import list_classes_to_begin
from trainer.services.waitlist import begin_class


def run(_settings: Mapping[str, object]) -> str:
    """Each class in its own transaction."""
    cohorts, women = list_classes_to_begin(clock.today()), 0
    for cohort_id in cohorts:
        with transaction():
            women += begin_class(cohort_id, at=clock.now())
    return (
        tell("job_classes_begun", {"women": women, "cohorts": len(cohorts)}) if women else tell("job_nothing_to_do", {})
    )
