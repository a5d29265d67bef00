"""The audit trail: chained, ordered, nothing of it without its act; a changed, cut or moved event is found."""

import json
import re

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from tests import factories
from tests.house.floors import ROOT
from trainer.database import db, on_postgresql, transaction
from trainer.domain.actors import SYSTEM
from trainer.domain.audit import FIRST_HASH, first_broken
from trainer.models import AuditEvent
from trainer.queries.audit import get_head, walk_chain
from trainer.services import audit


@pytest.fixture
def chain(app):
    """Five events."""
    with transaction():
        for number in range(1, 6):
            audit.record("thing.change", "thing", number, by=SYSTEM, at=factories.AT, before=number, after="新\n值")


@pytest.fixture
def intruder(chain):
    """Somebody who owns the database and takes its guards away first."""
    guards = [
        *("audit_events_at_the_end", "audit_events_unchanged", "audit_events_kept"),
        *("audit_segments_at_the_end", "audit_segments_unchanged", "audit_segments_kept"),
    ]
    with transaction():
        if on_postgresql():
            db.session.execute(text("DROP FUNCTION audit_append_only() CASCADE"))
        else:
            for name in guards:
                db.session.execute(text(f"DROP TRIGGER {name}"))


def test_events_form_a_chain(chain):
    events = list(walk_chain())
    assert [e.seq for e in events] == [1, 2, 3, 4, 5]
    assert [e.previous_hash for e in events] == [FIRST_HASH, *(e.hash for e in events[:-1])]
    assert first_broken(events) is None
    assert get_head() == events[-1]


@pytest.mark.parametrize("column", ["details", "actor_name", "at", "success", "object_id", "hash", "previous_hash"])
def test_a_changed_event_is_found(intruder, column):
    changed = {
        "details": {"before": 3, "after": "别的值"},
        "actor_name": "别人",
        "at": factories.AT.replace(year=2025),
        "success": False,
        "object_id": "9",
        "hash": "f" * 64,
        "previous_hash": "f" * 64,
    }
    with transaction():
        db.session.execute(update(AuditEvent).where(AuditEvent.seq == 3).values({column: changed[column]}))
    assert first_broken(walk_chain()) == 3


@pytest.mark.parametrize("seq", [1, 3])
def test_a_missing_event_is_found(intruder, seq):
    with transaction():
        db.session.execute(delete(AuditEvent).where(AuditEvent.seq == seq))
    assert first_broken(walk_chain()) == seq


def test_an_event_moved_to_another_place_is_found(intruder):
    with transaction():
        for was, becomes in ((2, 99), (3, 2), (99, 3)):
            db.session.execute(update(AuditEvent).where(AuditEvent.seq == was).values(seq=becomes))
    assert first_broken(walk_chain()) == 2


# What the application itself, with its own database role, cannot do to the trail. {0}: a column list.
FORBIDDEN = {
    "change": "UPDATE audit_events SET actor_name = 'x' WHERE seq = 3",
    "change the number": "UPDATE audit_events SET seq = 99 WHERE seq = 5",
    "delete": "DELETE FROM audit_events WHERE seq = 5",
    "delete all": "DELETE FROM audit_events",
    "put in between": "INSERT INTO audit_events (seq, {0}) SELECT 0, {0} FROM audit_events WHERE seq = 5",
    "segment with a wrong hash": "INSERT INTO audit_segments VALUES (1, 3, 'f', '2026-01-01', 1, '2026-01-01')",
    "segment over the head": "INSERT INTO audit_segments SELECT 1, 5, hash, at, 1, at FROM audit_events WHERE seq = 5",
    "segment out of place": "INSERT INTO audit_segments SELECT 2, 3, hash, at, 1, at FROM audit_events WHERE seq = 3",
}
ON_SQLITE = {
    "replace": "INSERT OR REPLACE INTO audit_events (seq, {0}) SELECT seq, {0} FROM audit_events WHERE seq = 3",
    "upsert": "INSERT INTO audit_events (seq, {0}) SELECT seq, {0} FROM audit_events WHERE seq = 3 "
    "ON CONFLICT (seq) DO UPDATE SET actor_name = 'x'",
}
ON_POSTGRESQL = {
    "upsert": "INSERT INTO audit_events (seq, {0}) SELECT seq, {0} FROM audit_events WHERE seq = 3 "
    "ON CONFLICT (seq) DO UPDATE SET actor_name = 'x'",
    "truncate": "TRUNCATE audit_events",
    "truncate segments": "TRUNCATE audit_segments",
}


def test_the_database_itself_forbids_to_touch_the_trail(chain):
    columns = ", ".join(c.name for c in AuditEvent.__table__.columns if c.name != "seq")
    before = list(walk_chain())
    statements = FORBIDDEN | (ON_POSTGRESQL if on_postgresql() else ON_SQLITE)
    for what, statement in statements.items():
        assert "append-only" in _why_not(statement.format(columns)), what
    assert list(walk_chain()) == before


def test_a_role_of_its_own_may_only_add(app, chain):
    """The very statements of docs/security.md; the role is gone afterwards, whatever happens."""
    if not on_postgresql():
        pytest.skip("SQLite knows no roles: whoever has the file may write it")
    page = (ROOT / "docs" / "security.md").read_text()
    statements = re.search(r"```sql\n(.*?)```", page, re.S)[1].split(";")[:-1]
    try:
        with transaction():
            for statement in statements:
                db.session.execute(text(statement))
        for what in ("UPDATE audit_events SET seq = 9", "DELETE FROM audit_events", "TRUNCATE audit_segments"):
            assert "permission denied" in _why_not("SET LOCAL ROLE trainer_site", what)
        with transaction():
            db.session.execute(text("SET LOCAL ROLE trainer_site"))
            audit.record("thing.change", "thing", 6, by=SYSTEM, at=factories.AT)
        assert get_head().seq == 6
    finally:
        db.session.rollback()
        with transaction():
            db.session.execute(text("DROP OWNED BY trainer_site"))
            db.session.execute(text("DROP ROLE trainer_site"))


def _why_not(*statements: str) -> str:
    try:
        with transaction():
            for statement in statements:
                db.session.execute(text(statement))
    except DBAPIError as error:
        return str(error)
    return "it could"


def test_a_refused_act_leaves_no_event(app):
    def act():
        with transaction():
            audit.record("thing.change", "thing", 1, by=SYSTEM, at=factories.AT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert get_head() is None


def test_the_commands_say_whether_it_holds(app, intruder):
    runner = app.test_cli_runner()
    assert json.loads(runner.invoke(args=["audit", "verify", "--json"]).stdout) == {"holds": True, "first_broken": None}
    assert json.loads(runner.invoke(args=["audit", "head"]).stdout)["seq"] == 5
    with transaction():
        db.session.execute(update(AuditEvent).where(AuditEvent.seq == 2).values(actor_name="别人"))
    broken = runner.invoke(args=["audit", "verify", "--json"])
    assert broken.exit_code == 2
    assert json.loads(broken.stdout)["first_broken"] == 2
