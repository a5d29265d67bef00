"""Accounts: who may manage them, roles added and taken back, statements whatever the number."""

import re

import pytest

from tests import factories
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import Account, AuditEvent, RoleGrant


@pytest.fixture
def administrator(signed_in):
    return signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))


def test_strangers_are_sent_to_sign_in_and_others_find_nothing(client, signed_in):
    assert client.get("/accounts").location == "/sign-in?next=/accounts"
    for role in set(Role) - {Role.SYSTEM_ADMINISTRATOR}:
        assert signed_in(factories.account(role)).get("/accounts").status_code == 404


def test_a_role_is_added_and_taken_back(administrator, signed_in):
    row = factories.account()
    hers = signed_in(row)
    assert hers.get("/accounts").status_code == 404
    administrator.post(f"/accounts/{row.id}/roles", data={"role": "system_administrator", "region_code": ""})
    assert hers.get("/accounts").status_code == 302, "a new role may want a second factor: she signs in anew"
    hers = signed_in(row)
    assert hers.get("/accounts").status_code == 200
    grant = db.session.scalar(db.select(RoleGrant).where(RoleGrant.account_id == row.id))
    administrator.post(f"/accounts/{row.id}/roles/{grant.id}/revoke")
    assert hers.get("/accounts").status_code == 302
    db.session.rollback()
    actions = set(db.session.scalars(db.select(AuditEvent.action).where(AuditEvent.object_id == str(row.id))))
    assert {"account.grant_role", "account.revoke_role"} <= actions


def test_an_invitation_clicked_twice_still_shows_a_link_that_works(administrator, client):
    form = {"name": "郝建英", "username": "jianying", "role": "manager", "region_code": "", "cohort_id": ""}
    form["idempotency_key"] = "0123456789abcdef0123456789abcdef"
    pages = [administrator.post("/accounts/new", data=form) for _click in range(2)]
    first, second = (re.search(r"/invitation/[\w-]+", page.text)[0] for page in pages)
    assert client.get(first).status_code == 422
    assert client.get(second).status_code == 200
    other = administrator.post("/accounts/new", data=form | {"username": "somebody-else"})
    assert other.status_code == 422
    assert "/invitation/" not in other.text


def test_the_role_is_chosen_never_preset(administrator):
    form = {"name": "郝建英", "username": "jianying", "role": "", "region_code": "", "cohort_id": ""}
    answer = administrator.post("/accounts/new", data=form)
    assert answer.status_code == 422
    assert "请填写这一项" in answer.text


def test_a_disabled_account_is_out_with_the_next_click(administrator, signed_in):
    row = factories.account(Role.SYSTEM_ADMINISTRATOR)
    hers = signed_in(row)
    administrator.post(f"/accounts/{row.id}/active", data={"active": "no"})
    assert hers.get("/accounts").status_code == 302


def test_nobody_disables_herself(signed_in):
    row = factories.account(Role.SYSTEM_ADMINISTRATOR)
    assert signed_in(row).post(f"/accounts/{row.id}/active", data={"active": "no"}).status_code == 422
    assert db.session.get(Account, row.id, populate_existing=True).active


def test_fields_that_are_not_on_the_form_are_ignored(administrator):
    row = factories.account()
    administrator.post(
        f"/accounts/{row.id}/roles", data={"role": "trainee", "region_code": "", "account_id": 1, "active": "no"}
    )
    assert db.session.scalar(db.select(db.func.count()).where(RoleGrant.account_id == row.id)) == 0
    assert db.session.get(Account, row.id, populate_existing=True).active


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_a_fixed_number_of_statements(administrator, count_statements, number):
    for _ in range(number):
        factories.account(Role.MANAGER, region=factories.DATONG)
    with count_statements() as seen:
        assert administrator.get("/accounts?role=manager").status_code == 200
    assert len(seen) == 6


@pytest.mark.parametrize("text", ["%", "_", "' OR 1=1 --"])
def test_what_is_typed_into_the_search_is_taken_literally(administrator, text):
    factories.account(Role.MANAGER, name="百分之百")
    page = administrator.get("/accounts", query_string={"q": text, "page": "9999999", "per_page": "-1"})
    assert page.status_code == 200
    assert "百分之百" not in page.text


def grant_form(**values):
    return {"role": "manager", "region_code": "", "cohort_id": "", **values}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", None),
        ("140200", "140200"),
        ("云州区", "140215"),
        ("大同市云州区", "140215"),
        ("山西省 大同市 云州区", "140215"),
        ("山西", "140000"),
        ("大同市", "140200"),
        (" 临汾 ", "141000"),
    ],
)
def test_an_area_is_typed_and_found(administrator, typed, code):
    row = factories.account()
    assert administrator.post(f"/accounts/{row.id}/roles", data=grant_form(region_code=typed)).status_code == 302
    db.session.rollback()
    assert db.session.scalar(db.select(RoleGrant.region_code).where(RoleGrant.account_id == row.id)) == code


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("不存在的县", "没有叫“不存在的县”的地区"),
        ("城区", "请输入全称"),  # several cities have one
        ("%", "没有叫"),
        ("1402", "没有叫"),
    ],
)
def test_an_area_that_is_none_or_several_is_asked_for_again(administrator, typed, sentence):
    row = factories.account()
    answer = administrator.post(f"/accounts/{row.id}/roles", data=grant_form(region_code=typed))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{typed}"' in answer.text
    db.session.rollback()
    assert db.session.scalar(db.select(RoleGrant).where(RoleGrant.account_id == row.id)) is None


def test_the_page_is_light(administrator):
    """All counties as options made it half a megabyte."""
    assert len(administrator.get("/accounts/new").data) < 60_000


def test_the_page_says_who_gave_a_role_and_who_made_the_link(administrator):
    row = factories.account()
    administrator.post(f"/accounts/{row.id}/roles", data=grant_form(role="finance"))
    administrator.post(f"/accounts/{row.id}/invitation")
    db.session.rollback()
    giver = db.session.scalar(
        db.select(Account.name).join(RoleGrant, RoleGrant.granted_by == Account.id).where(RoleGrant.role == "finance")
    )
    page = administrator.get(f"/accounts/{row.id}").text
    assert f">{giver}</td>" in page
    assert f"由 {giver} 于" in page


def test_a_shared_account_shows_by_its_sessions(administrator, signed_in):
    row = factories.account(Role.FINANCE)
    for _ in range(3):
        signed_in(row)
    assert "现在有 3 处登录" in administrator.get(f"/accounts/{row.id}").text
    assert re.search(r'data-label="现在登录">3<', administrator.get("/accounts?role=finance").text)


def test_shut_accounts_say_why_and_are_listed_apart(administrator):
    hand, unused = (
        factories.account(Role.FINANCE),
        factories.account(Role.FINANCE, active=False, shut_because="unused", active_changed_at=factories.AT),
    )
    administrator.post(f"/accounts/{hand.id}/active", data={"active": "no"})
    page = administrator.get("/accounts?state=shut").text
    assert hand.name in page
    assert "因长期无人使用" in page
    assert "由管理员停用" in page
    assert factories.account(Role.FINANCE).name not in administrator.get("/accounts?state=shut").text
    assert hand.name not in administrator.get("/accounts?state=open").text
    assert "因长期无人使用" in administrator.get(f"/accounts/{unused.id}").text
    administrator.post(f"/accounts/{unused.id}/active", data={"active": "yes"})
    assert "因长期无人使用" not in administrator.get(f"/accounts/{unused.id}").text
