"""Signing in with a second factor: the steps between a right password and the rights, setting it up, recovery codes."""

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import time_machine

from tests import factories
from trainer import clock
from trainer.crypto import hash_token
from trainer.database import db
from trainer.domain.actors import Role, SignInStep
from trainer.models import Account, AuditEvent, SecondFactor, SignInSession

STEP = "/sign-in/second-factor"
ENROL = "/second-factor"


@pytest.fixture
def rules(app, monkeypatch):
    """`rules(…)` changes how the installation lets people in."""

    def change(**values):
        monkeypatch.setitem(app.config, "SIGN_IN_RULES", replace(app.config["SIGN_IN_RULES"], **values))

    return change


def sign_in(client, row, **more):
    return client.post("/sign-in", data={"username": row.username, "password": factories.PASSWORD, **more})


def code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps))


def test_the_right_password_alone_opens_nothing(client):
    row = factories.account(Role.MANAGER)
    factories.second_factor(row)
    assert sign_in(client, row, next="/cohorts?q=x").location == f"{STEP}?next=/cohorts?q%3Dx"
    for address in ("/cohorts", "/profile", "/second-factor", "/"):
        answer = client.get(address)
        assert (answer.status_code, answer.location.split("?")[0]) == (302, STEP), address
    assert client.post("/profile", data={"name": "x"}).location == STEP
    assert client.post("/second-factor/begin").location == STEP


def test_the_code_lets_her_in_under_a_fresh_token_and_on_to_where_she_wanted(client):
    row = factories.account(Role.MANAGER)
    secret = factories.second_factor(row)
    sign_in(client, row)
    half = client.get_cookie("sid").value
    assert client.post(STEP, data={"code": "000000"}).status_code == 422
    answer = client.post(f"{STEP}?next=/cohorts", data={"code": code(secret)})
    assert answer.location == "/cohorts"
    assert client.get("/cohorts").status_code == 200
    assert client.get(STEP).location == "/"
    client.set_cookie("sid", half)
    assert client.get("/cohorts").location.startswith("/sign-in?"), "the half session's token is worth nothing"


def test_going_on_after_the_code_never_leaves_the_site(client):
    row = factories.account(Role.MANAGER)
    secret = factories.second_factor(row)
    sign_in(client, row)
    assert client.post(f"{STEP}?next=//evil.example", data={"code": code(secret)}).location == "/"


def test_a_half_session_waits_ten_minutes(client):
    row = factories.account(Role.MANAGER)
    secret = factories.second_factor(row)
    with time_machine.travel(clock.now(), tick=False) as hour:
        sign_in(client, row)
        hour.shift(timedelta(minutes=10))
        answer = client.post(STEP, data={"code": code(secret)})
    assert answer.location == "/sign-in"


def test_five_wrong_codes_make_the_right_one_wait(client):
    row = factories.account(Role.MANAGER)
    secret = factories.second_factor(row)
    sign_in(client, row)
    tried = [client.post(STEP, data={"code": "000000"}).status_code for _ in range(5)]
    assert tried == [422] * 5
    assert client.post(STEP, data={"code": code(secret)}).status_code == 429


def test_she_may_turn_back(client):
    row = factories.account(Role.MANAGER)
    factories.second_factor(row)
    sign_in(client, row)
    assert client.post("/sign-out").location == "/sign-in"
    assert client.get("/cohorts").location.startswith("/sign-in?")
    assert db.session.scalar(db.select(SignInSession.revoked_at)) is not None


def test_in_an_open_session_it_takes_the_password_to_set_one_up(signed_in):
    row = factories.account(Role.MANAGER)
    client = signed_in(row)
    for typed in ({}, {"password": "a colleague's guess"}):
        assert client.post("/second-factor/begin", data=typed).status_code == 422
    assert db.session.get(SecondFactor, row.id) is None
    assert client.post("/second-factor/begin", data={"password": factories.PASSWORD}).status_code == 302


def test_half_a_sign_in_is_none_in_the_trail(client):
    row = factories.account(Role.MANAGER)
    secret = factories.second_factor(row)
    sign_in(client, row)
    assert db.session.get(Account, row.id).last_sign_in_at is None
    assert "account.sign_in" not in set(db.session.scalars(db.select(AuditEvent.action)))
    client.post(STEP, data={"code": code(secret)})
    db.session.rollback()
    db.session.expire_all()
    assert db.session.get(Account, row.id).last_sign_in_at is not None
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "account.sign_in"))
    assert (event.account_id, event.address, event.success) == (row.id, "127.0.0.1", True)


def begun(client) -> str:
    """The secret on the page, as somebody types it into an app."""
    client.post("/second-factor/begin", data={"password": factories.PASSWORD})
    page = client.get(ENROL).text
    assert "<svg" in page
    return re.sub(r"\s", "", re.search(r'<p class="secret-link">([A-Z2-7 ]+)</p>', page)[1])


def test_a_role_that_must_sets_it_up_at_the_next_sign_in(client, rules):
    rules(second_factor_roles=frozenset({Role.MANAGER}))
    row = factories.account(Role.MANAGER)
    assert sign_in(client, row).location == ENROL
    assert client.get("/cohorts").location == f"{ENROL}?next=/cohorts"
    secret = begun(client)
    assert client.post("/second-factor/confirm?next=/cohorts", data={"code": "000000"}).status_code == 422
    page = client.post("/second-factor/confirm?next=/cohorts", data={"code": code(secret)})
    codes = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", page.text)
    assert len(codes) == 10
    assert 'href="/cohorts"' in page.text
    assert client.get("/cohorts").status_code == 200
    assert client.post("/second-factor/off", data={"password": factories.PASSWORD}).status_code == 422
    client.post("/sign-out")
    sign_in(client, row)
    assert client.post(STEP, data={"code": codes[3]}).status_code == 302
    assert client.get("/cohorts").status_code == 200
    client.post("/sign-out")
    sign_in(client, row)
    assert client.post(STEP, data={"code": codes[3]}).status_code == 422


def test_a_half_session_cannot_take_over_a_second_factor_that_is_there(client):
    row = factories.account(Role.MANAGER)
    secret = factories.second_factor(row)
    sign_in(client, row)
    for address in ("begin", "confirm", "codes", "off"):
        assert client.post(f"/second-factor/{address}", data={"password": factories.PASSWORD}).status_code == 302
    assert db.session.get(SecondFactor, row.id).secret == secret


def test_anybody_may_have_one_and_part_with_it(client):
    row = factories.account(Role.PARTNER)
    sign_in(client, row)
    before = client.get_cookie("sid").value
    secret = begun(client)
    assert client.post("/second-factor/confirm", data={"code": code(secret)}).status_code == 200
    assert client.get_cookie("sid").value != before
    assert client.get(ENROL).status_code == 200
    assert secret not in client.get(ENROL).text, "shown only while it is set up"
    assert client.post("/second-factor/codes", data={"password": "nonsense"}).status_code == 422
    assert client.post("/second-factor/off", data={"password": "nonsense"}).status_code == 422
    assert client.post("/second-factor/codes", data={"password": factories.PASSWORD}).text.count("<code>") == 10
    assert client.post("/second-factor/off", data={"password": factories.PASSWORD}).status_code == 302
    client.post("/sign-out")
    assert sign_in(client, row).location == "/"


def test_a_new_phone_takes_the_place_of_the_one_she_holds(client, rules):
    rules(second_factor_roles=frozenset({Role.MANAGER}))
    row = factories.account(Role.MANAGER)
    old = factories.second_factor(row)
    sign_in(client, row)
    client.post(STEP, data={"code": code(old)})
    typed = {"password": factories.PASSWORD, "code": code(old, 1)}
    assert client.post("/second-factor/replace", data=typed | {"password": "nonsense"}).status_code == 422
    assert client.post("/second-factor/replace", data=typed | {"code": "000000"}).status_code == 422
    assert client.post("/second-factor/replace", data=typed).status_code == 302
    page = client.get(ENROL).text
    new = re.sub(r"\s", "", re.search(r'<p class="secret-link">([A-Z2-7 ]+)</p>', page)[1])
    assert new != old
    assert client.post("/second-factor/confirm", data={"code": code(new)}).status_code == 200
    client.post("/sign-out")
    sign_in(client, row)
    assert client.post(STEP, data={"code": code(old, 1)}).status_code == 422
    assert client.post(STEP, data={"code": code(new, 1)}).status_code == 302


def test_an_old_password_is_renewed_after_the_second_factor(client, rules):
    rules(max_age=timedelta(days=90))
    row = factories.account(Role.MANAGER, password_set_at=clock.now() - timedelta(days=91))
    secret = factories.second_factor(row)
    assert sign_in(client, row, next="/cohorts").location == f"{STEP}?next=/cohorts"
    half = client.get_cookie("sid").value
    answer = client.post(f"{STEP}?next=/cohorts", data={"code": code(secret)})
    assert answer.location == "/sign-in/new-password?next=/cohorts"
    between = client.get_cookie("sid").value
    assert between != half
    assert client.get("/cohorts").location == "/sign-in/new-password?next=/cohorts"
    typed = {"password": factories.PASSWORD, "again": factories.PASSWORD}
    assert client.post("/sign-in/new-password", data=typed).status_code == 422, "the old one again"
    typed = {"password": "Wide-river-12", "again": "Wide-river-12"}
    assert client.post("/sign-in/new-password?next=/cohorts", data=typed).location == "/cohorts"
    assert client.get("/cohorts").status_code == 200
    assert client.get_cookie("sid").value not in (half, between)


def test_two_weeks_before_she_is_told(client, rules):
    rules(max_age=timedelta(days=90))
    told = {}
    for days in (75, 80):
        sign_in(client, factories.account(Role.MANAGER, password_set_at=clock.now() - timedelta(days=days)))
        told[days] = 'href="/profile/password"' in client.get("/").text
    assert told == {75: False, 80: True}


def test_the_steps_leave_no_session_of_another_kind(client):
    """A session that waits is in no list and carries no device."""
    row = factories.account(Role.MANAGER)
    factories.second_factor(row)
    sign_in(client, row)
    session = db.session.scalar(db.select(SignInSession))
    assert (session.pending, session.device_id) == (SignInStep.SECOND_FACTOR, None)
    assert session.token_hash == hash_token(client.get_cookie("sid").value)
    assert client.get_cookie("device") is None


def test_a_trainee_has_no_business_here(signed_in):
    _enrolment, account = factories.trainee(factories.cohort())
    client = signed_in(account)
    assert client.get(ENROL).status_code == 404
    assert client.post("/second-factor/begin").status_code == 404
    assert db.session.scalars(db.select(SecondFactor)).all() == []


def test_two_administrators_on_the_page(signed_in):
    owner = factories.account(Role.FINANCE)
    factories.second_factor(owner)
    first, second = (signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR)) for _ in range(2))
    asking = f"/accounts/{owner.id}/second-factor-reset"
    assert first.post(asking, data={"reason": ""}).status_code == 422
    assert first.post(asking, data={"reason": "手机丢了"}).location == "/second-factor-resets"
    page = first.get("/second-factor-resets").text
    assert "手机丢了" in page
    assert 'name="approved"' not in page
    number = re.search(r"/second-factor-resets/(\d+)", second.get("/second-factor-resets").text)[1]
    assert first.post(f"/second-factor-resets/{number}", data={"approved": "yes"}).status_code == 422
    assert second.post(f"/second-factor-resets/{number}", data={}).status_code == 302
    assert db.session.get(SecondFactor, owner.id)
    assert second.post(f"/second-factor-resets/{number}", data={"approved": "yes"}).status_code == 302
    db.session.expire_all()
    assert db.session.get(SecondFactor, owner.id) is None
    assert 'name="approved"' not in second.get("/second-factor-resets").text


@pytest.mark.parametrize("resets", [1, 3])
def test_the_list_of_resets_takes_a_fixed_number_of_statements(signed_in, count_statements, resets):
    client = signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))
    for _ in range(resets):
        owner = factories.account(Role.FINANCE)
        factories.asked_reset(owner, factories.account(Role.SYSTEM_ADMINISTRATOR))
    with count_statements() as seen:
        assert client.get("/second-factor-resets").status_code == 200
    assert len(seen) == 2


def test_the_page_of_one_account_says_what_there_is_to_ask(signed_in):
    client, bare, held = (
        signed_in(me := factories.account(Role.SYSTEM_ADMINISTRATOR)),
        *(factories.account(Role.FINANCE) for _ in range(2)),
    )
    factories.second_factor(held)
    factories.second_factor(me)
    offered = {
        row.id: 'name="reason"' in client.get(f"/accounts/{row.id}/second-factor-reset").text
        for row in (bare, held, me)
    }
    assert offered == {bare.id: False, held.id: True, me.id: False}
