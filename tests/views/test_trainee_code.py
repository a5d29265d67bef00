"""One woman's page, and the code that lets her sign in."""

import re

import pytest

from tests import factories
from trainer.database import db
from trainer.domain.consent import ConsentChannel, ConsentScope
from trainer.models import Account, AuditEvent, Consent, RoleGrant

Role = factories.Role


@pytest.fixture
def woman(app):
    """She lives in Datong and is in a cohort there and in one of Linfen."""
    who = factories.person("王秀芳", phone="14000001234", region=factories.YUNZHOU)
    for region in (factories.DATONG, factories.LINFEN):
        factories.enrolment(factories.cohort(region=region, name=f"班{region}"), who)
    return who


def test_the_page_masks_her_phone_and_links_only_what_may_be_seen(staff, woman):
    shop = factories.shop(woman)
    factories._save(
        Consent(
            person_id=woman.id,
            scope=ConsentScope.BASIC,
            notice_version="2026-11",
            channel=ConsentChannel.ROSTER,
            given_at=factories.AT,
        )
    )
    page = staff.get(f"/people/{woman.id}").text
    assert "140****1234" in page
    assert "14000001234" not in page
    assert "班140200</a>" in page
    assert "班141000" in page
    assert "班141000</a>" not in page
    assert f'href="/shops/{shop.id}"' in page
    assert f"/shops/new?person_id={woman.id}" in page
    assert "随花名册" in page


@pytest.mark.parametrize(
    ("role", "region", "page", "code"),
    [
        (Role.MANAGER, factories.SHANXI, 200, 200),
        (Role.COHORT_STAFF, factories.LINFEN, 200, 200),  # through her cohort there
        (Role.COHORT_STAFF, "140300", 404, 404),
        (Role.AUDITOR, factories.SHANXI, 200, 404),
        (Role.INSTRUCTOR, factories.SHANXI, 404, 404),
        (Role.PARTNER, factories.SHANXI, 404, 404),
        (Role.SYSTEM_ADMINISTRATOR, None, 404, 404),
    ],
)
def test_who_may_see_her_and_who_may_make_a_code(signed_in, woman, role, region, page, code):
    client = signed_in(factories.account(role, region=region))
    assert client.get(f"/people/{woman.id}").status_code == page
    assert client.post(f"/people/{woman.id}/code").status_code == code
    db.session.rollback()
    assert db.session.scalar(db.select(db.func.count()).where(Account.person_id == woman.id)) == (code == 200)


def test_a_stranger_is_sent_to_sign_in(client, woman):
    assert client.get(f"/people/{woman.id}").status_code == 302
    assert client.post(f"/people/{woman.id}/code").status_code == 302


def spoken(page: str) -> str:
    return re.search(r'spoken-code">(\d{6})<', page)[1]


def test_the_code_lets_her_in_once_and_a_new_one_ends_the_old(staff, woman, client):
    old, new = (spoken(staff.post(f"/people/{woman.id}/code").text) for _ in range(2))
    phone = {"phone": "14000001234"}
    if old != new:
        assert client.post("/code", data=phone | {"code": old}).status_code == 422
    assert client.post("/code", data=phone | {"code": f" {new[:3]} {new[3:]}"}).status_code == 302
    accounts = db.session.scalars(db.select(Account).where(Account.person_id == woman.id)).all()
    assert len(accounts) == 1
    [grant] = db.session.scalars(db.select(RoleGrant).where(RoleGrant.account_id == accounts[0].id))
    assert (grant.role, grant.region_code, grant.cohort_id) == (Role.TRAINEE, None, None)
    trail = db.session.scalars(db.select(AuditEvent)).all()
    assert [e.action for e in trail].count("access.trainee_code") == 2
    assert new not in str([e.details for e in trail])
    assert "最近登录" in staff.get(f"/people/{woman.id}").text


def test_without_a_phone_there_is_no_code(staff):
    woman = factories.person("李桂花", region=factories.DATONG, phone_index=None)
    answer = staff.post(f"/people/{woman.id}/code")
    assert answer.status_code == 422
    assert "李桂花 还没有登记手机号" in answer.text


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_a_fixed_number_of_statements(staff, count_statements, number):
    woman = factories.person(region=factories.DATONG)
    for _ in range(number):
        factories.enrolment(factories.cohort(), woman)
        factories.shop(woman)
    path = f"/people/{woman.id}"
    with count_statements() as seen:
        assert staff.get(path).status_code == 200
    assert len(seen) == 12  # calls and visits after the course stand there too
