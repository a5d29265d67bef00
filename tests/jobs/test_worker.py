"""Background tasks: asked for once, done once, brought back after a kill, nobody else's."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from tests import factories
from tests.races import overlap
from trainer import clock
from trainer.crypto import hash_password
from trainer.database import db, on_postgresql, transaction
from trainer.domain.background_task import Product, TaskKind, TaskState
from trainer.domain.jobs import Timing
from trainer.errors import NotFound, Refused
from trainer.jobs import scheduler, worker
from trainer.models import Account, BackgroundTask, RoleGrant, StoredFile
from trainer.queries.background_task import NEEDS
from trainer.services import background_task as tasks
from trainer.services.file import read_file
from trainer.wording.background_task import LABELS

KIND = TaskKind.PEOPLE_EXPORT
FILE = Product("名册".encode(), "text/csv", "名册.csv")


@pytest.fixture
def staff(app):
    return factories.account(factories.Role.COHORT_STAFF)


def ask(account, key="1", **params) -> int:
    with transaction():
        return tasks.ask_for_task(KIND, key, params, by=factories.actor_of(account), at=clock.now())


def task(task_id) -> BackgroundTask:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(BackgroundTask, task_id)


def do(app, monkeypatch, doing, kind=KIND) -> bool:
    monkeypatch.setitem(worker.DOINGS, kind, doing)
    return worker.run_next(app)


def test_every_kind_has_a_word_and_a_permission():
    assert set(LABELS[TaskKind]) == set(NEEDS) == set(TaskKind)


def test_a_task_ends_in_a_file_that_lies_encrypted(app, monkeypatch, staff):
    number = ask(staff, cohort=7)
    seen = []
    assert do(app, monkeypatch, lambda work: (seen.append((work.params, work.by.account_id)), FILE)[1])
    done = task(number)
    assert seen == [({"cohort": 7}, staff.id)]
    assert (done.state, done.attempts, done.outcome) == (TaskState.DONE, 1, "")
    stored = db.session.get(StoredFile, done.file_id)
    assert read_file(stored) == FILE.content
    assert stored.expires_at - done.finished_at == timedelta(days=app.config["PRODUCT_RETENTION_DAYS"])
    assert worker.run_next(app) is False


def test_the_same_request_is_one_task_until_it_ends(app, monkeypatch, staff):
    number = ask(staff)
    assert ask(staff) == number
    assert ask(staff, key="2") != number
    other = factories.account(factories.Role.COHORT_STAFF)
    with pytest.raises(tasks.AskedByAnother):
        ask(other)
    assert do(app, monkeypatch, lambda work: "")
    assert ask(staff) != number


def test_two_clicks_at_once_are_one_task(app, staff):
    by = factories.actor_of(staff)

    def click():
        return tasks.ask_for_task(KIND, "1", {}, by=by, at=clock.now())

    first, second = overlap(app, click, click)
    assert first == second
    assert db.session.scalar(db.select(db.func.count()).select_from(BackgroundTask)) == 1


def test_two_workers_never_take_the_same(app, staff):
    numbers = {ask(staff, key=str(n)) for n in range(2)}
    taken = overlap(app, *[lambda: tasks.take_task(at=clock.now())] * 2)
    assert {one.id for one in taken} == numbers


def test_a_refusal_becomes_a_sentence_without_numbers(app, monkeypatch, staff):
    class TooMany(Refused):
        code = "too_many"

    def refuse(_work):
        raise TooMany(most=5, named="王芳 13800001234")

    number = ask(staff)
    assert do(app, monkeypatch, refuse)
    failed = task(number)
    assert (failed.state, failed.outcome) == (TaskState.FAILED, "too_many")
    assert failed.outcome_values["most"] == 5
    assert "13800001234" not in failed.outcome_values["named"]


def test_what_an_exception_says_is_not_kept(app, monkeypatch, staff):
    def stumble(_work):
        raise ValueError("王芳 of 大西沟村 has no bank account")

    number = ask(staff)
    assert do(app, monkeypatch, stumble)
    failed = task(number)
    assert (failed.state, failed.outcome, failed.outcome_values) == (
        TaskState.FAILED,
        "task_broken",
        {"number": number},
    )


def test_a_busy_database_is_tried_three_times(app, monkeypatch, staff):
    def busy(_work):
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    number = ask(staff)
    states = []
    for _attempt in range(3):
        assert do(app, monkeypatch, busy)
        states.append(task(number).state)
    assert states == [TaskState.WAITING, TaskState.WAITING, TaskState.FAILED]
    assert task(number).outcome == "task_interrupted"


@pytest.mark.parametrize("lost", ["account", "role"])
def test_who_lost_her_rights_meanwhile_gets_nothing(app, monkeypatch, staff, lost):
    number = ask(staff)
    with transaction():
        if lost == "account":
            db.session.get(Account, staff.id).active = False
        else:
            db.session.scalar(db.select(RoleGrant).where(RoleGrant.account_id == staff.id)).revoked_at = clock.now()
    began = []
    assert do(app, monkeypatch, began.append)
    assert began == []
    assert (task(number).state, task(number).outcome) == (TaskState.FAILED, "task_owner_may_not")


def test_progress_is_written_beside_the_work_and_never_goes_back(app, monkeypatch, staff):
    monkeypatch.setattr(worker, "PULSE_EVERY", 0.02)
    number, seen = ask(staff), []

    def work_on(work):
        for done in (10, 4, 200):
            work.report(done, 100)
            deadline = time.monotonic() + 30
            while task(number).done < min(max(done, 10), 100) and time.monotonic() < deadline:
                time.sleep(0.02)
            seen.append((task(number).done, task(number).total))
        return FILE

    assert do(app, monkeypatch, work_on)
    assert seen == [(10, 100), (10, 100), (100, 100)]


def test_work_that_reports_nothing_shows_life(app, monkeypatch, staff):
    monkeypatch.setattr(worker, "PULSE_EVERY", 0.02)
    monkeypatch.setattr(worker, "SHOW_LIFE_EVERY", timedelta(0))
    number, beats = ask(staff), []

    def long_silence(_work):
        beats.append(task(number).heartbeat_at)
        deadline = time.monotonic() + 30
        while task(number).heartbeat_at == beats[0] and time.monotonic() < deadline:
            time.sleep(0.02)
        beats.append(task(number).heartbeat_at)
        return FILE

    assert do(app, monkeypatch, long_silence)
    assert beats[0] < beats[1]


def test_a_worker_that_slept_writes_nothing_over_the_next_one(app, monkeypatch, staff):
    monkeypatch.setattr(worker, "PULSE_EVERY", 0.02)
    monkeypatch.setattr(worker, "SHOW_LIFE_EVERY", timedelta(0))
    number = ask(staff)

    def sleep_too_long(work):
        with transaction():  # another worker finds it silent, takes it and ends it
            tasks.revive_tasks(at=clock.now() + timedelta(minutes=2))
            again = tasks.take_task(at=clock.now())
        with transaction():
            tasks.finish_task(again, None, "by the other", by=work.by, at=clock.now(), keep_until=clock.now())
        assert work.lost.wait(30)
        with pytest.raises(tasks.TaskLost):
            work.report(1, 2)
        return FILE

    assert do(app, monkeypatch, sleep_too_long)
    done = task(number)
    assert (done.attempts, done.outcome, done.file_id) == (2, "by the other", None)


def test_after_three_kills_it_has_failed(app, staff):
    number = ask(staff)
    for _kill in range(3):
        with transaction():
            assert tasks.take_task(at=clock.now()).id == number
        with transaction():
            tasks.revive_tasks(at=clock.now() + timedelta(seconds=61))
    assert (task(number).state, task(number).outcome) == (TaskState.FAILED, "task_interrupted")


def test_a_living_worker_keeps_its_task(app, staff):
    number = ask(staff)
    with transaction():
        tasks.take_task(at=clock.now())
        tasks.revive_tasks(at=clock.now() + timedelta(seconds=59))
    assert task(number).state is TaskState.RUNNING


def test_a_process_that_is_asked_to_end_leaves_its_task_for_the_next(app, monkeypatch, staff):
    begun, stop = threading.Event(), threading.Event()

    def work_on(work):
        begun.set()
        while True:
            work.report(1, 2)
            time.sleep(0.01)

    monkeypatch.setitem(worker.DOINGS, KIND, work_on)
    number = ask(staff)
    thread = worker.start_thread(app, stop)
    assert begun.wait(30)
    stop.set()
    thread.join(30)
    assert not thread.is_alive()
    assert (task(number).state, task(number).attempts) == (TaskState.WAITING, 0)


def test_only_her_own_waiting_task_is_called_off(app, staff):
    number, stranger = ask(staff), factories.actor(factories.Role.MANAGER)
    by = factories.actor_of(staff)
    with pytest.raises(NotFound), transaction():
        tasks.cancel_task(number, by=stranger, at=clock.now())
    for _twice in range(2):
        with transaction():
            tasks.cancel_task(number, by=by, at=clock.now())
    assert task(number).state is TaskState.CALLED_OFF
    assert worker.has_work(silent_since=clock.now()) is False
    running = ask(staff)
    with transaction():
        tasks.take_task(at=clock.now())
    with pytest.raises(tasks.TaskBegun), transaction():
        tasks.cancel_task(running, by=by, at=clock.now())


KILLED = """
import sys, time
from trainer.app import create_app
from trainer.domain.background_task import TaskKind
from trainer.jobs import worker
app = create_app({"MODE": "testing", "SQLALCHEMY_DATABASE_URI": sys.argv[1], "INSTANCE_PATH": sys.argv[2],
                  "SECRET_KEY": "x" * 64, "FIELD_KEYS": sys.argv[3]})
def forever(work):
    print("begun", flush=True)
    time.sleep(60)
worker.DOINGS[TaskKind.PEOPLE_EXPORT] = forever
worker.run_next(app)
"""


def test_a_killed_process_leaves_a_task_that_is_done_once(app, monkeypatch, staff):
    number = ask(staff)
    uri = db.engine.url.render_as_string(hide_password=False)
    arguments = [uri, str(app.config["INSTANCE_PATH"]), app.config["FIELD_KEYS"]]
    with subprocess.Popen([sys.executable, "-c", KILLED, *arguments], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "begun\n"
        os.kill(other.pid, signal.SIGKILL)
    assert task(number).state is TaskState.RUNNING
    assert do(app, monkeypatch, lambda work: FILE) is False, "silent for a moment only: it may still be alive"
    monkeypatch.setattr(tasks, "SILENCE", timedelta(0))
    assert do(app, monkeypatch, lambda work: FILE)
    monkeypatch.setattr(tasks, "SILENCE", timedelta(seconds=60))
    done = task(number)
    assert (done.state, done.attempts) == (TaskState.DONE, 2)
    assert db.session.scalar(db.select(db.func.count()).select_from(StoredFile)) == 1
    assert worker.run_next(app) is False


def test_pages_are_written_while_a_task_works(app, monkeypatch, staff):
    """One process on SQLite: the worker holds no lock while a function reckons."""
    number = ask(staff)

    def reckon(_work):
        with app.app_context(), transaction():
            if not on_postgresql():
                db.session.execute(db.text("PRAGMA busy_timeout=50"))
            db.session.get(Account, staff.id).password_hash = hash_password("another")
        return FILE

    assert do(app, monkeypatch, reckon)
    assert task(number).state is TaskState.DONE


def test_the_keeper_of_the_timetable_works_too(app, monkeypatch, staff, caplog):
    monkeypatch.setattr(scheduler, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(Timing, "is_due", lambda timing, now: False)
    monkeypatch.setitem(worker.DOINGS, KIND, lambda work: FILE)
    number, stop = ask(staff), threading.Event()
    keeper = threading.Thread(target=scheduler.keep, args=(app, stop))
    with caplog.at_level(logging.ERROR):
        keeper.start()
        deadline = time.monotonic() + 20
        while task(number).state is not TaskState.DONE and time.monotonic() < deadline:
            time.sleep(0.05)
        stop.set()
        keeper.join(20)
    assert task(number).state is TaskState.DONE
    assert not keeper.is_alive()
    assert caplog.text == ""
