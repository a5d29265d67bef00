"""The scheduler: keeps the timetable for as long as this process holds the lock."""

import logging
import os
import socket
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from trainer import clock
from trainer.database import BUSY, transaction
from trainer.domain.jobs import Keeper, Timing
from trainer.jobs import worker
from trainer.jobs.lock import scheduler_lock
from trainer.jobs.runner import run_job
from trainer.jobs.schedule import TIMETABLE, Job
from trainer.queries.job import list_waiting
from trainer.services.job import show_keeper, take_over_runs

log = logging.getLogger(__name__)

# How often the lock is looked after and asked-for runs are taken; a process without the lock tries for it as often.
LOOK_EVERY = 15.0
SHOW_LIFE_EVERY = timedelta(minutes=1)


def start_thread(app) -> threading.Event:
    """Keep the timetable in a thread of this process; set the event to end it."""
    stop = threading.Event()
    threading.Thread(target=keep, args=(app, stop), name="scheduler", daemon=True).start()
    return stop


def keep(app, stop: threading.Event) -> None:
    """Until `stop`: wait for the lock, keep the timetable while it is held, begin again when it is lost."""
    with app.app_context():
        lock = scheduler_lock(app)
    while not stop.is_set():
        if lock.take():
            try:
                _keep_timetable(app, lock, stop)
            except Exception:
                log.exception("the scheduler stumbled and begins again")
            finally:
                lock.release()
        stop.wait(LOOK_EVERY)


def _keep_timetable(app, lock, stop: threading.Event) -> None:
    scheduler = build_scheduler(app)
    scheduler.start()
    idle = threading.Event()
    working = worker.start_thread(app, idle)
    keeper = None
    try:
        _catch_up(app, scheduler)
        while not stop.is_set() and lock.holds():
            keeper = _show_life(app, keeper)
            _take_asked_for(app, scheduler)
            stop.wait(LOOK_EVERY)
    finally:
        idle.set()
        if stop.is_set():
            working.join()
        scheduler.shutdown(wait=stop.is_set())  # a job begun is finished, unless the lock went


def _show_life(app, keeper: Keeper | None) -> Keeper:
    """Once a minute, for the page of jobs; a database that is busy just then is asked again at the next look."""
    now = clock.now()
    if keeper and now - keeper.seen_at < SHOW_LIFE_EVERY:
        return keeper
    alive = Keeper(socket.gethostname(), os.getpid(), keeper.since if keeper else now, now)
    try:
        with app.app_context(), transaction():
            show_keeper(alive)
    except BUSY:
        log.warning("the scheduler could not show life")
        return keeper or replace(alive, seen_at=now - SHOW_LIFE_EVERY)
    return alive


def build_scheduler(app) -> BackgroundScheduler:
    """In memory: what was done for which period stands in the database, not here."""
    scheduler = BackgroundScheduler(
        timezone=clock.SHANGHAI, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600}
    )
    for job in TIMETABLE:
        scheduler.add_job(_run_now, "cron", args=[app, job], id=job.name, **_cron(job.timing))
    return scheduler


def _cron(timing: Timing) -> dict[str, object]:
    if timing.every_minutes and timing.every_minutes >= 60:
        return {"hour": f"*/{timing.every_minutes // 60}", "minute": 0}
    if timing.every_minutes:
        return {"minute": f"*/{timing.every_minutes}"}
    return {"hour": timing.hour, "minute": timing.minute, "day_of_week": timing.weekday}


def _run_now(app, job: Job) -> None:
    run_job(app, job.name, job.timing.period(clock.local(clock.now())))


def _catch_up(app, scheduler: BackgroundScheduler) -> None:
    """Jobs whose hour has passed: a machine that is off at night does them in the morning; and what the last keeper was
    killed in the middle of."""
    now = clock.local(clock.now())
    with app.app_context(), transaction():
        take_over_runs(at=now)
    due = sorted((job for job in TIMETABLE if job.timing.is_due(now)), key=lambda job: job.timing.last_due(now))
    # One after the other, as the night would have had them: a backup first, then trying whether it can be put back.
    scheduler.add_job(_run_in_turn, args=[app, due], id="catch up")


def _run_in_turn(app, due: Sequence[Job]) -> None:
    for job in due:
        _run_now(app, job)


def _take_asked_for(app, scheduler: BackgroundScheduler) -> None:
    with app.app_context():
        waiting = list_waiting()
    for name, period in waiting:
        scheduler.add_job(run_job, args=[app, name, period], id=f"{name} {period}", replace_existing=True)
