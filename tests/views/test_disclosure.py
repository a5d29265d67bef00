"""Protected values on pages: masked for all, in full once with a reason, and a list in full on record."""

import re

import pytest
from sqlalchemy import select, update

from tests import factories
from tests.factories import DATONG, LINFEN
from tests.rosters import cells
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.jobs import worker
from trainer.models import (
    Account,
    AuditEvent,
    BackgroundTask,
    DisclosedPerson,
    Disclosure,
    SignInSession,
    StoredFile,
)
from trainer.services.file import read_file

PHONE, ID = "14000001234", "140299199311028401"
LOOK = {"field": "phone", "reason": "call_her"}


@pytest.fixture
def woman(app):
    return factories.person("马桂花", phone=PHONE, id_number=ID)


@pytest.fixture
def manager(app, signed_in):
    return signed_in(factories.account(Role.MANAGER, region=DATONG))


def test_her_page_shows_both_masked(staff, woman):
    page = staff.get(f"/people/{woman.id}").text
    assert "140****1234" in page
    assert "140***********8401" in page
    assert PHONE not in page
    assert ID not in page


def test_the_answer_shows_it_once(staff, woman):
    answer = staff.post(f"/people/{woman.id}/reveal", data=LOOK)
    assert answer.status_code == 200
    assert f'<a href="tel:{PHONE}">{PHONE}</a>' in answer.text
    assert ID not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert PHONE not in staff.get(f"/people/{woman.id}/reveal").text
    assert db.session.scalar(select(Disclosure.fields)) == ["phone"]


def test_she_reads_who_looked_and_why(staff, woman, signed_in):
    staff.post(f"/people/{woman.id}/reveal", data=LOOK | {"reason": "other", "note": "核对报名表"})
    herself = signed_in(factories.account(Role.TRAINEE, person=woman))
    with transaction():
        db.session.execute(update(SignInSession).values(confirmed_at=clock.now()))
    page = herself.get("/me/data").text
    looker = db.session.scalar(select(Account.name).join(Disclosure, Disclosure.account_id == Account.id))
    for words in (looker, "核对报名表"):
        assert words in page


def test_without_a_reason_nothing_is_shown(staff, woman):
    for data in ({"field": "phone"}, {"field": "phone", "reason": ""}, {"field": "phone", "reason": "why not"}):
        answer = staff.post(f"/people/{woman.id}/reveal", data=data)
        assert answer.status_code == 422
        assert PHONE not in answer.text
    other = staff.post(f"/people/{woman.id}/reveal", data={"field": "phone", "reason": "other", "note": " "})
    assert (other.status_code, "请用几个字写明用途" in other.text) == (422, True)
    assert db.session.scalar(select(Disclosure.id)) is None


@pytest.mark.parametrize("field", ["", "name", "birth_year", "note", "password_hash"])
def test_only_protected_fields_can_be_asked_for(staff, woman, field):
    assert staff.post(f"/people/{woman.id}/reveal", data=LOOK | {"field": field}).status_code == 422


def test_what_is_not_on_record_is_not_offered(staff):
    woman = factories.person("李丽")
    assert 'value="id_number"' not in staff.get(f"/people/{woman.id}/reveal").text
    assert staff.post(f"/people/{woman.id}/reveal", data=LOOK | {"field": "id_number"}).status_code == 422


def test_at_the_limit_it_answers_429_and_writes_that_down(app, staff, woman, monkeypatch):
    monkeypatch.setitem(app.config, "UNMASK_PER_DAY", 2)
    answers = [staff.post(f"/people/{woman.id}/reveal", data=LOOK) for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert "您今天已经查看了 2 次" in answers[2].text
    assert PHONE not in answers[2].text
    refused = select(AuditEvent.success).where(AuditEvent.action == "person.reveal").order_by(AuditEvent.seq)
    assert list(db.session.scalars(refused)) == [True, True, False]


@pytest.mark.parametrize(
    "role",
    [Role.SYSTEM_ADMINISTRATOR, Role.INSTRUCTOR, Role.EVALUATOR, Role.FINANCE, Role.AUDITOR, Role.PARTNER],
)
def test_these_never_see_a_full_number(signed_in, woman, role):
    client = signed_in(factories.account(role))
    assert client.post(f"/people/{woman.id}/reveal", data=LOOK).status_code == 404
    assert client.get(f"/people/{woman.id}/reveal").status_code == 404
    assert client.get("/people/export/full").status_code == 404
    page = client.get(f"/people/{woman.id}")
    assert "/reveal" not in page.text
    assert PHONE not in page.text


def test_another_area_is_nothing(signed_in, woman):
    client = signed_in(factories.account(Role.MANAGER, region=LINFEN))
    assert client.post(f"/people/{woman.id}/reveal", data=LOOK).status_code == 404
    page = client.get("/people/export/full").text
    assert "共 0 人" in page


def export(client, query="", **values):
    people = re.search(r'name="people"[^>]*value="(\d+)"', client.get(f"/people/export/full{query}").text)[1]
    data = {"fields": ["phone"], "reason": "payment", "recipient": "云州区财政局", "people": people} | values
    return client.post(f"/people/export/full{query}", data=data)


def test_an_export_in_full_is_asked_for_with_everything_said(app, manager, woman):
    factories.person("李丽", village="上庄村")
    answer = export(manager, fields=["phone", "id_number"])
    assert answer.status_code == 303
    assert re.fullmatch(r"/tasks/\d+", answer.location)
    assert worker.run_next(app)
    stored = db.session.scalar(select(StoredFile).join(BackgroundTask, BackgroundTask.file_id == StoredFile.id))
    rows = cells(read_file(stored))
    assert [row[1] for row in rows[4:]] == ["李丽", "马桂花"]
    assert PHONE in rows[5]
    assert len(list(db.session.scalars(select(DisclosedPerson)))) == 2


def test_an_export_in_full_follows_the_filter_of_the_list(manager, woman):
    factories.person("李丽", village="上庄村")
    assert "/people/export/full?q=%E4%B8%8A%E5%BA%84" in manager.get("/people?q=上庄").text
    assert export(manager, "?q=上庄").status_code == 303
    assert [p.person_id for p in db.session.scalars(select(DisclosedPerson))] != [woman.id]
    assert len(list(db.session.scalars(select(DisclosedPerson)))) == 1


@pytest.mark.parametrize(
    "missing", [{"fields": []}, {"reason": ""}, {"recipient": " "}, {"reason": "other"}, {"fields": ["note"]}]
)
def test_something_left_open_refuses_the_export(manager, woman, missing):
    assert export(manager, **missing).status_code == 422
    assert db.session.scalar(select(Disclosure.id)) is None
    assert db.session.scalar(select(BackgroundTask.id)) is None


def test_somebody_who_came_meanwhile_asks_again(manager, woman):
    assert export(manager, people="7").status_code == 409
    assert db.session.scalar(select(Disclosure.id)) is None


def test_pressed_twice_it_is_one_export(manager, woman):
    first, second = (export(manager, idempotency_key="k1") for _ in range(2))
    assert first.location == second.location
    assert len(list(db.session.scalars(select(Disclosure)))) == 1


def test_cohort_staff_export_masked_only(staff, woman):
    assert "/people/export/full" not in staff.get("/people").text
    assert staff.get("/people/export/full").status_code == 404
    assert PHONE not in str(cells(staff.get("/people/export").data))


def test_a_long_masked_list_is_made_in_the_background(app, staff, woman, monkeypatch):
    monkeypatch.setattr("trainer.views.person.MOST_AT_ONCE", 1)
    assert staff.post("/people/export").location == "/people/export"
    factories.person("李丽")
    assert '<form method="post" action="/people/export">' in staff.get("/people").text
    assert staff.get("/people/export").status_code == 422
    assert re.fullmatch(r"/tasks/\d+", staff.post("/people/export").location)
    assert worker.run_next(app)
    stored = db.session.scalar(select(StoredFile).join(BackgroundTask, BackgroundTask.file_id == StoredFile.id))
    assert PHONE not in str(cells(read_file(stored)))


def test_a_fixed_number_of_statements(manager, woman, count_statements):
    counts = []
    for _ in range(3):
        factories.person("李丽")
        with count_statements() as seen:
            assert manager.get("/people/export/full").status_code == 200
        counts.append(len(seen))
    with count_statements() as seen:
        assert manager.get(f"/people/{woman.id}/reveal").status_code == 200
    assert (set(counts), len(seen)) == ({2}, 3)
