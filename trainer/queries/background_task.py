"""Background tasks: one, and those somebody asked for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.background_task import TaskKind, TaskState
from trainer.models.background_task import BackgroundTask
from trainer.models.file import StoredFile
from trainer.queries.scoping import Page, fetch_page


@dataclass(frozen=True)
class TaskRow:
    """A task as its owner sees it."""

    id: int
    kind: TaskKind
    state: TaskState
    done: int
    total: int
    asked_at: datetime
    finished_at: datetime | None
    outcome: str
    outcome_values: dict
    file_id: int | None
    file_name: str | None
    expires_at: datetime | None


COLUMNS = (
    *(BackgroundTask.id, BackgroundTask.kind, BackgroundTask.state, BackgroundTask.done, BackgroundTask.total),
    *(BackgroundTask.asked_at, BackgroundTask.finished_at, BackgroundTask.outcome, BackgroundTask.outcome_values),
    *(BackgroundTask.file_id, StoredFile.file_name, StoredFile.expires_at),
)


def _own(actor: Actor):
    return (
        select(*COLUMNS)
        .outerjoin(StoredFile, StoredFile.id == BackgroundTask.file_id)
        .where(BackgroundTask.asked_by == actor.account_id)
    )


def get_own_task(actor: Actor, task_id: int) -> TaskRow | None:
    """A task is its owner's alone: what it ends in was cut to her rights."""
    row = db.session.execute(_own(actor).where(BackgroundTask.id == task_id)).one_or_none()
    return TaskRow(*row) if row else None


def own_tasks_page(actor: Actor, *, page: int = 1, per_page: int = 20) -> Page[TaskRow]:
    """The newest first."""
    statement = _own(actor).order_by(BackgroundTask.id.desc())
    return fetch_page(statement, lambda row: TaskRow(*row), page=page, per_page=per_page)


def get_task(task_id: int) -> BackgroundTask | None:
    return db.session.get(BackgroundTask, task_id)


def get_file(file_id: int) -> StoredFile | None:
    return db.session.get(StoredFile, file_id)
