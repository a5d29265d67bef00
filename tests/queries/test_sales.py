"""What a trainee's own page reads: apart by shop and source, in a fixed number of statements."""

from datetime import UTC, datetime

import pytest

from tests import factories
from tests.platforms.makers import sample
from tests.services.test_sales import NOW, SHIPPED, order, orders_file, take_in
from trainer.database import transaction
from trainer.domain.actors import Role
from trainer.domain.sales import RefundBasis, SalesKind, TrustBasis
from trainer.models import OrderLine
from trainer.queries.sales import get_own_sales, list_own_broadcasts
from trainer.queries.shop import list_order_months, list_shop_lines

pytestmark = pytest.mark.postgresql


def test_each_source_keeps_its_own_figures(app):
    person = factories.person()
    kuaishou, douyin = factories.shop(person, "kuaishou"), factories.shop(person, "douyin", "秀芳家")
    take_in(kuaishou, sample("kuaishou_live_sessions_SYNTHETIC.xlsx"))
    take_in(douyin, sample("douyin_live_sessions_SYNTHETIC_gbk.csv"))
    take_in(douyin, sample("douyin_orders_SYNTHETIC_tabids.csv"))
    first, second = get_own_sales(person.id)
    assert first.orders is None
    assert (first.broadcasts.gmv_fen, first.broadcasts.net_fen) == (1778050, None)
    assert first.broadcasts.refunds == ((RefundBasis.REFUND_DAY, 143940),)
    assert not first.broadcasts.viewers_exact
    assert (second.broadcasts.gmv_fen, second.broadcasts.net_fen) == (2533300, 2533300 - 491400)
    assert second.broadcasts.gmv_incl_abnormal_fen == 3384300
    assert (second.orders.orders, second.orders.paid_fen, second.orders.refunded_fen) == (29, 438190, 208050)
    assert (second.orders.net_fen, second.orders.settled_fen) == (230140, None)
    assert set(second.files) == {SalesKind.LIVE_SESSION, SalesKind.ORDER}
    assert [row.started_at for _shop, row in list_own_broadcasts(person.id, most=3)] == sorted(
        (row.started_at for _shop, row in list_own_broadcasts(person.id)), reverse=True
    )[:3]


def test_a_sum_is_trusted_as_little_as_its_least_line(app):
    shop = factories.shop(factories.person(), "taobao")
    take_in(shop, orders_file(order(1, day="2026-03-20 10:00:00"), order(2, day="2026-04-30 10:00:00", state=SHIPPED)))
    (own,) = get_own_sales(shop.person_id)
    assert own.orders.trust is TrustBasis.FRESH_ORDERS
    assert [(month, one.trust) for month, one in list_order_months(shop.id)] == [
        ("2026-04", TrustBasis.FRESH_ORDERS),
        ("2026-03", TrustBasis.MATURE_ORDERS),
    ]


def test_months_are_those_of_china(app):
    """Half past midnight on the first of April is March in UTC."""
    shop = factories.shop(factories.person(), "taobao")
    take_in(shop, orders_file(order(1, day="2026-04-01 00:30:00"), order(2, day="2026-03-31 23:59:00")))
    assert [(month, one.orders) for month, one in list_order_months(shop.id)] == [("2026-04", 1), ("2026-03", 1)]


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
    assert (own.orders.orders, own.orders.paid_fen, own.orders.net_fen) == (2, 10_000, 8_000)
    assert (line.paid_fen, line.net_fen) == (10_000, 8_000)
    assert [(month, one.paid_fen) for month, one in list_order_months(shop.id)] == [("2026-04", 5_000), (None, 5_000)]


def test_a_shop_with_unpaid_orders_alone_has_no_figures_and_not_nought(app):
    shop = factories.shop(factories.person(), "taobao")
    line = OrderLine(shop_id=shop.id, platform="taobao", natural_key="a", order_key="a", status="unpaid", trust=2)
    with transaction() as session:
        session.add(line)
    (own,) = get_own_sales(shop.person_id)
    (listed,) = list_shop_lines(factories.actor(Role.MANAGER))
    assert (own.orders, listed.paid_fen, listed.net_fen) == (None, None, None)


@pytest.mark.parametrize("shops", [1, 3])
def test_statements_do_not_grow_with_the_shops(app, count_statements, shops):
    person = factories.person()
    for number in range(shops):
        shop = factories.shop(person, "taobao", f"店{number}")
        take_in(shop, orders_file(*(order(10 * number + each) for each in range(shops))), at=NOW)
    person_id = person.id
    with count_statements() as seen:
        assert len(get_own_sales(person_id)) == shops
    assert len(seen) == 4


def test_a_woman_without_a_shop_costs_one_statement(app, count_statements):
    person_id = factories.person().id
    with count_statements() as seen:
        assert get_own_sales(person_id) == []
    assert len(seen) == 1
