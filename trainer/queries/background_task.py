"""Background tasks: one, those somebody asked for, and whether what came out is still hers to take."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from trainer.database import db
from trainer.domain.actors import Actor, Role
from trainer.domain.background_task import LIVE, TaskKind, TaskState
from trainer.models.account import RoleGrant
from trainer.models.background_task import BackgroundTask
from trainer.models.file import StoredFile
from trainer.models.imports import ImportBatch
from trainer.models.programme import Cohort
from trainer.permissions import ROLE_PERMISSIONS, Permission, can
from trainer.queries.sales import get_batch_for
from trainer.queries.scoping import Page, fetch_page, visible

# Any one of them is enough; where exactly it reaches, the task's own function asks.
NEEDS: dict[TaskKind, frozenset[Permission]] = {
    TaskKind.PEOPLE_EXPORT: frozenset({Permission.EXPORT_PEOPLE}),
    TaskKind.ROSTER_COMMIT: frozenset({Permission.IMPORT_PEOPLE}),
    TaskKind.SALES_READ: frozenset({Permission.IMPORT_SALES}),
    TaskKind.SALES_COMMIT: frozenset({Permission.IMPORT_SALES}),
    TaskKind.SLIPS: frozenset({Permission.MANAGE_PEOPLE}),
    TaskKind.AUDIT_BUNDLE: frozenset({Permission.VIEW_AUDIT}),
    TaskKind.LETTER: frozenset({Permission.SEND_MESSAGES}),
    TaskKind.CERTIFICATES: frozenset({Permission.ISSUE_CERTIFICATES}),
    TaskKind.CERTIFICATE_SHEETS: frozenset({Permission.EXPORT_PEOPLE}),
    TaskKind.DOSSIER: frozenset({Permission.EXPORT_PEOPLE}),
}


@dataclass(frozen=True)
class TaskRow:
    """A task as its owner sees it."""

    id: int
    kind: TaskKind
    params: dict
    state: TaskState
    done: int
    total: int
    attempts: int
    asked_at: datetime
    finished_at: datetime | None
    outcome: str
    outcome_values: dict
    file_id: int | None
    file_name: str | None
    size: int | None
    expires_at: datetime | None

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    def has_file(self, now: datetime) -> bool:
        return self.file_id is not None and (self.expires_at is None or self.expires_at > now)

    def had_file(self, now: datetime) -> bool:
        """It ended in a file, whose time is over: a task without one ends in a word."""
        return self.state is TaskState.DONE and not self.outcome and not self.has_file(now)


COLUMNS = (
    *(BackgroundTask.id, BackgroundTask.kind, BackgroundTask.params, BackgroundTask.state, BackgroundTask.done),
    *(BackgroundTask.total, BackgroundTask.attempts, BackgroundTask.asked_at, BackgroundTask.finished_at),
    *(BackgroundTask.outcome, BackgroundTask.outcome_values),
    *(StoredFile.id, StoredFile.file_name, StoredFile.size, StoredFile.expires_at),
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


def count_ahead(task_id: int) -> int:
    """How many tasks are done before this one is begun."""
    return len(
        db.session.scalars(
            select(BackgroundTask.id).where(BackgroundTask.state.in_(LIVE), BackgroundTask.id < task_id).limit(100)
        ).all()
    )


def has_work(*, silent_since: datetime) -> bool:
    """Whether something waits, or was left running by a killed process."""
    silent = (BackgroundTask.state == TaskState.RUNNING) & (BackgroundTask.heartbeat_at < silent_since)
    waits = select(BackgroundTask.id).where(or_(BackgroundTask.state == TaskState.WAITING, silent))
    return db.session.scalar(waits.limit(1)) is not None


def may_have(actor: Actor, kind: TaskKind) -> bool:
    """Whether she holds a role, here and now, that such a task takes."""
    return any(can(actor, permission) for permission in NEEDS[kind])


def may_take_in(actor: Actor, kind: TaskKind, batch_id: int) -> bool:
    """Whether the roster or the sales file of a task lies within her reach."""
    if kind is TaskKind.SALES_COMMIT:
        return get_batch_for(actor, Permission.IMPORT_SALES, batch_id) is not None
    mine = visible(actor, Permission.IMPORT_PEOPLE, region=Cohort.region_code, cohort=Cohort.id)
    of_batch = select(ImportBatch.id).join(Cohort, Cohort.id == ImportBatch.cohort_id).where(ImportBatch.id == batch_id)
    return db.session.scalar(of_batch.where(mine)) is not None


def may_take_away(actor: Actor, task: TaskRow) -> bool:
    """Whether the file is still hers: it was cut to the roles she had, and none of those was taken from her since."""
    if not may_have(actor, task.kind):
        return False
    roles = [role for role in Role if ROLE_PERMISSIONS[role] & NEEDS[task.kind]]
    lost = select(RoleGrant.id).where(
        RoleGrant.account_id == actor.account_id, RoleGrant.role.in_(roles), RoleGrant.revoked_at > task.asked_at
    )
    return db.session.scalar(lost.limit(1)) is None


def get_file(file_id: int) -> StoredFile | None:
    return db.session.get(StoredFile, file_id)
