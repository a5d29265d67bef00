"""What waits of the tasks of cohorts: hand-ins to be marked."""

from sqlalchemy import Select, select

from trainer.domain.actors import Actor
from trainer.domain.course_task import HandInState
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.models.course_task import CourseTask, HandIn
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.permissions import Permission
from trainer.queries.cohort import visible_cohorts


def hand_ins_to_mark(actor: Actor) -> Select:
    """(id, name, task, moment), the longest waiting first."""
    return (
        select(HandIn.id, Person.name, CourseTask.title.label("detail"), HandIn.at)
        .join(CourseTask, CourseTask.id == HandIn.course_task_id)
        .join(Cohort, Cohort.id == CourseTask.cohort_id)
        .join(Enrolment, Enrolment.id == HandIn.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            *(HandIn.state == HandInState.HANDED_IN, CourseTask.dropped_at.is_(None)),
            *(Enrolment.status.in_(ON_THE_ROLL), visible_cohorts(actor, Permission.MARK_TASKS)),
        )
        .order_by(HandIn.at, HandIn.id)
    )
