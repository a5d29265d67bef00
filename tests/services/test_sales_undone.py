"""Undone in whatever order, and beside locked months: what is left is what the files that stand say, and nothing moves
into or out of a month that is approved."""

from datetime import date, datetime, timedelta

import pytest

from tests import factories
from tests.platforms.makers import as_csv
from tests.services.test_sales import (
    HEADINGS,
    NOW,
    PAID,
    SHIPPED,
    commit,
    counts,
    line,
    lines,
    lines_file,
    order,
    orders_file,
    preview,
    take_in,
    undo,
)
from trainer.database import db, transaction
from trainer.domain.days import CHINA
from trainer.domain.sales_entry import Typed, facts_of_entry
from trainer.models import Livestream, OrderLine
from trainer.services import sales

pytestmark = pytest.mark.postgresql

BROADCASTS = ("直播场次ID", "开播时间", "直播标题", "直播时长", "累计观众数", "累计订单数", "累计成交金额(元)")


@pytest.fixture
def taobao(app):
    return factories.shop(factories.person(), "taobao", "秀芳杂粮")


@pytest.fixture
def kuaishou(app):
    return factories.shop(factories.person(), "kuaishou", "秀芳杂粮")


def broadcasts_file(*rows) -> bytes:
    """Rows of (number, beginning, length, orders, amount)."""
    return as_csv(
        [BROADCASTS, *((key, start, "晚场", length, "900", sold, paid) for key, start, length, sold, paid in rows)]
    )


def type_in(shop, started_at: datetime, **values) -> None:
    typed = Typed(**{"started_at": started_at, "duration_s": 5400, "orders": 3, "gmv_fen": 9_000} | values)
    with transaction() as session:
        session.add(Livestream(shop_id=shop.id, platform=shop.platform, **facts_of_entry(shop.id, typed, 1)))


def known() -> list[tuple[str | None, int, bool]]:
    """(number, amount, whether a file says so) of every broadcast."""
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.scalars(db.select(Livestream).order_by(Livestream.started_at))
    return [(row.session_key, row.gmv_fen, row.batch_id is not None) for row in rows]


def test_a_row_that_waited_for_a_person_stands_once_what_it_contradicted_is_undone(taobao):
    first = take_in(taobao, orders_file(order(1), order(2)))
    second = take_in(taobao, orders_file(order(1, paid="90.00"), order(3)), at=NOW + timedelta(hours=1))
    assert counts(second) == {"new": 1, "needs_person": 1}
    undo(first)
    assert {key: (row.paid_fen, row.batch_id) for key, row in lines().items()} == {
        "0001": (9000, second.id),
        "0003": (10000, second.id),
    }


def test_nothing_of_an_undone_file_stays_in_rows_that_a_later_one_changed(taobao):
    first = take_in(taobao, orders_file(order(1, state=SHIPPED, title="别人的东西")))
    second = take_in(taobao, orders_file(order(1, refund="30.00")), at=NOW + timedelta(hours=1))
    assert lines()["0001"].product == "别人的东西"
    assert undo(first).summary["undo"] == {"restored": 0, "deleted": 0, "kept": [2]}
    left = lines()["0001"]
    assert (left.product, left.refunded_fen, left.batch_id) == ("沁州黄小米", 3000, second.id)


def test_a_payment_is_not_moved_out_of_a_locked_month_nor_into_it(taobao):
    midnight = ("2026-03-31 23:59:59", "2026-04-01 00:00:00")
    take_in(taobao, orders_file(*(order(number, day=day) for number, day in enumerate(midnight, 1))))
    factories.sales_period(month=date(2026, 3, 1))
    moved = orders_file(
        *(order(number, day=day, refund="9.00") for number, day in enumerate(reversed(midnight), 1)),
        order(3, day=midnight[0]),
        order(4, day=midnight[1]),
    )
    batch = preview(taobao, moved)
    assert counts(batch) == {"new": 1, "locked": 3}
    commit(batch, take_unclear=True)
    assert {key: row.refunded_fen for key, row in lines().items()} == {"0001": 0, "0002": 0, "0004": 0}


def test_undoing_does_not_put_anything_back_into_a_locked_month(taobao):
    unpaid = order(1, state="等待买家付款", day="2026-03-31 23:00:00")
    take_in(taobao, as_csv([HEADINGS, (*unpaid[:6], "", *unpaid[7:])]))
    paid = order(1, state=PAID, day="2026-03-31 23:00:00")
    batch = take_in(taobao, as_csv([HEADINGS, (*paid[:6], "2026-04-01 00:10:00", *paid[7:])]))
    factories.sales_period(month=date(2026, 3, 1))
    with pytest.raises(sales.MonthLocked):
        undo(batch)
    assert lines()["0001"].batch_id == batch.id


def test_a_typed_broadcast_of_a_locked_month_is_not_replaced_by_one_of_the_next(kuaishou):
    type_in(kuaishou, datetime(2026, 3, 31, 23, 55, tzinfo=CHINA))
    factories.sales_period(month=date(2026, 3, 1))
    batch = preview(kuaishou, broadcasts_file(("S1", "2026-04-01 00:01:00", "1小时", "5", "120.00")))
    assert counts(batch) == {"locked": 1}
    assert known() == [(None, 9_000, False)]


def test_a_broadcast_that_a_file_brought_does_not_take_a_typed_one_beside_it(kuaishou):
    """Broken off after five minutes and begun anew: the second half was typed in before its file came."""
    first = ("S1", "2026-03-20 19:00:00", "5分钟", "5", "120.00")
    take_in(kuaishou, broadcasts_file(first))
    type_in(kuaishou, datetime(2026, 3, 20, 19, 6, tzinfo=CHINA))
    grown = (*first[:3], "6", "150.00")
    assert counts(take_in(kuaishou, broadcasts_file(grown))) == {"update": 1}
    assert known() == [("S1", 15_000, True), (None, 9_000, False)]
    second = ("S2", "2026-03-20 19:06:30", "1小时", "5", "80.00")
    take_in(kuaishou, broadcasts_file(grown, second))
    assert known() == [("S1", 15_000, True), ("S2", 8_000, True)]


@pytest.mark.parametrize("whole_first", [True, False])
def test_an_order_undone_in_one_form_counts_in_the_other(taobao, whole_first):
    whole = orders_file(order(1), order(2))
    parts = lines_file(line(1, 1, paid="60.00"), line(1, 2, paid="40.00"), line(33, 1, paid="5.00"))
    first, second = (take_in(taobao, each) for each in ((whole, parts) if whole_first else (parts, whole)))
    undo(first)
    paid = db.session.execute(db.select(OrderLine.paid_fen, OrderLine.batch_id).order_by(OrderLine.paid_fen)).all()
    assert paid == [(fen, second.id) for fen in ((500, 4000, 6000) if whole_first else (10_000, 10_000))]
