"""Attendance: statuses, what each is worth, and the arithmetic of a woman's rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from trainer.domain.programme import CompletionRule, ExcusedCounts


class LessonKind(StrEnum):
    LECTURE = "lecture"
    DISCUSSION = "discussion"
    CASE = "case"
    SITE_VISIT = "site_visit"
    PRACTICE = "practice"
    LIVESTREAM_PRACTICE = "livestream_practice"
    STUDY_TOUR = "study_tour"


class LessonState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class AttendanceStatus(StrEnum):
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    ABSENT = "absent"
    MADE_UP = "made_up"


ATTENDED = frozenset(
    {AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY, AttendanceStatus.MADE_UP}
)


class MarkChannel(StrEnum):
    """How a mark came to be; later capabilities add theirs."""

    ROLL = "roll"
    IMPORT = "import"


@dataclass(frozen=True)
class LessonOutcome:
    """One lesson as it counts for one woman; `status` None is 未点名, `applicable` False is before she joined."""

    minutes: int
    closed: bool
    status: AttendanceStatus | None
    applicable: bool = True
    upcoming: bool = False


@dataclass(frozen=True)
class AttendanceSummary:
    """Counts over closed lessons, minutes, and rates as shares 0–1 (None where nothing counts yet)."""

    present: int
    late: int
    left_early: int
    excused: int
    absent: int
    made_up: int
    unmarked: int
    not_applicable: int
    attended_lessons: int
    counted_lessons: int
    minutes: int
    counted_minutes: int
    rate: float | None
    max_possible_rate: float | None
    may_still_miss: int
    meets_rule: bool
    consecutive_absences: int
    upcoming: int


def _counts(outcome: LessonOutcome, rule: CompletionRule) -> bool:
    """Whether a lesson stands in the denominator: an excused one does as the rule says, an unmarked one does not."""
    if not outcome.applicable or outcome.status is None:
        return False
    return not (outcome.status is AttendanceStatus.EXCUSED and rule.excused_counts is ExcusedCounts.IGNORED)


def _attended(status: AttendanceStatus | None, rule: CompletionRule) -> bool:
    if status is AttendanceStatus.EXCUSED:
        return rule.excused_counts is ExcusedCounts.PRESENT
    return status in ATTENDED


def summarise(outcomes: Sequence[LessonOutcome], rule: CompletionRule) -> AttendanceSummary:
    """One woman's attendance from her lessons in order of time, weighted by minutes.

    rate = attended minutes / counted minutes of closed lessons. max_possible_rate lets her attend everything
    that is still to come (and every closed lesson nobody has marked). `may_still_miss` is how many of the
    upcoming lessons, the longest first, she can miss and still reach the bar.
    """
    closed = [o for o in outcomes if o.closed]
    counted = [o for o in closed if _counts(o, rule)]
    attended = [o for o in counted if _attended(o.status, rule)]
    open_ended = [o for o in outcomes if o.applicable and (o.upcoming or (o.closed and o.status is None))]
    minutes, counted_minutes = sum(o.minutes for o in attended), sum(o.minutes for o in counted)
    rest = sum(o.minutes for o in open_ended)
    tally = {status: sum(1 for o in closed if o.applicable and o.status is status) for status in AttendanceStatus}
    rate = minutes / counted_minutes if counted_minutes else None
    best = (minutes + rest) / (counted_minutes + rest) if counted_minutes + rest else None
    unexcused = tally[AttendanceStatus.ABSENT]
    return AttendanceSummary(
        **{status.value: tally[status] for status in AttendanceStatus},
        unmarked=sum(1 for o in closed if o.applicable and o.status is None),
        not_applicable=sum(1 for o in outcomes if not o.applicable),
        attended_lessons=len(attended),
        counted_lessons=len(counted),
        minutes=minutes,
        counted_minutes=counted_minutes,
        rate=rate,
        max_possible_rate=best,
        may_still_miss=_may_still_miss(minutes, counted_minutes, open_ended, unexcused, rule),
        meets_rule=_meets(minutes, counted_minutes, unexcused, rule),
        consecutive_absences=_tail_absences(closed),
        upcoming=sum(1 for o in outcomes if o.upcoming and o.applicable),
    )


def _meets(minutes: int, counted: int, unexcused: int, rule: CompletionRule) -> bool:
    if not counted or (rule.max_unexcused is not None and unexcused > rule.max_unexcused):
        return False
    return minutes * 10_000 >= rule.min_rate_bp * counted


def _may_still_miss(
    minutes: int, counted: int, rest: Sequence[LessonOutcome], unexcused: int, rule: CompletionRule
) -> int:
    total = counted + sum(o.minutes for o in rest)
    spare = minutes + sum(o.minutes for o in rest) - total * rule.min_rate_bp / 10_000
    missed = 0
    for lesson_minutes in sorted((o.minutes for o in rest), reverse=True):
        if spare < lesson_minutes:
            break
        spare -= lesson_minutes
        missed += 1
    if rule.max_unexcused is not None:
        missed = min(missed, max(rule.max_unexcused - unexcused, 0))
    return missed


def _tail_absences(closed: Sequence[LessonOutcome]) -> int:
    """Absences in a row up to the last marked lesson; an excused or unmarked one neither counts nor breaks the row."""
    run = 0
    for outcome in reversed([o for o in closed if o.applicable]):
        if outcome.status is AttendanceStatus.ABSENT:
            run += 1
        elif outcome.status in ATTENDED:
            break
    return run
