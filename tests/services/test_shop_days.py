"""Sums by day: what counts, on which day in China, and that they are the rows' own sums."""

from datetime import UTC, date, datetime

import pytest

from tests import factories
from trainer.database import db, transaction
from trainer.models import ProductDay, Settlement, ShopDay
from trainer.services.shop_days import sum_up_days

pytestmark = pytest.mark.postgresql
# Ten in the evening of the 10th in China, and one o'clock that night, which is the 11th there and the 10th in UTC.
EVENING, NIGHT = datetime(2026, 4, 10, 14, tzinfo=UTC), datetime(2026, 4, 10, 17, tzinfo=UTC)
TENTH, ELEVENTH = date(2026, 4, 10), date(2026, 4, 11)


@pytest.fixture
def shop(app):
    return factories.shop(factories.person())


def summed(shop) -> dict[date, dict]:
    with transaction():
        sum_up_days(shop.id, EVENING)
    rows = db.session.execute(db.select(ShopDay.__table__).where(ShopDay.shop_id == shop.id)).mappings()
    return {row["day"]: {name: value for name, value in row.items() if value and name != "shop_id"} for row in rows}


def test_orders_count_on_their_day_of_payment_in_china(shop):
    factories.order_line(shop, EVENING, 3_000, refunded_fen=1_000, order_key="o1", commission_fen=5)
    factories.order_line(shop, EVENING, 2_000, order_key="o1", trust=2)
    factories.order_line(shop, NIGHT, 7_000, settled_fen=6_500, received_at=EVENING)
    firm = {"firm_paid_fen": 3_000, "firm_refunded_fen": 1_000, "commission_fen": 5, "firm_commission_fen": 5}
    settled = {"order_settled_fen": 6_500}
    assert summed(shop) == {
        TENTH: {"day": TENTH, "orders": 1, "paid_fen": 5_000, "refunded_fen": 1_000, **firm, **settled},
        ELEVENTH: {"day": ELEVENTH, "orders": 1, "paid_fen": 7_000, "firm_paid_fen": 7_000},
    }


LEFT_OUT = {
    "gift": {"is_gift": True},
    "unpaid": {"paid_at": None, "ordered_at": EVENING, "paid_fen": 0},
    "without a day": {"paid_at": None, "ordered_at": None},
}


@pytest.mark.parametrize("facts", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_no_sale_of_a_day_is_in_no_sum(shop, facts):
    factories.order_line(shop, **{"paid_on": EVENING, **facts})
    assert summed(shop) == {}


def test_what_a_decision_leaves_out_is_in_no_sum(shop):
    found = factories.anomaly(shop).id
    factories.order_line(shop, EVENING, excluded_by=found)
    factories.livestream(shop, EVENING, duration_s=3600, viewers=50, excluded_by=found)
    assert summed(shop) == {}


QUALIFYING = [
    ({"duration_s": 1800, "viewers": 20}, 1),
    ({"duration_s": 1799, "viewers": 500}, 0),
    ({"duration_s": 7200, "viewers": 19}, 0),
    ({"duration_s": None, "viewers": 20}, 1),
    ({"duration_s": 1800, "viewers": None}, 1),
    ({"duration_s": 1799, "viewers": None}, 0),
    ({"duration_s": None, "viewers": None}, 0),
]


@pytest.mark.parametrize(("facts", "qualifies"), QUALIFYING)
def test_which_broadcasts_qualify(shop, facts, qualifies):
    factories.livestream(shop, EVENING, **facts)
    found = summed(shop)[TENTH]
    assert (found["broadcasts"], found.get("qualifying", 0)) == (1, qualifies)


def test_what_somebody_only_says_is_no_broadcast_and_what_was_checked_is_one(shop):
    factories.livestream(shop, EVENING, duration_s=3600, viewers=50, trust=0)
    assert summed(shop) == {}
    factories.livestream(shop, EVENING, duration_s=3600, viewers=50, trust=1)
    assert summed(shop)[TENTH]["qualifying"] == 1


def test_settlements_count_on_the_day_of_settlement(shop):
    money = {"income_fen": 900, "refund_fen": 0, "fees_fen": 100, "settled_fen": 800}
    with transaction() as session:
        for key, moment in (("a", NIGHT), ("b", NIGHT), ("c", None)):
            facts = {"natural_key": key, "settled_at": moment, **money}
            session.add(Settlement(shop_id=shop.id, platform="kuaishou", **facts))
    assert summed(shop) == {ELEVENTH: {"day": ELEVENTH, "flow_settled_fen": 1_600}}


def test_products_of_a_day_are_the_money_of_that_day(shop):
    for fen, product in ((3_000, "p1"), (500, "p2"), (2_000, "p1")):
        factories.order_line(shop, EVENING, fen, product_key=product, refunded_fen=100)
    day = summed(shop)[TENTH]
    rows = db.session.execute(db.select(ProductDay.product_key, ProductDay.paid_fen, ProductDay.refunded_fen)).all()
    assert sorted(map(tuple, rows)) == [("p1", 5_000, 200), ("p2", 500, 100)]
    assert (day["paid_fen"], day["refunded_fen"]) == (5_500, 300)


def test_summing_up_again_replaces_the_sums(shop):
    line = factories.order_line(shop, EVENING, 3_000)
    assert summed(shop)[TENTH]["paid_fen"] == 3_000
    with transaction() as session:
        session.delete(session.get(type(line), line.id))
    assert summed(shop) == {}


def test_a_fixed_number_of_statements(shop, count_statements):
    factories.order_line(shop, EVENING)
    shop_id = shop.id
    with count_statements() as few, transaction():
        sum_up_days(shop_id, EVENING)
    for _ in range(2):
        factories.order_line(shop, NIGHT)
    with count_statements() as many, transaction():
        sum_up_days(shop_id, EVENING)
    assert len(few) == len(many) == 4
