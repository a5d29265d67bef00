"""Large rosters and sales files: taken in beside the pages, once, wholly or not at all."""

import subprocess
import sys
from datetime import timedelta

import pytest

from tests import factories, rosters
from tests.services.test_sales import order, orders_file
from tests.services.test_sales import preview as preview_sales
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.background_task import TaskKind, TaskState
from trainer.domain.imports import LONG_WORK, BatchState
from trainer.jobs import worker
from trainer.models import BackgroundTask, Enrolment, ImportBatch, OrderLine, RoleGrant
from trainer.services import background_task as tasks
from trainer.services import roster

pytestmark = pytest.mark.postgresql
ROWS = LONG_WORK


@pytest.fixture
def staff(app):
    return factories.account(factories.Role.COHORT_STAFF)


@pytest.fixture
def cohort(app):
    return factories.cohort(capacity=2 * ROWS)


def stage(cohort, staff, rows: int = ROWS):
    women = [(f"王{chr(0x4E00 + n // 80)}{chr(0x6000 + n % 80)}", None, f"1400001{n:04d}") for n in range(rows)]
    reading = roster.read("名册.xlsx", rosters.roster_file(*women), today=clock.today())
    with transaction():
        return roster.preview(cohort.id, reading, by=factories.actor_of(staff), at=clock.now())


def click(client, batch, kind="roster", **fields):
    return client.post(f"/imports/{kind}/{batch.id}/commit", data=fields)


def fresh(model, number):
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(model, number)


def on_the_roll() -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(Enrolment))


def test_a_large_roster_is_one_task_however_often_it_is_clicked(app, cohort, staff, signed_in):
    batch, client = stage(cohort, staff), signed_in(staff)
    answers = [click(client, batch, joined_on="2026-03-09") for _twice in range(2)]
    [task] = db.session.scalars(db.select(BackgroundTask))
    assert [(a.status_code, a.location) for a in answers] == [(303, f"/tasks/{task.id}")] * 2
    assert on_the_roll() == 0
    assert worker.run_next(app)
    done = fresh(BackgroundTask, task.id)
    assert (done.state, done.outcome) == (TaskState.DONE, "task_taken_in")
    assert fresh(ImportBatch, batch.id).state is BatchState.COMMITTED
    assert on_the_roll() == ROWS
    assert f'href="/imports/roster/{batch.id}"' in client.get(f"/tasks/{task.id}").text
    assert worker.run_next(app) is False


def test_a_small_one_is_taken_in_at_once(app, cohort, staff, signed_in):
    batch = stage(cohort, staff, rows=3)
    answer = click(signed_in(staff), batch, joined_on="2026-03-09")
    assert answer.location == f"/imports/roster/{batch.id}"
    assert on_the_roll() == 3
    assert fresh(BackgroundTask, 1) is None


def test_a_colleague_who_clicks_too_is_told(app, cohort, staff, signed_in):
    batch = stage(cohort, staff)
    click(signed_in(staff), batch, joined_on="2026-03-09")
    answer = click(signed_in(factories.account(factories.Role.MANAGER)), batch, joined_on="2026-03-09")
    assert answer.status_code == 409
    assert "正在处理" in answer.text


def test_nothing_is_taken_in_where_the_register_changed(app, cohort, staff, signed_in):
    batch = stage(cohort, staff)
    factories.person("王一怀", phone="14000010000")  # she was new when it was looked through
    click(signed_in(staff), batch, joined_on="2026-03-09")
    assert worker.run_next(app)
    failed = fresh(BackgroundTask, 1)
    assert (failed.state, failed.outcome, failed.outcome_values) == (TaskState.FAILED, "register_changed", {"rows": 1})
    assert fresh(ImportBatch, batch.id).state is BatchState.PREVIEWED
    page = signed_in(staff).get(f"/tasks/{failed.id}").text
    assert "%(" not in page
    assert f'href="/imports/roster/{batch.id}"' in page


@pytest.mark.parametrize("kind", [TaskKind.ROSTER_COMMIT, TaskKind.SALES_COMMIT])
def test_who_keeps_the_role_but_not_the_area_takes_nothing_in(app, cohort, staff, kind):
    if kind is TaskKind.ROSTER_COMMIT:
        batch, params = stage(cohort, staff, rows=2), {"joined_on": "2026-03-09"}
    else:
        batch, params = preview_sales(factories.shop(factories.person(), "taobao"), orders_file(order(1))), {}
        params = {"take_unclear": False}
    with transaction():
        task = tasks.ask_for_task(
            kind, "1", {"batch_id": batch.id} | params, by=factories.actor_of(staff), at=clock.now()
        )
        db.session.scalar(db.select(RoleGrant).where(RoleGrant.account_id == staff.id)).region_code = factories.LINFEN
    assert worker.run_next(app)
    assert fresh(BackgroundTask, task).outcome == "task_owner_may_not"
    assert fresh(ImportBatch, batch.id).state is BatchState.PREVIEWED


def test_a_large_sales_file_is_taken_in_beside_the_pages(app, signed_in, monkeypatch, staff):
    shop = factories.shop(factories.person(), "taobao")
    batch = preview_sales(shop, orders_file(*(order(n) for n in range(ROWS))))
    client = signed_in(staff)
    answers = [click(client, batch, "sales") for _twice in range(2)]
    assert [a.location for a in answers] == ["/tasks/1"] * 2
    assert worker.run_next(app)
    assert fresh(BackgroundTask, 1).outcome == "task_taken_in"
    assert db.session.scalar(db.select(db.func.count()).select_from(OrderLine)) == ROWS


DYING = """
import os, signal, sys
from sqlalchemy import event
from trainer.app import create_app
from trainer.database import db
from trainer.jobs import worker
app = create_app({"MODE": "testing", "SQLALCHEMY_DATABASE_URI": sys.argv[1], "INSTANCE_PATH": sys.argv[2],
                  "SECRET_KEY": "x" * 64, "FIELD_KEYS": sys.argv[3]})
with app.app_context():
    @event.listens_for(db.engine, "after_cursor_execute")
    def die(_connection, _cursor, statement, *_rest):
        if statement.startswith(sys.argv[4]):
            os.kill(os.getpid(), signal.SIGKILL)
    worker.run_next(app)
"""


@pytest.mark.parametrize(
    "deadly", ["UPDATE import_rows", pytest.param("INSERT INTO enrolments", marks=pytest.mark.sqlite_is_enough)]
)
def test_killed_in_the_middle_nothing_is_half_imported_and_the_next_one_completes_it(
    app, cohort, staff, signed_in, monkeypatch, deadly
):
    batch = stage(cohort, staff)
    click(signed_in(staff), batch, joined_on="2026-03-09")
    uri = db.engine.url.render_as_string(hide_password=False)
    arguments = [uri, str(app.config["INSTANCE_PATH"]), app.config["FIELD_KEYS"], deadly]
    killed = subprocess.run([sys.executable, "-c", DYING, *arguments], check=False, timeout=300)
    assert killed.returncode == -9
    assert on_the_roll() == 0
    assert fresh(ImportBatch, batch.id).state is BatchState.PREVIEWED
    monkeypatch.setattr(tasks, "SILENCE", timedelta(0))
    assert worker.run_next(app)
    monkeypatch.undo()
    assert on_the_roll() == ROWS
    assert (fresh(BackgroundTask, 1).state, fresh(BackgroundTask, 1).attempts) == (TaskState.DONE, 2)
