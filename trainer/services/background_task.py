"""Background tasks: asked for once, taken by one worker, brought back after a killed process."""

from datetime import datetime, timedelta

from sqlalchemy import select, text, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.background_task import LIVE, Product, TaskKind, TaskState
from trainer.domain.file import FilePurpose
from trainer.models.background_task import BackgroundTask
from trainer.services import audit
from trainer.services.file import keep_file
from trainer.services.idempotency import dialect_insert

# A worker shows life at least every few seconds; silent for so long, it was killed.
SILENCE = timedelta(seconds=60)
MOST_ATTEMPTS = 3


def ask_for_task(kind: TaskKind, key: str, params: dict[str, object], *, by: Actor, at: datetime) -> int:
    """The id of the task; where the same is waiting or running already, of that one."""
    row = {
        "kind": kind,
        "key": key,
        "params": params,
        "asked_by": by.account_id,
        "asked_at": at,
        "state": TaskState.WAITING,
        "done": 0,
        "total": 0,
        "attempts": 0,
        "outcome": "",
        "outcome_values": {},
    }
    insert = dialect_insert()(BackgroundTask).values(**row)
    only_live = text("state IN ('waiting', 'running')")
    made = db.session.scalar(
        insert.on_conflict_do_nothing(index_elements=["kind", "key"], index_where=only_live).returning(
            BackgroundTask.id
        )
    )
    if made is not None:
        audit.record("task.ask", "background_task", made, by=by, at=at, kind=kind, **params)
        return made
    live = select(BackgroundTask.id).where(
        BackgroundTask.kind == kind, BackgroundTask.key == key, BackgroundTask.state.in_(LIVE)
    )
    return db.session.scalar(live)


def take_task(*, at: datetime) -> int | None:
    """The oldest waiting task is now ours: its id, or None where nothing waits."""
    waiting = (
        select(BackgroundTask.id)
        .where(BackgroundTask.state == TaskState.WAITING)
        .order_by(BackgroundTask.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = db.session.scalar(waiting)
    if found is not None:
        task = db.session.get(BackgroundTask, found)
        task.state, task.heartbeat_at, task.done = TaskState.RUNNING, at, 0
        task.attempts += 1
    return found


def show_life(task_id: int, *, done: int, total: int, at: datetime) -> None:
    db.session.execute(
        update(BackgroundTask)
        .where(BackgroundTask.id == task_id)
        .values(done=done, total=total, heartbeat_at=at)
        .execution_options(synchronize_session=False)
    )


def finish_task(
    task_id: int, product: Product | None, outcome: str, *, by: Actor, at: datetime, keep_until: datetime
) -> None:
    """Done; what came out is kept for its owner until `keep_until`."""
    task = db.session.get(BackgroundTask, task_id)
    if product is not None:
        stored = keep_file(
            *(product.content, product.file_name, product.mime),
            purpose=FilePurpose.TASK_PRODUCT,
            by=by,
            at=at,
            expires_at=keep_until,
        )
        task.file_id = stored.id
    task.state, task.outcome, task.finished_at, task.done = TaskState.DONE, outcome, at, task.total


def fail_task(task_id: int, code: str, values: dict[str, object], *, at: datetime) -> None:
    """`code` names a sentence of `wording`."""
    task = db.session.get(BackgroundTask, task_id)
    task.state, task.outcome, task.outcome_values, task.finished_at = TaskState.FAILED, code, values, at


def revive_tasks(*, at: datetime) -> None:
    """What a killed process left running waits again; after three attempts it has failed."""
    silent = select(BackgroundTask).where(
        BackgroundTask.state == TaskState.RUNNING, BackgroundTask.heartbeat_at < at - SILENCE
    )
    for task in db.session.scalars(silent.with_for_update(skip_locked=True)):
        if task.attempts < MOST_ATTEMPTS:
            task.state = TaskState.WAITING
        else:
            task.state, task.outcome, task.finished_at = TaskState.FAILED, "task_interrupted", at
