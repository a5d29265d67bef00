"""Cookies and sessions: their flags over https, and that none outlives a new sign-in."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from tests import factories
from trainer import clock
from trainer.app import create_app
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import AuditEvent
from trainer.queries.account import list_grants


@pytest.fixture
def over_https(app, databases, tmp_path):
    """The application as behind https."""
    https = create_app(
        {
            "MODE": "testing",
            "HTTPS": True,
            "SESSION_COOKIE_NAME": "__Host-form",
            "SESSION_COOKIE_SECURE": True,
            "SQLALCHEMY_DATABASE_URI": databases.uri,
            "INSTANCE_PATH": tmp_path,
            "FIELD_KEYS": app.config["FIELD_KEYS"],
            "WTF_CSRF_ENABLED": False,
        }
    )
    yield https
    with https.app_context():
        db.session.remove()
        db.engine.dispose()


def test_cookies_over_https_belong_to_this_host_alone(over_https):
    row, client = factories.account(Role.MANAGER), over_https.test_client()
    typed = {"username": row.username, "password": factories.PASSWORD}
    answer = client.post("/sign-in", data=typed, base_url="https://localhost")
    kept = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-sid="))
    for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert flag in kept
    assert "Domain" not in kept
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert client.get("/cohorts", base_url="https://localhost").status_code == 200


def test_point_9_a_session_given_by_somebody_else_is_not_taken_over(client):
    row = factories.account(Role.MANAGER)
    client.set_cookie("sid", "planted-by-a-stranger")
    client.post("/sign-in", data={"username": row.username, "password": factories.PASSWORD})
    assert client.get_cookie("sid").value != "planted-by-a-stranger"
    client.set_cookie("sid", "planted-by-a-stranger")
    assert client.get("/cohorts").status_code == 302


def test_signing_in_anew_ends_the_session_before(client):
    first, second = factories.account(Role.MANAGER), factories.account(Role.AUDITOR)
    client.post("/sign-in", data={"username": first.username, "password": factories.PASSWORD})
    before = client.get_cookie("sid").value
    client.post("/sign-in", data={"username": second.username, "password": factories.PASSWORD})
    assert client.get("/audit").status_code == 200
    client.set_cookie("sid", before)
    assert client.get("/cohorts").status_code == 302


@pytest.mark.parametrize(
    ("role", "minutes", "alive"),
    [
        (Role.MANAGER, 29, True),
        (Role.MANAGER, 31, False),
        (Role.SYSTEM_ADMINISTRATOR, 14, True),
        (Role.SYSTEM_ADMINISTRATOR, 16, False),
    ],
)
def test_point_11_an_idle_session_is_over(client, role, minutes, alive):
    row = factories.account(role)
    with time_machine.travel(clock.now(), tick=False) as hour:
        sign_in(client, row)
        hour.shift(timedelta(minutes=minutes))
        assert (client.get("/profile").status_code == 200) is alive


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SYSTEM_ADMINISTRATOR])
def test_point_11_a_busy_session_is_over_after_twelve_hours(client, role):
    row = factories.account(role)
    with time_machine.travel(clock.now(), tick=False) as hour:
        sign_in(client, row)
        answers = []
        for _ in range(12 * 6 + 1):
            answers.append(client.get("/profile").status_code)
            hour.shift(timedelta(minutes=10))
    assert answers == [200] * (12 * 6) + [302]


def test_point_10_signing_out_ends_the_session_on_the_server(client):
    row = factories.account(Role.MANAGER)
    sign_in(client, row)
    cookie = client.get_cookie("sid").value
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    client.set_cookie("sid", cookie)
    assert client.get("/cohorts").location.startswith("/sign-in?")


@pytest.mark.parametrize("act", ["disabled", "new link", "role taken", "role given", "second factor off"])
def test_what_ends_every_session_of_an_account(app, client, signed_in, act):
    row, administrator = factories.account(Role.MANAGER), signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))
    sign_in(client, row)
    grant = list_grants(row.id)[0].id
    if act == "second factor off":
        factories.second_factor(row)
        reset = factories.asked_reset(row, factories.account(Role.SYSTEM_ADMINISTRATOR))
        administrator.post(f"/second-factor-resets/{reset.id}", data={"approved": "yes"})
    else:
        address, data = {
            "disabled": ("active", {"active": "no"}),
            "new link": ("invitation", {}),
            "role taken": (f"roles/{grant}/revoke", {}),
            "role given": ("roles", {"role": "auditor", "region_code": "", "cohort_id": ""}),
        }[act]
        administrator.post(f"/accounts/{row.id}/{address}", data=data)
    assert client.get("/profile").location.startswith("/sign-in?")


def test_half_a_session_opens_no_page_that_is_not_for_everybody(app, client):
    row = factories.account(*Role)
    factories.second_factor(row)
    sign_in(client, row)
    opened = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if getattr(view, "door", "public") == "public" or rule.endpoint in ("session.delete", "second_factor.check"):
            continue
        address = re.sub(r"<(?:[^:>]+:)?[^>]+>", "1", rule.rule)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = client.open(address, method=method)
            if answer.status_code != 302 or answer.location.split("?")[0] != "/sign-in/second-factor":
                opened.append((rule.endpoint, method, answer.status_code))
    assert opened == []


@pytest.fixture
def own_networks(app, monkeypatch):
    rules = replace(app.config["SIGN_IN_RULES"], admin_networks=("10.1.0.0/16",))
    monkeypatch.setitem(app.config, "SIGN_IN_RULES", rules)


@pytest.mark.parametrize(
    ("role", "page"), [(Role.SYSTEM_ADMINISTRATOR, "/accounts"), (Role.AUDITOR, "/audit"), (Role.MANAGER, "/cohorts")]
)
def test_administrators_and_auditors_are_bound_to_their_networks(client, own_networks, role, page):
    inside, outside = {"REMOTE_ADDR": "10.1.7.7"}, {"REMOTE_ADDR": "203.0.113.9"}
    row = factories.account(role)
    typed = {"username": row.username, "password": factories.PASSWORD}
    client.post("/sign-in", data=typed, environ_base=outside)
    assert client.get(page, environ_base=outside).status_code == (200 if role is Role.MANAGER else 404)
    assert client.get(page, environ_base=inside).status_code == 200
    db.session.rollback()
    noted = db.session.scalars(db.select(AuditEvent.address).where(AuditEvent.action == "account.outside_networks"))
    assert list(noted) == ([] if role is Role.MANAGER else ["203.0.113.9"])


def sign_in(client, row):
    return client.post("/sign-in", data={"username": row.username, "password": factories.PASSWORD})
