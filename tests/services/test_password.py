"""Passwords of an account: the last ones are not taken again, and no more of them are kept than that."""

from datetime import timedelta

import pytest

from tests import factories
from tests.factories import AT
from trainer.crypto import verify_password
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.password import ASVS, DENGBAO
from trainer.models import Account, AuditEvent, PastPassword
from trainer.services import password as passwords
from trainer.wording import say

pytestmark = pytest.mark.sqlite_is_enough


def change(account, password: str, policy=DENGBAO, *, day: int = 0) -> None:
    fresh = db.session.get(Account, account.id)
    new = passwords.prepare(password, policy, account=fresh)
    with transaction():
        passwords.set_password(db.session.get(Account, account.id), new, by=SYSTEM, at=AT + timedelta(days=day))


@pytest.fixture
def account(app):
    return factories.account(Role.MANAGER)


def test_a_password_is_set_with_its_day_and_recorded_without_its_value(account):
    change(account, "Wide-river-12")
    row = db.session.get(Account, account.id)
    assert verify_password(row.password_hash, "Wide-river-12")
    assert row.password_set_at == AT
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "account.set_password"))
    assert "Wide-river" not in str(event.details)


def test_the_last_five_are_refused_and_the_sixth_is_not(account):
    for number in range(6):
        change(account, f"Wide-river-{number}0", day=number)
    for number in (5, 1):
        with pytest.raises(passwords.WeakPassword) as refused:
            change(account, f"Wide-river-{number}0")
        assert refused.value.code == "password_used_before"
    change(account, "Wide-river-00", day=9)
    assert len(db.session.scalars(db.select(PastPassword)).all()) == 5


def test_the_present_one_is_refused_even_where_none_was_remembered(account):
    with pytest.raises(passwords.WeakPassword):
        change(account, factories.PASSWORD)


def test_asvs_remembers_none(account):
    change(account, "tall trees in the wind", ASVS)
    change(account, "tall trees in the wind", ASVS)
    assert db.session.scalars(db.select(PastPassword)).all() == []


def test_each_refusal_says_what_is_wrong(app, account):
    with app.test_request_context():
        said = set()
        for typed in ("short", "talltreesinwind", f"Xyz-12-{account.username}", "Password-2026!", factories.PASSWORD):
            with pytest.raises(passwords.WeakPassword) as refused:
                passwords.prepare(typed, DENGBAO, account=db.session.get(Account, account.id))
            said.add(say(refused.value))
        assert len(said) == 5
        assert any("10" in sentence for sentence in said)
