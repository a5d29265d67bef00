"""The queue of requests about personal data, as those who handle them work through it."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.factories import DATONG, LINFEN
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.consent import ConsentChannel
from trainer.domain.data_request import RequestKind
from trainer.domain.people import ERASED_NAME
from trainer.models import AuditEvent, DataRequest, Disclosure, Person
from trainer.queries.account import get_actor
from trainer.services import data_request as requests

WISH = {"name": "王秀芬", "phone": "14000008888", "village": "小西沟村"}


@pytest.fixture
def managers(app):
    return [factories.account(Role.MANAGER, region=DATONG) for _ in range(2)]


@pytest.fixture
def her(app):
    return factories.person("王秀芳", phone="14000001234")


def ask(person, kind, **values) -> str:
    by = get_actor(factories.account(Role.TRAINEE, person=person))
    with transaction():
        made = requests.ask(
            kind,
            person.id,
            **{"channel": ConsentChannel.ONLINE, "by": by, "at": datetime.now(UTC), "due_in_days": 30, **values},
        )
    return f"/data-requests/{made.id}"


def post(client, url: str, act: str, **data):
    return client.post(f"{url}/{act}", data={"version": factories.version(client, url), **data})


def state() -> str:
    return db.session.scalar(db.select(DataRequest.state))


def test_old_and_new_stand_side_by_side_and_the_phone_is_masked(managers, her, signed_in):
    url = ask(her, RequestKind.CORRECT, wished=WISH, words="名字写错了")
    page = signed_in(managers[0]).get(url).text
    for text in ("王秀芳", "王秀芬", "大西沟村", "小西沟村", "140****1234", "140****8888", "名字写错了"):
        assert text in page
    assert "14000008888" not in page
    assert "14000001234" not in page


def test_accepting_corrects_the_record_and_what_follows_from_it(managers, her, signed_in):
    url = ask(her, RequestKind.CORRECT, wished=WISH)
    client = signed_in(managers[0])
    assert post(client, url, "accept").status_code == 303
    person = db.session.get(Person, her.id)
    assert (person.name, person.phone, person.village, person.name_pinyin) == (
        *("王秀芬", "14000008888", "小西沟村"),
        "wang xiu fen",
    )
    assert "王秀芬" in client.get("/people?q=wxf").text
    assert client.get(url).status_code == 200
    assert state() == "done"


def test_the_second_of_two_is_told(managers, her, signed_in):
    url = ask(her, RequestKind.CORRECT, wished=WISH)
    first, second = (signed_in(manager) for manager in managers)
    seen = factories.version(second, url)
    post(first, url, "refuse", answer="请先出示身份证")
    answer = second.post(f"{url}/accept", data={"version": seen})
    assert answer.status_code == 409
    assert db.session.get(Person, her.id).name == "王秀芳"


def test_a_reason_is_needed_and_kept_where_it_was_typed(managers, her, signed_in):
    url = ask(her, RequestKind.ERASE)
    client = signed_in(managers[0])
    answer = post(client, url, "refuse", answer="  ")
    assert answer.status_code == 422
    assert state() == "open"
    assert post(client, url, "refuse", answer="资金审计未结束").status_code == 303
    assert "资金审计未结束" in client.get(url).text
    assert state() == "refused"


def test_an_explanation_reaches_her(managers, her, signed_in):
    url = ask(her, RequestKind.EXPLAIN, words="为什么没有我")
    post(signed_in(managers[0]), url, "explain", answer="出勤率占两成")
    assert db.session.scalar(db.select(DataRequest.answer)) == "出勤率占两成"


def test_erasing_takes_two_people(managers, her, signed_in):
    url = ask(her, RequestKind.ERASE)
    first, second = (signed_in(manager) for manager in managers)
    assert post(first, url, "erase").status_code == 422  # nobody has prepared it
    assert post(first, url, "prepare").status_code == 303
    assert "btn-danger" not in first.get(url).text
    assert post(first, url, "erase").status_code == 422
    assert db.session.get(Person, her.id).name == "王秀芳"
    assert "btn-danger" in second.get(url).text
    assert post(second, url, "erase").status_code == 303
    assert db.session.get(Person, her.id).name == ERASED_NAME
    page = second.get(url)
    assert ERASED_NAME in page.text
    assert "王秀芳" not in page.text
    assert signed_in(managers[0]).get(f"/people/{her.id}").status_code == 200


def test_what_blocks_is_named_and_holds(managers, signed_in):
    cohort = factories.cohort(ends_on=datetime.now(UTC).date() + timedelta(days=3))
    her = factories.person()
    factories.enrolment(cohort, her)
    url = ask(her, RequestKind.ERASE)
    client = signed_in(managers[0])
    assert cohort.name in client.get(url).text
    answer = post(client, url, "prepare")
    assert answer.status_code == 409
    assert cohort.name in answer.text


def test_taken_down_by_telephone_and_taken_back(managers, her, signed_in):
    client = signed_in(managers[0])
    form = client.get(f"/people/{her.id}/data-requests/new?kind=correct").text
    assert "14000001234" not in form
    assert "电话" in form
    assert "by telephone" not in form
    data = {"name": "王秀芬", "village": "大西沟村", "channel": "telephone", "words": ""}
    answer = client.post(f"/people/{her.id}/data-requests/new?kind=correct", data=data)
    assert answer.status_code == 303
    made = db.session.scalar(db.select(DataRequest))
    assert (made.channel, made.recorded_by, made.wished) == (
        *(ConsentChannel.TELEPHONE, managers[0].id),
        '{"name": "王秀芬"}',
    )
    assert "王秀芬" in client.get(answer.location).text
    assert f'href="{answer.location}"' in client.get(f"/people/{her.id}").text
    again = client.post(f"/people/{her.id}/data-requests/new?kind=correct", data=data | {"name": "别人"})
    assert "王秀芬" in client.get(again.location).text
    assert post(client, answer.location, "take-back").status_code == 303
    db.session.expire_all()
    assert state() == "withdrawn"


def test_nothing_changed_is_no_request(managers, her, signed_in):
    data = {"name": "王秀芳", "village": "大西沟村", "channel": "paper", "words": ""}
    answer = signed_in(managers[0]).post(f"/people/{her.id}/data-requests/new?kind=correct", data=data)
    assert answer.status_code == 422
    assert db.session.scalar(db.select(DataRequest)) is None


def test_a_printed_copy_is_in_full_and_she_sees_that_it_was_made(managers, her, signed_in):
    client = signed_in(managers[0])
    assert "14000001234" not in client.get(f"/people/{her.id}/data").text
    assert "14000001234" in client.post(f"/people/{her.id}/data").text
    look = db.session.scalar(db.select(Disclosure))
    assert (look.account_id, look.fields) == (managers[0].id, ["id_number", "phone"])
    assert db.session.scalar(db.select(AuditEvent.object_id).where(AuditEvent.action == "person.copy")) == str(her.id)


def test_another_areas_requests_are_not_there(her, signed_in):
    url = ask(her, RequestKind.ERASE)
    foreign = signed_in(factories.account(Role.MANAGER, region=LINFEN))
    assert foreign.get(url).status_code == 404
    assert "王秀芳" not in foreign.get("/data-requests").text
    staff = signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))
    assert staff.get("/data-requests").status_code == 404


def test_the_queue_is_by_deadline_and_marks_what_is_overdue(managers, signed_in, count_statements):
    people = [factories.person(name) for name in ("甲一", "乙二", "丙三")]
    for person, late in zip(people, (40, 5, 50), strict=True):
        ask(person, RequestKind.ERASE, at=datetime.now(UTC) - timedelta(days=late))
    client = signed_in(managers[0])
    with count_statements() as three:
        page = client.get("/data-requests").text
    assert re.findall("甲一|乙二|丙三", page) == ["丙三", "甲一", "乙二"]
    assert page.count("pill-bad") == 2
    assert client.get("/data-requests?state=done").text.count("card-title") == 0
    assert len(three) == 3


def test_one_request_costs_the_same_however_much_she_has(managers, her, signed_in, count_statements):
    url = ask(her, RequestKind.ERASE)
    client = signed_in(managers[0])
    with count_statements() as few:
        client.get(url)
    for number in range(3):
        factories.shop(her, name=f"店{number}")
    with count_statements() as many:
        client.get(url)
    assert len(few) == len(many) == 8
