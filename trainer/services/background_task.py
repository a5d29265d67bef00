"""Background tasks: asked for once, taken by one worker, brought back after a killed process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text, update

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.background_task import LIVE, TaskKind, TaskState
from trainer.domain.file import FilePurpose
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.background_task import BackgroundTask
from trainer.services import audit
from trainer.services.file import Sealed, keep_sealed
from trainer.services.idempotency import dialect_insert
from trainer.services.message import notify

# A worker shows life every few seconds (jobs/worker.py); silent for so long, it was killed.
SILENCE = timedelta(seconds=60)
MOST_ATTEMPTS = 3


class AskedByAnother(Conflict):
    """Somebody else has asked for the very same, and it is not done yet."""

    code = "task_asked_by_another"


class TaskBegun(Conflict):
    """It cannot be called off any more."""

    code = "task_begun"


class OwnerMayNot(Refused):
    """Whoever asked is disabled, or has lost the role that it takes."""

    code = "task_owner_may_not"


class TaskLost(Exception):
    """The task is no longer this worker's: it was silent for too long and another took it."""


@dataclass(frozen=True)
class Taken:
    """A task that is ours, and by which attempt: whoever comes with an older one writes nothing."""

    id: int
    attempt: int
    kind: TaskKind
    params: Mapping[str, object]
    asked_by: int | None


def ask_for_task(kind: TaskKind, key: str, params: dict[str, object], *, by: Actor, at: datetime) -> int:
    """The id of the task; where she asked for the same and it waits or runs already, of that one.

    Two people who may want the same for themselves need different keys: put the account's id into it.
    Raises AskedByAnother.
    """
    row = {"kind": kind, "key": key, "params": params, "asked_by": by.account_id, "asked_at": at}
    row |= {"state": TaskState.WAITING, "done": 0, "total": 0, "attempts": 0, "outcome": "", "outcome_values": {}}
    insert = dialect_insert()(BackgroundTask).values(**row)
    insert = insert.on_conflict_do_nothing(
        index_elements=["kind", "key"], index_where=text("state IN ('waiting', 'running')")
    )
    while True:
        made = db.session.scalar(insert.returning(BackgroundTask.id))
        if made is not None:
            audit.record("task.ask", "background_task", made, by=by, at=at, kind=kind, params=params)
            return made
        live = db.session.execute(
            select(BackgroundTask.id, BackgroundTask.asked_by).where(
                BackgroundTask.kind == kind, BackgroundTask.key == key, BackgroundTask.state.in_(LIVE)
            )
        ).first()
        if live is not None:  # else it ended between the two statements, and the next insert finds the way free
            if live.asked_by != by.account_id:
                raise AskedByAnother()
            return live.id


def cancel_task(task_id: int, *, by: Actor, at: datetime) -> None:
    """Call off what has not begun. Twice is harmless. Raises NotFound where it is not hers, TaskBegun."""
    task = db.session.scalar(
        select(BackgroundTask)
        .where(BackgroundTask.id == task_id, BackgroundTask.asked_by == by.account_id)
        .with_for_update()
    )
    if task is None:
        raise NotFound()
    if task.state is TaskState.CALLED_OFF:
        return
    if task.state is not TaskState.WAITING:
        raise TaskBegun()
    task.state, task.finished_at = TaskState.CALLED_OFF, at
    audit.record("task.cancel", "background_task", task_id, by=by, at=at, kind=task.kind)


def take_task(*, at: datetime) -> Taken | None:
    """The oldest waiting task is now ours; None where nothing waits."""
    waiting = (
        select(BackgroundTask)
        .where(BackgroundTask.state == TaskState.WAITING)
        .order_by(BackgroundTask.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    task = db.session.scalar(waiting)
    if task is None:
        return None
    task.state, task.heartbeat_at, task.done, task.total = TaskState.RUNNING, at, 0, 0
    task.attempts += 1
    return Taken(task.id, task.attempts, task.kind, dict(task.params), task.asked_by)


def show_life(taken: Taken, *, done: int, total: int, at: datetime) -> None:
    """Raises TaskLost."""
    _write(taken, done=done, total=total, heartbeat_at=at)


def finish_task(
    taken: Taken, product: Sealed | None, outcome: str, *, by: Actor, at: datetime, keep_until: datetime
) -> None:
    """Done; what came out is kept for its owner until `keep_until`. Raises TaskLost."""
    file_id = None
    if product is not None:
        file_id = keep_sealed(product, purpose=FilePurpose.TASK_PRODUCT, by=by, at=at, expires_at=keep_until).id
    _write(taken, state=TaskState.DONE, outcome=outcome, finished_at=at, done=BackgroundTask.total, file_id=file_id)
    if taken.kind is not TaskKind.LETTER:  # its own page says how many have it
        _tell("task_done", taken, at=at)


def fail_task(taken: Taken, code: str, values: Mapping[str, object], *, at: datetime) -> None:
    """`code` names a sentence of `wording`. Raises TaskLost."""
    _write(taken, state=TaskState.FAILED, outcome=code, outcome_values=dict(values), finished_at=at)
    _tell("task_failed", taken, at=at)


def _tell(code: str, taken: Taken, *, at: datetime) -> None:
    """Whoever asked, once: a letter of the site in her inbox."""
    once_key, link = f"{code}:{taken.id}", f"/tasks/{taken.id}"
    notify(code, to_accounts=[taken.asked_by], link=link, once_key=once_key, by=SYSTEM, at=at, kind=taken.kind)


def put_back(taken: Taken, *, begun: bool, at: datetime) -> None:
    """Let it wait again, at most MOST_ATTEMPTS times; `begun` False: this attempt does not count. Raises TaskLost."""
    if begun and taken.attempt >= MOST_ATTEMPTS:
        fail_task(taken, "task_interrupted", {}, at=at)
    else:
        _write(taken, state=TaskState.WAITING, attempts=taken.attempt - (0 if begun else 1))


def _write(taken: Taken, **values: object) -> None:
    """Only while it is ours: a worker that slept must not write over the one that took its task."""
    ours = (
        BackgroundTask.id == taken.id,
        BackgroundTask.state == TaskState.RUNNING,
        BackgroundTask.attempts == taken.attempt,
    )
    statement = update(BackgroundTask).where(*ours).values(**values).execution_options(synchronize_session=False)
    if db.session.execute(statement).rowcount != 1:
        raise TaskLost()


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


def note_download(task_id: int, *, by: Actor, at: datetime) -> None:
    """Its owner took the file away."""
    audit.record("task.download", "background_task", task_id, by=by, at=at)
