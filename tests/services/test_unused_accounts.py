"""Accounts that nobody uses: which are shut, who always stays, and what letting one in again means."""

from datetime import timedelta

import pytest

from tests import factories
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.jobs import tell
from trainer.jobs import shut_unused_accounts
from trainer.models import Account, AuditEvent, Delivery, SignInSession
from trainer.queries.account import get_actor
from trainer.services import account as accounts
from trainer.services.unused_accounts import shut_unused

pytestmark = pytest.mark.sqlite_is_enough

NOW = factories.AT + timedelta(days=400)


def days_ago(days):
    return NOW - timedelta(days=days)


@pytest.fixture
def keeper(app):
    """Somebody who keeps the system and was here today."""
    return factories.account(Role.SYSTEM_ADMINISTRATOR, last_sign_in_at=NOW)


def run(days=90, at=NOW):
    with transaction():
        return shut_unused(days, at=at)


def fresh(row) -> Account:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(Account, row.id)


@pytest.mark.parametrize(
    ("values", "shut"),
    [
        ({"created_at": days_ago(90)}, True),
        ({"created_at": days_ago(89)}, False),
        ({"created_at": days_ago(400), "last_sign_in_at": days_ago(90)}, True),
        ({"created_at": days_ago(400), "last_sign_in_at": days_ago(89)}, False),
        ({"created_at": days_ago(400), "last_sign_in_at": days_ago(300), "active_changed_at": days_ago(89)}, False),
        ({"created_at": days_ago(400), "active_changed_at": days_ago(90)}, True),
    ],
)
def test_it_counts_from_the_last_of_sign_in_invitation_and_letting_in(keeper, values, shut):
    row = factories.account(Role.MANAGER, **values)
    assert run() == ([row.id] if shut else [])
    assert fresh(row).active is not shut


def test_a_shut_account_says_why_its_sessions_end_and_administrators_are_told(keeper):
    row = factories.account(Role.FINANCE)
    factories.session_token(row)
    with transaction():
        db.session.execute(db.update(Account).where(Account.id == row.id).values(last_sign_in_at=days_ago(100)))
        db.session.execute(db.update(SignInSession).values(expires_at=NOW + timedelta(days=1)))
    assert run() == [row.id]
    row = fresh(row)
    assert (row.shut_because, row.active_changed_at) == ("unused", NOW)
    assert db.session.scalar(db.select(SignInSession.revoked_at)) == NOW
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "account.disable"))
    assert (event.object_id, event.details, event.account_id) == (str(row.id), {"because": "unused", "days": 90}, None)
    assert db.session.scalars(db.select(Delivery.account_id)).all() == [keeper.id]
    assert run() == []


def test_a_womans_account_is_never_shut(keeper):
    _enrolment, account = factories.trainee(factories.cohort())
    assert run() == []
    assert fresh(account).active


def test_the_last_who_keeps_the_system_stays(app):
    older, newer = (factories.account(Role.SYSTEM_ADMINISTRATOR, last_sign_in_at=days_ago(n)) for n in (300, 200))
    invited = factories.account(Role.SYSTEM_ADMINISTRATOR, password_hash=None)  # cannot sign in: keeps nothing
    county = factories.account(Role.SYSTEM_ADMINISTRATOR, region=factories.DATONG)
    assert run() == [older.id, invited.id, county.id]
    assert fresh(newer).active


def test_let_in_again_it_is_not_shut_the_next_night(keeper):
    row = factories.account(Role.MANAGER)
    run()
    by = get_actor(keeper)
    with transaction():
        accounts.set_active(db.session.get(Account, row.id), True, by=by, at=NOW)
    assert run(at=NOW + timedelta(days=1)) == []
    assert (fresh(row).shut_because, row.active) == ("", True)
    assert run(at=NOW + timedelta(days=90)) == [row.id]


def test_the_job_says_how_many_and_can_be_switched_off(keeper):
    long_ago = clock.now() - timedelta(days=91)
    row = factories.account(Role.MANAGER, created_at=long_ago)
    assert shut_unused_accounts.run({"UNUSED_ACCOUNT_DAYS": 0}) == tell("job_nothing_to_do", {})
    assert fresh(row).active
    assert shut_unused_accounts.run({"UNUSED_ACCOUNT_DAYS": 90}) == tell("job_shut", {"accounts": 1})
    assert not fresh(row).active
