"""Writing a letter: looked at first, sent once, followed, taken back; templates with their owners and versions."""

import re
from datetime import timedelta

import pytest

from tests import factories
from tests.factories import AT, DATONG, LINFEN
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.jobs import worker
from trainer.models import Message, MessageTemplate
from trainer.services import message_template as templates


@pytest.fixture
def cohort(app):
    made = factories.cohort(starts_on=clock.today(), ends_on=clock.today() + timedelta(days=3))
    for name in ("王秀芳", "李秀英", "赵小满", "刘改梅"):
        factories.enrolment(made, factories.person(name))
    return made


@pytest.fixture
def manager(app, signed_in):
    return signed_in(factories.account(Role.MANAGER, region=DATONG))


def typed(cohort, **values):
    words = {"cohort_id": cohort.id, "circle": "on_the_roll", "role": "", "subject": "通知", "body": "{姓名}，您好"}
    return {**words, "names": "none", **values}


def count_letters() -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count(Message.id)))


def make_template(name="提醒", region=DATONG, body="您好"):
    with transaction():
        return templates.create_template(name, "通知", body, region, by=SYSTEM, at=AT)


def test_looking_at_it_sends_nothing(manager, cohort):
    page = manager.post("/messages/new", data=typed(cohort))
    assert page.status_code == 200
    assert "将发给 4 人" in page.text
    assert [name in page.text for name in ("王秀芳，您好", "李秀英，您好", "赵小满，您好", "刘改梅，您好")] == [
        True
    ] * 3 + [False]
    assert "各位学员，您好" in page.text
    assert "其中 4 人从未登录" in page.text
    assert count_letters() == 0


@pytest.mark.parametrize(("names", "shown"), [("none", ""), ("masked", "王*芳、李*英"), ("full", "王秀芳、李秀英")])
def test_the_groups_text_names_nobody_unless_asked(manager, cohort, names, shown):
    text = re.search(
        r"<textarea[^>]*>(.*?)</textarea>", manager.post("/messages/new", data=typed(cohort, names=names)).text, re.S
    )[1]
    assert shown in text
    assert ("秀芳" in text) == (names == "full")


def test_what_was_typed_comes_back_to_be_changed(manager, cohort):
    page = manager.post("/messages/new", data=typed(cohort, change="yes"))
    assert page.status_code == 200
    assert "{姓名}，您好</textarea>" in page.text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"body": "{电话}"}, "这里不认识 {电话}"),
        ({"role": "instructor"}, "只能选一个"),
        ({"cohort_id": ""}, "只能选一个"),
        ({"subject": ""}, "请填写"),
        ({"body": "{下次课}"}, "后面没有课了"),
    ],
)
def test_what_cannot_be_sent_is_said_and_kept(manager, cohort, values, sentence):
    for path in ("/messages/new", "/messages"):
        page = manager.post(path, data=typed(cohort, **values))
        assert page.status_code == 422
        assert sentence in page.text
    assert count_letters() == 0


def test_another_areas_cohort_cannot_be_chosen(manager):
    foreign = factories.cohort(region=LINFEN)
    factories.enrolment(foreign)
    assert foreign.name not in manager.get("/messages/new").text
    assert manager.post("/messages/new", data=typed(foreign)).status_code == 422
    assert manager.post("/messages", data=typed(foreign)).status_code == 422


def test_a_double_click_sends_once(app, manager, cohort):
    sent = [manager.post("/messages", data=typed(cohort, idempotency_key="k" * 20)).location for _ in range(2)]
    assert sent[0] == sent[1]
    assert count_letters() == 1
    assert "信正在发送" in manager.get(sent[0]).text
    worker.run_next(app)
    db.session.rollback()
    page = manager.get(sent[0]).text
    assert "信正在发送" not in page
    assert "<dd>4</dd>" in page
    assert "0 / 4" in manager.get("/messages").text


def test_a_letter_is_taken_back_by_a_button(app, manager, cohort):
    path = manager.post("/messages", data=typed(cohort)).location
    worker.run_next(app)
    assert manager.post(f"{path}/take-back").location == path
    assert "已于" in manager.get(path).text
    manager.post(f"{path}/take-back")
    assert "只能撤回一次" in manager.get(path).text


def test_a_letter_begins_with_a_template_and_a_cohort(manager, cohort):
    template = make_template(body="{姓名}，记得上课")
    page = manager.get(f"/messages/new?template={template.id}&cohort={cohort.id}&circle=absent").text
    assert "{姓名}，记得上课</textarea>" in page
    assert re.search(rf'<option selected value="{cohort.id}"', page)
    assert '<option selected value="absent"' in page
    assert manager.get("/messages/new?template=999&cohort=x&circle=nosuch").status_code == 200


def test_channels_are_offered_where_there_are_some(app, manager, cohort, monkeypatch):
    assert "站内信之外还通过" not in manager.get("/messages/new").text
    monkeypatch.setitem(app.config, "MESSAGE_CHANNELS", "sms=json://secret.example/{phone}")
    page = manager.get("/messages/new").text
    assert 'value="sms"' in page
    assert "secret.example" not in page
    path = manager.post("/messages", data=typed(cohort, channels="sms")).location
    worker.run_next(app)
    assert "sms" in manager.get(path).text
    assert manager.post("/messages/new", data=typed(cohort, channels="nosuch")).status_code == 422


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_a_fixed_number_of_statements(manager, cohort, count_statements, number):
    for _ in range(number):
        manager.post("/messages", data=typed(cohort))
    with count_statements() as seen:
        assert manager.get("/messages").status_code == 200
    assert len(seen) == 3


@pytest.mark.parametrize("number", [1, 3])
def test_looking_at_a_letter_takes_a_fixed_number_of_statements(manager, cohort, count_statements, number):
    for _ in range(number):
        factories.enrolment(cohort)
    with count_statements() as seen:
        manager.post("/messages/new", data=typed(cohort))
    assert len(seen) == 7


def test_the_text_for_the_group_is_there_after_sending_too(manager, cohort):
    page = manager.post("/messages", data=typed(cohort), follow_redirects=True)
    assert re.search(r"<textarea[^>]*>各位学员，您好", page.text)


def words(**values):
    return {"name": "提醒", "subject": "通知", "body": "您好", "region_code": DATONG, **values}


def test_a_template_is_made_changed_and_deleted(manager):
    assert manager.post("/messages/templates/new", data=words()).location == "/messages/templates"
    template = db.session.scalar(db.select(MessageTemplate))
    path = f"/messages/templates/{template.id}"
    seen = factories.version(manager, f"{path}/edit")
    assert manager.post(f"{path}/edit", data=words(name="新名字", version=seen)).status_code == 302
    assert "新名字" in manager.get("/messages/templates").text
    stale = manager.post(f"{path}/edit", data=words(name="又一个", version=seen))
    assert stale.status_code == 422
    assert "又一个" in stale.text
    manager.post(f"{path}/delete", data={"version": seen})
    assert "新名字" in manager.get("/messages/templates").text
    manager.post(f"{path}/delete", data={"version": factories.version(manager, f"{path}/edit")})
    assert "新名字" not in manager.get("/messages/templates").text.replace("“新名字”", "")


def test_a_name_is_there_once(manager):
    make_template()
    answer = manager.post("/messages/templates/new", data=words())
    assert answer.status_code == 422
    assert "已经有名为“提醒”的模板" in answer.text


def test_a_template_is_its_areas(signed_in, manager, cohort):
    everybodys, foreign = make_template("大家的", None), make_template("临汾的", LINFEN)
    county, own = make_template("云州的", "140215"), make_template("大同的")
    page = manager.get("/messages/templates").text
    assert [name in page for name in ("大家的", "云州的", "大同的", "临汾的")] == [True, True, True, False]
    answers = {
        t.name: manager.get(f"/messages/templates/{t.id}/edit").status_code for t in (everybodys, foreign, county, own)
    }
    assert answers == {"大家的": 404, "临汾的": 404, "云州的": 200, "大同的": 200}
    of_cohort = signed_in(factories.account(Role.COHORT_STAFF, cohort=cohort))
    assert "大同的" in of_cohort.get("/messages/templates").text
    assert of_cohort.get("/messages/templates/new").status_code == 404
    everywhere = signed_in(factories.account(Role.MANAGER))
    assert everywhere.get(f"/messages/templates/{everybodys.id}/edit").status_code == 200


def test_a_template_for_another_area_is_refused(manager):
    assert manager.post("/messages/templates/new", data=words(region_code=LINFEN)).status_code == 422
    assert manager.post("/messages/templates/new", data=words(region_code="")).status_code == 422


def test_the_starting_set_is_offered_once(app):
    with transaction():
        assert templates.offer_starting_templates(by=SYSTEM, at=AT) == 10
    with transaction():
        db.session.execute(db.delete(MessageTemplate))
    with transaction():
        assert templates.offer_starting_templates(by=SYSTEM, at=AT) == 0


@pytest.mark.parametrize("number", [1, 3])
def test_templates_take_a_fixed_number_of_statements(manager, count_statements, number):
    for n in range(number):
        make_template(f"提醒{n}")
    with count_statements() as seen:
        assert manager.get("/messages/templates").status_code == 200
    assert len(seen) == 3
