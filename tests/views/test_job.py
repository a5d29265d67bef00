"""The page of jobs: for whoever keeps the system, and asking for a run."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from trainer.database import db, transaction
from trainer.domain.jobs import JobName, JobState, Keeper, tell
from trainer.models import JobRun
from trainer.services import job as jobs

NAME = JobName.RECOMPUTE_METRICS


def test_only_the_system_administrator_enters(client, signed_in):
    assert client.get("/jobs").status_code == 302
    manager = signed_in(factories.account(factories.Role.MANAGER))
    assert manager.get("/jobs").status_code == 404
    assert manager.post(f"/jobs/{NAME}/runs").status_code == 404


def test_a_run_is_asked_for_once(signed_in):
    administrator = signed_in(factories.account(factories.Role.SYSTEM_ADMINISTRATOR))
    assert administrator.post(f"/jobs/{NAME}/runs").status_code == 303
    again = administrator.post(f"/jobs/{NAME}/runs")
    assert again.status_code == 409
    assert "已在等待或运行中" in again.text
    assert [run.state for run in db.session.scalars(db.select(JobRun))] == [JobState.WAITING]
    assert "手动" in administrator.get("/jobs").text
    assert administrator.post("/jobs/nonsense/runs").status_code == 404


def finish(period, *, failed=False, message="1/1", at=factories.AT, job=NAME):
    with transaction():
        jobs.take_run(job, period, at=at)
        jobs.finish_run(job, period, failed=failed, message=message, at=at + timedelta(seconds=2))


@pytest.fixture
def page(app, signed_in):
    """`page(arguments)`: what the system administrator reads."""
    client = signed_in(factories.account(factories.Role.SYSTEM_ADMINISTRATOR))
    return lambda arguments="": client.get(f"/jobs{arguments}").text


def test_it_says_who_keeps_the_timetable(page):
    assert "还没有发现调度进程" in page()
    now = datetime.now(UTC)
    with transaction():
        jobs.show_keeper(Keeper("machine<1>", 4711, now, now))
    assert "machine&lt;1&gt; 上的进程 4711" in page()
    with transaction():
        jobs.show_keeper(Keeper("machine", 4711, now, now - timedelta(minutes=17)))
    assert "已有 17 分钟没有发现调度进程" in page()


def test_each_job_says_when_it_comes_and_how_it_went(page):
    finish("2026-03-09", failed=True, message="1/2")
    finish("2026-03-10", at=factories.AT + timedelta(days=1))
    text = page()
    assert "每天 02:30" in text
    assert "每 5 分钟" in text
    assert "每星期日 05:00" in text
    assert "1 / 2</td>" in text


def test_a_job_that_was_due_and_did_not_run_is_marked(page):
    assert "逾期" not in page(), "nothing has ever run: the installation is new"
    finish("2026-03-10")
    assert page().count("逾期") == len(JobName)
    now = datetime.now(UTC)
    finish("today", at=now)
    assert page().count("逾期") == len(JobName) - 1


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("interrupted", "运行中进程被中断"),
        (tell("job_let_go", {"counts": {"sign_ins": 3, "messages": 2}}), "已删除：已结束的登录 3；消息 2。"),
        (
            tell("job_backed_up", {"name": "a.tar", "megabytes": "4.2", "rows": 9, "files": 1, "deleted": 0}),
            "数据 9 行",
        ),
        ('{"code": "job_already_asked", "values": {}}', "已在等待或运行中"),
        ('{"code": "no_such_code", "values": {}}', "no_such_code"),
        ('{"code": "cut o', "cut o"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_what_a_run_says_is_a_sentence(page, message, said):
    finish("2026-03-10", failed=True, message=message)
    assert said in page()


def test_runs_are_filtered_by_job_and_state(page):
    other = next(name for name in JobName if name is not NAME)
    finish("2026-03-10", message="mine went well")
    finish("2026-03-11", message="mine went wrong", failed=True)
    finish("2026-03-11", message="of another", job=other)
    runs = {
        arguments: page(arguments).split("<h2>")[1] for arguments in ("", f"?job={NAME}", "?state=failed", "?job=x")
    }
    for arguments, told in {
        "": ["mine went well", "mine went wrong", "of another"],
        f"?job={NAME}": ["mine went well", "mine went wrong"],
        "?state=failed": ["mine went wrong"],
        "?job=x": ["mine went well", "mine went wrong", "of another"],
    }.items():
        assert [said for said in ("mine went well", "mine went wrong", "of another") if said in runs[arguments]] == told
    assert "没有符合条件的运行记录" in page("?state=waiting")


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_a_fixed_number_of_statements(signed_in, count_statements, number):
    administrator = signed_in(factories.account(factories.Role.SYSTEM_ADMINISTRATOR))
    for day in range(number):
        with transaction():
            jobs.take_run(NAME, f"2026-03-0{day + 1}", at=factories.AT)
            jobs.finish_run(NAME, f"2026-03-0{day + 1}", failed=True, message="1/2", at=factories.AT)
    with count_statements() as seen:
        page = administrator.get("/jobs")
    assert page.text.split("<h2>")[1].count("1/2</td>") == number
    assert len(seen) == 6
