"""Serving: what the start looks up must not stay open for the life of the process."""

from tests import factories
from trainer.cli import site
from trainer.database import db
from trainer.domain.actors import Role


def test_no_transaction_of_the_start_stays_open(app, monkeypatch):
    """An open reader keeps SQLite's log from ending, and old pages with it; on PostgreSQL it holds VACUUM back."""
    factories.account(Role.SYSTEM_ADMINISTRATOR)
    seen = []
    monkeypatch.setitem(app.config, "SCHEDULER", False)
    monkeypatch.setattr(site, "refuse_to_start", lambda _config: None)
    monkeypatch.setattr(site.gc, "freeze", lambda: None)
    monkeypatch.setattr(site.waitress, "serve", lambda *_args, **_named: seen.append(db.session().in_transaction()))
    result = app.test_cli_runner().invoke(args=["serve"])
    assert (result.exit_code, seen) == (0, [False]), result.output
