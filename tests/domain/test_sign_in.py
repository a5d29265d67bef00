"""What stands between a right password and the rights: which step comes when, and whose roles stay outside."""

from datetime import UTC, datetime, timedelta

import pytest

from trainer.domain.actors import Grant, Role, SignInStep
from trainer.domain.password import ASVS
from trainer.domain.sign_in import SignInRules

AT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
RULES = SignInRules(max_age=timedelta(days=90), second_factor_roles=frozenset({Role.FINANCE}))
FRESH, OLD = AT - timedelta(days=1), AT - timedelta(days=90)
ADMINISTRATOR, AUDITOR, MANAGER = Grant(Role.SYSTEM_ADMINISTRATOR), Grant(Role.AUDITOR), Grant(Role.MANAGER)


@pytest.mark.parametrize(
    ("role", "enrolled", "set_at", "step"),
    [
        (Role.MANAGER, False, FRESH, None),
        (Role.MANAGER, True, FRESH, SignInStep.SECOND_FACTOR),
        (Role.MANAGER, True, OLD, SignInStep.SECOND_FACTOR),
        (Role.MANAGER, False, OLD, SignInStep.NEW_PASSWORD),
        (Role.FINANCE, False, FRESH, SignInStep.ENROL_SECOND_FACTOR),
        (Role.FINANCE, False, OLD, SignInStep.ENROL_SECOND_FACTOR),
        (Role.FINANCE, True, FRESH, SignInStep.SECOND_FACTOR),
    ],
)
def test_what_comes_after_the_password(role, enrolled, set_at, step):
    assert RULES.first_step(frozenset({role}), enrolled=enrolled, set_at=set_at, at=AT) is step


def test_an_old_password_is_renewed_after_the_second_factor():
    assert RULES.last_step(OLD, at=AT) is SignInStep.NEW_PASSWORD
    assert RULES.last_step(FRESH, at=AT) is None


def test_asvs_forces_no_renewal():
    rules = SignInRules(policy=ASVS, max_age=timedelta(days=90))
    assert rules.last_step(OLD, at=AT) is None
    assert rules.due_at(OLD) is None


def test_the_reminder_comes_two_weeks_before():
    set_at = AT - timedelta(days=76)
    assert RULES.reminds(set_at, at=AT) == set_at + timedelta(days=90)
    assert RULES.reminds(set_at, at=AT - timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    ("networks", "address", "left"),
    [
        ((), "203.0.113.9", (ADMINISTRATOR, AUDITOR, MANAGER)),
        (("10.1.0.0/16",), "10.1.200.3", (ADMINISTRATOR, AUDITOR, MANAGER)),
        (("192.168.0.0/24", "10.1.0.0/16"), "10.1.200.3", (ADMINISTRATOR, AUDITOR, MANAGER)),
        (("10.1.0.0/16",), "10.2.0.1", (MANAGER,)),
        (("10.1.0.0/16",), "2001:db8::1", (MANAGER,)),
        (("10.1.0.0/16",), None, (MANAGER,)),
        (("10.1.0.0/16",), "", (MANAGER,)),
    ],
)
def test_administrators_and_auditors_work_from_their_networks(networks, address, left):
    rules = SignInRules(admin_networks=networks)
    assert rules.carried((ADMINISTRATOR, AUDITOR, MANAGER), address) == left
