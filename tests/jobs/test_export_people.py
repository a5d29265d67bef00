"""The task that writes lists of people: masked, in full with its reason above, and cut to the rights of the hour."""

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AT, DATONG, LINFEN
from tests.rosters import cells
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.background_task import TaskKind, TaskState
from trainer.domain.disclosure import DisclosureReason, ProtectedField, Purpose
from trainer.jobs import worker
from trainer.models import BackgroundTask, RoleGrant, StoredFile
from trainer.services import disclosure
from trainer.services.background_task import ask_for_task
from trainer.services.file import read_file

pytestmark = pytest.mark.sqlite_is_enough

PHONE, ID = "14000001234", "140299199311028401"
PURPOSE = Purpose(DisclosureReason.PAYMENT, "第三期补贴", "云州区财政局")


@pytest.fixture
def woman(app):
    return factories.person("马桂花", phone=PHONE, id_number=ID)


@pytest.fixture
def manager(app):
    return factories.account(Role.MANAGER, region=DATONG)


def in_full(manager, *people, fields=tuple(ProtectedField)) -> int:
    with transaction():
        return disclosure.export_in_full([p.id for p in people], fields, PURPOSE, by=factories.actor_of(manager), at=AT)


def done(app, task_id: int) -> BackgroundTask:
    assert worker.run_next(app)
    return db.session.get(BackgroundTask, task_id, populate_existing=True)


def rows(task: BackgroundTask) -> list[tuple]:
    assert task.state is TaskState.DONE
    return cells(read_file(db.session.scalar(select(StoredFile).where(StoredFile.id == task.file_id))))


def test_in_full_it_says_so_above(app, woman, manager):
    made = rows(done(app, in_full(manager, woman)))
    assert (
        made[2][0] == "含敏感信息（身份证号、联系电话）。用途：发放补贴或扶持资金 · 第三期补贴。接收方：云州区财政局。"
    )
    assert made[3][:5] == ("序号", "姓名", "联系电话", "身份证号", "县区")
    assert made[4][:4] == (1, "马桂花", PHONE, ID)


def test_only_the_fields_that_were_asked_for(app, woman, manager):
    made = rows(done(app, in_full(manager, woman, fields=[ProtectedField.PHONE])))
    assert made[3][:4] == ("序号", "姓名", "联系电话", "县区")
    assert made[4][2] == PHONE
    assert ID not in str(made)


def test_a_long_list_without_a_reason_is_masked(app, woman, manager):
    by = factories.actor_of(manager)
    with transaction():
        task_id = ask_for_task(TaskKind.PEOPLE_EXPORT, "x", {"text": "", "region_code": ""}, by=by, at=AT)
    made = rows(done(app, task_id))
    assert made[3][:3] == (1, "马桂花", "140****1234")
    assert {PHONE, ID} & set(map(str, sum(made, ()))) == set()


def test_a_right_that_is_gone_takes_the_file_with_it(app, woman, manager):
    task_id = in_full(manager, woman)
    with transaction():
        for grant in db.session.scalars(select(RoleGrant).where(RoleGrant.account_id == manager.id)):
            grant.revoked_at = AT
    task = done(app, task_id)
    assert (task.state, task.file_id) == (TaskState.FAILED, None)


def test_who_left_her_area_meanwhile_is_not_in_the_file(app, woman, manager):
    other = factories.person("李丽")
    task_id = in_full(manager, woman, other)
    with transaction():
        db.session.merge(other).region_code = LINFEN
    assert [row[1] for row in rows(done(app, task_id))[4:]] == ["马桂花"]
