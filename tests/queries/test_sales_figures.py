"""What sales add up to: apart by shop, by source and by what the amounts measure, in a fixed number of statements."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.platforms.makers import sample
from tests.services.test_sales import NOW, SHIPPED, order, orders_file, take_in
from trainer.database import transaction
from trainer.domain.actors import Role
from trainer.domain.anomaly import AnomalyCheck, AnomalyState
from trainer.domain.sales import GmvMeasure, RefundBasis, SalesKind, ShopRole, TrustBasis
from trainer.domain.sales_figures import ShopFigures
from trainer.models import Anomaly, Livestream, OrderLine, Settlement, Shop
from trainer.queries.figures import net_sales as evidence_of
from trainer.queries.own_sales import get_own_main_sales, get_own_sales, list_own_broadcasts
from trainer.queries.reconciliation import haircut, list_reconciled
from trainer.queries.sales_figures import get_figures, list_months
from trainer.queries.shop import list_shop_lines
from trainer.services.attribution import attribute

pytestmark = pytest.mark.postgresql
EVENING = datetime(2026, 3, 8, 11, tzinfo=UTC)


def test_each_source_keeps_its_own_figures(app):
    person = factories.person()
    kuaishou, douyin = factories.shop(person, "kuaishou"), factories.shop(person, "douyin", "秀芳家")
    take_in(kuaishou, sample("kuaishou_live_sessions_SYNTHETIC.xlsx"))
    take_in(douyin, sample("douyin_live_sessions_SYNTHETIC_gbk.csv"))
    take_in(douyin, sample("douyin_orders_SYNTHETIC_tabids.csv"))
    first, second = (one.figures for one in get_own_sales(person.id))
    assert (first.orders, first.typed, first.settled) == (None, None, None)
    assert (first.listed.gmv_fen, first.listed.net_fen) == (1778050, None)
    assert first.listed.refunds == ((RefundBasis.REFUND_DAY, 143940),)
    assert not first.listed.viewers_exact
    assert (second.listed.gmv_fen, second.listed.net_fen) == (2533300, 2533300 - 491400)
    assert second.listed.gmv_incl_abnormal_fen == 3384300
    assert (second.orders.orders, second.orders.paid_fen, second.orders.refunded_fen) == (29, 438190, 208050)
    assert (second.orders.net_fen, second.settled) == (230140, None)
    assert set(get_own_sales(person.id)[1].files) == {SalesKind.LIVE_SESSION, SalesKind.ORDER}
    assert [row.started_at for _shop, row in list_own_broadcasts(person.id, most=3)] == sorted(
        (row.started_at for _shop, row in list_own_broadcasts(person.id)), reverse=True
    )[:3]


def test_a_sum_is_trusted_as_little_as_its_least_line(app):
    shop = factories.shop(factories.person(), "taobao")
    take_in(shop, orders_file(order(1, day="2026-03-20 10:00:00"), order(2, day="2026-04-30 10:00:00", state=SHIPPED)))
    (own,) = get_own_sales(shop.person_id)
    assert own.figures.orders.trust is TrustBasis.FRESH_ORDERS
    assert [(month.name, month.orders.trust) for month in list_months(shop.id)] == [
        ("2026-04", TrustBasis.FRESH_ORDERS),
        ("2026-03", TrustBasis.MATURE_ORDERS),
    ]


def test_months_are_those_of_china(app):
    """Half past midnight on the first of April is March in UTC."""
    shop = factories.shop(factories.person(), "taobao")
    take_in(shop, orders_file(order(1, day="2026-04-01 00:30:00"), order(2, day="2026-03-31 23:59:00")))
    assert [(month.name, month.orders.orders) for month in list_months(shop.id)] == [("2026-04", 1), ("2026-03", 1)]


def test_money_whose_payment_day_the_file_does_not_print_is_counted_wherever_it_is_shown(app):
    """Where a file has no column for it, the state says that an order was paid: on every page or on none."""
    shop = factories.shop(factories.person(), "taobao")
    same = {"shop_id": shop.id, "platform": "taobao", "trust": 2}
    paid = {**same, "status": "received", "paid_fen": 5_000, "refunded_fen": 1_000}
    with transaction() as session:
        ordered = datetime(2026, 3, 31, 17, tzinfo=UTC)  # April in China
        session.add(OrderLine(natural_key="a", order_key="a", ordered_at=ordered, **paid))
        session.add(OrderLine(natural_key="b", order_key="b", **paid))
        session.add(OrderLine(natural_key="c", order_key="c", ordered_at=ordered, status="unpaid", **same))
    (own,) = get_own_sales(shop.person_id)
    (line,) = list_shop_lines(factories.actor(Role.MANAGER))
    assert (own.figures.orders.orders, own.figures.orders.paid_fen, own.figures.orders.net_fen) == (2, 10_000, 8_000)
    assert (line.figures.orders.paid_fen, line.figures.orders.net_fen) == (10_000, 8_000)
    assert [(month.name, month.orders.paid_fen) for month in list_months(shop.id)] == [
        ("2026-04", 5_000),
        (None, 5_000),
    ]


def test_a_shop_with_unpaid_orders_alone_has_no_figures_and_not_nought(app):
    shop = factories.shop(factories.person(), "taobao")
    line = OrderLine(shop_id=shop.id, platform="taobao", natural_key="a", order_key="a", status="unpaid", trust=2)
    with transaction() as session:
        session.add(line)
    (own,) = get_own_sales(shop.person_id)
    (listed,) = list_shop_lines(factories.actor(Role.MANAGER))
    assert (own.figures.orders, listed.figures.orders) == (None, None)


@pytest.mark.parametrize("shops", [1, 3])
def test_statements_do_not_grow_with_the_shops(app, count_statements, shops):
    person = factories.person()
    for number in range(shops):
        shop = factories.shop(person, "taobao", f"店{number}")
        take_in(shop, orders_file(*(order(10 * number + each) for each in range(shops))), at=NOW)
    person_id = person.id
    with count_statements() as seen:
        assert len(get_own_sales(person_id)) == shops
    assert len(seen) == 5
    with count_statements() as seen:
        get_own_main_sales(person_id)
    assert len(seen) == 3


def test_a_woman_without_a_shop_costs_one_statement(app, count_statements):
    person_id = factories.person().id
    with count_statements() as seen:
        assert get_own_sales(person_id) == []
    assert len(seen) == 1


def live(shop, key: str, minutes: int = 0, **facts) -> Livestream:
    same = {"shop_id": shop.id, "platform": shop.platform, "natural_key": key, "trust": 2, "duration_s": 3600}
    with transaction() as session:
        row = Livestream(**{**same, "started_at": EVENING + timedelta(minutes=minutes), **facts})
        session.add(row)
    return row


def sold(shop, fen: int, minutes: float = 0, **facts) -> OrderLine:
    number = next(factories._numbers)
    same = {"shop_id": shop.id, "platform": shop.platform, "natural_key": f"k{number}", "order_key": f"o{number}"}
    with transaction() as session:
        paid_at = EVENING + timedelta(minutes=minutes)
        row = OrderLine(**{**same, "status": "received", "paid_at": paid_at, "paid_fen": fen, "trust": 3, **facts})
        session.add(row)
    return row


def settlement(shop, fen: int, at: datetime, key: str) -> None:
    with transaction() as session:
        session.add(
            Settlement(
                **{"shop_id": shop.id, "platform": shop.platform, "natural_key": key, "settled_at": at},
                **{"income_fen": fen + 30, "refund_fen": 20, "fees_fen": 10, "settled_fen": fen},
            )
        )


def figures(shop, between=None) -> ShopFigures:
    return get_figures({shop.id: shop.role}, between)[shop.id]


def test_unlike_amounts_are_never_added(app):
    """Room and window, refunds of either basis, lists and typing, orders and settlements: each sum is of one kind."""
    shop = factories.shop(factories.person(), "taobao")
    live(shop, "a", gmv_fen=1_000, refund_fen=100, refund_basis="payment_day")
    assert figures(shop).listed.net_fen == 900
    live(shop, "b", 90, gmv_fen=200)
    assert (figures(shop).listed.gmv_fen, figures(shop).listed.net_fen) == (
        1_200,
        None,
    )  # what of b came back is unknown
    live(shop, "c", 180, gmv_fen=5_000, gmv_measure="window", refund_fen=7, refund_basis="refund_day")
    live(shop, "d", 270, gmv_fen=40_000, trust=0, refund_fen=0, refund_basis="payment_day")
    live(shop, "e", 360, gmv_fen=2_000, trust=1)
    found = figures(shop)
    assert (found.listed.broadcasts, found.listed.gmv_fen) == (3, None)
    assert dict(found.listed.amounts) == {GmvMeasure.ROOM: 1_200, GmvMeasure.WINDOW: 5_000}
    assert dict(found.listed.refunds) == {RefundBasis.PAYMENT_DAY: 100, RefundBasis.REFUND_DAY: 7}
    assert (found.typed.broadcasts, found.typed.gmv_fen, found.typed.trust) == (2, 42_000, TrustBasis.SELF_REPORT)
    assert found.listed.trust is TrustBasis.BROADCAST_EXPORT


def test_what_was_settled_comes_from_settlements_or_from_orders_and_never_from_both(app):
    shop = factories.shop(factories.person(), "douyin")
    sold(shop, 1_000, settled_fen=900)
    sold(shop, 0, is_gift=True, order_key="gift")
    assert figures(shop).orders.orders == 1
    assert figures(shop).settled == (900, TrustBasis.MATURE_ORDERS)
    settlement(shop, 500, EVENING + timedelta(days=40), "f-1")
    assert figures(shop).settled == (500, TrustBasis.SETTLEMENT)
    assert figures(shop, (EVENING, EVENING + timedelta(days=1))).settled == (900, TrustBasis.MATURE_ORDERS)
    march, april = list_months(shop.id)[::-1]
    assert (march.name, march.settlements, april.name, april.orders) == ("2026-03", None, "2026-04", None)
    assert april.settlements.settled_fen == 500


def test_how_orders_found_their_broadcast_is_shown_beside_the_sum(app):
    shop = factories.shop(factories.person())
    one = live(shop, "s-1", gmv_fen=30_000, session_key="s-1")
    sold(shop, 6_000, session_key="s-1")
    sold(shop, 2_000, 5)
    sold(shop, 500, 5, is_live=False)
    sold(shop, 300, 6_000, is_live=True)
    assert figures(shop).orders.live_fen == 300  # before it is reckoned: what the file says
    with transaction():
        attribute(shop.id, EVENING)
    orders = figures(shop).orders
    assert (orders.named_fen, orders.inferred_fen, orders.unlisted_fen, orders.open_fen) == (6_000, 2_000, 300, 0)
    assert (orders.live_fen, orders.inferred_bp) == (8_300, 2_500)
    assert list_reconciled(shop.id) == []  # no order is known from before it began
    sold(shop, 100, -60)
    (reconciled,) = list_reconciled(shop.id)
    assert (reconciled.livestream_id, reconciled.orders_fen, reconciled.inferred_share) == (one.id, 8_000, 0.25)
    assert not reconciled.agrees
    live(shop, "window", 600, gmv_fen=9, gmv_measure="window")
    live(shop, "endless", 700, gmv_fen=9, duration_s=None)
    assert [row.livestream_id for row in list_reconciled(shop.id)] == [one.id]


def test_what_refunds_leave_is_of_a_cohorts_own_shops_and_of_old_enough_orders(app):
    cohort = factories.cohort()
    for number in range(5):
        shop = factories.shop(factories.enrolment(cohort, factories.person()).person, name=f"店{number}")
        sold(shop, 1_000, refunded_fen=100 * number)
        sold(shop, 9_000, refunded_fen=0, trust=2)
        assert haircut(cohort.id).left_bp == (8_000 if number == 4 else None)


def test_evidence_leaves_out_what_was_decided_and_takes_what_was_earned(app):
    """A host earns the commission; a shop with settlements alone counts with what was settled; fresh lines wait."""
    own, host, settled = (factories.shop(factories.person(), name=name) for name in ("甲", "乙", "丙"))
    with transaction() as session:
        session.get(Shop, host.id).role = ShopRole.HOST
        anomaly = decided_finding(own)
        session.add(anomaly)
    sold(own, 5_000, refunded_fen=1_000)
    sold(own, 70_000, excluded_by=anomaly.id)
    sold(own, 800, trust=2)
    sold(host, 50_000, commission_fen=2_500)
    sold(host, 50_000, refunded_fen=50_000, commission_fen=2_500)
    sold(host, 50_000)
    settlement(settled, 640, EVENING, "f-1")
    settlement(own, 9_999, EVENING, "f-2")  # her orders speak already
    found = evidence_of([shop.person_id for shop in (own, host, settled)], at=EVENING + timedelta(days=60))
    assert found == {own.person_id: (4_000, 1, 3), host.person_id: (2_500, 2, 3), settled.person_id: (640, 1, 1)}
    assert figures(own).orders.excluded_fen == 70_000
    assert figures(own).orders.paid_fen == 75_800  # shown all the same


def decided_finding(shop) -> Anomaly:
    return Anomaly(
        **{"shop_id": shop.id, "check": AnomalyCheck.BURST, "subject": "x", "state": AnomalyState.DECIDED, "weight": 1},
        **{"evidence": {}, "found_at": EVENING},
    )
