"""Requests: headers on every kind of answer, forged forms, foreign hosts, errors without traces."""

import re

import pytest
from flask import request

from tests import factories
from trainer.app import HEADERS, create_app
from trainer.domain.actors import Role


@pytest.fixture
def strict_app(app, tmp_path, databases):
    """The application as in production: forms protected."""
    return create_app(
        {
            "MODE": "testing",
            "SQLALCHEMY_DATABASE_URI": databases.uri,
            "INSTANCE_PATH": tmp_path,
            "FIELD_KEYS": app.config["FIELD_KEYS"],
        }
    )


def test_headers_stand_on_every_kind_of_answer(client, signed_in):
    staff = signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))
    answers = [
        client.get("/sign-in"),
        client.get("/accounts"),
        client.get("/nowhere"),
        client.post("/nowhere"),
        client.get("/static/tokens.css"),
        staff.get("/accounts"),
    ]
    assert [a.status_code for a in answers] == [200, 302, 404, 404, 200, 200]
    for answer in answers:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        answer.close()
    assert answers[-1].headers["Cache-Control"] == "no-store"
    assert "immutable" in answers[4].headers["Cache-Control"]


def test_every_unsafe_route_refuses_a_forged_form(strict_app):
    client = strict_app.test_client()
    client.get("/sign-in")
    refused = {}
    for rule in strict_app.url_map.iter_rules():
        for method in rule.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            address = re.sub(r"<(?:[^:>]+:)?[^>]+>", "1", rule.rule)
            refused[address, method] = client.open(address, method=method).status_code
    assert refused
    assert {key: status for key, status in refused.items() if status != 400} == {}


def test_a_foreign_host_is_refused(client):
    assert client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(("behind_proxy", "address"), [(False, "127.0.0.1"), (True, "203.0.113.9")])
def test_point_22_forwarded_headers_count_only_from_our_proxy(app, databases, tmp_path, behind_proxy, address):
    """The host never: links of ours are built from BASE_URL."""
    settings = {"MODE": "testing", "SQLALCHEMY_DATABASE_URI": databases.uri, "INSTANCE_PATH": tmp_path}
    forwarded = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    other = create_app(settings | {"FIELD_KEYS": app.config["FIELD_KEYS"], "BEHIND_PROXY": behind_proxy})
    seen = []
    other.after_request(lambda answer: seen.append((request.remote_addr, request.host)) or answer)
    page = other.test_client().get("/sign-in", headers=forwarded)
    assert page.status_code == 200
    assert seen == [(address, "localhost")]
    assert "evil.example" not in page.text


def test_point_26_a_form_of_too_many_parts_is_refused(app, signed_in):
    staff = signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))
    part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    for number, status in ((app.config["MAX_FORM_PARTS"], 422), (app.config["MAX_FORM_PARTS"] + 1, 413)):
        body = (part * number + "--x--\r\n").encode()
        answer = staff.post("/accounts/new", data=body, content_type="multipart/form-data; boundary=x")
        assert answer.status_code == status


def test_what_is_not_hers_answers_like_what_does_not_exist(signed_in):
    partner = signed_in(factories.account(Role.PARTNER))
    hidden, missing = partner.get("/accounts"), partner.get("/no-such-page")
    assert hidden.status_code == missing.status_code == 404
    assert re.sub(r"\s+", " ", hidden.text) == re.sub(r"\s+", " ", missing.text).replace("no-such-page", "accounts")


def test_a_broken_page_shows_a_number_and_no_trace(app, monkeypatch):
    monkeypatch.setattr("trainer.views.home.database_answers", lambda: 1 / 0)
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_the_session_cookie_cannot_be_read_by_scripts(client):
    row = factories.account(Role.MANAGER)
    answer = client.post("/sign-in", data={"username": row.username, "password": factories.PASSWORD})
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("sid="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
