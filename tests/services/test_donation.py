"""Donations per order: what gives, once, by the pledge of the day; what was paid in; nothing of it stored."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests import factories
from tests.factories import AT, DATONG
from tests.services.test_sales import CLOSED, DONE, SHIPPED, order, orders_file
from tests.services.test_sales import preview as preview_file
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.donation import FundDraft, Given, PledgeDraft
from trainer.errors import Conflict
from trainer.models import AuditEvent, DonationFund, DonationPayment, OrderLine
from trainer.permissions import Permission
from trainer.queries.donation import get_fund_for, list_given_to, list_own_pledges
from trainer.services import donation as donations
from trainer.services import sales

pytestmark = pytest.mark.postgresql

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
FIVE_FEN = PledgeDraft(5, MARCH, None)


@pytest.fixture
def by(app):
    return factories.actor_of(factories.account(Role.MANAGER, region=DATONG))


@pytest.fixture
def shop(app):
    return factories.shop(factories.person(), platform="taobao")


def act(verb, *facts, by, **options):
    with transaction():
        return verb(*facts, by=by, at=AT, **options)


@pytest.fixture
def fund(by) -> int:
    return act(donations.create_fund, FundDraft(DATONG, "助学基金", "资助女童"), by=by)


def given(fund) -> dict[str, tuple[int, int]]:
    return {line.month: (line.given.orders, line.given.fen) for line in list_given_to(fund)}


CASES = [
    ([{}], 1),
    ([{"status": "settled"}], 1),
    ([{"status": "shipped"}], 0),
    ([{"status": "closed"}], 0),
    ([{"refunded_fen": 9_999}], 1),
    ([{"refunded_fen": 10_000}], 0),
    ([{"is_gift": True}], 0),
    ([{"order_key": "a"}, {"order_key": "a"}], 1),
    ([{"order_key": "a"}, {"order_key": "b"}], 2),
    ([{"order_key": "a", "refunded_fen": 10_000}, {"order_key": "a"}], 1),
    ([{"paid_on": None, "ordered_at": AT}], 1),
    ([{"paid_on": datetime(2026, 2, 28, 15, 59, tzinfo=UTC)}], 0),
    ([{"paid_on": datetime(2026, 2, 28, 16, tzinfo=UTC)}], 1),  # 1 March in China
    ([{"paid_on": datetime(2026, 3, 31, 15, 59, tzinfo=UTC)}], 1),
    ([{"paid_on": datetime(2026, 3, 31, 16, tzinfo=UTC)}], 0),
]


@pytest.mark.parametrize(("lines", "orders"), CASES)
def test_which_orders_give(shop, fund, by, lines, orders):
    act(donations.pledge, fund, shop.id, PledgeDraft(5, MARCH, date(2026, 3, 31)), by=by)
    for line in lines:
        factories.order_line(shop, **line)
    assert given(fund) == ({"2026-03": (orders, orders * 5)} if orders else {})


def test_the_pledge_of_the_day_counts_and_an_order_in_two_shops_gives_once(shop, fund, by):
    hosted = factories.shop(factories.person(), platform="taobao", name="达人号")
    act(donations.pledge, fund, shop.id, PledgeDraft(5, MARCH, date(2026, 3, 31)), by=by)
    act(donations.pledge, fund, shop.id, PledgeDraft(20, APRIL, None), by=by)
    act(donations.pledge, fund, hosted.id, FIVE_FEN, by=by)
    factories.order_line(shop, order_key="a")
    factories.order_line(hosted, order_key="a")
    factories.order_line(shop, AT + timedelta(days=40), order_key="b")
    assert given(fund) == {"2026-03": (1, 5), "2026-04": (1, 20)}
    assert [(one.per_order_fen, one.given) for one in list_own_pledges(shop.person_id)] == [
        (5, Given(1, 5)),
        (20, Given(1, 20)),
    ]


def test_what_was_given_follows_an_undone_file_and_later_refunds(shop, fund, by):
    act(donations.pledge, fund, shop.id, FIVE_FEN, by=by)
    first = preview_file(shop, orders_file(order(1), order(2), order(3, state=SHIPPED)))
    with transaction():
        sales.commit(first.id, by=by, at=AT)
    assert given(fund) == {"2026-03": (2, 10)}
    later = preview_file(shop, orders_file(order(1, state=CLOSED, refund="100.00"), order(3, state=DONE)))
    with transaction():
        sales.commit(later.id, by=by, at=AT + timedelta(days=60))
    assert given(fund) == {"2026-03": (2, 10)}  # one came, one went
    with transaction():
        sales.undo(later.id, by=by, at=AT + timedelta(days=61))
    assert given(fund) == {"2026-03": (2, 10)}
    with transaction():
        sales.undo(first.id, by=by, at=AT + timedelta(days=62))
    assert given(fund) == {}
    assert db.session.scalars(db.select(OrderLine.id)).all() == []


def test_a_shop_gives_once_on_a_day(shop, fund, by):
    pledge = act(donations.pledge, fund, shop.id, PledgeDraft(5, MARCH, APRIL), by=by)
    other = act(donations.create_fund, FundDraft(DATONG, "另一个", ""), by=by)
    with pytest.raises(donations.PledgesOverlap):
        act(donations.pledge, other, shop.id, PledgeDraft(5, APRIL, None), by=by)
    act(donations.change_pledge, pledge, PledgeDraft(10, MARCH, date(2026, 3, 31)), by=by, seen=1)
    with pytest.raises(Conflict):
        act(donations.change_pledge, pledge, FIVE_FEN, by=by, seen=1)
    act(donations.pledge, other, shop.id, PledgeDraft(5, APRIL, None), by=by)
    with pytest.raises(donations.PledgesOverlap):
        act(donations.change_pledge, pledge, FIVE_FEN, by=by, seen=2)


def test_money_that_came_in_is_taken_back_with_a_reason(shop, fund, by):
    act(donations.pledge, fund, shop.id, FIVE_FEN, by=by)
    factories.order_line(shop)
    payment = act(donations.record_payment, fund, 300, MARCH, by=by, shop_id=shop.id)
    act(donations.record_payment, fund, 2, MARCH, by=by)
    with pytest.raises(donations.PaidInTheFuture):
        act(donations.record_payment, fund, 1, AT.date() + timedelta(days=1), by=by)
    with pytest.raises(donations.TakeBackReasonMissing):
        act(donations.take_payment_back, payment, "", by=by)
    act(donations.take_payment_back, payment, "记重了", by=by)
    with pytest.raises(donations.PaymentTakenBack):
        act(donations.take_payment_back, payment, "记重了", by=by)
    row = get_fund_for(by, Permission.VIEW_FUNDS, fund)
    assert (row.given, row.received_fen, row.outstanding_fen) == (Given(1, 5), 2, 3)
    assert db.session.scalar(db.select(db.func.count()).select_from(DonationPayment)) == 2


def test_a_closed_fund_takes_no_more_orders(shop, fund, by):
    act(donations.pledge, fund, shop.id, FIVE_FEN, by=by)
    factories.order_line(shop, AT + timedelta(days=40))
    with pytest.raises(donations.FundHasLaterPledges):
        act(donations.close_fund, fund, date(2026, 2, 1), seen=1, by=by)
    act(donations.close_fund, fund, date(2026, 3, 31), seen=1, by=by)
    assert given(fund) == {}
    with pytest.raises(donations.FundClosed):
        act(donations.pledge, fund, factories.shop(factories.person()).id, FIVE_FEN, by=by)
    with pytest.raises(donations.FundClosed):
        act(donations.close_fund, fund, MARCH, seen=db.session.get(DonationFund, fund).version, by=by)
    with pytest.raises(donations.FundExists):
        act(donations.create_fund, FundDraft(DATONG, "助学基金", ""), by=by)
    actions = db.session.scalars(db.select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert actions == ["donation_fund.create", "donation_pledge.make", "donation_fund.close"]
