"""What somebody signed in was refused stands in the audit trail: who, where from, which page and things, why; not her words."""

import pytest

from tests import factories
from tests.factories import DATONG, LINFEN
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.audit import first_broken
from trainer.queries.audit import walk_chain
from trainer.services import account as accounts
from trainer.services import audit

WORDS = "Typed-by-her-77"


def refusals() -> list:
    db.session.rollback()
    return [event for event in walk_chain() if event.action.endswith(".refused")]


@pytest.fixture
def staff(signed_in):
    return signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))


def test_a_thing_of_another_area(staff):
    cohort = factories.cohort(region=LINFEN)
    assert staff.get(f"/cohorts/{cohort.id}?q={WORDS}").status_code == 404
    (event,) = refusals()
    assert (event.action, event.object_type, event.object_id) == ("access.refused", "cohort", str(cohort.id))
    assert (event.success, event.address) == (False, "127.0.0.1")
    assert event.details == {
        "page": "cohort.show",
        "method": "GET",
        "code": "not_found",
        "ids": {"cohort_id": cohort.id},
    }


def test_a_door_that_is_not_hers(staff):
    assert staff.get("/accounts").status_code == 404
    (event,) = refusals()
    assert (event.action, event.object_type, event.object_id) == ("access.refused", "page", "account.index")


def test_a_rule_of_an_act_that_the_page_words_itself(signed_in):
    """The form answers with the sentence; the trail knows all the same, and nothing of what was typed."""
    administrator = signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))
    with transaction():
        grant = factories.Grant(Role.FINANCE)
        accounts.invite("taken", "王一", "", grant, by=SYSTEM, at=clock.now())
    form = {"username": "taken", "name": WORDS, "role": "finance", "idempotency_key": "k" * 32}
    assert administrator.post("/accounts/new", data=form).status_code == 422
    (event,) = refusals()
    assert (event.action, event.details["code"]) == ("act.refused", "username_taken")
    assert WORDS not in str(event)


def test_a_rule_of_an_act_that_ends_on_the_error_page(signed_in):
    account = factories.account(Role.SYSTEM_ADMINISTRATOR)
    assert signed_in(account).post(f"/accounts/{account.id}/active", data={"active": "no"}).status_code == 422
    (event,) = refusals()
    assert (event.action, event.object_type, event.details["code"]) == ("act.refused", "account", "own_account")


def test_a_form_without_its_key(app, signed_in, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    administrator = signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))
    assert administrator.post("/jobs/recompute_metrics/runs").status_code == 400
    (event,) = refusals()
    assert event.details["code"] == "stale_form"


def test_what_is_no_refusal_leaves_nothing(staff, client):
    assert staff.get("/no/such/page").status_code == 404
    assert staff.get("/cohorts").status_code == 200
    assert staff.post("/cohorts").status_code == 405
    client.get("/accounts")
    client.get(f"/invitation/{WORDS}")
    assert refusals() == []


def test_a_token_in_an_address_is_not_written_down(staff):
    assert staff.get(f"/invitation/{WORDS}").status_code == 422
    (event,) = refusals()
    assert (event.object_type, event.object_id, event.details["ids"]) == ("page", "session.invitation", {})


def test_a_flood_of_tries_does_not_fill_the_trail(staff, signed_in):
    for number in range(900, 900 + audit.MOST_REFUSALS + 5):
        assert staff.get(f"/cohorts/{number}").status_code == 404
    told = [event.details.get("more_not_recorded", False) for event in refusals()]
    assert told == [False] * (audit.MOST_REFUSALS - 1) + [True]
    signed_in(factories.account(Role.PARTNER)).get("/accounts")
    assert len(refusals()) == audit.MOST_REFUSALS + 1
    assert first_broken(walk_chain()) is None


def test_a_refusal_that_cannot_be_written_is_still_a_refusal(staff, monkeypatch, caplog):
    def busy(*_args, **_values):
        raise db.exc.OperationalError("", {}, Exception("locked"))

    monkeypatch.setattr(audit, "record_refusal", busy)
    assert staff.get("/accounts").status_code == 404
    assert "not in the audit trail" in caplog.text


def test_every_way_in_is_written_down_with_its_address(app, client):
    """Right and wrong passwords, the step between, and going out; a name that nobody has is in no trail."""
    account = factories.account(Role.MANAGER)
    place = {"REMOTE_ADDR": "203.0.113.7"}
    for name, password in ((account.username, "wrong"), ("nobody", "wrong"), (account.username, factories.PASSWORD)):
        client.post("/sign-in", data={"username": name, "password": password}, environ_overrides=place)
    client.post("/sign-out", environ_overrides=place)
    told = [(event.action, event.success, event.account_id, event.address) for event in walk_chain()]
    assert told == [
        ("account.sign_in", False, account.id, "203.0.113.7"),
        ("account.sign_in", True, account.id, "203.0.113.7"),
        ("account.sign_out", True, account.id, "203.0.113.7"),
    ]
