"""Four digits that prove who she is: which ones do, and how often she may guess."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from trainer.crypto import hash_token
from trainer.database import db, transaction
from trainer.models import AuditEvent, SignInSession
from trainer.services import confirmation

pytestmark = pytest.mark.sqlite_is_enough

NOW = datetime(2026, 3, 11, 1, 0, tzinfo=UTC)
ID_NUMBER = "14021519900307123X"


@pytest.fixture
def woman(app):
    return factories.person("王秀芳", phone="14000001234", id_number=ID_NUMBER)


@pytest.fixture
def actor(woman):
    return factories.actor_of(factories.account(factories.Role.TRAINEE, person=woman))


@pytest.fixture
def session_id(actor):
    row = SignInSession(
        token_hash=hash_token("x"),
        account_id=actor.account_id,
        created_at=NOW,
        last_seen_at=NOW,
        expires_at=NOW + timedelta(days=90),
        is_device=True,
    )
    return factories._save(row).id


def try_digits(session_id, actor, digits, at=NOW):
    with transaction():
        return confirmation.confirm(session_id, digits, by=actor, at=at)


def confirmed_at(session_id):
    db.session.rollback()
    return db.session.scalar(db.select(SignInSession.confirmed_at).where(SignInSession.id == session_id))


@pytest.mark.parametrize(
    ("digits", "right"),
    [
        ("1234", True),
        ("123x", True),
        ("１２３Ｘ", True),
        (" 1234 ", True),
        ("4321", False),
        ("234", False),
        ("", False),
        ("14000001234", False),
    ],
)
def test_the_ends_of_her_two_numbers_prove_her(woman, digits, right):
    assert confirmation.proves(woman, digits) is right


def test_a_woman_without_numbers_proves_nothing(app):
    nobody = factories.person(phone_index=None)
    nobody.phone = None
    assert not confirmation.proves(nobody, "")


def test_the_session_remembers_and_the_trail_tells(session_id, actor):
    assert not try_digits(session_id, actor, "0000")
    assert confirmed_at(session_id) is None
    assert try_digits(session_id, actor, "1234")
    assert confirmed_at(session_id) == NOW
    events = db.session.scalars(db.select(AuditEvent).where(AuditEvent.action == "account.confirm")).all()
    assert [event.success for event in events] == [False, True]
    assert "1234" not in str([event.details for event in events])


def test_after_five_wrong_tries_the_right_digits_wait_too(session_id, actor):
    for _ in range(5):
        assert not try_digits(session_id, actor, "0000")
    with pytest.raises(confirmation.DigitsLocked):
        try_digits(session_id, actor, "1234")
    assert try_digits(session_id, actor, "1234", at=NOW + timedelta(minutes=16))
