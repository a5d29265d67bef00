"""Sealing: old events lie in encrypted files, the chain holds on over them, nothing is lost on the way."""

import json
from datetime import timedelta

import pytest

from tests import factories
from tests.factories import AT
from trainer import storage
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.audit import Event
from trainer.domain.jobs import tell
from trainer.jobs import seal_audit
from trainer.models import AuditEvent, AuditSegment, StoredFile
from trainer.queries.audit import get_head, list_segments, walk_chain
from trainer.services import audit, audit_segment
from trainer.services.audit_segment import ChainBroken, first_broken_sealed, read_segment, seal, walk_everything

pytestmark = pytest.mark.sqlite_is_enough

LATER = AT + timedelta(days=400)
WHO = Actor(None, "王秀芳", address="10.1.2.3")


def write(number: int, *, at=AT) -> None:
    with transaction():
        for place in range(number):
            audit.record("thing.change", "thing", place, by=WHO, at=at, after="新\n值")


@pytest.fixture
def trail(app):
    """Ten old events and two young ones."""
    write(10)
    write(2, at=LATER)


def put_away(older_than=LATER) -> int:
    with transaction():
        return seal(older_than=older_than, by=SYSTEM, at=LATER)


def verify(app, *options: str) -> tuple[bool, int | None]:
    """What the command says."""
    done = app.test_cli_runner().invoke(args=["audit", "verify", "--json", *options])
    told = json.loads(done.stdout)
    assert done.exit_code == (0 if told["holds"] else 2)
    return told["holds"], told["first_broken"]


def test_old_events_go_into_a_file_and_the_chain_goes_on(app, trail):
    before, head = list(walk_chain()), get_head()
    assert put_away() == 10
    (segment,) = list_segments()
    assert (segment.first_seq, segment.last_seq, segment.closing_hash) == (1, 10, before[9].hash)
    assert read_segment(segment) == before[:10]
    events = list(walk_chain())
    assert events[:2] == before[10:]
    assert events[1] == head
    told = events[2].details
    assert (events[2].action, told["last"], told["sha256"]) == ("audit.seal", 10, segment.sha256)
    assert list(walk_everything())[:12] == before
    assert verify(app) == verify(app, "--segments") == (True, None)
    write(1, at=LATER)
    assert get_head().seq == 14
    assert verify(app, "--segments") == (True, None)


def test_a_second_time_changes_nothing(app, trail):
    assert put_away() == 10
    assert put_away() == 0
    assert len(list_segments()) == 1


def test_the_newest_stays_whatever_its_age(app):
    write(3)
    assert put_away() == 2
    assert [event.seq for event in walk_chain()] == [3, 4]
    assert put_away(older_than=LATER + timedelta(days=1)) == 1
    assert verify(app, "--segments") == (True, None)


def test_an_empty_trail_has_nothing_to_seal(app):
    assert put_away() == 0


def test_the_job_fills_file_after_file(app, monkeypatch):
    monkeypatch.setattr(audit_segment, "MOST_IN_A_FILE", 4)
    write(10)
    monkeypatch.setattr("trainer.clock.now", lambda: LATER + timedelta(days=1))
    assert seal_audit.run({"AUDIT_RETENTION_DAYS": 400}) == tell("job_sealed", {"events": 10, "files": 3})
    assert [(s.first_seq, s.last_seq) for s in list_segments()] == [(1, 4), (5, 8), (9, 10)]
    assert verify(app, "--segments") == (True, None)
    assert seal_audit.run({"AUDIT_RETENTION_DAYS": 400}) == tell("job_nothing_to_do", {})


def test_killed_in_the_middle_nothing_is_lost(app, trail, monkeypatch):
    """The file may lie there already: the rows go only together with the segment."""
    before = list(walk_chain())

    def die(*_args, **_values):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(audit, "record", die)
        with pytest.raises(KeyboardInterrupt):
            put_away()
    assert list(walk_chain()) == before
    assert list_segments() == []
    assert len(list(storage.names())) >= 1
    assert put_away() == 10
    assert verify(app, "--segments") == (True, None)


def test_the_file_is_encrypted(app, trail):
    put_away()
    stored = db.session.scalar(db.select(StoredFile))
    assert "王秀芳".encode() not in storage.read(stored.stored_as)
    assert b"thing.change" not in storage.read(stored.stored_as)


def test_a_damaged_or_missing_file_is_found(app, trail):
    put_away()
    name = db.session.scalar(db.select(StoredFile.stored_as))
    content = bytearray(storage.read(name))
    content[len(content) // 2] ^= 1
    storage.replace(name, bytes(content))
    assert first_broken_sealed() == 1
    storage.delete(name)
    assert verify(app, "--segments") == (False, 1)
    assert verify(app) == (True, None)  # what is at hand still holds


def test_a_broken_chain_is_not_put_away(app, trail, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Event, "reckon", lambda event: "f" * 64 if event.seq == 4 else event.hash)
        with pytest.raises(ChainBroken) as refused:
            put_away()
    assert refused.value.values == {"number": 4}
    assert db.session.scalar(db.select(db.func.count()).select_from(AuditEvent)) == 12


def test_an_emptied_table_is_found(app, trail):
    put_away()
    with transaction():
        if db.session.get_bind().dialect.name == "postgresql":
            db.session.execute(db.text("DROP FUNCTION audit_append_only() CASCADE"))
        else:
            db.session.execute(db.text("DROP TRIGGER audit_events_kept"))
        db.session.execute(db.delete(AuditEvent))
    assert verify(app) == (False, 11)


def test_sealed_rows_cannot_be_written_again(app, trail):
    put_away()
    row = {c.name: None for c in AuditEvent.__table__.columns} | {"seq": 3, "at": AT, "actor_name": "x", "action": "x"}
    row |= {"object_type": "x", "object_id": "x", "success": True, "details": {}, "previous_hash": "", "hash": ""}
    with pytest.raises(db.exc.DBAPIError, match="append-only"), transaction():
        db.session.execute(db.insert(AuditEvent).values(**row))
    with pytest.raises(db.exc.DBAPIError, match="append-only"), transaction():
        db.session.execute(db.delete(AuditSegment))


def test_the_pages_say_what_is_sealed(app, trail, signed_in):
    put_away()
    auditor = signed_in(factories.account(factories.Role.AUDITOR))
    assert "No. 10 are sealed" in auditor.get("/audit/thing/1?lang=en").text
    assert auditor.get("/audit/3").status_code == 404
