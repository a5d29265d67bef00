"""Marks as a phone sends them: what is read, and what is believed of its clock."""

from datetime import UTC, datetime, timedelta

import pytest

from trainer.domain.attendance import AttendanceStatus, NewMark
from trainer.domain.roll_queue import UnreadableMark, believable, read_mark

AT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
NOW = AT.timestamp() * 1000
GOOD = {"enrolment": 7, "status": "late", "nonce": "n1", "seen": 12, "said_at": NOW, "rest": False}


def test_a_mark_is_read_with_all_it_says():
    assert read_mark(GOOD, at=AT) == NewMark(7, AttendanceStatus.LATE, "n1", 12, AT)
    assert read_mark(GOOD | {"rest": True}, at=AT).only_unmarked
    decided = read_mark({"enrolment": 7, "status": None, "nonce": "n1", "rest": True}, at=AT)
    assert decided == NewMark(7, None, "n1")  # a mark that is taken back is none of "the rest"


@pytest.mark.parametrize(
    "wrong",
    [
        *({"enrolment": value} for value in (None, "7", 7.0, True, -1, 2**31)),
        *({"status": value} for value in ("", "absconded", 1, [])),
        *({"nonce": value} for value in (None, "", 5, "n" * 65, "a\nb")),
        *({"seen": value} for value in ("1", -1, 1.5, False)),
    ],
)
def test_what_is_no_mark_is_refused(wrong):
    with pytest.raises(UnreadableMark):
        read_mark(GOOD | wrong, at=AT)


@pytest.mark.parametrize("raw", [None, "7:late:n1", 7, [], ["enrolment"]])
def test_what_is_no_record_is_refused(raw):
    with pytest.raises(UnreadableMark):
        read_mark(raw, at=AT)


@pytest.mark.parametrize(
    ("off", "believed"),
    [
        (timedelta(), True),
        (timedelta(minutes=5), True),
        (timedelta(minutes=-5), True),
        (timedelta(days=-59), True),
        (timedelta(days=-61), False),
        (timedelta(days=2), False),
        (timedelta(days=5 * 365), False),
        (timedelta(days=-5 * 365), False),
    ],
)
def test_the_clock_of_a_phone_is_believed_within_weeks(off, believed):
    said = AT + off
    assert believable(said.timestamp() * 1000, at=AT) == (said if believed else None)


@pytest.mark.parametrize("absurd", [None, "now", True, 1e300, float("nan"), float("inf"), -1e18])
def test_an_absurd_moment_is_dropped_and_the_mark_stays(absurd):
    assert read_mark(GOOD | {"said_at": absurd}, at=AT).said_at is None
