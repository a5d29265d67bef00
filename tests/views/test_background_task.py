"""The pages of one's own tasks: progress, the file, calling off; nobody else's."""

from datetime import timedelta

import pytest

from tests import factories
from trainer import clock, storage
from trainer.database import db, transaction
from trainer.domain.background_task import Product, TaskKind, TaskState
from trainer.jobs import worker
from trainer.models import AuditEvent, BackgroundTask, RoleGrant, StoredFile
from trainer.permissions import Permission
from trainer.queries.background_task import NEEDS
from trainer.services import background_task as tasks

KIND = TaskKind.PEOPLE_EXPORT
FILE = Product(b"everybody", "text/csv", "名册_20261122.csv")


@pytest.fixture
def staff(app):
    return factories.account(factories.Role.COHORT_STAFF)


def ask(account, key="1", kind=KIND, **params) -> int:
    with transaction():
        return tasks.ask_for_task(kind, key, params, by=factories.actor_of(account), at=clock.now())


def done(app, monkeypatch, account, kind=KIND, key="1", product=FILE) -> int:
    number = ask(account, key, kind)
    monkeypatch.setitem(worker.DOINGS, kind, lambda work: product)
    assert worker.run_next(app)
    return number


def test_a_live_task_looks_again_by_itself_and_a_finished_one_does_not(app, signed_in, staff, monkeypatch):
    number, client = ask(staff), signed_in(staff)
    waiting = client.get(f"/tasks/{number}")
    assert waiting.headers["Refresh"] == "4"
    assert "马上开始" in waiting.text
    with transaction():
        taken = tasks.take_task(at=clock.now())
        tasks.show_life(taken, done=1234, total=5000, at=clock.now())
    running = client.get(f"/tasks/{number}")
    assert running.headers["Refresh"] == "4"
    assert 'max="5000" value="1234"' in running.text
    assert "24.7%" in running.text
    with transaction():
        tasks.finish_task(taken, None, "", by=factories.actor_of(staff), at=clock.now(), keep_until=clock.now())
    assert "Refresh" not in client.get(f"/tasks/{number}").headers


def test_the_file_is_its_owners_alone_and_its_taking_is_recorded(app, signed_in, staff, monkeypatch):
    number = done(app, monkeypatch, staff)
    owner, manager = signed_in(staff), signed_in(factories.account(factories.Role.MANAGER))
    assert f'href="/tasks/{number}/file"' in owner.get(f"/tasks/{number}").text
    answer = owner.get(f"/tasks/{number}/file")
    assert (answer.data, answer.mimetype) == (FILE.content, "text/csv")
    assert "%E5%90%8D%E5%86%8C_20261122.csv" in answer.headers["Content-Disposition"]
    for path in ("", "/file"):
        assert manager.get(f"/tasks/{number}{path}").status_code == 404
    assert manager.post(f"/tasks/{number}/cancel").status_code == 404
    taken = list(db.session.scalars(db.select(AuditEvent).where(AuditEvent.action == "task.download")))
    assert [(event.object_id, event.account_id) for event in taken] == [(str(number), staff.id)]


def test_no_file_once_a_role_was_taken_away_even_if_it_was_given_again(app, signed_in, staff, monkeypatch):
    number, client = done(app, monkeypatch, staff), signed_in(staff)
    with transaction() as session:
        session.scalar(db.select(RoleGrant).where(RoleGrant.account_id == staff.id)).revoked_at = clock.now()
        role, region = factories.Role.COHORT_STAFF, factories.LINFEN
        session.add(RoleGrant(account_id=staff.id, role=role, region_code=region, granted_at=clock.now()))
    assert client.get(f"/tasks/{number}/file").status_code == 403
    page = client.get(f"/tasks/{number}")
    assert "/file" not in page.text
    assert "角色" in page.text


def test_a_file_whose_time_is_over_says_so(app, signed_in, staff, monkeypatch):
    number, client = done(app, monkeypatch, staff), signed_in(staff)
    with transaction() as session:
        session.scalar(db.select(StoredFile)).expires_at = clock.now() - timedelta(seconds=1)
    assert client.get(f"/tasks/{number}/file").status_code == 410
    assert "已删除" in client.get(f"/tasks/{number}").text
    with transaction() as session:  # as the sweep leaves it
        task = session.get(BackgroundTask, number)
        task.file_id, stored = None, session.scalar(db.select(StoredFile))
        session.flush()
        session.delete(stored)
    assert client.get(f"/tasks/{number}/file").status_code == 410
    assert "已删除" in client.get(f"/tasks/{number}").text


def test_a_file_lost_from_the_disk_is_no_server_error(app, signed_in, staff, monkeypatch):
    number = done(app, monkeypatch, staff)
    storage.delete(db.session.scalar(db.select(StoredFile.stored_as)))
    assert signed_in(staff).get(f"/tasks/{number}/file").status_code == 404


@pytest.mark.parametrize("code", ["task_broken", "task_interrupted", "task_owner_may_not", "unheard_of"])
def test_a_failure_is_a_sentence(app, signed_in, staff, code):
    number = ask(staff)
    with transaction():
        tasks.fail_task(tasks.take_task(at=clock.now()), code, {"number": number}, at=clock.now())
    page = signed_in(staff).get(f"/tasks/{number}")
    assert page.status_code == 200
    assert "失败" in page.text
    assert (code in page.text) == (code == "unheard_of")
    assert "%(" not in page.text


def test_a_waiting_task_is_called_off(app, signed_in, staff):
    number, client = ask(staff), signed_in(staff)
    assert client.post(f"/tasks/{number}/cancel").status_code == 303
    assert db.session.get(BackgroundTask, number).state is TaskState.CALLED_OFF
    assert "已取消" in client.get(f"/tasks/{number}").text
    begun = ask(staff)
    with transaction():
        tasks.take_task(at=clock.now())
    assert client.post(f"/tasks/{begun}/cancel").status_code == 409


def test_a_trainee_sees_her_own_in_her_own_layout(app, signed_in, monkeypatch):
    _enrolment, account = factories.trainee(factories.cohort())
    monkeypatch.setitem(NEEDS, TaskKind.LETTER, frozenset({Permission.VIEW_OWN_PROGRESS}))
    number = done(app, monkeypatch, account, kind=TaskKind.LETTER)
    client = signed_in(account)
    for path in ("/tasks", f"/tasks/{number}"):
        page = client.get(path).text
        assert "trainee.css" in page
        assert "staff.css" not in page
    assert client.get(f"/tasks/{number}/file").data == FILE.content


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_a_fixed_number_of_statements(app, signed_in, count_statements, staff, number):
    for key in range(number):
        ask(staff, key=str(key))
    ask(factories.account(factories.Role.MANAGER), key="another's")
    client = signed_in(staff)
    with count_statements() as seen:
        page = client.get("/tasks")
    assert page.text.count('href="/tasks/') == number
    assert len(seen) == 3
