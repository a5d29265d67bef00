"""Before and after: which readings are compared, what changed, what leaps; how a posting stands; what outsiders see."""

from dataclasses import dataclass
from datetime import date

import pytest

from trainer.domain.county_indicator import IndicatorKind, before_after, compare, is_leap
from trainer.domain.mentor import PostingState, posting_state
from trainer.domain.programme import TargetKind
from trainer.domain.target import Actual, TargetRow, TargetState

BEGINS = date(2026, 1, 1)


@dataclass(frozen=True)
class Read:
    measured_on: date
    value_hundredths: int
    region_code: str = "140215"
    kind: IndicatorKind = IndicatorKind.PURCHASE_PRICE
    subject: str = "黄花菜"


def on(month: int, day: int = 1, value: int = 100, year: int = 2026) -> Read:
    return Read(date(year, month, day), value)


OLD, EVE, FIRST, LATER, LAST = on(3, year=2025), on(12, 31, year=2025), on(1), on(5, value=150), on(9, value=210)
CASES = [
    # Readings, before, after, measured before it began, change, share.
    ([OLD, EVE, LATER, LAST], EVE, LAST, True, 110, 1.1),
    ([FIRST, LATER], FIRST, LATER, True, 50, 0.5),
    ([LATER, LAST], LATER, LAST, False, 60, 0.4),
    ([LATER], LATER, None, False, None, None),
    ([OLD], OLD, None, True, None, None),
    ([OLD, EVE], EVE, None, True, None, None),
    ([on(1, value=0), LATER], on(1, value=0), LATER, True, 150, None),
    ([on(1, value=200), LATER], on(1, value=200), LATER, True, -50, -0.25),
]


@pytest.mark.parametrize(("readings", "before", "after", "began_before", "change", "share"), CASES)
def test_the_last_reading_before_it_began_stands_beside_the_newest(
    readings, before, after, began_before, change, share
):
    pair = before_after(readings, BEGINS)
    assert (pair.before, pair.after, pair.began_before) == (before, after, began_before)
    assert (pair.change_hundredths, pair.change_share) == (change, share)
    assert pair.newest == readings[-1]


def test_each_county_and_product_is_compared_with_itself():
    apples = [Read(one.measured_on, 900, subject="苹果") for one in (EVE, LAST)]
    pairs = compare([OLD, LAST, *apples], BEGINS)
    assert [(pair.before.subject, pair.change_hundredths) for pair in pairs] == [("黄花菜", 110), ("苹果", 0)]


@pytest.mark.parametrize(
    ("value", "last", "leaps"),
    [(10_000, 100, False), (10_001, 100, True), (1, 100, False), (0, 100, True), (5, 0, False), (5, None, False)],
)
def test_a_hundred_times_the_last_one_is_asked_about(value, last, leaps):
    assert is_leap(value, last) is leaps


P = PostingState


@pytest.mark.parametrize(
    ("ended_on", "last_visit", "today", "state"),
    [
        (None, None, date(2025, 12, 31), P.TO_COME),
        (None, None, date(2026, 3, 2), P.RUNNING),  # the sixtieth day after its first
        (None, None, date(2026, 3, 3), P.QUIET),
        (None, date(2026, 2, 1), date(2026, 4, 2), P.RUNNING),
        (None, date(2026, 2, 1), date(2026, 4, 3), P.QUIET),
        (None, None, date(2026, 12, 31), P.QUIET),
        (None, None, date(2027, 1, 1), P.OVER),
        (date(2026, 2, 1), None, date(2026, 6, 1), P.ENDED_EARLY),
    ],
)
def test_how_a_posting_stands(ended_on, last_visit, today, state):
    assert posting_state(BEGINS, date(2026, 12, 31), ended_on, last_visit, today) is state


@pytest.mark.parametrize(
    ("people", "of", "telling"),
    [
        *((0, 100, False), (1, None, True), (4, 100, True), (5, 100, False), (96, 100, True), (95, 100, False)),
        *((100, 100, False), (None, None, False), (4, 4, True)),
    ],
)
def test_few_women_and_few_left_out_are_not_told_to_outsiders(people, of, telling):
    assert Actual(1, BEGINS, people, of).is_telling is telling


@pytest.mark.parametrize(
    ("actual", "due_on", "state"),
    [
        (10, None, TargetState.REACHED),
        (9, None, TargetState.ON_THE_WAY),
        (9, BEGINS, TargetState.ON_THE_WAY),
        (9, date(2025, 12, 31), TargetState.OVERDUE),
        (10, date(2025, 12, 31), TargetState.REACHED),
        (None, BEGINS, None),
    ],
)
def test_how_a_target_stands(actual, due_on, state):
    shown = None if actual is None else Actual(actual, BEGINS)
    assert TargetRow(TargetKind.COMPLETED, 10, due_on, "", shown).state(BEGINS) is state
