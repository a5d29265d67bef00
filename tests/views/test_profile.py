"""A staff member about herself: name, phone, password, sessions."""

import re

import pytest

from tests import factories
from trainer.crypto import keyring, verify_password
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import Account, AuditEvent

PHONE = "13800138000"
NEW = "Wide-river-12"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


@pytest.fixture
def row(app):
    return factories.account(Role.MANAGER)


def sign_in(app, name, password=factories.PASSWORD, agent=CHROME):
    client = app.test_client()
    client.post("/sign-in", data={"username": name, "password": password}, headers={"User-Agent": agent})
    return client


def is_in(client) -> bool:
    return client.get("/cohorts").status_code == 200


def fresh(row) -> Account:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(Account, row.id)


def change(client, old=factories.PASSWORD, new=NEW, again=NEW):
    return client.post("/profile/password", data={"old": old, "password": new, "again": again})


def test_she_signs_in_with_the_phone_number_she_gave(app, signed_in, row):
    client = signed_in(row)
    assert client.post("/profile", data={"name": "王秀英", "phone": "138 0013 8000"}).status_code == 302
    kept = fresh(row)
    assert (kept.name, kept.phone, kept.phone_index) == ("王秀英", PHONE, keyring().blind_index("phone", PHONE))
    assert is_in(sign_in(app, PHONE))
    assert is_in(sign_in(app, "138-0013-8000"))
    assert is_in(sign_in(app, row.username))
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "account.update"))
    assert PHONE not in str(event.details)
    assert "138****8000" in str(event.details)


def test_a_number_is_of_one_account(app, signed_in, row):
    signed_in(factories.account(Role.MANAGER)).post("/profile", data={"name": "王", "phone": PHONE})
    client = signed_in(row)
    answer = client.post("/profile", data={"name": "李", "phone": PHONE})
    assert answer.status_code == 422
    assert "已用于另一个账号" in answer.text
    assert fresh(row).phone is None
    assert client.post("/profile", data={"name": "李", "phone": "12345"}).status_code == 422


def test_a_number_taken_away_opens_nothing(app, signed_in, row):
    client = signed_in(row)
    client.post("/profile", data={"name": "李", "phone": PHONE})
    client.post("/profile", data={"name": "李", "phone": ""})
    assert not is_in(sign_in(app, PHONE))


def test_a_user_name_that_looks_like_a_phone_is_its_owners(app, signed_in, row):
    owner = factories.account(Role.MANAGER, username=PHONE, password_hash=row.password_hash)
    signed_in(row).post("/profile", data={"name": "李", "phone": PHONE})
    page = sign_in(app, PHONE).get("/profile").text
    assert f'value="{owner.name}"' in page


def test_point_12_a_new_password_ends_the_other_sessions_and_renews_this_one(app, row):
    here, there = sign_in(app, row.username), sign_in(app, row.username)
    before = here.get_cookie("sid").value
    assert change(here).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert here.get_cookie("sid").value != before
    here.set_cookie("sid", before)
    assert not is_in(here)
    assert verify_password(fresh(row).password_hash, NEW)
    assert not is_in(sign_in(app, row.username))
    assert is_in(sign_in(app, row.username, NEW))


def test_the_old_password_is_asked_and_guessing_it_gets_slow(app, row):
    client = sign_in(app, row.username)
    for _ in range(5):
        assert change(client, old="nonsense").status_code == 422
    assert change(client).status_code == 422
    assert verify_password(fresh(row).password_hash, factories.PASSWORD)


def test_a_weak_one_and_two_that_differ_are_refused(app, row):
    client = sign_in(app, row.username)
    assert "10" in change(client, new="short", again="short").text
    assert change(client, again="Wide-river-13").status_code == 422
    assert is_in(sign_in(app, row.username))


def test_she_sees_where_she_is_signed_in_and_ends_what_she_does_not_know(app, row):
    here, phone, third = (
        sign_in(app, row.username),
        sign_in(app, row.username, agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0"),
        sign_in(app, row.username),
    )
    page = here.get("/profile").text
    assert "微信" in page
    assert "127.0.0.1" in page
    ends = re.findall(r"/profile/sessions/(\d+)/end", page)
    assert len(ends) == 2
    oldest_first = sorted(map(int, ends))
    assert here.post(f"/profile/sessions/{oldest_first[0]}/end").status_code == 302
    assert (is_in(here), is_in(phone), is_in(third)) == (True, False, True)
    assert here.post("/profile/sessions/end-others").status_code == 302
    assert (is_in(here), is_in(third)) == (True, False)


def test_nobody_ends_somebody_elses(app, row):
    other = factories.account(Role.MANAGER)
    hers, mine = sign_in(app, other.username), sign_in(app, row.username)
    number = db.session.scalar(db.text("SELECT id FROM sessions ORDER BY id LIMIT 1"))
    assert mine.post(f"/profile/sessions/{number}/end").status_code == 404
    assert mine.post("/profile/sessions/end-others").status_code == 302
    assert is_in(hers)


def test_a_trainee_has_no_such_page(signed_in):
    _enrolment, account = factories.trainee(factories.cohort())
    client = signed_in(account)
    for address in ("/profile", "/profile/password"):
        assert client.get(address).status_code == 404


def test_an_account_without_a_role_still_reaches_its_password(signed_in):
    client = signed_in(factories.account())
    assert client.get("/", follow_redirects=True).status_code == 200
    assert client.get("/").location == "/profile"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_a_fixed_number_of_statements(app, row, count_statements, count):
    for _ in range(count):
        client = sign_in(app, row.username)
    with count_statements() as seen:
        assert client.get("/profile").status_code == 200
    assert len(seen) == 4
