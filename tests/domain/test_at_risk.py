"""Who is at risk, and why: from closed lessons only."""

import pytest

from trainer.domain.at_risk import RiskReason, settled_reasons
from trainer.domain.attendance import AttendanceStatus, LessonOutcome
from trainer.domain.programme import CompletionRule, ExcusedCounts

HERE, AWAY, LEAVE, MADE_UP = (AttendanceStatus(s) for s in ("present", "absent", "excused", "made_up"))
ROW, BEHIND, OUT = RiskReason.ABSENT_IN_A_ROW, RiskReason.BEHIND, RiskReason.OUT_OF_REACH
RULE = CompletionRule()


def held(*statuses) -> list[LessonOutcome]:
    return [LessonOutcome(180, True, status) for status in statuses]


def running(*statuses) -> list[LessonOutcome]:
    """Open or planned: a status is provisional."""
    return [LessonOutcome(180, False, status) for status in statuses]


TO_COME = running(*[None] * 8)


@pytest.mark.parametrize(
    ("outcomes", "reasons"),
    [
        ([], set()),
        (TO_COME, set()),
        (held(HERE, HERE) + TO_COME, set()),
        (held(HERE, AWAY) + TO_COME, {BEHIND}),
        (held(AWAY, AWAY) + TO_COME, {BEHIND, ROW}),
        (held(AWAY, None, AWAY) + TO_COME, {BEHIND, ROW}),  # a lesson nobody marked breaks no row
        (held(AWAY, MADE_UP) + TO_COME, {BEHIND}),
        (held(AWAY, AWAY, AWAY) + TO_COME, {OUT, ROW}),
        (held(*[HERE] * 8, AWAY, AWAY), {ROW}),  # 80 % is the bar exactly
        (held(*[HERE] * 7, AWAY, HERE, AWAY, HERE, AWAY), {OUT}),
        # What is marked of a lesson that is not closed opens nothing and ends nothing.
        (held(HERE) + running(AWAY, AWAY, AWAY, AWAY), set()),
        (held(AWAY, AWAY) + running(HERE) + TO_COME, {BEHIND, ROW}),
        # Before she joined.
        ([LessonOutcome(180, True, None, applicable=False), *TO_COME], set()),
        ([LessonOutcome(180, True, None, applicable=False)], set()),
    ],
)
def test_reasons(outcomes, reasons):
    assert settled_reasons(outcomes, RULE) == reasons


@pytest.mark.parametrize(
    ("excused", "reasons"),
    [(ExcusedCounts.ABSENT, {OUT}), (ExcusedCounts.IGNORED, set()), (ExcusedCounts.PRESENT, set())],
)
def test_leave_counts_as_the_rule_says_and_is_no_absence_in_a_row(excused, reasons):
    outcomes = held(LEAVE, LEAVE, LEAVE, HERE) + running(None)
    assert settled_reasons(outcomes, CompletionRule(excused_counts=excused)) == reasons


def test_the_limit_of_absences_without_excuse_puts_the_bar_out_of_reach_too():
    outcomes = held(*[HERE] * 9, AWAY, HERE) + TO_COME
    assert settled_reasons(outcomes, CompletionRule(max_unexcused=0)) == {OUT}
