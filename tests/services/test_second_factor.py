"""The second factor: begun, confirmed, each code taken once, wrong ones slow, recovery codes, switched off."""

from datetime import timedelta

import pyotp
import pytest

from tests import factories
from tests.races import overlap
from trainer import crypto
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.sign_in import SignInRules
from trainer.domain.visitor import Visitor
from trainer.models import AuditEvent, Device, RecoveryCode, SecondFactor, SignInSession
from trainer.services import second_factor, throttle
from trainer.services.second_factor import Proof

pytestmark = pytest.mark.sqlite_is_enough

AT = factories.AT
HERE = Visitor(address="10.1.1.1")


class Owner:
    """An account with a second factor in force, and its app."""

    def __init__(self, role: Role = Role.FINANCE) -> None:
        self.account = factories.account(role)
        self.app = pyotp.TOTP(factories.second_factor(self.account))
        self.by = factories.actor_of(self.account)

    def code(self, steps: int = 0) -> str:
        return self.app.at(AT + timedelta(seconds=30 * steps))

    def check(self, code: str, *, at=AT, visitor: Visitor = HERE):
        with transaction():
            return second_factor.check(self.account.id, code, by=self.by, at=at, visitor=visitor)


@pytest.fixture
def owner(app):
    return Owner()


@pytest.mark.parametrize(("steps", "proof"), [(-2, None), (-1, "yes"), (0, "yes"), (1, "yes"), (2, None)])
def test_point_17_a_code_is_good_one_step_early_or_late(owner, steps, proof):
    assert owner.check(owner.code(steps)) is (Proof.AUTHENTICATOR if proof else None)


def test_point_17_a_step_is_taken_once_and_none_before_it(owner):
    assert owner.check(owner.code(0)) is Proof.AUTHENTICATOR
    assert owner.check(owner.code(0)) is None
    assert owner.check(owner.code(-1)) is None
    assert owner.check(owner.code(1)) is Proof.AUTHENTICATOR


def test_point_17_one_code_sent_twice_at_once_lets_in_once(app, owner):
    def enter():
        return second_factor.check(owner.account.id, owner.code(), by=owner.by, at=AT, visitor=HERE)

    assert overlap(app, enter, enter) == [Proof.AUTHENTICATOR, None]


def test_five_wrong_codes_shut_out_the_right_one_for_a_quarter_of_an_hour(owner):
    for place in ("10.1.1.1", "10.2.2.2", "10.3.3.3", "10.4.4.4", "10.5.5.5"):
        assert owner.check("000000", visitor=Visitor(address=place)) is None
    with pytest.raises(second_factor.CodesLocked):
        owner.check(owner.code())
    later = AT + throttle.WINDOW + timedelta(seconds=1)
    assert owner.check(owner.app.at(later), at=later) is Proof.AUTHENTICATOR


def test_her_known_browser_is_not_shut_out_by_somebody_who_knows_the_password(owner):
    with transaction():
        device = Device(token_hash="d" * 64, created_at=AT, last_seen_at=AT)
        db.session.add(device)
        db.session.flush()
        db.session.add(
            SignInSession(
                token_hash="s" * 64,
                account_id=owner.account.id,
                device_id=device.id,
                created_at=AT,
                last_seen_at=AT,
                expires_at=AT,
            )
        )
        known = Visitor(address="10.9.9.9", device_id=device.id)
    for _ in range(second_factor.TRIES):
        owner.check("000000")
    assert owner.check(owner.code(), visitor=known) is Proof.AUTHENTICATOR


def test_an_account_without_one_checks_nothing(app):
    account = factories.account(Role.MANAGER)
    with pytest.raises(second_factor.NoSecondFactor), transaction():
        second_factor.check(account.id, "000000", by=factories.actor_of(account), at=AT, visitor=HERE)


@pytest.fixture
def beginner(app):
    """(account, by) of somebody who has begun, and her app."""
    account = factories.account(Role.MANAGER)
    by = factories.actor_of(account)
    with transaction():
        second_factor.begin(account.id, by=by, at=AT)
    return account, by, pyotp.TOTP(db.session.get(SecondFactor, account.id).secret)


def test_it_is_in_force_with_the_first_right_code(beginner):
    account, by, app = beginner
    with transaction():
        assert second_factor.confirm(account.id, "000000", by=by, at=AT, visitor=HERE) is None
    assert db.session.get(SecondFactor, account.id).confirmed_at is None
    with transaction():
        codes = second_factor.confirm(account.id, app.at(AT), by=by, at=AT, visitor=HERE)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    with transaction():
        assert second_factor.check(account.id, app.at(AT), by=by, at=AT, visitor=HERE) is None, "taken already"
    with pytest.raises(second_factor.SecondFactorOn), transaction():
        second_factor.begin(account.id, by=by, at=AT)


def test_sessions_that_came_in_without_it_end(beginner, signed_in):
    account, by, app = beginner
    elsewhere = signed_in(account)
    assert elsewhere.get("/cohorts").status_code == 200
    with transaction():
        second_factor.confirm(account.id, app.at(AT), by=by, at=AT, visitor=HERE)
    assert elsewhere.get("/cohorts").status_code == 302


@pytest.fixture
def with_codes(owner):
    with transaction():
        owner.codes = second_factor.renew_codes(owner.account.id, by=owner.by, at=AT)
    return owner


def test_a_recovery_code_lets_in_once(with_codes):
    first, second = with_codes.codes[:2]
    assert with_codes.check(f" {first.upper()} ") is Proof.RECOVERY_CODE
    assert with_codes.check(first) is None
    assert with_codes.check(second.replace("-", "")) is Proof.RECOVERY_CODE


def test_a_recovery_code_sent_twice_at_once_lets_in_once(app, with_codes):
    def enter():
        return second_factor.check(with_codes.account.id, with_codes.codes[0], by=with_codes.by, at=AT, visitor=HERE)

    assert overlap(app, enter, enter) == [Proof.RECOVERY_CODE, None]


def test_recovery_codes_are_hers_alone(with_codes):
    assert Owner().check(with_codes.codes[0]) is None


def test_a_new_set_ends_the_old_one(with_codes):
    old = with_codes.codes[0]
    with transaction():
        second_factor.renew_codes(with_codes.account.id, by=with_codes.by, at=AT)
    assert with_codes.check(old) is None


def test_neither_secret_nor_codes_stand_in_the_database_or_the_trail(with_codes):
    kept = db.session.scalars(db.text("SELECT secret FROM second_factors")).all()
    kept += db.session.scalars(db.select(RecoveryCode.code_hash)).all()
    kept += [str(row) for row in db.session.scalars(db.select(AuditEvent.details))]
    for value in (with_codes.app.secret, *with_codes.codes):
        assert not any(value in text or value.replace("-", "") in text for text in kept)
        assert crypto.hash_token(value.replace("-", "")) not in kept, "a hash without the key is soon guessed"


def test_it_is_switched_off_only_where_no_role_wants_it(owner):
    rules = SignInRules(second_factor_roles=frozenset({Role.FINANCE}))
    with pytest.raises(second_factor.SecondFactorRequired), transaction():
        second_factor.switch_off(owner.account.id, by=owner.by, at=AT, rules=rules)
    with transaction():
        second_factor.switch_off(owner.account.id, by=owner.by, at=AT, rules=SignInRules())
    assert db.session.get(SecondFactor, owner.account.id) is None


def test_the_address_for_the_app_names_the_site_and_the_account(owner):
    address = second_factor.address_of(db.session.get(SecondFactor, owner.account.id), "chen")
    assert address.startswith("otpauth://totp/")
    assert "chen" in address
    assert owner.app.secret in address
