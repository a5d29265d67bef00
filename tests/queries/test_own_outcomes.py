"""A woman's months beside those of her class, what reached her, and the facts of advice: in a fixed number of statements."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests import factories
from tests.queries.test_sales_figures import live, settlement, sold
from trainer.database import transaction
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.imports import BatchState, ImportKind
from trainer.domain.own_outcomes import Measure, Missing, StepKind
from trainer.domain.sales import Attribution, SalesKind, ShopRole
from trainer.models import ImportBatch, Product
from trainer.models.outcomes import EnrolmentOutcome, ProductDay, ShopDay
from trainer.queries.own_outcomes import get_own_outcomes, get_received
from trainer.services.shop_days import sum_up_days

pytestmark = pytest.mark.sqlite_is_enough
TODAY = date(2026, 4, 20)
BROADCASTS, SALES = Measure


def sums(shop, day: date, **facts) -> None:
    """A day of a shop as it is kept."""
    with transaction() as session:
        session.add(ShopDay(shop_id=shop.id, day=day, **facts))


def file_of(shop, kind: SalesKind, reaches_on: date | None = None) -> None:
    moment = datetime(2026, 4, 19, tzinfo=UTC)
    number = next(factories._numbers)
    with transaction() as session:
        batch = {"kind": ImportKind.SALES, "shop_id": shop.id, "filename": "f.xlsx", "sha256": f"{number:064d}"}
        state = {"state": BatchState.COMMITTED, "summary": {"kind": kind.value}, "committed_at": moment}
        session.add(ImportBatch(**batch, **state, created_at=moment, reaches_on=reaches_on))


def classmate(cohort, broadcasts: int, fen: int, day: date = date(2026, 4, 8), platform="kuaishou", **shop):
    """Whose data reach `day`."""
    row = factories.shop(factories.enrolment(cohort).person, platform, "别家", **shop)
    sums(row, day, broadcasts=broadcasts, orders=12, paid_fen=fen, commission_fen=fen // 10)
    return row


def herself(cohort, shops: int = 1):
    enrolment = factories.enrolment(cohort)
    for number in range(shops):
        shop = factories.shop(enrolment.person, "kuaishou", f"店{number}")
        sums(shop, date(2026, 3, 2), broadcasts=3, orders=4, paid_fen=4_000, refunded_fen=1_000)
        sums(shop, date(2026, 4, 8), broadcasts=2, orders=5, paid_fen=5_000, refunded_fen=500, firm_paid_fen=5_000)
    return enrolment


@pytest.fixture
def cohort(app):
    return factories.cohort(starts_on=date(2026, 2, 1), ends_on=date(2026, 2, 6))


@pytest.mark.parametrize("many", [1, 3])
def test_statements_do_not_grow_with_shops_classmates_and_broadcasts(cohort, count_statements, many):
    person_id = herself(cohort, many).person_id
    shop = factories.shop(factories.enrolment(cohort).person)
    for number in range(many):
        classmate(cohort, number, 100)
        live(shop, f"s-{number}", number)
    with count_statements() as seen:
        own = get_own_outcomes(person_id, today=TODAY)
    assert (len(seen), len(own.shops)) == (9, many)
    with count_statements() as seen:
        got = get_received(person_id, None, today=TODAY)
    assert (len(seen), len(got.shops)) == (5, 0)  # no order lines behind these sums


def test_a_woman_without_a_shop_costs_one_statement(cohort, count_statements):
    person_id = factories.enrolment(cohort).person_id
    with count_statements() as seen:
        assert get_own_outcomes(person_id, today=TODAY).shops == ()
    assert len(seen) == 1
    assert get_received(person_id, None, today=TODAY).month is None


def test_her_month_stands_beside_five_others_of_her_class_whose_data_reach_so_far(cohort):
    """Left out: herself, another platform, another class, one who left, one whose data end before, a host's money."""
    person_id = herself(cohort).person_id
    for broadcasts, fen in ((1, 1_000), (2, 2_000), (9, 90_000), (4, 4_000)):
        classmate(cohort, broadcasts, fen)
    classmate(cohort, 50, 500_000, platform="douyin")
    classmate(factories.cohort(), 50, 500_000)
    classmate(cohort, 50, 500_000, day=date(2026, 4, 7))
    left = factories.enrolment(cohort, status=EnrolmentStatus.WITHDRAWN)
    sums(factories.shop(left.person), date(2026, 4, 8), broadcasts=50, orders=9, paid_fen=500_000)
    (shop,) = get_own_outcomes(person_id, today=TODAY).shops
    assert [(one.typical, one.peers) for one in shop.comparisons] == [(None, 4), (None, 4)]
    classmate(cohort, 7, 70_000, role=ShopRole.HOST)
    stated = factories.shop(factories.enrolment(cohort).person)
    file_of(stated, SalesKind.ORDER, date(2026, 4, 30))  # nothing sold, and known to have sold nothing
    brought = factories.shop(factories.enrolment(cohort).person)  # with files of the ninth, though she broadcast before
    sums(brought, date(2026, 4, 5), broadcasts=3)
    sums(brought, date(2026, 4, 9), orders=1, paid_fen=100)
    broadcasts, sales = get_own_outcomes(person_id, today=TODAY).shops[0].comparisons
    assert (broadcasts.this.until, broadcasts.now.broadcasts, broadcasts.then.broadcasts) == (date(2026, 4, 8), 2, 3)
    assert (broadcasts.typical, broadcasts.peers) == (4, 6)
    assert (sales.figure(sales.now), sales.figure(sales.then)) == (4_500, 3_000)
    assert (sales.typical, sales.peers) == (2_000, 6)


def test_a_file_says_how_far_it_tells(cohort):
    enrolment = herself(cohort)
    (shop,) = get_own_outcomes(enrolment.person_id, today=TODAY).shops
    for kind, reaches_on in ((SalesKind.LIVE_SESSION, date(2026, 4, 15)), (SalesKind.ORDER, date(2026, 4, 30))):
        file_of(shop.shop, kind, reaches_on)
    own = get_own_outcomes(enrolment.person_id, today=TODAY)
    broadcasts, sales = own.shops[0].comparisons
    assert (broadcasts.this.until, sales.this.until) == (date(2026, 4, 15), TODAY)  # not beyond today
    assert (own.facts.files, own.facts.days_since_data) == (2, 0)


def test_advice_is_told_of_her_own_broadcasts_lines_products_and_stages(cohort):
    """A broadcast that nobody checked is read by her, and not reckoned with."""
    enrolment = factories.enrolment(cohort)
    shop = factories.shop(enrolment.person)
    evening = datetime(2026, 4, 15, 12, tzinfo=UTC)
    live(shop, "a", started_at=evening, viewers=300, orders=2, gmv_fen=9_000, new_followers=5)
    live(shop, "b", started_at=evening - timedelta(days=1), trust=0, viewers=9_999)
    for days, attribution in ((5, Attribution.NOT_LIVE), (6, Attribution.FILE), (7, Attribution.OPEN)):
        sold(shop, 1_000, paid_at=evening - timedelta(days=days), attribution=attribution)
    for key in ("paid-out", "waits"):
        sold(shop, 2_000, paid_at=evening - timedelta(days=60), order_key=key, product="小米", product_key="p")
    settlement(shop, 1_900, evening - timedelta(days=5), "f")
    with transaction() as session:
        session.execute(factories.db.text("UPDATE settlements SET order_key = 'paid-out'"))
        session.add(Product(shop_id=shop.id, key="p", name="小米"))
        session.add(
            EnrolmentOutcome(
                **{"enrolment_id": enrolment.id, "cohort_id": cohort.id, "stages": {"first_paid_order": "2026-04-10"}},
                **{"activity": {}, "sources": {}, "paid_90_fen": 0, "refunded_90_fen": 0},
            )
        )
        sum_up_days(shop.id, evening)
        day = ProductDay.__table__.update().where(ProductDay.product_key == "p").values(refunded_fen=700)
        session.execute(day)
    own = get_own_outcomes(enrolment.person_id, today=TODAY)
    assert [row.title or shop for shop, row in own.broadcasts] == ["秀芳杂粮"] * 2
    facts = own.facts
    assert (facts.viewers, facts.orders_live, facts.days_since_first_order) == (300, 2, 10)
    assert (facts.orders_told, facts.outside_bp) == (2, 5_000)
    assert (facts.unsettled_orders, facts.unsettled_fen) == (1, 2_000)
    with transaction() as session:  # the file ends before this money could be in it
        session.execute(ShopDay.__table__.update().where(ShopDay.day >= date(2026, 4, 1)).values(flow_settled_fen=0))
        session.add(ShopDay(shop_id=shop.id, day=date(2026, 3, 10), flow_settled_fen=1))
    assert get_own_outcomes(enrolment.person_id, today=TODAY).facts.unsettled_orders == 0


def test_what_reached_her_is_told_by_month_from_one_source(cohort):
    """The settlement file's month comes first; without one, a month that is over."""
    enrolment = factories.enrolment(cohort)
    shop, march = factories.shop(enrolment.person), datetime(2026, 3, 8, 4, tzinfo=UTC)
    sold(shop, 5_000, paid_at=march, refunded_fen=1_000)
    sold(shop, 6_000, paid_at=march + timedelta(days=40))

    def sum_up():
        with transaction():
            sum_up_days(shop.id, march)

    sum_up()
    got = get_received(enrolment.person_id, None, today=TODAY)
    ((_shop, way),) = got.shops
    assert (got.month, got.earlier, got.later) == (date(2026, 3, 1), None, date(2026, 4, 1))
    steps = [(StepKind.SOLD, 5_000), (StepKind.REFUND, 1_000), (StepKind.LEFT, 4_000)]
    assert (list(way.steps), way.missing) == (steps, Missing.SETTLEMENT)
    settlement(shop, 3_800, march + timedelta(days=35), "f")
    sum_up()
    got = get_received(enrolment.person_id, None, today=TODAY)
    assert (got.month, got.shops[0][1].steps[-1]) == (date(2026, 4, 1), (StepKind.RECEIVED, 3_800))
    assert get_received(enrolment.person_id, date(2026, 3, 1), today=TODAY).month == date(2026, 3, 1)
    assert get_received(enrolment.person_id, date(2020, 3, 1), today=TODAY).month == date(2026, 4, 1)
