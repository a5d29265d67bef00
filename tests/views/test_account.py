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
