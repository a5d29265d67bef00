"""Explaining and deciding: two people, what is left out of scoring and counts again, refusals, races."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from tests import factories
from tests.factories import AT
from tests.races import overlap
from tests.services.test_anomaly_findings import broadcast, burst, kept, line, look, states
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.anomaly import AnomalyCheck, AnomalyState, Decision, Explanation
from trainer.errors import Conflict, NotFound
from trainer.models import AuditEvent, Delivery, Message, OrderLine, SalesEntry
from trainer.models.anomaly import Anomaly
from trainer.services import anomaly

pytestmark = pytest.mark.postgresql

C, D, E, S = AnomalyCheck, Decision, Explanation, AnomalyState


@pytest.fixture
def shop(app):
    return factories.shop(factories.person(), "douyin")


@pytest.fixture
def staff(app):
    return factories.actor(Role.COHORT_STAFF)


@pytest.fixture
def manager(app):
    return factories.actor(Role.MANAGER)


@pytest.fixture
def bursting(shop) -> int:
    burst(shop, 1)
    look(shop)
    return kept(shop)[C.BURST][0].id


def fresh(anomaly_id: int) -> Anomaly:
    db.session.rollback()
    return db.session.get(Anomaly, anomaly_id, populate_existing=True)


def explain(anomaly_id, by, explanation=E.GROUP_PURCHASE, *, words="问过本人：村里团购", seen=None):
    seen = fresh(anomaly_id).version if seen is None else seen
    with transaction():
        anomaly.explain(anomaly_id, explanation, words, seen=seen, by=by, at=AT)


def decide(anomaly_id, by, decision=D.EXCLUDE, *, reason="说不清来历", seen=None):
    seen = fresh(anomaly_id).version if seen is None else seen
    with transaction():
        anomaly.decide(anomaly_id, decision, reason, seen=seen, by=by, at=AT)


def reopen(anomaly_id, by):
    seen = fresh(anomaly_id).version
    with transaction():
        anomaly.reopen(anomaly_id, "重新核实", seen=seen, by=by, at=AT)


def left_out() -> dict[int, int]:
    """By order line, the finding that leaves it out of scoring."""
    db.session.rollback()
    rows = db.session.execute(db.select(OrderLine.id, OrderLine.excluded_by).where(OrderLine.excluded_by.is_not(None)))
    return dict(rows.all())


def test_rows_left_out_count_again_when_the_decision_is_taken_back(shop, bursting, staff, manager):
    other = line(shop, 50).id
    explain(bursting, staff)
    decide(bursting, manager)
    assert (len(left_out()), other in left_out(), set(left_out().values())) == (5, False, {bursting})
    look(shop)  # found again, and decided all the same
    assert fresh(bursting).state is S.DECIDED
    reopen(bursting, manager)
    assert left_out() == {}
    assert states(bursting) == [S.OPEN, S.EXPLAINED, S.DECIDED, S.OPEN]
    trail = [
        (e.action, e.details.get("rows")) for e in db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.seq))
    ]
    assert trail == [("anomaly.explain", None), ("anomaly.decide", 5), ("anomaly.reopen", 5)]
    assert "团购" not in str([event.details for event in db.session.scalars(db.select(AuditEvent))])


def test_what_two_findings_leave_out_stays_out_for_the_other(shop, staff, manager):
    for n in range(1, 6):
        line(shop, n, paid_at=AT + timedelta(seconds=n), province="山西", empty_parcel=n < 3)
    look(shop)
    first, second = kept(shop)[C.BURST][0].id, kept(shop)[C.SHIPPING][0].id
    for one in (first, second):
        explain(one, staff, E.NO_EXPLANATION)
        decide(one, manager)
    assert list(left_out().values()) == [first] * 5
    reopen(first, manager)
    assert list(left_out().values()) == [second] * 2


def test_accepting_leaves_nothing_out(bursting, staff, manager):
    explain(bursting, staff)
    decide(bursting, manager, D.ACCEPT, reason="")
    assert (left_out(), fresh(bursting).state) == ({}, S.DECIDED)


def test_a_call_back_stays_in_the_queue_and_is_decided_again(bursting, staff, manager):
    explain(bursting, staff, E.NO_EXPLANATION, words="电话没人接")
    decide(bursting, manager, D.BACK_CHECK, reason="请上门问问")
    row = fresh(bursting)
    assert (row.state, row.decision) == (S.OPEN, D.BACK_CHECK)
    with pytest.raises(anomaly.NotExplained):
        decide(bursting, manager)
    # Whoever asked for it may visit herself; then another one decides.
    explain(bursting, manager)
    with pytest.raises(anomaly.OwnExplanation):
        decide(bursting, manager)
    decide(bursting, factories.actor(Role.MANAGER), D.ACCEPT)
    assert fresh(bursting).state is S.DECIDED


def test_it_takes_two_people(bursting, manager):
    explain(bursting, manager)
    with pytest.raises(anomaly.OwnExplanation):
        decide(bursting, manager)
    signed = db.update(Anomaly).values(decided_by=manager.account_id)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(signed)


def test_refusals(shop, bursting, staff, manager):
    with pytest.raises(anomaly.NotExplained):
        decide(bursting, manager)
    with pytest.raises(anomaly.DoesNotFit):
        explain(bursting, staff, E.CATCHING_UP)
    with pytest.raises(Conflict):
        explain(bursting, staff, seen=9)
    with pytest.raises(NotFound):
        explain(99, staff, seen=1)
    with pytest.raises(anomaly.NotDecided):
        reopen(bursting, manager)
    explain(bursting, staff)
    decide(bursting, manager)
    with pytest.raises(anomaly.AlreadyDecided):
        explain(bursting, staff)
    with pytest.raises(anomaly.AlreadyDecided):
        decide(bursting, factories.actor(Role.MANAGER), seen=1)


def test_what_is_gone_is_not_decided(shop, staff):
    row = broadcast(shop, 1, peak_online=50, viewers=20)
    look(shop)
    finding = kept(shop)[C.IMPOSSIBLE_ORDER][0].id
    with transaction():
        db.session.merge(row).viewers = 100
    look(shop)
    with pytest.raises(anomaly.FindingGone):
        explain(finding, staff)


def test_nobody_decides_about_herself(shop, bursting):
    owner = factories.account(Role.MANAGER, person=db.session.get(type(shop), shop.id).person)
    with pytest.raises(anomaly.OwnShop):
        explain(bursting, factories.actor_of(owner))


@pytest.mark.parametrize("column", ["entered_by", "typed_by"])
def test_nobody_decides_about_what_she_typed(shop, staff, column):
    facts = {"state": "submitted", "entered_at": AT, "started_at": AT - timedelta(days=60), "gmv_fen": 1, "nonce": "n"}
    typists = {"entered_by": factories.account().id, column: staff.account_id}
    factories._save(SalesEntry(shop_id=shop.id, **typists, **facts))
    look(shop)
    late = kept(shop)[C.ENTRY_PACE][0].id
    with pytest.raises(anomaly.OwnEntries):
        explain(late, staff, E.CATCHING_UP)
    explain(late, factories.actor(Role.COHORT_STAFF), E.CATCHING_UP)
    with pytest.raises(anomaly.NoRows):
        decide(late, factories.actor(Role.MANAGER))


def test_rows_that_are_not_all_named_are_not_left_out(shop, staff, manager):
    for n in range(20):
        line(shop, n, **({"sku": f"v{n % 2}"} if n < 7 else {}))
    look(shop)
    pattern = kept(shop)[C.PATTERN_SHARE][0].id
    explain(pattern, staff, E.ONE_PRODUCT)
    with pytest.raises(anomaly.TooManyRows):
        decide(pattern, manager)


def test_a_question_goes_into_her_inbox(shop, bursting, staff):
    with transaction():
        anomaly.ask_her(bursting, "您3月11日那批小米是谁一起订的？", by=staff, at=AT)
    message = db.session.scalar(db.select(Message).where(Message.code == "sales_question"))
    assert "小米" in message.values["question"]
    assert db.session.scalar(db.select(Delivery.person_id).where(Delivery.message_id == message.id)) == shop.person_id
    assert states(bursting) == [S.OPEN, S.OPEN]


def test_of_two_deciders_at_once_one_is_told(app, bursting, staff, manager):
    explain(bursting, staff)
    seen, other = fresh(bursting).version, factories.actor(Role.MANAGER)
    results = overlap(
        app,
        lambda: anomaly.decide(bursting, D.EXCLUDE, "a", seen=seen, by=manager, at=AT).id,
        lambda: anomaly.decide(bursting, D.ACCEPT, "b", seen=seen, by=other, at=AT).id,
    )
    assert results[0] == bursting
    assert isinstance(results[1], anomaly.AlreadyDecided)
    assert len(left_out()) == 5
