"""Checks on the marker, rule by rule, from plain rows: what stands out, and the honest rolls beside it that must not."""

from datetime import UTC, datetime, timedelta

import pytest

from trainer.domain import roll_check
from trainer.domain.attendance import AttendanceStatus, MarkChannel
from trainer.domain.roll_check import EarlierRoll, MarkFact, RollCheckKind, RollFacts

S, C = AttendanceStatus, MarkChannel
NINE = datetime(2026, 3, 10, 1, tzinfo=UTC)  # in China
ANNA, BERTA = 1, 2


def marks(count, every, *, by=ANNA, status=S.PRESENT, channel=C.ROLL, begin=NINE, queued=False, first=1, device=""):
    """`count` marks, one each `every` seconds; `queued`: by the phone's clock, all of them arrived an hour later."""
    moments = [begin + timedelta(seconds=number * every) for number in range(count)]
    late = NINE + timedelta(hours=1)
    return [
        MarkFact(first + n, status, channel, by, late if queued else at, at if queued else None, device)
        for n, at in enumerate(moments)
    ]


def roll(**values) -> RollFacts:
    plain = {"lesson_id": 9, "starts_at": NINE, "headcount": None, "guests": 0, "statuses": {}, "marks": []}
    return RollFacts(**{**plain, **values})


def women(count, absent=(), other=S.PRESENT):
    return {n: S.ABSENT if n in absent else other for n in range(1, count + 1)}


@pytest.mark.parametrize(
    ("headcount", "statuses", "guests", "found"),
    [
        (3, women(3), 0, None),
        (4, women(3), 1, None),  # the guest at the door is a head
        (3, women(3) | {4: S.EXCUSED, 5: S.ABSENT, 6: S.MADE_UP}, 0, None),
        (2, {1: S.LATE, 2: S.LEFT_EARLY}, 0, None),
        (None, women(3), 0, None),  # not closed
        (2, women(3), 0, {"headcount": 2, "on_the_roll": 3}),
        (3, women(3), 2, {"headcount": 3, "on_the_roll": 5}),
    ],
)
def test_heads_against_the_roll(headcount, statuses, guests, found):
    assert roll_check.headcount_differs(roll(headcount=headcount, statuses=statuses, guests=guests)) == found


@pytest.mark.parametrize(
    ("what", "found"),
    [
        (marks(100, 1.8), None),  # three minutes for a hundred: the pace of a person
        (marks(19, 0.1), None),  # a handful proves nothing
        (marks(20, 0.5), {"taps": 20, "seconds": 10, "median": 0.5, "by": ANNA}),
        (marks(20, 1.05), {"taps": 20, "seconds": 20, "median": 1.05, "by": ANNA}),
        (marks(20, 1.1), None),
        # Queued without a connection: by the clock of the phone, not by the moment at which all arrived.
        (marks(60, 3, queued=True), None),
        (marks(60, 0.4, queued=True), {"taps": 60, "seconds": 24, "median": 0.4, "by": ANNA}),
        # The rest absent together are one act.
        (marks(15, 3) + marks(80, 0, status=S.ABSENT, first=100), None),
        (marks(15, 3) + marks(80, 0, status=S.EXCUSED, first=100), None),
        # Many put down as present at one moment are not.
        (marks(40, 0), {"taps": 40, "seconds": 0, "median": 0.0, "by": ANNA}),
        # Two who share the roll are each at their own pace.
        (marks(30, 2) + marks(30, 2, by=BERTA, begin=NINE + timedelta(seconds=1), first=50), None),
        (marks(30, 2) + marks(30, 0.2, by=BERTA, first=50), {"taps": 30, "seconds": 6, "median": 0.2, "by": BERTA}),
        # Paper that a second person confirms, a list, a code on the screen: none is a tap.
        *((marks(100, 0, channel=channel), None) for channel in C if channel is not C.ROLL),
        (marks(40, 0, status=None), None),  # taken back
    ],
)
def test_a_roll_taken_in_seconds(what, found):
    assert roll_check.taken_in_seconds(what) == found


def earlier(hours, statuses, lesson_id=5) -> EarlierRoll:
    return EarlierRoll(lesson_id, NINE - timedelta(hours=hours), statuses)


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        (women(30, {3, 8}), [earlier(24, women(30, {3, 8}))], {"absent": 2, "women": 30, "lesson": 5}),
        (women(30, {3, 8}), [earlier(24, women(30, {3, 9}))], None),
        (women(30, {3, 8}), [earlier(24, women(30, {3, 8, 9}))], None),
        (women(30), [earlier(24, women(30))], None),  # everybody came, twice
        (women(30, {3}), [earlier(24, women(30, {3}))], None),  # one woman is ill
        (women(9, {3, 8}), [earlier(24, women(9, {3, 8}))], None),  # a small class
        # Excused and unmarked women are no part of it.
        (women(30, {3, 8}) | {4: S.EXCUSED}, [earlier(24, women(30, {3, 8}))], {"absent": 2, "women": 30, "lesson": 5}),
        # In the afternoon the same stay away as in the morning, within bounds.
        (women(30, {3, 8}), [earlier(0.9, women(30, {3, 8}))], None),
        (
            women(30, {1, 2, 3, 4, 5}),
            [earlier(0.9, women(30, {1, 2, 3, 4, 5}))],
            {"absent": 5, "women": 30, "lesson": 5},
        ),
        # A week-end between, but not a week; of the days before the last one alone.
        (women(30, {3, 8}), [earlier(72, women(30, {3, 8}))], {"absent": 2, "women": 30, "lesson": 5}),
        (women(30, {3, 8}), [earlier(96, women(30, {3, 8}))], None),
        (women(30, {3, 8}), [earlier(48, women(30, {3, 8})), earlier(24, women(30, {1, 2}), 6)], None),
        # Both half days of the day before are looked at, the later first.
        (
            women(30, {3, 8}),
            [earlier(24, women(30, {3, 8})), earlier(19, women(30, {3, 8}), 6)],
            {"absent": 2, "women": 30, "lesson": 6},
        ),
        (
            women(30, {3, 8}),
            [earlier(24, women(30, {3, 8})), earlier(19, women(30, {3}), 6)],
            {"absent": 2, "women": 30, "lesson": 5},
        ),
        (women(30, {3, 8}), [earlier(-24, women(30, {3, 8}))], None),  # a later one is no model
    ],
)
def test_the_same_women_absent_as_before(now, before, found):
    assert roll_check.same_as_before(roll(statuses=now), before) == found


@pytest.mark.parametrize(
    ("what", "found"),
    [
        (marks(5, 9, channel=C.SCREEN_CODE, device="a"), None),  # a family's phone
        (marks(6, 9, channel=C.SCREEN_CODE, device="a"), {"women": 6, "devices": 1, "most": 5}),
        (marks(6, 9, channel=C.SEAT_NUMBER, device="a"), {"women": 6, "devices": 1, "most": 5}),
        (marks(60, 2, channel=C.ROLL, device="a"), None),  # the phone of whoever takes the roll
        (marks(60, 2, channel=C.SCREEN_CODE, device=""), None),  # browsers that keep no cookie are not one browser
        (
            marks(6, 9, channel=C.SCREEN_CODE, device="a") + marks(8, 9, channel=C.SEAT_NUMBER, device="b", first=50),
            {"women": 8, "devices": 2, "most": 5},
        ),
        (marks(3, 9, channel=C.SCREEN_CODE, device="a") * 3, None),  # three women, three times each
    ],
)
def test_one_device_for_many(what, found):
    assert roll_check.one_device_for_many(what) == found


LATE = NINE + timedelta(hours=5)


@pytest.mark.parametrize(
    ("closed_at", "what", "found"),
    [
        (None, marks(3, 9), None),
        (LATE, marks(3, 9), None),
        (LATE, marks(1, 0, begin=LATE, channel=C.LEAVE), None),  # in the act of closing
        (LATE, marks(2, 9, begin=LATE + timedelta(hours=1), channel=C.CLAIM), None),  # she asked, staff granted
        (LATE, marks(1, 9, begin=LATE + timedelta(hours=1), channel=C.WALK_IN), None),  # a guest is known by now
        (LATE, marks(2, 9, begin=LATE + timedelta(hours=1)), {"marks": 2, "as_attending": 2}),
        (LATE, marks(2, 9, begin=LATE + timedelta(hours=1), status=S.ABSENT), {"marks": 2, "as_attending": 0}),
    ],
)
def test_marks_after_the_closing(closed_at, what, found):
    assert roll_check.marked_after_closing(roll(marks=what, first_closed_at=closed_at)) == found


def test_all_of_it_together():
    found = roll_check.find_all(roll(headcount=7, statuses=women(8), asked=3, said_not_there=1), [])
    assert found == {
        RollCheckKind.HEADCOUNT_DIFFERS: {"headcount": 7, "on_the_roll": 8},
        RollCheckKind.SAID_SHE_WAS_NOT_THERE: {"women": 1, "asked": 3},
    }
    assert roll_check.find_all(roll(headcount=8, statuses=women(8), asked=3), []) == {}
