"""Finding and keeping: the samples, what becomes of a finding when figures change, statements, both databases."""

from datetime import timedelta

import pytest

from tests import factories, selections
from tests.factories import AT
from tests.platforms.makers import sample
from tests.services.test_sales import order, orders_file, preview, take_in
from trainer.database import db, transaction
from trainer.domain.anomaly import AnomalyCheck, AnomalyState, Decision, Explanation, Sign
from trainer.domain.sales_entry import EntryState
from trainer.models import Application, Livestream, OrderLine, Person, PictureTwin, Product, Round, SalesEntry
from trainer.models.anomaly import Anomaly, AnomalyEvent
from trainer.models.sales import Shop
from trainer.services import round as rounds
from trainer.services import sales_reckoning
from trainer.services.anomaly_findings import find, refresh_findings

pytestmark = pytest.mark.postgresql

C = AnomalyCheck
# Statements of a look at a shop, whatever the number of its rows.
FOUND_ANEW, CHANGED_AND_GONE = 16, 17
DOUYIN_BROADCASTS = "douyin_live_sessions_SYNTHETIC_gbk.csv"
DOUYIN_ORDERS = "douyin_orders_SYNTHETIC_tabids.csv"


@pytest.fixture
def shop(app):
    return factories.shop(factories.person(), "douyin")


def look(shop, at=AT) -> None:
    with transaction():
        refresh_findings(shop.id, at)


def kept(shop) -> dict[AnomalyCheck, list[Anomaly]]:
    db.session.rollback()
    rows = db.session.scalars(db.select(Anomaly).where(Anomaly.shop_id == shop.id).order_by(Anomaly.id))
    found: dict[AnomalyCheck, list[Anomaly]] = {}
    for row in rows.all():
        found.setdefault(row.check, []).append(row)
    return found


def states(anomaly_id: int) -> list[AnomalyState]:
    events = db.select(AnomalyEvent.state).where(AnomalyEvent.anomaly_id == anomaly_id).order_by(AnomalyEvent.id)
    return list(db.session.scalars(events))


def broadcast(shop, n: int = 1, **values) -> Livestream:
    facts = {"started_at": AT + timedelta(days=n), "gmv_fen": 100_00 + n, "trust": 2, "natural_key": f"{shop.id}-{n}"}
    return factories._save(Livestream(**{"shop_id": shop.id, "platform": shop.platform, **facts, **values}))


def line(shop, n: int, **values) -> OrderLine:
    facts = {
        "natural_key": f"{shop.id}-{n}",
        "order_key": f"order-{shop.id}-{n}",
        "product": "沁州黄小米",
        "product_key": "小米",
        "quantity": 1,
        "paid_at": AT + timedelta(hours=n),
        "paid_fen": 3990,
        "status": "received",
        "trust": 3,
    }
    return factories._save(OrderLine(**{"shop_id": shop.id, "platform": shop.platform, **facts, **values}))


def burst(shop, first: int, orders: int = 5) -> None:
    for n in range(first, first + orders):
        line(shop, n, paid_at=AT + timedelta(days=first, seconds=n), province="山西")


def test_the_samples_hold_what_was_planted(shop):
    take_in(shop, sample(DOUYIN_BROADCASTS))
    take_in(shop, sample(DOUYIN_ORDERS))
    with transaction():
        db.session.get(Shop, shop.id).changed_at = AT
        sales_reckoning.reckon(shop.id, at=AT)
    found = kept(shop)
    (bursting,) = found[C.BURST]
    ((sign, said),) = bursting.evidence["said"]
    assert (sign, said["orders"], len(bursting.evidence["order_lines"])) == (Sign.BURST, 6, 6)
    assert said["share"] >= 0.6
    refunds = {row.evidence["said"][0][0]: row for row in found[C.BULK_REFUNDS]}
    assert round(refunds[Sign.REFUND_RATE].evidence["said"][0][1]["share"], 3) == 0.475
    assert refunds[Sign.REFUNDED_TOGETHER].evidence["said"][0][1]["orders"] == 5
    (apart,) = found[C.ABNORMAL_TRADES]
    ((sign, said),) = apart.evidence["said"]
    assert (sign, round(said["share"], 3)) == (Sign.ABNORMAL_HOLD, 0.343)
    assert found[C.BROADCAST_AGAINST_ORDERS]


def test_a_finding_seen_again_is_the_same_one(shop):
    burst(shop, 1)
    look(shop)
    (first,) = kept(shop)[C.BURST]
    look(shop, AT + timedelta(hours=1))
    (again,) = kept(shop)[C.BURST]
    assert (again.id, again.state, again.version) == (first.id, first.state, 1)
    assert states(first.id) == [AnomalyState.OPEN]


def test_what_is_not_found_any_more_is_gone_unless_somebody_decided(shop):
    one, other = broadcast(shop, 1, peak_online=90, viewers=20), broadcast(shop, 2, peak_online=50, viewers=20)
    look(shop)
    mine, decided = kept(shop)[C.IMPOSSIBLE_ORDER]
    assert mine.evidence["livestreams"] == [one.id]
    with transaction():
        values = {"state": AnomalyState.DECIDED, "decision": Decision.ACCEPT}
        db.session.execute(db.update(Anomaly).where(Anomaly.id == decided.id).values(**values))
        db.session.execute(db.update(Livestream).where(Livestream.id.in_((one.id, other.id))).values(viewers=200))
    look(shop)
    assert [row.state for row in kept(shop)[C.IMPOSSIBLE_ORDER]] == [AnomalyState.GONE, AnomalyState.DECIDED]
    with transaction():
        db.session.execute(db.update(Livestream).where(Livestream.id == one.id).values(viewers=20))
    look(shop)
    assert states(mine.id) == [AnomalyState.OPEN, AnomalyState.GONE, AnomalyState.OPEN]


def test_a_decision_on_other_rows_is_opened_again_and_begins_anew(shop):
    burst(shop, 1)
    look(shop)
    (row,) = kept(shop)[C.BURST]
    with transaction():
        said = {"explanation": Explanation.GROUP_PURCHASE, "decision": Decision.ACCEPT, "state": AnomalyState.DECIDED}
        db.session.execute(db.update(Anomaly).where(Anomaly.id == row.id).values(**said))
    look(shop)
    assert kept(shop)[C.BURST][0].state is AnomalyState.DECIDED
    line(shop, 99, paid_at=AT + timedelta(days=1, seconds=30), province="山西")
    look(shop)
    (row,) = kept(shop)[C.BURST]
    assert (row.state, row.explanation, row.decision) == (AnomalyState.OPEN, None, None)
    assert states(row.id) == [AnomalyState.OPEN, AnomalyState.OPEN]


def test_a_like_shop_sets_the_bound_of_refunds(shop):
    for n in range(12):
        line(shop, n, paid_fen=1000 + n, refunded_fen=(1000 + n) if n < 6 else 0)
    assert [f.check for f in find(shop.id)] == [C.BULK_REFUNDS]
    for k in range(5):
        other = factories.shop(factories.person(f"李{k}"), "douyin", f"店{k}")
        for n in range(12):
            line(other, n, paid_fen=1000, refunded_fen=1000 if n < 6 + k % 2 else 0)
    assert find(shop.id) == []


def test_parcels(shop):
    line(shop, 1, parcel="a")
    line(shop, 2, parcel="a")
    line(shop, 3, order_key="x", parcel="b")
    line(shop, 4, order_key="x", parcel="b")
    line(shop, 5, shipped_at=AT + timedelta(hours=5, minutes=2))
    line(shop, 6, shipped_at=AT + timedelta(hours=5, minutes=2))  # before it was paid: a pre-sale
    sent = AT + timedelta(hours=20)
    line(shop, 7, shipped_at=sent, received_at=sent + timedelta(hours=3), province="广东省")
    line(shop, 8, shipped_at=sent, received_at=sent + timedelta(hours=3), province="山西")
    line(shop, 9, empty_parcel=True)
    found = {f.said[0][0]: f.said[0][1]["lines"] for f in find(shop.id) if f.check is C.SHIPPING}
    assert found == {Sign.ONE_PARCEL: 2, Sign.SHIPPED_AT_ONCE: 1, Sign.RECEIVED_FAST: 1, Sign.EMPTY_PARCEL: 1}


def test_one_picture_under_two_entries_is_seen_in_both_shops(shop):
    other = factories.shop(factories.person("李芳"), "douyin", "别家")
    facts = {"state": "submitted", "entered_at": AT, "started_at": AT, "gmv_fen": 1}
    mine = factories._save(SalesEntry(shop_id=shop.id, nonce="a", **facts))
    hers = factories._save(SalesEntry(shop_id=other.id, nonce="b", **facts))
    factories._save(PictureTwin(entry_id=hers.id, other_id=mine.id))
    for at, row in ((shop, mine), (other, hers)):
        (found,) = find(at.id)
        assert (found.check, found.entries) == (C.DOUBLE_CLAIM, (row.id,))
    with transaction():
        db.session.merge(hers).state = EntryState.TAKEN_BACK
    assert find(shop.id) == []


def test_a_row_that_another_shop_has_is_seen_on_both_sides(shop):
    other = factories.shop(factories.person("李芳"), "douyin", "别家")
    take_in(shop, sample(DOUYIN_ORDERS))
    preview(other, sample(DOUYIN_ORDERS))  # nothing of it can be taken in
    (claimant,) = (f for f in find(other.id) if f.check is C.DOUBLE_CLAIM)
    (holder,) = (f for f in find(shop.id) if f.check is C.DOUBLE_CLAIM)
    assert claimant.said[0][1] == {"count": 31, "shop": shop.id}
    assert (claimant.order_lines, len(holder.order_lines)) == ((), 31)


def test_a_refund_that_a_later_file_takes_back(app):
    shop = factories.shop(factories.person(), "taobao")
    take_in(shop, orders_file(order(1, refund="50.00"), order(2)))
    assert find(shop.id) == []
    take_in(shop, orders_file(order(1), order(2), order(3)))
    (found,) = find(shop.id)
    line_id = db.session.scalar(db.select(OrderLine.id).where(OrderLine.refunded_fen > 0))
    assert (found.said[0][0], found.order_lines) == (Sign.REFUND_VANISHED, (line_id,))


def test_most_was_sold_before_applications_closed(app):
    made = selections.ready()
    made.act(rounds.open_round)
    closed_at = db.session.scalar(db.select(Round.opened_at))
    person_id = db.session.scalar(db.select(Application.person_id))
    shop = factories.shop(db.session.get(Person, person_id))
    for n in range(12):
        line(shop, n, paid_fen=1000 + n, paid_at=closed_at - timedelta(days=1 if n < 10 else 30))
    (found,) = find(shop.id)
    assert (found.check, len(found.order_lines)) == (C.DEADLINE_RUSH, 10)


def test_what_is_about_a_typist_stands_in_one_shop(shop):
    typist = factories.account()
    other = factories.shop(factories.person("李芳"), "douyin", "别家")
    facts = {"state": "submitted", "started_at": AT, "gmv_fen": 1, "entered_by": typist.id}
    for n in range(10):
        at = AT + timedelta(seconds=10 * n)
        factories._save(SalesEntry(shop_id=(shop, other)[n % 2].id, nonce=str(n), entered_at=at, **facts))
    look(shop)
    look(other)
    assert (len(kept(shop)[C.ENTRY_PACE]), kept(other)) == (1, {})
    look(shop)  # its own is not another's
    assert kept(shop)[C.ENTRY_PACE][0].state is AnomalyState.OPEN


def test_a_broadcast_is_compared_with_those_of_the_same_goods(shop):
    like = factories.shop(factories.person("李芳"), "douyin", "同类")
    for at in (shop, like):
        factories._save(Product(shop_id=at.id, key="x", name="小米", category="grain_and_oil"))
    unlike = factories.shop(factories.person("张兰"), "douyin", "别类")
    for n in range(20):
        broadcast(like, n, buyers=10 + n % 5, viewers=1000)
        broadcast(unlike, 100 + n, buyers=300 + n, viewers=1000)
    mine = broadcast(shop, 50, buyers=310, viewers=1000)
    (found,) = find(shop.id)
    assert (found.check, found.livestreams) == (C.CONVERSION_OUTLIER, (mine.id,))
    with transaction():
        db.session.execute(db.delete(Product))
    assert find(shop.id) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_do_not_grow(shop, rows, count_statements):
    for n in range(rows):
        burst(shop, 100 * (n + 1))
        broadcast(shop, n, peak_online=50, viewers=20)
    shop_id = shop.id
    with transaction(), count_statements() as seen:
        refresh_findings(shop_id, AT)
    assert len(seen) == FOUND_ANEW
    with transaction():
        db.session.execute(db.update(Livestream).values(peak_online=90))
        db.session.execute(db.delete(OrderLine))
    with transaction(), count_statements() as seen:
        refresh_findings(shop_id, AT)
    assert len(seen) == CHANGED_AND_GONE
