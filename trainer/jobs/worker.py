"""The worker: takes background tasks one after the other, in the process that keeps the timetable."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from trainer import clock
from trainer.database import BUSY, OVERTAKEN, db, transaction
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.background_task import Product, TaskKind
from trainer.domain.people import mask_numbers
from trainer.errors import Refused
from trainer.jobs import (
    bundle_audit,
    commit_roster,
    commit_sales,
    export_people,
    issue_certificates,
    issue_slips,
    make_dossier,
    print_certificates,
    read_sales,
    send_letter,
)
from trainer.jobs.work import Interrupted, Work
from trainer.queries.account import get_account, get_actor
from trainer.queries.background_task import has_work, may_have
from trainer.services import background_task as tasks
from trainer.services.background_task import TaskLost
from trainer.services.file import seal

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
# The pulse writes progress when there is some, and shows life even where a piece of work reports nothing for minutes.
PULSE_EVERY = 2.0
SHOW_LIFE_EVERY = timedelta(seconds=10)


# A task's function opens its own transactions, and may be begun anew after a kill: what it did before must not
# be done twice. It answers with a file to download, or with the code of a sentence ("" where there is nothing to say).
Doing = Callable[[Work], Product | str]
DOINGS: dict[TaskKind, Doing] = {
    TaskKind.PEOPLE_EXPORT: export_people.run,
    TaskKind.ROSTER_COMMIT: commit_roster.run,
    TaskKind.SALES_READ: read_sales.run,
    TaskKind.SALES_COMMIT: commit_sales.run,
    TaskKind.AUDIT_BUNDLE: bundle_audit.run,
    TaskKind.LETTER: send_letter.run,
    TaskKind.SLIPS: issue_slips.run,
    TaskKind.CERTIFICATES: issue_certificates.run,
    TaskKind.CERTIFICATE_SHEETS: print_certificates.run,
    TaskKind.DOSSIER: make_dossier.run,
}


def run_next(app, stop: threading.Event | None = None) -> bool:
    """Do the oldest waiting task; False where nothing waits."""
    with app.app_context():
        try:
            if not has_work(silent_since=clock.now() - tasks.SILENCE):
                return False
            with transaction():
                tasks.revive_tasks(at=clock.now())
                taken = tasks.take_task(at=clock.now())
            if taken is None:
                return False
            _do(app, taken, stop or threading.Event())
            return True
        finally:
            db.session.remove()


def _do(app, taken: tasks.Taken, stop: threading.Event) -> None:
    """Whatever happens, the task ends with a word or waits again; what an exception says stays in the log."""
    try:
        work = Work(taken.id, taken.params, _owner(taken), app.config, stop=stop)
        with _pulse(app, taken, work):
            made = DOINGS[taken.kind](work)
        _finish(taken, work, made)
    except TaskLost:
        log.warning("background task %s was silent for too long and is another worker's now", taken.id)
    except Interrupted:
        _end(tasks.put_back, taken, begun=False)
    except (BUSY, *OVERTAKEN):
        log.exception("background task %s (%s) met a busy database", taken.id, taken.kind)
        _end(tasks.put_back, taken, begun=True)
    except Refused as refused:
        _end(tasks.fail_task, taken, refused.code, _plain(refused.values))
    except Exception:
        log.exception("background task %s (%s) failed", taken.id, taken.kind)
        _end(tasks.fail_task, taken, "task_broken", {"number": taken.id})


def _owner(taken: tasks.Taken) -> Actor:
    """Whoever asked, with the rights she has now. Raises Refused where they are not enough any more."""
    if taken.asked_by is None:
        return SYSTEM
    account = get_account(taken.asked_by)
    actor = get_actor(account)
    if not account.active or not may_have(actor, taken.kind):
        raise tasks.OwnerMayNot()
    return actor


def _finish(taken: tasks.Taken, work: Work, made: Product | str) -> None:
    product, outcome = (made, "") if isinstance(made, Product) else (None, made)
    sealed = seal(product.content, product.file_name, product.mime) if product else None
    now = clock.now()
    keep_until = now + timedelta(days=work.settings["PRODUCT_RETENTION_DAYS"])
    with transaction():
        tasks.show_life(taken, done=work.done, total=work.total, at=now)
        tasks.finish_task(taken, sealed, outcome, by=work.by, at=now, keep_until=keep_until)


def _end(verb: Callable, taken: tasks.Taken, *facts: object, **named: object) -> None:
    try:
        with transaction():
            verb(taken, *facts, **named, at=clock.now())
    except TaskLost:
        log.warning("background task %s is another worker's now", taken.id)


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    """What a sentence needs; a phone or an ID number only masked."""
    return {
        name: value if isinstance(value, int | float) else mask_numbers(str(value)) for name, value in values.items()
    }


@contextmanager
def _pulse(app, taken: tasks.Taken, work: Work) -> Iterator[None]:
    """Write progress and signs of life beside the work, whatever transactions it has open."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(app, taken, work, over), name="pulse", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(app, taken: tasks.Taken, work: Work, over: threading.Event) -> None:
    told, told_at = (0, 0), clock.now()
    with app.app_context():
        while not over.wait(PULSE_EVERY) and not work.lost.is_set():
            now, progress = clock.now(), (work.done, work.total)
            if progress == told and now - told_at < SHOW_LIFE_EVERY:
                continue
            try:
                with transaction():
                    tasks.show_life(taken, done=progress[0], total=progress[1], at=now)
                told, told_at = progress, now
            except TaskLost:
                work.lost.set()
            except Exception:
                log.warning("background task %s could not show life; it tries again", taken.id, exc_info=True)


def start_thread(app, stop: threading.Event) -> threading.Thread:
    """Work until `stop`."""
    thread = threading.Thread(target=_keep, args=(app, stop), name="worker", daemon=True)
    thread.start()
    return thread


def _keep(app, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            busy = run_next(app, stop)
        except Exception:
            log.exception("the worker stumbled and goes on")
            busy = False
        if not busy:
            stop.wait(LOOK_EVERY)
