"""A woman's attendance: what counts, what is left out, what she may still miss."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.domain.attendance import AttendanceStatus, LessonOutcome, Standing, is_lost_without, summarise
from trainer.domain.programme import CompletionRule, ExcusedCounts

S = AttendanceStatus
PRESENT, LATE, LEFT_EARLY, EXCUSED, ABSENT, MADE_UP = AttendanceStatus
RULE = CompletionRule(min_rate_bp=8000)


def held(*statuses: S | None, minutes: int = 180) -> list[LessonOutcome]:
    return [LessonOutcome(minutes, closed=True, status=status) for status in statuses]


def ahead(*minutes: int) -> list[LessonOutcome]:
    return [LessonOutcome(m, closed=False, status=None) for m in minutes]


@pytest.mark.parametrize(
    ("statuses", "rate"),
    [
        ([PRESENT], 1.0),
        ([LATE], 1.0),
        ([LEFT_EARLY], 1.0),
        ([MADE_UP], 1.0),
        ([ABSENT], 0.0),
        ([PRESENT, ABSENT], 0.5),
        ([PRESENT, None], 1.0),  # 未点名 is never an absence
        ([None], None),
        ([], None),
    ],
)
def test_what_each_status_is_worth(statuses, rate):
    assert summarise(held(*statuses), RULE).rate == rate


@pytest.mark.parametrize(
    ("excused_counts", "rate", "counted", "attended"),
    [
        (ExcusedCounts.ABSENT, 0.75, 4, 3),
        (ExcusedCounts.IGNORED, 1.0, 3, 3),
        (ExcusedCounts.PRESENT, 1.0, 4, 4),
    ],
)
def test_an_excused_lesson_changes_the_rate_exactly_as_the_rule_says(excused_counts, rate, counted, attended):
    got = summarise(held(PRESENT, PRESENT, EXCUSED, PRESENT), replace(RULE, excused_counts=excused_counts))
    assert (got.rate, got.counted_lessons, got.attended_lessons, got.excused) == (rate, counted, attended, 1)
    assert got.absent == 0


def test_minutes_weigh_and_not_lessons():
    got = summarise(held(PRESENT, minutes=240) + held(ABSENT, minutes=60), RULE)
    assert (got.rate, got.minutes, got.counted_minutes) == (0.8, 240, 300)
    assert got.meets_rule  # exactly the bar is enough


def test_one_minute_below_the_bar_is_below():
    got = summarise(held(PRESENT, minutes=239) + held(ABSENT, minutes=60), RULE)
    assert not got.meets_rule


def test_lessons_before_she_joined_do_not_apply():
    before = LessonOutcome(180, closed=True, status=None, applicable=False)
    got = summarise([before, before, *held(PRESENT, ABSENT)], RULE)
    assert (got.not_applicable, got.unmarked, got.rate) == (2, 0, 0.5)


def test_unexcused_absences_are_limited_apart_from_the_rate():
    rule = CompletionRule(min_rate_bp=5000, max_unexcused=1)
    assert summarise(held(PRESENT, PRESENT, PRESENT, ABSENT), rule).meets_rule
    over = summarise(held(PRESENT, PRESENT, PRESENT, ABSENT, ABSENT) + ahead(180, 180), rule)
    assert not over.meets_rule
    assert not over.can_reach
    assert over.may_still_miss == 0
    assert over.max_possible_rate == 5 / 7
    assert summarise(held(PRESENT, EXCUSED, EXCUSED), replace(rule, min_rate_bp=0)).meets_rule


@pytest.mark.parametrize(
    ("outcomes", "rule", "may_miss"),
    [
        (held(*[PRESENT] * 6) + ahead(180, 180), RULE, 1),  # 7 of 8
        (held(*[PRESENT] * 8) + ahead(180, 180), RULE, 2),  # 8 of 10, exactly the bar
        (held(PRESENT, ABSENT) + ahead(180, 180), RULE, 0),
        (ahead(*[180] * 10), RULE, 2),
        (ahead(240, 60, 60, 60, 60, 60, 60), RULE, 0),  # any one: she might choose the long one
        (ahead(60, 60, 60, 60, 60), RULE, 1),
        (held(*[PRESENT] * 6) + ahead(180, 180), replace(RULE, max_unexcused=0), 0),
        (held(*[PRESENT] * 6) + ahead(180, 180), replace(RULE, min_rate_bp=0), 2),
        (held(*[PRESENT] * 9), RULE, 0),  # nothing left to miss
        (held(*[PRESENT] * 8, None) + ahead(180, 180), RULE, 2),  # an unmarked lesson helps nobody
    ],
)
def test_what_she_may_still_miss(outcomes, rule, may_miss):
    assert summarise(outcomes, rule).may_still_miss == may_miss


def test_a_mark_before_closing_counts_for_what_lies_ahead_only():
    open_now = LessonOutcome(180, closed=False, status=ABSENT)
    got = summarise([*held(*[PRESENT] * 4), open_now, *ahead(180)], RULE)
    assert (got.rate, got.absent, got.upcoming) == (1.0, 0, 1)
    assert got.max_possible_rate == 5 / 6
    assert got.may_still_miss == 0


def test_an_unmarked_closed_lesson_may_still_turn_out_attended():
    got = summarise(held(PRESENT, ABSENT, None), RULE)
    assert (got.rate, got.max_possible_rate, got.unmarked) == (0.5, 2 / 3, 1)


@pytest.mark.parametrize(
    ("statuses", "run"),
    [
        ([ABSENT, ABSENT], 2),
        ([ABSENT, PRESENT], 0),
        ([PRESENT, ABSENT, EXCUSED, ABSENT], 2),
        ([ABSENT, None, ABSENT], 2),
        ([ABSENT, MADE_UP, ABSENT], 1),
        ([EXCUSED], 0),
        ([], 0),
    ],
)
def test_absences_in_a_row(statuses, run):
    assert summarise(held(*statuses), RULE).consecutive_absences == run


@pytest.mark.parametrize(
    ("outcomes", "standing"),
    [
        ([], Standing.ON_COURSE),
        (ahead(180), Standing.ON_COURSE),
        (held(PRESENT), Standing.ON_COURSE),
        (held(PRESENT, ABSENT) + ahead(180, 180, 180), Standing.BEHIND),
        (held(PRESENT, ABSENT) + ahead(180), Standing.OUT_OF_REACH),
        (held(ABSENT), Standing.OUT_OF_REACH),
    ],
)
def test_where_she_stands(outcomes, standing):
    assert summarise(outcomes, RULE).standing is standing


OUTCOMES = st.lists(
    st.builds(
        LessonOutcome,
        minutes=st.integers(30, 480),
        closed=st.booleans(),
        status=st.none() | st.sampled_from(S),
        applicable=st.booleans(),
    ),
    max_size=20,
)
RULES = st.builds(
    CompletionRule,
    min_rate_bp=st.integers(0, 10_000),
    max_unexcused=st.none() | st.integers(0, 5),
    excused_counts=st.sampled_from(ExcusedCounts),
)


@given(OUTCOMES, RULES)
def test_counts_add_up_to_the_closed_lessons(outcomes, rule):
    got = summarise(outcomes, rule)
    counted = [got.present, got.late, got.left_early, got.excused, got.absent, got.made_up]
    assert sum(counted) + got.unmarked + got.not_applicable == sum(o.closed for o in outcomes)
    assert got.attended_lessons <= got.counted_lessons
    assert 0 <= got.minutes <= got.counted_minutes


@given(OUTCOMES, RULES)
def test_rates_are_shares_and_the_best_is_not_below_what_is_decided(outcomes, rule):
    got = summarise([replace(o, status=o.status if o.closed else None) for o in outcomes], rule)
    if got.rate is not None:
        assert 0 <= got.rate <= got.max_possible_rate <= 1
    assert not (got.meets_rule and not got.can_reach)


@given(OUTCOMES, RULES)
def test_missing_so_many_keeps_the_bar_in_reach_and_one_more_may_not(outcomes, rule):
    got = summarise(outcomes, rule)
    longest = sorted((o for o in outcomes if o.upcoming), key=lambda o: -o.minutes)
    for missed, wanted in ((got.may_still_miss, True), (got.may_still_miss + 1, False)):
        if not 0 < missed <= len(longest):
            continue
        gone = {id(o) for o in longest[:missed]}
        end = [
            replace(o, closed=True, status=ABSENT if id(o) in gone else PRESENT if o.upcoming else o.status)
            for o in outcomes
        ]
        assert summarise(end, rule).meets_rule is wanted


@pytest.mark.parametrize(
    ("outcomes", "lost"),
    [
        (held(PRESENT) + ahead(180, 180), False),
        (held(ABSENT) + ahead(180, 180, 180, 180), True),  # 4 of 5 reach 80 %, 3 of 4 do not
        (held(ABSENT) + ahead(180, 180, 180, 180, 180), False),
        (held(ABSENT) + ahead(60, 180, 180, 180, 180), False),
        (held(ABSENT) + ahead(180), False),  # lost already
        (ahead(180), False),
    ],
)
def test_who_is_lost_when_the_next_lesson_is_cancelled(outcomes, lost):
    at = next(n for n, outcome in enumerate(outcomes) if outcome.upcoming)
    assert is_lost_without(outcomes, at, RULE) is lost
