"""The worker: takes background tasks one after the other, in the process that keeps the timetable."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Actor
from trainer.domain.background_task import Product, TaskKind
from trainer.errors import Refused
from trainer.queries.account import get_account, get_actor
from trainer.queries.background_task import get_task
from trainer.services import background_task as tasks

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
SHOW_LIFE_EVERY = timedelta(seconds=2)


@dataclass
class Work:
    """What a task's function is given: its ids and filters, whose rights it runs with, and how to report progress."""

    task_id: int
    params: Mapping[str, object]
    by: Actor
    settings: Mapping[str, object]
    _told_at: object = None

    def report(self, done: int, total: int) -> None:
        """So many of so many are done; outside any transaction of the task. Cheap to call often."""
        now = clock.now()
        if self._told_at is None or done == total or now - self._told_at >= SHOW_LIFE_EVERY:
            self._told_at = now
            with transaction():
                tasks.show_life(self.task_id, done=done, total=total, at=now)


# A task's function opens its own transactions, and may be begun anew after a kill: what it did before must not
# be done twice. It answers with a file to download, or with a word about itself.
Doing = Callable[[Work], Product | str]
DOINGS: dict[TaskKind, Doing] = {}


def run_next(app) -> bool:
    """Do the oldest waiting task; False where nothing waits."""
    with app.app_context():
        with transaction():
            tasks.revive_tasks(at=clock.now())
            task_id = tasks.take_task(at=clock.now())
        if task_id is None:
            return False
        _do(app, task_id)
        db.session.remove()
        return True


def _do(app, task_id: int) -> None:
    task = get_task(task_id)
    kind, work = task.kind, Work(task_id, dict(task.params), _owner(task.asked_by), app.config)
    keep_until = clock.now() + timedelta(days=app.config["PRODUCT_RETENTION_DAYS"])
    try:
        made = DOINGS[kind](work)
    except Refused as refused:
        with transaction():
            tasks.fail_task(task_id, refused.code, _plain(refused.values), at=clock.now())
        return
    except Exception:
        log.exception("background task %s (%s) failed", task_id, kind)
        with transaction():
            tasks.fail_task(task_id, "task_broken", {"number": task_id}, at=clock.now())
        return
    product, outcome = (made, "") if isinstance(made, Product) else (None, made)
    with transaction():
        tasks.finish_task(task_id, product, outcome, by=work.by, at=clock.now(), keep_until=keep_until)


def _owner(account_id: int | None) -> Actor:
    """Whoever asked, with the rights she has now."""
    account = get_account(account_id)
    return get_actor(account) if account.active else Actor(account.id, account.name)


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value if isinstance(value, int | float) else str(value) for name, value in values.items()}


def start_thread(app, stop: threading.Event) -> threading.Thread:
    """Work until `stop`."""
    thread = threading.Thread(target=_keep, args=(app, stop), name="worker", daemon=True)
    thread.start()
    return thread


def _keep(app, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            busy = run_next(app)
        except Exception:
            log.exception("the worker stumbled and goes on")
            busy = False
        if not busy:
            stop.wait(LOOK_EVERY)
