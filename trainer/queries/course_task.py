"""Tasks of a cohort: a woman's own, the class's, and what waits to be marked."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from trainer.database import db
from trainer.domain.course_task import HandInState
from trainer.domain.enrolment import IN_TRAINING, ON_THE_ROLL
from trainer.models.course_task import CourseTask, HandIn
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort

# A hand-in that was taken back says nothing any more: the last of the others counts.
_ATTEMPT = HandIn.__table__.alias().c
_LAST = (
    select(func.max(_ATTEMPT.number))
    .where(
        _ATTEMPT.course_task_id == CourseTask.id,
        _ATTEMPT.enrolment_id == Enrolment.id,
        _ATTEMPT.state != HandInState.TAKEN_BACK,
    )
    .scalar_subquery()
)
COUNTS = and_(HandIn.course_task_id == CourseTask.id, HandIn.enrolment_id == Enrolment.id, HandIn.number == _LAST)


@dataclass(frozen=True)
class OwnTask:
    """A task of hers and where she stands with it; `remark` is what whoever marked it said."""

    cohort_id: int
    cohort: str
    id: int
    title: str
    due_on: date | None
    state: HandInState | None
    remark: str | None
    needs_doing: bool


def list_own_tasks(person_id: int) -> list[OwnTask]:
    """Tasks of the cohorts on whose roll she is, those to do first, by their day: one statement."""
    rows = db.session.execute(
        select(
            *(CourseTask.cohort_id, Cohort.name, CourseTask.id, CourseTask.title, CourseTask.due_on),
            *(HandIn.state, HandIn.remark, Enrolment.status),
        )
        .join(Enrolment, Enrolment.cohort_id == CourseTask.cohort_id)
        .join(Cohort, Cohort.id == CourseTask.cohort_id)
        .outerjoin(HandIn, COUNTS)
        .where(Enrolment.person_id == person_id, Enrolment.status.in_(ON_THE_ROLL), CourseTask.dropped_at.is_(None))
        .order_by(CourseTask.id)
    )
    tasks = [OwnTask(*facts, _needs_doing(facts[-2], status)) for *facts, status in rows]
    return sorted(tasks, key=lambda task: (not task.needs_doing, task.due_on or date.max, task.id))


def _needs_doing(state: HandInState | None, status) -> bool:
    """While her class goes on for her, and nothing of hers waits or was passed."""
    return status in IN_TRAINING and state in (None, HandInState.SENT_BACK)
