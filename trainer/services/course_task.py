"""Tasks of a cohort: set, changed, and dropped where no rule demands them."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.course_task import CourseTaskDraft
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.course_task import CourseTask
from trainer.queries.course_task import is_demanded
from trainer.queries.message import people_on_the_roll
from trainer.services import audit
from trainer.services.cohort import hold_cohort
from trainer.services.message import notify


class TaskDemanded(Refused):
    """Who is measured by the rule could never meet it."""

    code = "course_task_demanded"


def make_task(cohort_id: int, draft: CourseTaskDraft, *, by: Actor, at: datetime) -> CourseTask:
    """The women on the roll are told. Raises NotFound."""
    if hold_cohort(cohort_id) is None:
        raise NotFound()
    women = people_on_the_roll(cohort_id)
    task = CourseTask(cohort_id=cohort_id, **asdict(draft), created_at=at, created_by=by.account_id)
    db.session.add(task)
    db.session.flush()
    said = {"title": draft.title}
    notify("course_task_new", to_people=women, link=f"/me/tasks/{task.id}", by=SYSTEM, at=at, **said)
    audit.record("course_task.make", "course_task", task.id, by=by, at=at, cohort=cohort_id, after=_facts(task))
    return task


def change_task(task_id: int, draft: CourseTaskDraft, *, seen: int, by: Actor, at: datetime) -> CourseTask:
    """What was passed stays passed. Raises NotFound, Conflict (somebody changed it since)."""
    task = _hold(task_id, seen)
    before = _facts(task)
    for name, value in asdict(draft).items():
        setattr(task, name, value)
    if db.session.is_modified(task):
        audit.record("course_task.change", "course_task", task.id, by=by, at=at, before=before, after=_facts(task))
    return task


def drop_task(task_id: int, *, seen: int, by: Actor, at: datetime) -> None:
    """Nobody is asked for it any more; what was handed in stays. Raises NotFound, Conflict, TaskDemanded."""
    cohort_id = db.session.scalar(select(CourseTask.cohort_id).where(CourseTask.id == task_id))
    if cohort_id is None:
        raise NotFound()
    hold_cohort(cohort_id)  # so that no rule comes to demand it meanwhile
    task = _hold(task_id, seen)
    if db.session.scalar(select(is_demanded()).where(CourseTask.id == task_id)):
        raise TaskDemanded(title=task.title)
    task.dropped_at = at
    audit.record("course_task.drop", "course_task", task.id, by=by, at=at, cohort=cohort_id)


def _hold(task_id: int, seen: int) -> CourseTask:
    """One that is not dropped, as it was when she saw it."""
    task = db.session.get(CourseTask, task_id, with_for_update=True, populate_existing=True)
    if task is None or task.dropped_at:
        raise NotFound()
    if task.version != seen:
        raise Conflict()
    return task


def _facts(task: CourseTask) -> dict[str, object]:
    return {"title": task.title, "kind": task.kind, "proof": task.proof} | {
        "min_minutes": task.min_minutes,
        "due_on": task.due_on,
    }
