"""The page of holidays: looked at by all who plan, changed by the whole site's staff."""

import pytest

from tests import factories
from trainer.database import db
from trainer.models import Holiday

Role = factories.Role
DAY = {"day": "2027-10-01", "kind": "off", "name": "国庆节"}


def held():
    db.session.rollback()
    return [(str(row.day), row.kind, row.name) for row in db.session.scalars(db.select(Holiday))]


@pytest.mark.parametrize(
    ("role", "region"), [(Role.SYSTEM_ADMINISTRATOR, None), (Role.MANAGER, None), (Role.MANAGER, "140000")]
)
def test_a_day_is_set_changed_and_taken_out(app, signed_in, role, region):
    client = signed_in(factories.account(role, region=region))
    assert "这一年还没有数据" in client.get("/holidays?year=2027").text
    assert client.post("/holidays", data=DAY).location == "/holidays?year=2027"
    client.post("/holidays", data=DAY | {"kind": "worked", "name": "调休"})
    assert held() == [("2027-10-01", "worked", "调休")]
    page = client.get("/holidays?year=2027").text
    assert "2027年10月1日（星期五）" in page
    assert "调休" in page
    client.post("/holidays/remove", data={"day": "2027-10-01"})
    assert held() == []
    assert client.post("/holidays/remove", data={"day": "2027-10-01"}).status_code == 404


def test_staff_of_an_area_look_only(app, signed_in):
    client = signed_in(factories.account(Role.MANAGER, region=factories.DATONG))
    page = client.get("/holidays?year=2027")
    assert page.status_code == 200
    assert "设置这一天" not in page.text
    assert client.post("/holidays", data=DAY).status_code == 404
    assert client.post("/holidays/remove", data=DAY).status_code == 404
    assert held() == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"day": ""}, "请填写"),
        ({"day": "1066-10-14"}, "2000 年到 2100 年"),
        ({"name": ""}, "请填写"),
        ({"kind": "x"}, "is-invalid"),
    ],
)
def test_a_day_that_cannot_be_is_refused(app, signed_in, values, sentence):
    client = signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))
    answer = client.post("/holidays", data=DAY | values)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert held() == []


def test_the_page_takes_the_same_number_of_statements(app, signed_in, count_statements):
    client, counts = signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR)), []
    for days in (("01",), ("02", "03")):
        for day in days:
            client.post("/holidays", data=DAY | {"day": f"2027-10-{day}"})
        with count_statements() as seen:
            client.get("/holidays?year=2027")
        counts.append(len(seen))
    assert counts == [2, 2]
