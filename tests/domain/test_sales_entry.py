"""Typed broadcasts: what is read from what was typed, what keeps it from being handed in, which broadcasts are the same."""

from datetime import datetime, timedelta

import pytest

from trainer.domain.days import CHINA
from trainer.domain.sales_entry import (
    MOST_FEN,
    MOST_PEOPLE,
    EntryState,
    Typed,
    UnreadableFigure,
    facts_of_entry,
    faults,
    is_same_broadcast,
    may_change,
    oddities,
    pair,
    read_duration,
    read_number,
    wants_retyping,
    written,
)

NOW = datetime(2026, 3, 8, 12, 0, tzinfo=CHINA)
EVENING = datetime(2026, 3, 7, 19, 30, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("text", "decimals", "figure", "exact"),
    [
        ("328", 0, 328, True),
        (" 1,234 ", 0, 1234, True),
        ("１２", 0, 12, True),
        ("1.2万", 0, 12_000, False),
        ("1.2w", 0, 12_000, False),
        ("3千", 0, 3_000, False),
        ("500+", 0, 500, False),
        ("0", 2, 0, True),
        ("￥58.5", 2, 5850, True),
        ("1,234.56元", 2, 123_456, True),
        ("1.25万", 2, 1_250_000, False),
    ],
)
def test_numbers_are_read_as_platforms_print_them(text, decimals, figure, exact):
    assert read_number(text, most=MOST_FEN, decimals=decimals) == (figure, exact)


@pytest.mark.parametrize(("text", "decimals"), [("", 0), ("12.5", 0), ("-3", 0), ("1.234", 2), ("很多", 0), ("1,2", 0)])
def test_what_is_no_number_is_refused(text, decimals):
    with pytest.raises(UnreadableFigure):
        read_number(text, most=MOST_PEOPLE, decimals=decimals)


def test_a_number_beyond_reason_is_refused():
    with pytest.raises(UnreadableFigure):
        read_number("9999亿", most=MOST_PEOPLE)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("90", 90), ("90分钟", 90), ("1:30", 90), ("1:30:00", 90), ("1小时30分", 90), ("1.5小时", 90), ("1小时30", 90)],
)
def test_durations(text, minutes):
    assert read_duration(text) == minutes * 60


@pytest.mark.parametrize("text", ["", "1:75", "半天", "-5", "99999999999"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(UnreadableFigure):
        read_duration(text)


@pytest.mark.parametrize(("figure", "rounded", "decimals"), [(12_000, True, 0), (328, False, 0), (123_456, False, 2)])
def test_what_was_typed_can_be_read_again(figure, rounded, decimals):
    text = written(figure, rounded=rounded, decimals=decimals)
    assert read_number(text, most=MOST_FEN, decimals=decimals) == (figure, not rounded)


def typed(**values) -> Typed:
    facts = {"started_at": EVENING, "duration_s": 5400, "viewers": 300, "orders": 12, "gmv_fen": 58_800}
    return Typed(**facts | values)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, None),
        ({"viewers": None, "orders": None, "duration_s": None}, None),
        ({"gmv_fen": 0}, None),
        ({"started_at": None}, "no_start"),
        ({"gmv_fen": None}, "no_amount"),
        ({"started_at": NOW + timedelta(minutes=1)}, "future"),
        ({"started_at": NOW - timedelta(hours=1)}, "still_on"),
        ({"started_at": EVENING.replace(year=2015)}, "too_early"),
        ({"duration_s": 24 * 3600 + 1}, "duration"),
        ({"duration_s": 0}, "duration"),
        ({"orders": 301}, "orders_above_viewers"),
        ({"orders": 301, "rounded": ("viewers",)}, None),
        ({"refund_fen": 99_999}, None),
    ],
)
def test_faults(values, found):
    assert next(faults(typed(**values), has_picture=True, at=NOW), None) == found


def test_a_picture_is_asked_for():
    assert list(faults(typed(), has_picture=False, at=NOW)) == ["no_picture"]


@pytest.mark.parametrize(
    ("values", "odd"),
    [
        ({"refund_fen": 58_800}, []),
        ({"refund_fen": 58_801}, ["refund_above_amount"]),
        ({"orders": 0}, ["amount_without_orders"]),
        ({"orders": 0, "gmv_fen": 0}, []),
    ],
)
def test_oddities_keep_nobody_from_handing_in(values, odd):
    assert oddities(typed(**values)) == odd


def test_the_broadcast_it_stands_for():
    facts = facts_of_entry(7, typed(rounded=("viewers",), refund_fen=0), 0)
    assert facts["natural_key"] == "shop:7/start:2026-03-07T11:30Z"
    assert (facts["viewers_exact"], facts["gmv_exact"], facts["refund_basis"]) == (False, True, "payment_day")
    assert facts_of_entry(7, typed(), 0)["refund_basis"] is None


@pytest.mark.parametrize(
    ("minutes", "first_s", "second_s", "same"),
    [
        (0, 3600, 3600, True),
        (10, 3600, 3600, True),
        (11, 3600, 3600, False),
        (-10, 3600, 3600, True),
        (8, 300, 3600, False),  # the first was over: she began anew
        (8, None, 3600, True),
        (-8, 3600, None, True),
    ],
)
def test_which_broadcasts_are_the_same(minutes, first_s, second_s, same):
    assert is_same_broadcast((EVENING, first_s), (EVENING + timedelta(minutes=minutes), second_s)) is same


def test_each_broadcast_of_a_file_goes_to_the_nearest_typed_one():
    at = {name: EVENING + timedelta(minutes=name) for name in (-9, 0, 2, 9, 30)}
    assert pair({1: at[0], 2: at[9]}, {"a": at[2], "b": at[-9], "c": at[30]}) == {"a": 1}
    assert pair({1: at[0], 2: at[9]}, {"a": at[2], "b": at[0]}) == {"b": 1, "a": 2}
    assert pair({1: at[0], 2: at[0] + timedelta(minutes=1)}, {"a": at[0] + timedelta(seconds=45)}) == {"a": 1}


def test_large_amounts_and_a_tenth_of_the_others_are_read_twice():
    assert wants_retyping(1, 1_000_000, 1_000_000)
    drawn = sum(wants_retyping(id_, 100, 1_000_000) for id_ in range(1000))
    assert 70 < drawn < 130


@pytest.mark.parametrize(
    ("state", "is_hers", "account_id", "may"),
    [
        ("draft", True, 9, True),
        ("returned", False, 5, True),
        ("draft", False, 9, False),
        ("draft", False, None, False),
        ("submitted", True, 9, False),
    ],
)
def test_who_may_change_it(state, is_hers, account_id, may):
    assert may_change(EntryState(state), is_hers=is_hers, account_id=account_id, typists=(5, None)) is may
