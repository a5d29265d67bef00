"""The demonstration's known passwords open nothing but the demonstration, and that only from this machine."""

import pytest

from tests import factories
from trainer.app import create_app
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.models import Account, RoleGrant, SiteFlag
from trainer.queries.demo import DEMO_PASSWORD

ELSEWHERE = {"REMOTE_ADDR": "10.0.0.5"}


@pytest.fixture
def start(app, databases, tmp_path):
    """`start(mode)`: the application on the test's database in that mode."""

    def start(mode: str):
        settings = {
            "MODE": mode,
            "SQLALCHEMY_DATABASE_URI": databases.uri,
            "INSTANCE_PATH": tmp_path,
            "FIELD_KEYS": app.config["FIELD_KEYS"],
            "WTF_CSRF_ENABLED": False,
        }
        return create_app(settings)

    return start


def flag() -> None:
    with transaction() as session:
        session.add(SiteFlag(name="demonstration", value="small"))


def stop(app) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def demo(start):
    """The demonstration with three managers, of whom the first two are shown."""
    flag()
    made = [factories.account(Role.MANAGER, username=name) for name in ("manager", "manager2", "manager3")]
    app = start("demo")
    yield app, [account.id for account in made]
    stop(app)


def test_an_empty_database_opens_in_every_mode(start):
    for mode in ("demo", "production"):
        stop(start(mode))


def test_no_other_mode_opens_the_demonstration(start):
    flag()
    with pytest.raises(SystemExit, match="make demo"):
        start("production")


def test_the_demonstration_does_not_open_real_data(start):
    factories.account()
    with pytest.raises(SystemExit, match="real data"):
        start("demo")


def test_a_shown_account_is_entered_from_this_machine(demo):
    app, (shown, *_) = demo
    client = app.test_client()
    assert client.post(f"/demonstration/enter/{shown}").status_code == 302
    assert client.get_cookie("sid")


def test_an_account_that_is_not_shown_is_not_entered(demo):
    app, (*_, hidden) = demo
    client = app.test_client()
    for account_id in (hidden, 9999):
        assert client.post(f"/demonstration/enter/{account_id}").status_code == 404
    assert client.get_cookie("sid") is None


@pytest.mark.parametrize("address", ["10.0.0.5", "192.168.1.7", "2001:db8::1"])
def test_from_elsewhere_nothing_answers(demo, address):
    app, (shown, *_) = demo
    client, there = app.test_client(), {"REMOTE_ADDR": address}
    typed = {"username": "manager", "password": factories.PASSWORD}
    assert client.post(f"/demonstration/enter/{shown}", environ_base=there).status_code == 404
    assert client.post("/sign-in", data=typed, environ_base=there).status_code == 404
    assert client.get("/sign-in", environ_base=there).status_code == 404
    assert client.get_cookie("sid") is None
    assert client.post("/sign-in", data=typed).status_code == 302


def test_a_forged_proxy_header_does_not_help(demo):
    app, (shown, *_) = demo
    forged = {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1"}
    answer = app.test_client().post(f"/demonstration/enter/{shown}", environ_base=ELSEWHERE, headers=forged)
    assert answer.status_code == 404


def test_a_session_of_it_is_worth_nothing_elsewhere(demo):
    app, (shown, *_) = demo
    client = app.test_client()
    client.post(f"/demonstration/enter/{shown}")
    assert client.get("/", environ_base=ELSEWHERE).status_code == 404


def test_a_real_installation_has_no_such_door(start):
    account = factories.account(Role.MANAGER)
    app = start("production")
    client = app.test_client()
    assert client.post(f"/demonstration/enter/{account.id}").status_code == 404
    page = client.get("/sign-in")
    assert page.status_code == 200
    assert DEMO_PASSWORD not in page.text
    assert account.name not in page.text
    stop(app)


def test_the_sign_in_page_shows_one_account_a_role_and_two_managers(demo):
    app, _ = demo
    page = app.test_client().get("/sign-in").text
    assert DEMO_PASSWORD in page
    assert page.count("/demonstration/enter/") == 2
    with app.app_context():
        assert db.session.query(Account).count() == 3
        assert db.session.query(RoleGrant).count() == 3
