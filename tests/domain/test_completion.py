"""Completion by the whole rule: what is missing, what cannot be mended any more, what a cancelled lesson costs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.domain.attendance import AttendanceStatus, LessonOutcome, summarise
from trainer.domain.completion import (
    Facts,
    Missing,
    MissingKind,
    ProgressState,
    Required,
    Requirements,
    is_lost_without,
    judge,
)
from trainer.domain.course_task import HandInState
from trainer.domain.programme import CompletionRule, ExcusedCounts

S, M = AttendanceStatus, MissingKind
PRESENT, LATE, LEFT_EARLY, EXCUSED, ABSENT, MADE_UP = AttendanceStatus
HALF = CompletionRule(min_rate_bp=5000)


def held(*statuses: S | None, minutes: int = 180) -> list[LessonOutcome]:
    return [LessonOutcome(minutes, closed=True, status=status) for status in statuses]


def ahead(*statuses: S | None, minutes: int = 180) -> list[LessonOutcome]:
    return [LessonOutcome(minutes, closed=False, status=status) for status in statuses]


def facts(outcomes, tasks=(), scores=()) -> Facts:
    return Facts(dict(enumerate(outcomes, start=1)), dict(tasks), dict(scores))


def lacks(outcomes, rule=HALF, **demands) -> list[tuple[MissingKind, int]]:
    return [(m.kind, m.number) for m in judge(facts(outcomes), Requirements(rule, **demands)).missing]


@pytest.mark.parametrize(
    ("outcomes", "missing", "state"),
    [
        (held(PRESENT, ABSENT), [], "meets"),
        (held(MADE_UP, ABSENT), [], "meets"),
        (held(PRESENT, ABSENT, ABSENT), [(M.HOURS_LOST, 90)], "out_of_reach"),
        # Nothing is settled: half of what is to come has to be attended.
        (ahead(None, None), [(M.HOURS, 180)], "not_yet"),
        # As of now she meets it, and still has to come.
        (held(PRESENT) + ahead(None, None, None), [(M.HOURS, 180)], "meets"),
        (held(PRESENT, PRESENT) + ahead(None), [], "meets"),
        (held(ABSENT) + ahead(None, None), [(M.HOURS, 270)], "not_yet"),
        # A provisional absence is no absence yet, but the lesson cannot be attended any more.
        (held(PRESENT, ABSENT) + ahead(ABSENT), [(M.HOURS_LOST, 90)], "meets"),
        (held(ABSENT) + ahead(PRESENT), [(M.HOURS, 180)], "not_yet"),
        # A closed lesson that nobody marked does not count, and can still be marked.
        (held(PRESENT, None), [], "meets"),
        (held(ABSENT, None), [(M.HOURS, 180)], "not_yet"),
        (held(None), [(M.NOTHING_MARKED, 0)], "not_yet"),
        ([], [(M.NOTHING_MARKED, 0)], "not_yet"),
        ([LessonOutcome(180, True, None, applicable=False), *held(PRESENT)], [], "meets"),
    ],
)
def test_hours(outcomes, missing, state):
    got = judge(facts(outcomes), Requirements(HALF))
    assert [(m.kind, m.number) for m in got.missing] == missing
    assert got.state == state


def test_absences_over_the_limit_cannot_be_mended():
    rule = replace(HALF, max_unexcused=1)
    assert lacks(held(PRESENT, PRESENT, ABSENT), rule) == []
    assert lacks(held(*[PRESENT] * 5, ABSENT, ABSENT, ABSENT), rule) == [(M.UNEXCUSED, 2)]
    assert not judge(facts(held(*[PRESENT] * 5, ABSENT, ABSENT)), Requirements(rule)).can_reach


@pytest.mark.parametrize(
    ("outcome", "excused_counts", "kind"),
    [
        (held(PRESENT), ExcusedCounts.ABSENT, None),
        (held(MADE_UP), ExcusedCounts.ABSENT, None),
        (held(ABSENT), ExcusedCounts.PRESENT, M.LESSON_MISSED),
        (held(EXCUSED), ExcusedCounts.ABSENT, M.LESSON_MISSED),
        (held(EXCUSED), ExcusedCounts.PRESENT, None),
        (held(EXCUSED), ExcusedCounts.IGNORED, None),
        (held(None), ExcusedCounts.ABSENT, M.LESSON_UNMARKED),
        (ahead(None), ExcusedCounts.ABSENT, M.LESSON_TO_COME),
        (ahead(PRESENT), ExcusedCounts.ABSENT, M.LESSON_TO_COME),
        (ahead(ABSENT), ExcusedCounts.ABSENT, M.LESSON_MISSED),
        ([LessonOutcome(180, True, None, applicable=False)], ExcusedCounts.ABSENT, None),
        ([], ExcusedCounts.ABSENT, None),  # cancelled
    ],
)
def test_a_required_lesson(outcome, excused_counts, kind):
    rule = CompletionRule(0, None, excused_counts)
    others = {9: LessonOutcome(60, True, PRESENT)}
    hers = Facts({**dict(enumerate(outcome, start=1)), **others})
    got = judge(hers, Requirements(rule, lessons=[Required(1, "开播")]))
    assert [m.kind for m in got.missing] == ([kind] if kind else [])
    assert (got.meets, got.can_reach) == (kind is None, kind is not M.LESSON_MISSED)


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (None, M.TASK_TO_DO),
        (HandInState.HANDED_IN, M.TASK_WAITING),
        (HandInState.SENT_BACK, M.TASK_AGAIN),
        (HandInState.PASSED, None),
    ],
)
def test_a_task(state, kind):
    hers = facts(held(PRESENT), tasks={5: state} if state else {})
    got = judge(hers, Requirements(HALF, tasks=[Required(5, "直播一场")]))
    assert [(m.kind, m.name) for m in got.missing] == ([(kind, "直播一场")] if kind else [])
    assert got.can_reach


@pytest.mark.parametrize(
    ("score", "missing"),
    [
        (None, [Missing(M.ASSESSMENT_TO_COME, "理论", 6000)]),
        (5999, [Missing(M.SCORE_BELOW, "理论", 6000, 5999)]),
        (6000, []),
    ],
)
def test_an_assessment(score, missing):
    hers = facts(held(PRESENT), scores={} if score is None else {3: score})
    assert list(judge(hers, Requirements(HALF, assessments=[Required(3, "理论", 6000)])).missing) == missing


def test_cancelling_several_lessons_costs_whoever_has_nothing_to_spare():
    behind = facts(held(ABSENT, PRESENT) + ahead(None, None))  # 3, 4 are to come
    rule = Requirements(CompletionRule(6000))
    assert not is_lost_without(behind, [3], replace(rule, rule=HALF))
    assert is_lost_without(behind, [3, 4], rule)
    assert not is_lost_without(facts(held(PRESENT, PRESENT) + ahead(None, None)), [3, 4], rule)
    # Out of reach already: nothing more is lost. Required, but cancelled: not demanded.
    assert not is_lost_without(facts(held(ABSENT, ABSENT, ABSENT) + ahead(None)), [4], rule)
    assert not is_lost_without(behind, [3], Requirements(HALF, lessons=[Required(3, "开播")]))


@given(
    st.lists(st.tuples(st.integers(1, 300), st.booleans(), st.sampled_from([None, *AttendanceStatus])), max_size=8),
    st.integers(0, 10_000),
    st.sampled_from(ExcusedCounts),
)
def test_without_demands_by_name_it_agrees_with_attendance(lessons, bar, excused_counts):
    rule = CompletionRule(bar, None, excused_counts)
    outcomes = [LessonOutcome(*lesson) for lesson in lessons]
    got, by_attendance = judge(facts(outcomes), Requirements(rule)), summarise(outcomes, rule)
    assert (got.meets, got.state is ProgressState.OUT_OF_REACH) == (
        by_attendance.meets_rule,
        not by_attendance.can_reach and not by_attendance.meets_rule,
    )
    assert got.meets or got.missing
    if not any(not o.closed for o in outcomes):
        assert got.meets == (not got.missing)
