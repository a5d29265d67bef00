"""Attendance: statuses, what each is worth, and the arithmetic of a woman's rate."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from trainer.domain.people import mask_name
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


# Not held yet, or held and its roll not closed.
UNFINISHED = (LessonState.PLANNED, LessonState.OPEN)


class AttendanceStatus(StrEnum):
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    ABSENT = "absent"
    MADE_UP = "made_up"


# Whoever was in the room at some time: what a headcount is compared with.
IN_THE_ROOM = frozenset({AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY})
ATTENDED = IN_THE_ROOM | {AttendanceStatus.MADE_UP}


class MarkChannel(StrEnum):
    """How a mark came to be."""

    ROLL = "roll"
    SCREEN_CODE = "screen_code"
    SEAT_NUMBER = "seat_number"
    PAPER = "paper"
    WALK_IN = "walk_in"
    CLAIM = "claim"
    LEAVE = "leave"
    IMPORT = "import"
    PLATFORM_LIST = "platform_list"


class Evidence(StrEnum):
    """How strong a mark is as evidence that she was there, the strongest first."""

    SEEN_BY_STAFF = "seen_by_staff"
    PERSONAL_CODE = "personal_code"
    SCREEN_CODE = "screen_code"
    LIST = "list"
    CLAIM = "claim"


EVIDENCE = {
    MarkChannel.ROLL: Evidence.SEEN_BY_STAFF,
    MarkChannel.PAPER: Evidence.SEEN_BY_STAFF,
    MarkChannel.WALK_IN: Evidence.SEEN_BY_STAFF,
    MarkChannel.SEAT_NUMBER: Evidence.PERSONAL_CODE,
    MarkChannel.SCREEN_CODE: Evidence.SCREEN_CODE,
    MarkChannel.IMPORT: Evidence.LIST,
    MarkChannel.PLATFORM_LIST: Evidence.LIST,
    MarkChannel.CLAIM: Evidence.CLAIM,
    MarkChannel.LEAVE: Evidence.CLAIM,
}


class NewMark(NamedTuple):
    """One thing said about one woman; `status` None takes an earlier mark back.

    `nonce` makes sending it twice harmless. `seen`: the id of the newest mark of the lesson that whoever says it had
    before her, None where she is not to be asked about what others said. `said_at`: when, by her device's clock.
    `only_unmarked`: one of "the rest", of no effect where somebody was faster.
    """

    enrolment_id: int
    status: AttendanceStatus | None
    nonce: str
    seen: int | None = None
    said_at: datetime | None = None
    only_unmarked: bool = False


class Standing(StrEnum):
    """Where a woman is on her way to the completion rule."""

    ON_COURSE = "on_course"
    BEHIND = "behind"
    OUT_OF_REACH = "out_of_reach"


@dataclass(frozen=True)
class LessonOutcome:
    """One lesson as it stands for one woman; never a cancelled one.

    `status` None is 未点名; a status of a lesson that is not closed is provisional; `applicable` False is before
    she joined.
    """

    minutes: int
    closed: bool
    status: AttendanceStatus | None
    applicable: bool = True

    @property
    def upcoming(self) -> bool:
        """Whether she can still attend it."""
        return self.applicable and not self.closed and self.status is None


@dataclass(frozen=True)
class AttendanceSummary:
    """Counts over closed lessons (they add up to all of them), minutes, and rates as shares 0–1.

    A rate is None where nothing counts yet. What lies ahead (`max_possible_rate`, `may_still_miss`, `can_reach`)
    also takes the provisional marks of lessons that are not closed yet.
    """

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
    can_reach: bool
    consecutive_absences: int
    upcoming: int

    @property
    def attended(self) -> int:
        """Times she came, whatever that is worth."""
        return self.present + self.late + self.left_early + self.made_up

    @property
    def expected(self) -> int:
        """Closed lessons she should have been at."""
        return self.attended + self.excused + self.absent + self.unmarked

    @property
    def standing(self) -> Standing:
        if not self.can_reach:
            return Standing.OUT_OF_REACH
        return Standing.BEHIND if self.counted_minutes and not self.meets_rule else Standing.ON_COURSE


@dataclass(frozen=True)
class WomanAttendance:
    """One woman of a cohort with what her attendance comes to."""

    enrolment_id: int
    person_id: int
    seat: int
    name: str
    initials: str
    county: str
    summary: AttendanceSummary

    @property
    def name_masked(self) -> str:
        return mask_name(self.name)


def is_meant(typed: str, *, seat: int, initials: str, name: str) -> bool:
    """Whether what was typed into a search means this woman: her seat number, first letters of her pinyin, a part of
    her name."""
    typed = typed.strip().lower()
    if typed.isdecimal():
        return str(seat) == typed.lstrip("0")
    return initials.startswith(typed) or typed in name.lower()


@dataclass(frozen=True)
class _Tally:
    """Minutes attended of minutes counted, and absences without excuse."""

    minutes: int
    counted: int
    unexcused: int

    def reaches(self, rule: CompletionRule) -> bool:
        """In whole numbers: a share that is the bar exactly is enough."""
        if not self.counted or (rule.max_unexcused is not None and self.unexcused > rule.max_unexcused):
            return False
        return self.minutes * 10_000 >= rule.min_rate_bp * self.counted

    def and_attending(self, minutes: int) -> "_Tally":
        return _Tally(self.minutes + minutes, self.counted + minutes, self.unexcused)


def counts(outcome: LessonOutcome, rule: CompletionRule) -> bool:
    """Whether a lesson stands in the denominator: an excused one does as the rule says, an unmarked one does not."""
    if not outcome.applicable or outcome.status is None:
        return False
    return not (outcome.status is AttendanceStatus.EXCUSED and rule.excused_counts is ExcusedCounts.IGNORED)


def is_attended(status: AttendanceStatus | None, rule: CompletionRule) -> bool:
    """Whether a status is worth the lesson; an excuse is where the rule says so."""
    if status is AttendanceStatus.EXCUSED:
        return rule.excused_counts is ExcusedCounts.PRESENT
    return status in ATTENDED


def _tally(outcomes: Sequence[LessonOutcome], rule: CompletionRule) -> _Tally:
    counted = [o for o in outcomes if counts(o, rule)]
    return _Tally(
        sum(o.minutes for o in counted if is_attended(o.status, rule)),
        sum(o.minutes for o in counted),
        sum(1 for o in counted if o.status is AttendanceStatus.ABSENT),
    )


def summarise(outcomes: Sequence[LessonOutcome], rule: CompletionRule) -> AttendanceSummary:
    """One woman's attendance from her lessons in order of time, weighted by minutes.

    rate = attended minutes / counted minutes of closed lessons. max_possible_rate lets her attend everything that is
    still to come and every closed lesson nobody has marked. `may_still_miss` is how many of the lessons still to
    come, the longest first, she can miss and still reach the bar; a closed lesson nobody marked is left out of it.
    """
    closed = [o for o in outcomes if o.closed]
    upcoming = [o.minutes for o in outcomes if o.upcoming]
    now, so_far = _tally(closed, rule), _tally(outcomes, rule)
    statuses = Counter(o.status for o in closed if o.applicable)
    best = _best(outcomes, so_far)
    counted = [o for o in closed if counts(o, rule)]
    return AttendanceSummary(
        **{status.value: statuses[status] for status in AttendanceStatus},
        unmarked=statuses[None],
        not_applicable=sum(1 for o in closed if not o.applicable),
        attended_lessons=sum(1 for o in counted if is_attended(o.status, rule)),
        counted_lessons=len(counted),
        minutes=now.minutes,
        counted_minutes=now.counted,
        rate=_share(now),
        max_possible_rate=_share(best),
        may_still_miss=_may_still_miss(so_far, upcoming, rule),
        meets_rule=now.reaches(rule),
        can_reach=best.reaches(rule) or not (best.counted or closed),
        consecutive_absences=_tail_absences(closed),
        upcoming=len(upcoming),
    )


def _best(outcomes: Sequence[LessonOutcome], so_far: _Tally) -> _Tally:
    """With everything attended of which nothing is said yet."""
    return so_far.and_attending(sum(o.minutes for o in outcomes if o.applicable and o.status is None))


def is_lost_without(outcomes: Sequence[LessonOutcome], lesson: int, rule: CompletionRule) -> bool:
    """Whether she can reach the bar now and could not if the lesson at that place, which is still to come, were
    cancelled and nothing put in its place."""
    rest = [*outcomes[:lesson], *outcomes[lesson + 1 :]]
    with_it, without = (_best(some, _tally(some, rule)) for some in (outcomes, rest))
    return with_it.reaches(rule) and not without.reaches(rule) and without.counted > 0


def _share(tally: _Tally) -> float | None:
    return tally.minutes / tally.counted if tally.counted else None


def _may_still_miss(so_far: _Tally, upcoming: Sequence[int], rule: CompletionRule) -> int:
    """Missing the longest ones is the worst case: any so many lessons may be missed."""
    end = so_far.and_attending(sum(upcoming))
    missed = 0
    for minutes in sorted(upcoming, reverse=True):
        end = _Tally(end.minutes - minutes, end.counted, end.unexcused + 1)
        if not end.reaches(rule):
            break
        missed += 1
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
