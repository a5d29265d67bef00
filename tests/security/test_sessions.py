"""Cookies and sessions: their flags over https, and that none outlives a new sign-in."""

import pytest

from tests import factories
from trainer.app import create_app
from trainer.database import db
from trainer.domain.actors import Role


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


def test_a_session_given_by_somebody_else_is_not_taken_over(client):
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
