"""The audit trail: chained, ordered, nothing of it without its act."""

import pytest

from tests import factories
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM
from trainer.models import AuditEvent
from trainer.services import audit


def test_events_form_a_chain(app):
    with transaction():
        for number in range(3):
            audit.record("thing.change", "thing", number, by=SYSTEM, at=factories.AT, before=1, after=2)
    events = db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.seq)).all()
    assert [e.seq for e in events] == [1, 2, 3]
    assert [e.previous_hash for e in events] == [audit.FIRST_HASH, events[0].hash, events[1].hash]
    db.session.expire_all()
    assert all(audit.event_hash(e) == e.hash for e in events)


def test_a_changed_event_no_longer_fits_its_hash(app):
    with transaction():
        audit.record("thing.change", "thing", 1, by=SYSTEM, at=factories.AT, amount=5)
    with transaction() as session:
        session.scalars(db.select(AuditEvent)).one().details = {"amount": 6}
    event = db.session.scalars(db.select(AuditEvent)).one()
    assert audit.event_hash(event) != event.hash


def test_a_refused_act_leaves_no_event(app):
    def act():
        with transaction():
            audit.record("thing.change", "thing", 1, by=SYSTEM, at=factories.AT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert db.session.scalar(db.select(db.func.count()).select_from(AuditEvent)) == 0
