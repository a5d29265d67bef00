"""`flask demo`: fills, says who may try it, is quick and harmless the second time, and refuses a real database."""

import pytest

from tests import factories
from trainer.queries.demo import DEMO_PASSWORD


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=["demo", *args])


def test_it_fills_and_shows_the_accounts_to_try_and_is_served_in_no_other_mode(app, run, monkeypatch):
    result = run()
    assert result.exit_code == 0, result.output
    assert DEMO_PASSWORD in result.output
    for username in ("admin", "manager", "datong", "laoshi", "pingwei1", "caiwu", "shenji", "jijinhui"):
        assert username in result.output
    assert app.config["BASE_URL"] in result.output
    again = run()
    assert again.exit_code == 0
    assert "没有改动" in again.output
    other = run("--size", "medium")
    assert other.exit_code == 2
    assert "DATABASE_URL" in other.stderr
    monkeypatch.setitem(app.config, "MODE", "production")
    served = app.test_cli_runner().invoke(args=["serve"])
    assert served.exit_code == 1
    assert "make demo" in str(served.output) + str(served.exception)


def test_a_real_database_is_refused_in_a_plain_sentence(app, run):
    factories.account()
    result = run()
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
