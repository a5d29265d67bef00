"""Which of two states of a broadcast or an order line is the newer one, and what stays of both."""

from datetime import UTC, datetime, timedelta

import pytest

from trainer.domain.sales import OrderStatus, SalesKind, TrustBasis, trust_basis, trust_of_order
from trainer.domain.sales_import import (
    Standing,
    abnormal_share,
    compare,
    in_other_year,
    read_facts,
    start_key,
    write_facts,
)

AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ORDER = {
    **{"natural_key": "1", "order_key": "1", "product": "小米", "quantity": 1, "ordered_at": AT, "paid_at": AT},
    **{"paid_fen": 10000, "refunded_fen": 0, "settled_fen": None, "status": "shipped", "is_live": None},
    **{"province": None, "trust": 2},
}
LIVE = {
    **{"natural_key": "1", "title": "晚场", "started_at": AT, "duration_s": 3600, "gmv_fen": 5000},
    **{"gmv_incl_abnormal_fen": None, "refund_fen": 0, "refund_basis": "refund_day", "orders": 5, "viewers": 100},
    **{"viewers_exact": True, "trust": 2},
}


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ({}, Standing.SAME),
        ({"status": "received"}, Standing.NEWER),
        ({"status": "paid"}, Standing.OLDER),
        ({"refunded_fen": 100}, Standing.NEWER),
        ({"status": "closed", "refunded_fen": 10000}, Standing.NEWER),
        ({"status": "paid", "refunded_fen": 100}, Standing.UNCLEAR),
        ({"paid_fen": 9000}, Standing.UNCLEAR),
        ({"paid_fen": 9000, "status": "received"}, Standing.NEWER),
        ({"paid_at": None}, Standing.OLDER),
        ({"status": "unknown"}, Standing.SAME),
        ({"settled_fen": 9500}, Standing.NEWER),
        ({"product": "改名的小米", "quantity": 2}, Standing.SAME),
        ({"is_live": True, "province": "山西省"}, Standing.NEWER),
        ({"trust": 3}, Standing.NEWER),
    ],
)
def test_order_lines(said, standing):
    assert compare(SalesKind.ORDER, ORDER, {**ORDER, **said})[0] is standing


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ({}, Standing.SAME),
        ({"orders": 6, "gmv_fen": 6000}, Standing.NEWER),
        ({"orders": 4}, Standing.OLDER),
        ({"refund_fen": 300}, Standing.NEWER),
        ({"refund_fen": 300, "viewers": 90}, Standing.UNCLEAR),
        ({"gmv_fen": 4000}, Standing.UNCLEAR),
        ({"viewers": 1200000, "viewers_exact": False}, Standing.SAME),
        ({"refund_fen": None, "refund_basis": None, "orders": None}, Standing.SAME),
        ({"refund_fen": 300, "refund_basis": "payment_day"}, Standing.UNCLEAR),
    ],
)
def test_broadcasts(said, standing):
    assert compare(SalesKind.LIVE_SESSION, LIVE, {**LIVE, **said})[0] is standing


def test_what_a_newer_file_does_not_say_stays():
    known = {**ORDER, "settled_fen": 9000, "status": "received"}
    said = {**ORDER, "status": "unknown", "refunded_fen": 500, "product": "", "settled_fen": None}
    merged = compare(SalesKind.ORDER, known, said)[1]
    assert (merged["settled_fen"], merged["status"], merged["refunded_fen"], merged["product"]) == (
        *(9000, "received", 500),
        "小米",
    )


def test_an_exact_count_replaces_a_rounded_one():
    rounded = {**LIVE, "viewers": 12000, "viewers_exact": False}
    merged = compare(SalesKind.LIVE_SESSION, rounded, {**LIVE, "viewers": 11950})[1]
    assert (merged["viewers"], merged["viewers_exact"]) == (11950, True)


def test_facts_are_written_and_read_back():
    for facts in (ORDER, LIVE):
        assert read_facts(write_facts(facts)) == facts


def test_moving_to_another_year():
    facts = {**LIVE, "natural_key": start_key(7, AT)}
    moved = in_other_year(facts, 7, 1)
    assert moved["started_at"] == AT.replace(year=2025)
    assert moved["natural_key"] == start_key(7, AT.replace(year=2025))
    assert in_other_year({**LIVE, "natural_key": "live-1"}, 7, 1)["natural_key"] == "live-1"
    leap_day = {**LIVE, "started_at": datetime(2024, 2, 29, tzinfo=UTC)}
    assert in_other_year(leap_day, 7, 1) is None


@pytest.mark.parametrize(("whole", "plain", "share"), [(100, 95, 0.05), (100, 96, None), (0, 0, None), (None, 5, None)])
def test_abnormal_share(whole, plain, share):
    assert abnormal_share({"gmv_incl_abnormal_fen": whole, "gmv_fen": plain}) == share


@pytest.mark.parametrize(
    ("days", "settled", "status", "level"),
    [
        (30, None, OrderStatus.PAID, 3),
        (29, None, OrderStatus.PAID, 2),
        (1, 500, OrderStatus.RECEIVED, 3),
        (1, None, OrderStatus.SETTLED, 3),
        (1, 0, OrderStatus.RECEIVED, 2),
        (None, None, OrderStatus.UNPAID, 2),
    ],
)
def test_trust_of_an_order(days, settled, status, level):
    paid_at = None if days is None else AT - timedelta(days=days)
    assert trust_of_order(paid_at, settled, status, AT) == level


def test_the_words_of_level_2_depend_on_the_source():
    assert trust_basis(2, SalesKind.LIVE_SESSION) is TrustBasis.BROADCAST_EXPORT
    assert trust_basis(2, SalesKind.ORDER) is TrustBasis.FRESH_ORDERS
    assert [trust_basis(level, SalesKind.ORDER).value for level in (0, 1, 3, 4)] == ["T0", "T1", "T3", "T4"]
