"""The page of jobs: for whoever keeps the system, and asking for a run."""

import pytest

from tests import factories
from trainer.database import db, transaction
from trainer.domain.jobs import JobName, JobState
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
    assert administrator.post(f"/jobs/{NAME}/runs").status_code == 302
    again = administrator.post(f"/jobs/{NAME}/runs")
    assert again.status_code == 409
    assert "已在等待或运行中" in again.text
    assert [run.state for run in db.session.scalars(db.select(JobRun))] == [JobState.WAITING]
    assert "手动" in administrator.get("/jobs").text
    assert administrator.post("/jobs/nonsense/runs").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_a_fixed_number_of_statements(signed_in, count_statements, number):
    administrator = signed_in(factories.account(factories.Role.SYSTEM_ADMINISTRATOR))
    for day in range(number):
        with transaction():
            jobs.take_run(NAME, f"2026-03-0{day + 1}", at=factories.AT)
            jobs.finish_run(NAME, f"2026-03-0{day + 1}", failed=True, message="1/2", at=factories.AT)
    with count_statements() as seen:
        page = administrator.get("/jobs")
    assert page.text.count("1/2</td>") == number
    assert len(seen) == 4
