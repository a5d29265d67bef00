"""A second factor taken off: two people, neither of them its owner; or whoever has the server."""

import pytest
from sqlalchemy.exc import IntegrityError

from tests import factories
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.errors import NotFound
from trainer.models import Account, AuditEvent, RecoveryCode, SecondFactor, SecondFactorReset
from trainer.services import second_factor_reset as resets
from trainer.services.account import OwnAccount
from trainer.services.second_factor import NoSecondFactor

pytestmark = pytest.mark.sqlite_is_enough


@pytest.fixture
def people(app):
    """(owner, first administrator, second administrator)."""
    owner = factories.account(Role.FINANCE)
    factories.second_factor(owner)
    return owner, factories.account(Role.SYSTEM_ADMINISTRATOR), factories.account(Role.SYSTEM_ADMINISTRATOR)


def ask(owner, by) -> int:
    with transaction():
        return resets.ask(db.session.get(Account, owner.id), "手机掉进河里", by=factories.actor_of(by), at=AT).id


def decide(reset_id, by, approved=True):
    with transaction():
        resets.decide(reset_id, approved, by=factories.actor_of(by), at=AT)


def test_two_people_take_it_off_and_the_sessions_end(people, signed_in):
    owner, first, second = people
    hers = signed_in(owner)
    assert hers.get("/programmes").status_code == 200
    decide(ask(owner, first), second)
    assert db.session.get(SecondFactor, owner.id) is None
    assert db.session.scalars(db.select(RecoveryCode)).all() == []
    assert hers.get("/programmes").status_code == 302
    told = set(db.session.scalars(db.select(AuditEvent.action).where(AuditEvent.object_id == str(owner.id))))
    assert {"second_factor.ask_reset", "second_factor.reset"} <= told


def test_refused_it_stays(people):
    owner, first, second = people
    reset = ask(owner, first)
    decide(reset, second, approved=False)
    assert db.session.get(SecondFactor, owner.id)
    with pytest.raises(NotFound):
        decide(reset, second)
    assert ask(owner, second), "it may be asked for again"


def test_neither_the_asker_nor_the_owner_decides(people):
    owner, first, _second = people
    reset = ask(owner, first)
    with pytest.raises(resets.SecondPersonNeeded):
        decide(reset, first)
    with pytest.raises(OwnAccount):
        decide(reset, owner)
    assert db.session.get(SecondFactor, owner.id)


def test_nobody_asks_for_herself(people):
    _owner, first, _second = people
    factories.second_factor(first)
    with pytest.raises(OwnAccount):
        ask(first, first)


def test_one_waits_at_a_time_and_only_where_there_is_something_to_take_off(people):
    owner, first, second = people
    ask(owner, first)
    with pytest.raises(resets.ResetAsked):
        ask(owner, second)
    with pytest.raises(NoSecondFactor):
        ask(second, first)


@pytest.mark.parametrize("decider", ["asker", "owner"])
def test_the_database_refuses_one_person_in_both_seats(people, decider):
    owner, first, _second = people
    reset = ask(owner, first)
    decided = {"decided_by": (first if decider == "asker" else owner).id, "decided_at": AT, "approved": True}
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(db.update(SecondFactorReset).where(SecondFactorReset.id == reset).values(decided))


def test_whoever_has_the_server_does_it_alone_and_ends_what_waits(people):
    owner, first, second = people
    reset = ask(owner, first)
    with transaction():
        resets.reset_from_the_server(owner.username, "只有一位管理员", at=AT)
    assert db.session.get(SecondFactor, owner.id) is None
    with pytest.raises(NotFound):
        decide(reset, second)
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "second_factor.reset"))
    assert event.account_id is None


def test_the_command_needs_a_reason_and_says_whom_it_does_not_know(people, app):
    owner = people[0]
    run = app.test_cli_runner().invoke
    command = app.cli.commands["second-factor-reset"]
    assert run(command, [owner.username]).exit_code == 2
    assert run(command, ["nobody", "--reason", "lost"]).exit_code == 2
    done = run(command, [owner.username, "--reason", "lost"])
    assert done.exit_code == 0, done.output
    assert owner.name in done.output
    reasons = [
        event.details.get("reason")
        for event in db.session.scalars(db.select(AuditEvent).where(AuditEvent.action == "second_factor.ask_reset"))
    ]
    assert reasons == ["lost"]
