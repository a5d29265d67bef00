"""Three processes of `flask jobs run`: one keeps the timetable; killed, another takes over and nothing is done twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime

import pytest

from tests import factories
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.background_task import TaskKind, TaskState
from trainer.domain.jobs import BY_HAND, TIMINGS, JobState
from trainer.models import BackgroundTask, JobRun
from trainer.queries.job import get_keeper
from trainer.services import background_task as tasks
from trainer.services import job as jobs

pytestmark = pytest.mark.postgresql

DAILY = [name for name, timing in TIMINGS.items() if timing.every_minutes is None]


def last_caught_up():
    """Of those that are caught up on, one after the other, the last: that one is slow. Asked when the processes start,
    for which it is changes with the hour."""
    return max(DAILY, key=lambda name: TIMINGS[name].last_due(clock.local(clock.now())))


# The command itself, looking about more often; its jobs and tasks write down who did them.
KEEPING = """
import os, sys, time
from trainer.app import create_app
from trainer.domain.background_task import TaskKind
from trainer.domain.jobs import JobName, Timing
from trainer.jobs import runner, scheduler, worker
from trainer.jobs.schedule import Job
app = create_app({"MODE": "testing", "SQLALCHEMY_DATABASE_URI": sys.argv[1], "INSTANCE_PATH": sys.argv[2],
                  "SECRET_KEY": "x" * 64, "FIELD_KEYS": sys.argv[3]})
scheduler.LOOK_EVERY, worker.LOOK_EVERY = 0.2, 0.1
Timing.is_due = lambda timing, now: timing.every_minutes is None
done = sys.argv[4]
def note(what, seconds):
    with open(done, "a") as file:
        file.write(f"{what} {os.getpid()}\\n")
    time.sleep(seconds)
    return "noted"
def slow(name):
    return 600 if name == sys.argv[5] and not os.path.exists(done + ".killed") else 0
for name in JobName:
    runner.JOBS[name] = Job(name, runner.JOBS[name].timing, lambda settings, name=name: note(name.value, slow(name)))
worker.DOINGS[TaskKind.PEOPLE_EXPORT] = lambda work: note(f"task{work.params['number']}", 0)
print("there", flush=True)
app.test_cli_runner().invoke(args=["jobs", "run"], catch_exceptions=False)
"""


@pytest.fixture
def three(app, tmp_path):
    """(processes, the file of who did what, the slow job)"""
    done, slow = tmp_path / "done", last_caught_up()
    uri = db.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", KEEPING, uri, str(app.config["INSTANCE_PATH"]), app.config["FIELD_KEYS"]]
    processes = [
        subprocess.Popen([*command, str(done), slow], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for _process in range(3)
    ]
    for process in processes:
        assert process.stdout.readline() == "there\n"
    yield processes, done, slow
    for process in processes:
        process.kill()
        process.communicate()


def until(question, seconds: float = 30):
    """What it answers, once it does."""
    deadline = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < deadline:
        time.sleep(0.1)
        db.session.rollback()
        db.session.expire_all()
    return answer


def runs() -> dict[str, JobState]:
    db.session.rollback()
    by_the_day = db.select(JobRun.job, JobRun.state).where(JobRun.job.in_(DAILY), ~JobRun.period.startswith(BY_HAND))
    return dict(db.session.execute(by_the_day).all())


def ask(account, number) -> int:
    with transaction():
        by = factories.actor_of(account)
        return tasks.ask_for_task(TaskKind.PEOPLE_EXPORT, str(number), {"number": number}, by=by, at=clock.now())


def test_one_leads_and_when_it_is_killed_another_goes_on(app, three):
    processes, done, slow = three
    asked_for = next(name for name in DAILY if name is not slow)
    staff = factories.account(factories.Role.COHORT_STAFF)
    first = until(get_keeper).process
    assert first in {process.pid for process in processes}
    # All but the slow one end; that one is in the middle when its process is killed.
    assert until(lambda: sum(state is JobState.DONE for state in runs().values()) == len(DAILY) - 1)
    assert until(lambda: runs().get(slow) is JobState.RUNNING)
    one = ask(staff, 1)
    assert until(lambda: db.session.get(BackgroundTask, one).state is TaskState.DONE)

    done.with_name("done.killed").touch()
    os.kill(first, signal.SIGKILL)
    killed_at = time.monotonic()
    second = until(lambda: (keeper := get_keeper()).process != first and keeper).process
    assert time.monotonic() - killed_at < 10
    assert second in {process.pid for process in processes}
    two = ask(staff, 2)
    assert until(lambda: db.session.get(BackgroundTask, two).state is TaskState.DONE)
    with transaction():
        jobs.ask_for_run(
            asked_for,
            by=factories.actor(factories.Role.SYSTEM_ADMINISTRATOR),
            at=datetime.now(UTC),
        )
    assert until(lambda: db.session.scalar(db.select(JobRun.state).where(JobRun.period.startswith(BY_HAND))) == "done")

    assert until(lambda: runs() == dict.fromkeys(DAILY, JobState.DONE))
    told = Counter(line for line in done.read_text().splitlines() if line.split()[0] in {*DAILY, "task1", "task2"})
    by_first = {f"{name} {first}" for name in DAILY} | {f"task1 {first}"}
    by_second = {f"{line} {second}" for line in (slow, asked_for, "task2")}
    assert told == Counter(by_first | by_second)
