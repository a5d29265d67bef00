"""The audit trail: chained, ordered, nothing of it without its act; a changed, cut or moved event is found."""

import json

import pytest
from sqlalchemy import delete, update

from tests import factories
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
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


def test_events_form_a_chain(chain):
    events = list(walk_chain())
    assert [e.seq for e in events] == [1, 2, 3, 4, 5]
    assert [e.previous_hash for e in events] == [FIRST_HASH, *(e.hash for e in events[:-1])]
    assert first_broken(events) is None
    assert get_head() == events[-1]


@pytest.mark.parametrize("column", ["details", "actor_name", "at", "success", "object_id", "hash", "previous_hash"])
def test_a_changed_event_is_found(chain, column):
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
def test_a_missing_event_is_found(chain, seq):
    with transaction():
        db.session.execute(delete(AuditEvent).where(AuditEvent.seq == seq))
    assert first_broken(walk_chain()) == seq


def test_a_refused_act_leaves_no_event(app):
    def act():
        with transaction():
            audit.record("thing.change", "thing", 1, by=SYSTEM, at=factories.AT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert get_head() is None


def test_the_commands_say_whether_it_holds(app, chain):
    runner = app.test_cli_runner()
    assert json.loads(runner.invoke(args=["audit", "verify", "--json"]).stdout) == {"holds": True, "first_broken": None}
    assert json.loads(runner.invoke(args=["audit", "head"]).stdout)["seq"] == 5
    with transaction():
        db.session.execute(update(AuditEvent).where(AuditEvent.seq == 2).values(actor_name="别人"))
    broken = runner.invoke(args=["audit", "verify", "--json"])
    assert broken.exit_code == 2
    assert json.loads(broken.stdout)["first_broken"] == 2


def test_the_auditor_reads_and_filters_and_others_find_nothing(chain, signed_in, count_statements):
    auditor = signed_in(factories.account(Role.AUDITOR))
    with count_statements() as seen:
        page = auditor.get("/audit?action=thing.&number=4")
    assert page.status_code == 200
    assert page.text.count("thing.change") == 1
    assert len(seen) == 5
    assert auditor.post("/audit").status_code == 405
    for role in set(Role) - {Role.AUDITOR}:
        assert signed_in(factories.account(role)).get("/audit").status_code == 404
