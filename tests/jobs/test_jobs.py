"""Jobs: a period is done once, one failure does not stop the others, one scheduler a database."""

import json
import logging
import os
import re
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from tests import factories
from trainer import clock
from trainer.database import LockKey, db, on_postgresql, take_turns, transaction
from trainer.domain.jobs import TIMINGS, JobName, JobState, Timing, tell
from trainer.errors import Refused
from trainer.jobs import recompute_metrics, runner, scheduler
from trainer.jobs.lock import AdvisoryLock, FileLock, scheduler_lock
from trainer.jobs.schedule import JOBS, TIMETABLE, Job
from trainer.models import CohortMetrics, JobRun
from trainer.queries.job import get_keeper
from trainer.services import job as jobs
from trainer.templating import moment

NAME = JobName.RECOMPUTE_METRICS
RECKONED = tell("job_reckoned_with_risks", {"cohorts": 1, "risks": 0})
OFTEN = next(name for name, timing in TIMINGS.items() if timing.every_minutes)


def runs():
    db.session.rollback()
    return list(db.session.scalars(db.select(JobRun).order_by(JobRun.started_at)))


def test_every_job_with_a_name_stands_in_the_timetable():
    assert {job.name for job in TIMETABLE} == set(JobName)


def test_the_same_period_is_done_once(app):
    factories.cohort()
    assert runner.run_job(app, NAME, "2026-03-10") == runner.Outcome(False, RECKONED)
    assert runner.run_job(app, NAME, "2026-03-10") is None
    assert runner.run_job(app, NAME, "2026-03-11") == runner.Outcome(False, RECKONED)
    assert [(run.period, run.state, run.message) for run in runs()] == [
        ("2026-03-10", JobState.DONE, RECKONED),
        ("2026-03-11", JobState.DONE, RECKONED),
    ]


def test_one_cohort_that_fails_is_logged_and_the_others_go_on(app, monkeypatch, caplog):
    first, broken, last = (factories.cohort().id for _ in range(3))
    reckon = recompute_metrics.recompute_cohort

    def stumble(cohort_id, *, at):
        reckon(cohort_id, at=at)
        if cohort_id == broken:
            raise ZeroDivisionError

    monkeypatch.setattr(recompute_metrics, "recompute_cohort", stumble)
    with caplog.at_level(logging.ERROR):
        assert runner.run_job(app, NAME, "2026-03-10").failed
    db.session.rollback()
    assert set(db.session.scalars(db.select(CohortMetrics.cohort_id))) == {first, last}
    [run] = runs()
    assert run.state is JobState.FAILED
    assert f"2/3; cohort {broken}: ZeroDivisionError" in run.message
    assert f"cohort {broken} could not be reckoned" in caplog.text


def test_a_run_that_was_asked_for_is_taken_once(app):
    by = factories.actor(factories.Role.SYSTEM_ADMINISTRATOR)
    with transaction():
        jobs.ask_for_run(NAME, by=by, at=factories.AT)
    with pytest.raises(jobs.JobAlreadyAsked), transaction():
        jobs.ask_for_run(NAME, by=by, at=factories.AT + timedelta(minutes=1))
    [waiting] = runs()
    assert waiting.state is JobState.WAITING
    assert runner.run_job(app, NAME, waiting.period) is not None
    assert runner.run_job(app, NAME, waiting.period) is None
    assert runs()[0].state is JobState.DONE


def test_a_run_of_a_killed_process_stands_in_nobodys_way(app):
    by = factories.actor(factories.Role.SYSTEM_ADMINISTRATOR)
    with transaction():
        assert jobs.take_run(NAME, "2026-03-09", at=factories.AT)
    with transaction():
        jobs.ask_for_run(NAME, by=by, at=factories.AT + timedelta(hours=7))
    assert [run.state for run in runs()] == [JobState.FAILED, JobState.WAITING]


SHANGHAI = clock.SHANGHAI


@pytest.mark.parametrize(
    ("timing", "now", "last", "following"),
    [
        (Timing(2, 30), (2026, 12, 31, 2, 29, 59), (2026, 12, 30, 2, 30), (2026, 12, 31, 2, 30)),
        (Timing(2, 30), (2026, 12, 31, 2, 30), (2026, 12, 31, 2, 30), (2027, 1, 1, 2, 30)),
        (Timing(2, 30), (2027, 1, 1, 0, 0), (2026, 12, 31, 2, 30), (2027, 1, 1, 2, 30)),
        (Timing(5, weekday=6), (2027, 1, 3, 4, 59), (2026, 12, 27, 5, 0), (2027, 1, 3, 5, 0)),
        (Timing(5, weekday=6), (2027, 1, 4, 0, 0), (2027, 1, 3, 5, 0), (2027, 1, 10, 5, 0)),
        (Timing(every_minutes=5), (2026, 12, 31, 23, 59, 59), (2026, 12, 31, 23, 55), (2027, 1, 1, 0, 0)),
        (Timing(every_minutes=50), (2026, 12, 31, 23, 59), (2026, 12, 31, 23, 20), (2027, 1, 1, 0, 0)),
    ],
)
def test_when_a_job_was_due_and_will_be_around_the_new_year(timing, now, last, following):
    now, last, following = (datetime(*moment, tzinfo=SHANGHAI) for moment in (now, last, following))
    assert (timing.last_due(now), timing.next_due(now)) == (last, following)


def test_the_last_hours_of_the_year_in_utc_are_the_new_year_in_china(app):
    """Stored in UTC, meant in China time: 2026-12-31 18:30 UTC is the run of 1 January at 2:30."""
    at = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)
    period = Timing(2, 30).period(clock.local(at))
    assert period == "2027-01-01"
    with transaction():
        assert jobs.take_run(NAME, period, at=at)
    [run] = runs()
    assert run.started_at == at
    assert run.started_at.utcoffset() == timedelta(0)
    assert moment(run.started_at) == "2027-01-01 02:30"


def test_a_week_that_was_slept_through_is_caught_up_once_for_its_day():
    timing, thursday = Timing(2, 30, weekday=2), datetime(2026, 12, 31, 9, tzinfo=SHANGHAI)
    assert timing.is_due(thursday)
    assert timing.period(thursday) == "2026-12-30"
    assert not timing.is_due(thursday + timedelta(days=4)), "next Monday it is not"


def test_a_machine_that_was_off_at_night_catches_up():
    timing, tuesday = Timing(2, 30), datetime(2026, 3, 10, tzinfo=clock.SHANGHAI)
    assert not timing.is_due(tuesday.replace(hour=2, minute=29))
    assert timing.is_due(tuesday.replace(hour=2, minute=30))
    assert timing.is_due(tuesday.replace(hour=9))
    assert Timing(2, 30, weekday=1).is_due(tuesday.replace(hour=9))
    assert not Timing(2, 30, weekday=2).is_due(tuesday.replace(hour=9))


def test_a_run_is_for_its_day_or_its_stretch_of_minutes():
    moment = datetime(2026, 3, 10, 9, 17, 44, tzinfo=clock.SHANGHAI)
    assert Timing(2, 30).period(moment) == "2026-03-10"
    assert Timing(every_minutes=5).period(moment) == "2026-03-10T09:15+08:00"


def test_the_scheduler_knows_the_timetable(app):
    built = scheduler.build_scheduler(app)
    built.start(paused=True)
    try:
        assert {job.id for job in built.get_jobs()} == set(JobName)
        job = built.get_job(NAME)
        assert (job.max_instances, job.coalesce, job.misfire_grace_time) == (1, True, 3600)
        assert job.next_run_time.strftime("%H:%M %z") == "02:30 +0800"
    finally:
        built.shutdown()


def test_the_keeper_runs_what_was_asked_for(app, monkeypatch):
    factories.cohort()
    monkeypatch.setattr(scheduler, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(Timing, "is_due", lambda timing, now: False)
    with transaction():
        jobs.ask_for_run(NAME, by=factories.actor(factories.Role.SYSTEM_ADMINISTRATOR), at=datetime.now(UTC))
    done = threading.Event()
    run = JOBS[NAME].run
    monkeypatch.setitem(runner.JOBS, NAME, Job(NAME, Timing(2, 30), lambda settings: (run(settings), done.set())[0]))
    stop = threading.Event()
    keeper = threading.Thread(target=scheduler.keep, args=(app, stop))
    keeper.start()
    assert done.wait(20)
    stop.set()
    keeper.join(20)
    assert not keeper.is_alive()


HOLDER = """
import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def test_the_file_lock_keeps_a_second_process_out(tmp_path):
    path = tmp_path / "scheduler.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        lock = FileLock(path)
        assert not lock.take()
        assert not lock.holds()
        other.stdin.close()
    assert lock.take()
    assert lock.holds()
    lock.release()
    assert not lock.holds()


def test_the_lock_suits_the_database(app):
    wanted = AdvisoryLock if db.engine.dialect.name == "postgresql" else FileLock
    first, second = scheduler_lock(app), scheduler_lock(app)
    assert isinstance(first, wanted)
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()


def test_a_lost_connection_is_a_lost_lock(app):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL's lock hangs on a connection")
    lock = scheduler_lock(app)
    assert lock.take()
    with db.engine.connect() as other:
        other.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
    assert not lock.holds()
    assert lock.take()
    lock.release()


def test_commands(app):
    factories.cohort()
    cli = app.test_cli_runner()
    fresh = cli.invoke(args=["jobs", "list"]).output
    assert "never run" in fresh
    assert "no scheduler was seen yet" in fresh
    assert cli.invoke(args=["jobs", "once", NAME.value]).output == "已重新统计 1 个培训班；学员风险有出入的 0 处。\n"
    assert cli.invoke(args=["jobs", "once", NAME.value]).exit_code == 0
    db.session.rollback()
    assert "done" in cli.invoke(args=["jobs", "list"]).output
    told = json.loads(cli.invoke(args=["jobs", "list", "--json"]).output)
    assert told["keeper"] is None
    assert {job["job"] for job in told["jobs"]} == set(JobName)
    assert next(job for job in told["jobs"] if job["job"] == NAME)["last"]["message"] == RECKONED
    assert cli.invoke(args=["jobs", "once", "nonsense"]).exit_code == 2


def test_a_failing_job_ends_the_command_with_1(app, monkeypatch):
    def fail(_settings):
        raise recompute_metrics.SomeFailed("no luck")

    monkeypatch.setitem(runner.JOBS, NAME, Job(NAME, Timing(2, 30), fail))
    answer = app.test_cli_runner().invoke(args=["jobs", "once", NAME.value])
    assert answer.exit_code == 1
    assert "no luck" in answer.stderr


class Full(Refused):
    code = "backup_no_room"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("王芳 13800001234"), r"ValueError \(test_jobs\.py:\d+\)"),
        (IntegrityError("INSERT", {"name": "王芳"}, Exception("王芳")), r"IntegrityError \(test_jobs\.py:\d+\)"),
        (OSError(28, "No space left on device", "/srv/王芳"), "OSError: No space left on device"),
        (recompute_metrics.SomeFailed("1/2 13800001234"), r"SomeFailed: 1/2 138\*{8}"),
        (Full(free=3), r'\{"code": "backup_no_room", "values": \{"free": 3\}\}'),
    ],
)
def test_what_a_run_says_of_its_failure_quotes_no_row(app, monkeypatch, error, told):
    def fail(_settings):
        raise error

    monkeypatch.setitem(runner.JOBS, NAME, Job(NAME, Timing(2, 30), fail))
    assert runner.run_job(app, NAME, "2026-03-10").failed
    assert re.fullmatch(told, runs()[0].message)


def test_the_run_a_killed_keeper_left_is_begun_once_more_and_then_given_up(app):
    at = factories.AT
    with transaction():
        for job, period in [
            (NAME, "2026-03-10"),
            (NAME, jobs.by_shell(at)),
            (OFTEN, "2026-03-10T09:00+08:00"),
        ]:
            assert jobs.take_run(job, period, at=at)
    states = []
    for _kill in range(2):
        with transaction():
            jobs.take_over_runs(at=at + timedelta(minutes=1))
        states.append({run.period: run.state for run in runs()})
        with transaction():
            jobs.take_run(NAME, "2026-03-10", at=at)
    shell = {jobs.by_shell(at): JobState.RUNNING, "2026-03-10T09:00+08:00": JobState.FAILED}
    assert states == [shell | {"2026-03-10": JobState.WAITING}, shell | {"2026-03-10": JobState.FAILED}]


def test_the_keeper_shows_life_once_a_minute(app):
    seen = scheduler._show_life(app, None)
    assert get_keeper() == seen
    assert (seen.process, seen.since) == (os.getpid(), seen.seen_at)
    assert scheduler._show_life(app, seen) is seen
    later = scheduler._show_life(app, replace(seen, seen_at=seen.seen_at - timedelta(minutes=1)))
    assert later.since == seen.since
    assert not later.is_silent(later.seen_at + timedelta(minutes=3))
    assert later.is_silent(later.seen_at + timedelta(minutes=3, seconds=1))


def test_rosters_are_taken_in_while_a_scheduler_holds_its_lock(app):
    lock = scheduler_lock(app)
    assert lock.take()
    try:
        with transaction() as session:
            if on_postgresql():
                session.execute(db.text("SET LOCAL lock_timeout = '1s'"))
            for key in (LockKey.AUDIT, LockKey.ROSTER):
                take_turns(key)
    finally:
        lock.release()
