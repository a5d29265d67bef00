"""Idempotency keys: the same key once, whoever asks how often."""

import threading

import pytest

from tests import factories
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.errors import Conflict
from trainer.models import SiteFlag
from trainer.services import idempotency


def test_the_second_time_answers_with_the_first_result(app):
    actor = factories.actor(Role.MANAGER)
    with transaction():
        assert idempotency.claim("k", "thing.create", by=actor, at=factories.AT) is None
        idempotency.remember("k", 7)
    with transaction():
        assert idempotency.claim("k", "thing.create", by=actor, at=factories.AT) == "7"


def test_somebody_elses_key_is_refused(app):
    mine, hers = factories.actor(Role.MANAGER), factories.actor(Role.MANAGER)
    with transaction():
        idempotency.claim("k", "thing.create", by=mine, at=factories.AT)
        idempotency.remember("k", 7)
    with pytest.raises(Conflict), transaction():
        idempotency.claim("k", "thing.create", by=hers, at=factories.AT)
    with pytest.raises(Conflict), transaction():
        idempotency.claim("k", "other.create", by=mine, at=factories.AT)


def test_two_at_once_make_one(app):
    actor = factories.actor(Role.MANAGER)
    answers, barrier = [], threading.Barrier(2)

    def click(number: int) -> None:
        with app.app_context():
            barrier.wait()
            with transaction() as session:
                done = idempotency.claim("double", "flag.create", by=actor, at=factories.AT)
                if done is None:
                    session.add(SiteFlag(name=f"made-{number}", value="1"))
                    idempotency.remember("double", number)
                    done = str(number)
            answers.append(done)

    clicks = [threading.Thread(target=click, args=(n,)) for n in (1, 2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    db.session.rollback()
    assert len(set(answers)) == 1
    assert len(answers) == 2
    assert db.session.scalar(db.select(db.func.count()).select_from(SiteFlag)) == 1
