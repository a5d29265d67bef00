"""Ways in are single-use, whoever else tries at the same moment."""

from datetime import timedelta

import pytest

from tests import factories
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Grant, Role
from trainer.domain.password import DENGBAO
from trainer.models import AccessToken, Account, AuditEvent, RoleGrant
from trainer.services import access, throttle, trainee_access
from trainer.services import account as accounts
from trainer.services import password as passwords
from trainer.services import session as sessions

LIFE = timedelta(hours=1)


@pytest.fixture
def code(app):
    """(phone, code) of a trainee."""
    person = factories.person(phone="14000005151")
    trainee = factories.account(Role.TRAINEE, person=person)
    with transaction():
        issued = trainee_access.issue_trainee_code(db.session.get(Account, trainee.id), by=SYSTEM, at=AT)
    return "14000005151", issued


def test_wrong_codes_at_once_cost_a_try_each(app, code):
    phone, right = code
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"

    def guess():
        return trainee_access.sign_in_with_code(phone, wrong, at=AT, life=LIFE)

    assert overlap(app, guess, guess) == [None, None]
    assert db.session.scalar(db.select(AccessToken.tries_left)) == 3


def test_one_code_lets_in_once(app, code):
    phone, right = code

    def enter():
        return trainee_access.sign_in_with_code(phone, right, at=AT, life=LIFE)

    first, second = overlap(app, enter, enter)
    assert first
    assert second is None


def test_one_set_up_link_makes_one_administrator(app):
    with transaction():
        token = accounts.issue_setup_link(by=SYSTEM, at=AT)

    password = passwords.prepare(factories.PASSWORD, DENGBAO)

    def set_up(username):
        return lambda: accounts.create_first_administrator(
            token, username=username, name="管理员", password=password, at=AT
        )

    _, second = overlap(app, set_up("first"), set_up("second"))
    assert isinstance(second, access.LinkSpent)
    assert list(db.session.scalars(db.select(Account.username))) == ["first"]


def test_a_locked_account_stays_shut_for_a_password_that_was_being_checked(app):
    """The slow hash runs before the transaction: the lock may have fallen meanwhile."""
    account = factories.account(Role.MANAGER)
    for _ in range(sessions.FAILURES_ALLOWED):
        with transaction():
            sessions.count_failure(account.id, at=AT)
    with pytest.raises(sessions.WrongCredentials), transaction():
        sessions.sign_in(account.id, at=AT)
    with transaction():
        assert sessions.sign_in(account.id, at=AT + throttle.WINDOW)


def test_the_same_role_is_given_once(app):
    account, by = factories.account(Role.MANAGER, region=factories.DATONG), factories.actor(Role.SYSTEM_ADMINISTRATOR)
    for grant in (Grant(Role.MANAGER, factories.DATONG), Grant(Role.MANAGER, factories.LINFEN)) * 2:
        with transaction():
            accounts.grant_role(db.session.get(Account, account.id), grant, by=by, at=AT)
    held = db.session.scalars(db.select(RoleGrant.region_code).where(RoleGrant.account_id == account.id))
    assert sorted(held) == [factories.DATONG, factories.LINFEN]
    told = db.session.scalar(
        db.select(db.func.count()).where(
            AuditEvent.action == "account.grant_role", AuditEvent.object_id == str(account.id)
        )
    )
    assert told == 1
