"""Slots, digits and what a code is worth when it comes: tables without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.check_in import CheckInRules, HeldCode, ScreenCode, ScreenState, Worth, better, screen_state

RULES = CheckInRules(slot_seconds=30, late_minutes=15)
START = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
PROOF = "abcdefghijklmn23"


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.mark.parametrize(("moment", "slot"), [(0, 0), (0.5, 0), (29.9, 0), (30, 30), (59.9, 30), (-0.1, -30)])
def test_a_moment_lies_in_one_slot(moment, slot):
    assert RULES.slot_of(after(moment)) == after(slot)


# A code of the slot that began at 0.
@pytest.mark.parametrize(
    ("shown", "good"),
    [(0, True), (29.9, True), (30, True), (89.9, True), (90, False), (3600, False), (-600, True)],
)
def test_the_code_on_the_screen_and_the_two_before_are_good(shown, good):
    """A server clock that was set back meanwhile makes none of its own codes wrong."""
    assert RULES.is_good(START, after(shown)) is good


@pytest.mark.parametrize(
    ("minutes", "status"),
    [(-30, "present"), (0, "present"), (15, "present"), (15.01, "late"), (170, "late")],
)
def test_who_comes_after_a_quarter_of_an_hour_is_late(minutes, status):
    assert RULES.status(START, START + timedelta(minutes=minutes)) is AttendanceStatus(status)


@pytest.mark.parametrize(
    ("shown", "used", "worth"),
    [
        (40, 41, Worth.MARK),
        (40, 40 + 3600, Worth.MARK),
        (40, 41 + 3600, Worth.CLAIM),
        (89, 89, Worth.MARK),
        (90, 90, Worth.CLAIM),
        (7200, 48 * 3600, Worth.CLAIM),
        (40, 48 * 3600 + 1, Worth.NOTHING),
    ],
)
def test_what_a_code_is_worth(shown, used, worth):
    assert HeldCode(1, START, after(shown)).worth(RULES, after(used)) is worth


@pytest.mark.parametrize(
    ("lesson_id", "shown", "keeps_the_first"),
    [(1, 60, True), (1, 4000, False), (2, 60, False)],
)
def test_scanning_again_never_makes_her_later(lesson_id, shown, keeps_the_first):
    first = HeldCode(1, START, after(5))
    second = HeldCode(lesson_id, RULES.slot_of(after(shown)), after(shown))
    assert better(first, second, RULES) == (first if keeps_the_first else second)
    assert better(None, second, RULES) == second


def test_a_good_scan_after_a_late_one_is_the_better():
    late, good = HeldCode(1, START, after(500)), HeldCode(1, after(510), after(515))
    assert better(late, good, RULES) == good


def test_a_link_says_lesson_slot_and_proof():
    code = ScreenCode(17, START, PROOF)
    assert code.text == f"17-1773104400-{PROOF}"
    assert ScreenCode.parse(code.text) == code
    assert len(code.digits) == 4
    assert code.digits.isdecimal()


@pytest.mark.parametrize(
    "text",
    [
        *("", "17", "17-1773104400", f"17-1773104400-{PROOF}x", f"x-1773104400-{PROOF}", f"17--5-{PROOF}"),
        *(f"9999999999-1773104400-{PROOF}", f"17-99999999999999-{PROOF}", f"１7-1773104400-{PROOF}"),
        f"17-1773104400-{PROOF.upper()}",
    ],
)
def test_anything_else_is_no_code(text):
    assert ScreenCode.parse(text) is None


def test_the_digits_are_spread_evenly():
    proofs = (f"{a}{b}{'c' * 13}{c}" for a in "abcdefgh" for b in "abcdefgh234567" for c in "abcdefgh")
    seen = {ScreenCode(1, START, proof).digits for proof in proofs}
    assert len(seen) > 800


@pytest.mark.parametrize(
    ("state", "minutes", "shows"),
    [
        ("planned", -30.1, ScreenState.EARLY),
        ("planned", -30, ScreenState.OPEN),
        ("open", 179, ScreenState.OPEN),
        ("open", 180, ScreenState.OVER),
        ("closed", 60, ScreenState.OVER),
        ("cancelled", 0, ScreenState.CANCELLED),
    ],
)
def test_when_the_screen_shows_a_code(state, minutes, shows):
    at = START + timedelta(minutes=minutes)
    assert screen_state(LessonState(state), START, START + timedelta(hours=3), at) is shows
