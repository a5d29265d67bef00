"""Her own data on her phone: everything of hers, nothing of anybody else's, and what she asks for."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.lives import HERS, OTHERS, closed_selection, live
from tests.services.test_erasure import reached
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.personal_data import COLLECTED, LEFT_OUT, PartName
from trainer.models import AuditEvent, DataRequest, Disclosure, SignInSession
from trainer.queries.account import get_account_of_person
from trainer.queries.personal_data import PARTS


def confirm(ago: timedelta = timedelta()) -> None:
    with transaction() as session:
        session.execute(db.update(SignInSession).values(confirmed_at=datetime.now(UTC) - ago))


@pytest.fixture
def two(app):
    made = closed_selection()
    return made, live(HERS, made, 0), live(OTHERS, made, 1)


@pytest.fixture
def phone(two, signed_in):
    """Her phone, freshly confirmed."""
    client = signed_in(get_account_of_person(two[1].id))
    confirm()
    return client


def taken(client) -> tuple[str, dict]:
    """(the page to read, the JSON) of her copy."""
    archive = zipfile.ZipFile(io.BytesIO(client.get("/me/data/copy").data))
    page, data = (next(n for n in archive.namelist() if n.endswith(ending)) for ending in (".html", ".json"))
    return archive.read(page).decode(), json.loads(archive.read(data))


def test_everything_of_hers_is_in_the_copy_and_nothing_of_the_others(phone, two):
    made, _her, _other = two
    page, data = taken(phone)
    whole = page + json.dumps(data, ensure_ascii=False)
    for value in HERS.all:
        assert value in page
        assert value in json.dumps(data, ensure_ascii=False)
    for text in ("小店", "布鞋", "直播", "订单.xlsx", "的计划", "手工", "的备注"):
        assert f"{HERS.mark}{text}" in page
    assert not [value for value in OTHERS.all if value in whole]
    assert not [judge.name for judge in made.evaluators if judge.name in whole]


def test_no_part_is_empty_for_a_woman_with_a_whole_life(phone):
    _page, data = taken(phone)
    assert [name for name in PartName if not data[name.value]] == [PartName.WALK_INS]  # nobody has matched her yet


def test_her_points_are_explained_by_criterion(phone):
    _page, data = taken(phone)
    lines = data["results"]
    assert [line["criterion"] for line in lines] == ["创业计划", "带动作用", "出勤率"]
    assert lines[0]["weight_bp"] == 5000
    assert lines[0]["points_hundredths"] is not None
    assert {line["rank"] for line in lines} == {2}


def test_the_page_says_the_same_in_words(phone):
    page = phone.get("/me/data").text
    for value in (*HERS.all, "身份证号", f"{HERS.mark}小店", "¥123.00"):
        assert value in page
    assert not [value for value in OTHERS.all if value in page]
    assert not re.search(r">\s*(None|True|False)\s*<", page)


def test_the_page_costs_a_fixed_number_of_statements(phone, two, count_statements):
    with count_statements() as few:
        phone.get("/me/data")
    for number in range(3):
        factories.shop(two[1], name=f"店{number}")
    with count_statements() as many:
        phone.get("/me/data")
    assert len(few) == len(many) == 46


def test_without_proof_of_who_she_is_there_is_only_the_question(two, signed_in):
    client = signed_in(get_account_of_person(two[1].id))
    confirm(timedelta(minutes=11))
    for path in ("", "/copy", "/correct", "/erase", "/explain"):
        answer = client.get(f"/me/data{path}")
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/me/confirm")


def test_a_copy_is_written_down(phone, two):
    taken(phone)
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "person.copy"))
    assert event.object_id == str(two[1].id)
    assert HERS.name not in event.actor_name
    assert db.session.scalar(db.select(db.func.count()).select_from(Disclosure)) == 2  # those planted: none of her own


def test_a_correction_carries_only_what_she_changed(app, signed_in):
    _enrolment, account = factories.trainee(factories.cohort(), name="王秀芳", phone="14000001234")
    client = signed_in(account)
    confirm()
    form = client.get("/me/data/correct").text
    assert 'value="14000001234"' in form
    typed = {"name": "王秀芳", "phone": "140 0000 9999", "village": "大西沟村", "birth_year": "", "words": ""}
    assert client.post("/me/data/correct", data=typed).status_code == 303
    made = db.session.scalar(db.select(DataRequest))
    assert json.loads(made.wished) == {"phone": "14000009999"}
    assert "等待答复" in client.get("/me/data").text or "Waiting" in client.get("/me/data").text


@pytest.mark.parametrize(
    ("field", "typed"), [("phone", "1400000"), ("birth_year", "3000"), ("birth_year", "abc"), ("name", "123")]
)
def test_what_no_record_can_hold_is_said_at_the_field(app, signed_in, field, typed):
    client = signed_in(factories.trainee(factories.cohort(), name="王秀芳")[1])
    confirm()
    answer = client.post("/me/data/correct", data={"name": "王秀芳", "village": "大西沟村", field: typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert db.session.scalar(db.select(DataRequest)) is None


def test_she_asks_for_erasure_and_takes_it_back(app, signed_in):
    cohort = factories.cohort(ends_on=datetime.now(UTC).date() + timedelta(days=9))
    client = signed_in(factories.trainee(cohort)[1])
    confirm()
    assert cohort.name in client.get("/me/data/erase").text
    client.post("/me/data/erase", data={"words": "不参加了"})
    made = db.session.scalar(db.select(DataRequest))
    assert made.recorded_by is None
    page = client.get("/me/data").text
    assert "/me/data/erase" not in page
    assert client.post(f"/me/data/requests/{made.id}/take-back").status_code == 303
    db.session.expire_all()
    assert db.session.scalar(db.select(DataRequest.state)) == "withdrawn"


def test_anothers_request_is_not_hers_to_take_back(two, phone):
    other = factories.data_request(two[2].id)
    assert phone.post(f"/me/data/requests/{other.id}/take-back").status_code == 404


def test_staff_have_no_such_page(app, signed_in):
    assert signed_in(factories.account(Role.MANAGER)).get("/me/data").status_code == 404


# --- the walk: what a later feature must not forget -------------------------------------------------------------


def test_every_table_that_reaches_a_person_is_collected_or_left_out_with_a_reason():
    assert reached() - set(COLLECTED) - set(LEFT_OUT) == set()
    assert set(COLLECTED) & set(LEFT_OUT) == set()
    assert all(reason.strip() for reason in LEFT_OUT.values())


def test_what_is_said_to_be_collected_is(app):
    """Each table named stands in the statement of its part."""
    for table, part in COLLECTED.items():
        assert re.search(rf"\b{table}\b", str(PARTS[part](1))), table
