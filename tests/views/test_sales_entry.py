"""Typed broadcasts in the browser's eyes: typed on a phone, kept when something is missing, compared, returned; who sees what."""

import io

import pytest

from tests import factories
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import Person, SalesEntry


@pytest.fixture
def her(cohort):
    return factories.trainee(cohort)[1]


@pytest.fixture
def shop(her):
    return factories.shop(db.session.get(Person, her.person_id))


@pytest.fixture
def staff(app):
    return factories.account(Role.COHORT_STAFF, region=factories.DATONG)


def fields(**values) -> dict:
    facts = {"started_at": "2026-03-07T19:30", "duration": "1小时30分", "viewers": "1.2万", "orders": "12"}
    return facts | {"amount": "588.5", "refund": "", "idempotency_key": "once", "act": "submit"} | values


def screenshot() -> tuple[io.BytesIO, str]:
    return io.BytesIO(factories.screen()), "直播.jpg"


def state(entry_id: int) -> str:
    db.session.rollback()
    return str(db.session.get(SalesEntry, entry_id, populate_existing=True).state)


def test_typed_on_a_phone(signed_in, her, shop):
    client = signed_in(her)
    wrong = client.post("/me/sales/entries/new", data=fields(orders="很多", picture=screenshot()))
    assert (wrong.status_code, db.session.scalar(db.select(SalesEntry.id))) == (422, None)
    assert "这不是数字" in wrong.text
    assert 'value="1.2万"' in wrong.text  # what she typed is kept
    bare = client.post("/me/sales/entries/new", data=fields(), follow_redirects=True)
    entry_id = db.session.scalar(db.select(SalesEntry.id))
    assert "还没有截图" in bare.text
    assert (bare.request.path, state(entry_id)) == (f"/me/sales/entries/{entry_id}/edit", "draft")
    version = factories.version(client, f"/me/sales/entries/{entry_id}/edit")
    done = client.post(
        f"/me/sales/entries/{entry_id}/edit", data=fields(version=version, picture=screenshot()), follow_redirects=True
    )
    assert state(entry_id) == "submitted"
    for words in ("约 12,000", "¥588.50", "还不知道", "待核对"):
        assert words in done.text
    assert client.get(f"/me/sales/entries/{entry_id}/picture").mimetype == "image/jpeg"
    client.post(f"/me/sales/entries/{entry_id}/take-back")
    assert state(entry_id) == "taken_back"


def test_of_another_woman_nothing_is_seen(signed_in, cohort, her, shop):
    entry_id = factories.sales_entry(shop)
    other = signed_in(factories.trainee(cohort)[1])
    for path in ("", "/edit", "/picture"):
        assert other.get(f"/me/sales/entries/{entry_id}{path}").status_code == 404
    assert other.post(f"/me/sales/entries/{entry_id}/take-back").status_code == 404
    away = signed_in(factories.account(Role.COHORT_STAFF, region=factories.LINFEN))
    assert [away.get(f"/sales/entries/{entry_id}{path}").status_code for path in ("", "/picture")] == [404, 404]


def test_a_colleagues_draft_is_hers_alone(signed_in, her, shop, staff):
    client = signed_in(staff)
    client.post(f"/shops/{shop.id}/entries/new", data=fields(act="draft", picture=screenshot()))
    entry_id = db.session.scalar(db.select(SalesEntry.id))
    assert client.get(f"/sales/entries/{entry_id}").status_code == 200
    colleague = signed_in(factories.account(Role.MANAGER, region=factories.DATONG))
    assert colleague.get(f"/sales/entries/{entry_id}").status_code == 404
    assert staff.name in signed_in(her).get(f"/me/sales/entries/{entry_id}").text


def test_compared_and_returned(app, signed_in, her, shop, staff):
    entry_id = factories.sales_entry(shop)
    app.config["SALES_ENTRY_RETYPE_FEN"] = 58_800
    client, page = signed_in(staff), f"/sales/entries/{entry_id}"
    seen = client.get(page).text
    assert "请先自己看图" in seen
    assert "588.00" not in seen  # the amount is read blindly
    version = factories.version(client, page)
    assert client.post(page, data={"act": "accept", "version": version}).status_code == 422
    client.post(page, data={"act": "accept", "version": version, "retyped": "858"})
    assert state(entry_id) == "returned"
    hers = signed_in(her)
    assert "¥858.00" in hers.get(f"/me/sales/entries/{entry_id}").text
    assert f"/me/sales/entries/{entry_id}/edit" in hers.get("/me").text  # what comes next for her


@pytest.mark.parametrize("many", [1, 3])
def test_pages_cost_the_same_for_many(signed_in, her, shop, staff, count_statements, many):
    first, *_others = [
        factories.sales_entry(factories.shop(shop.person, name=f"店{n}"), content=factories.screen())
        for n in range(many)
    ]
    client = signed_in(staff)
    with count_statements() as index:
        page = client.get("/sales/entries")
    assert page.text.count('data-label="店铺"') == many
    with count_statements() as show:
        assert client.get(f"/sales/entries/{first}").status_code == 200
    hers = signed_in(her)
    with count_statements() as own:
        assert hers.get("/me/sales/entries").status_code == 200
    assert (len(index), len(show), len(own)) == (5, 5, 4)
