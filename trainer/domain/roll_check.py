"""Checks on the marker: what about a closed roll somebody one level up should look at. Never a reason to refuse.

Every rule takes plain rows and gives facts (counts, seconds, numbers of rows; never a name), or nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from trainer.domain.attendance import ATTENDED, IN_THE_ROOM, AttendanceStatus, MarkChannel
from trainer.domain.days import china_day


class RollCheckKind(StrEnum):
    HEADCOUNT_DIFFERS = "headcount_differs"
    TAKEN_IN_SECONDS = "taken_in_seconds"
    SAME_AS_THE_DAY_BEFORE = "same_as_the_day_before"
    ONE_DEVICE_FOR_MANY = "one_device_for_many"
    MARKED_AFTER_CLOSING = "marked_after_closing"
    SAID_SHE_WAS_NOT_THERE = "said_she_was_not_there"


class RollCheckAnswer(StrEnum):
    """What looking into it found."""

    EXPLAINED = "explained"
    CORRECTED = "corrected"
    NOT_CREDIBLE = "not_credible"


# Of fewer taps than these nothing can be told: a handful of women whom she knows takes a moment.
FEWEST_TAPS = 20
# Reading a name and looking up takes longer; whoever taps at this pace looks at the screen alone.
MEDIAN_SECONDS = 1.0
# Twenty taps and more in so short a time, though every second one came a little later.
ALL_WITHIN_SECONDS = 20
# Two rolls of a small class are alike by chance.
FEWEST_WOMEN = 10
# One woman who is ill for days makes no copied roll.
FEWEST_ABSENT = 2
# Whoever stays at home in the morning stays away in the afternoon: of one day more must be the same.
FEWEST_ABSENT_SAME_DAY = 5
# A week-end may lie between two days of lessons.
DAY_BEFORE_WITHIN = timedelta(days=3)
# Mother, daughters and neighbours share a phone; more than these on one are somebody's work.
MOST_ON_ONE_DEVICE = 5
# A woman checks in herself by these.
BY_HERSELF = frozenset({MarkChannel.SCREEN_CODE, MarkChannel.SEAT_NUMBER})
# What she asked for, and whom a guest noted before the closing turned out to be, is settled later by its nature.
SETTLED_LATER = frozenset({MarkChannel.CLAIM, MarkChannel.LEAVE, MarkChannel.WALK_IN})

Facts = dict[str, object]


class MarkFact(NamedTuple):
    """One mark of the roll."""

    enrolment_id: int
    status: AttendanceStatus | None
    channel: MarkChannel
    by: int | None
    at: datetime
    said_at: datetime | None
    device: str


@dataclass(frozen=True)
class RollFacts:
    """A roll as the rules read it; `first_closed_at` stays where it was reopened, `guests` are walk-ins without a mark."""

    lesson_id: int
    starts_at: datetime
    headcount: int | None
    guests: int
    statuses: Mapping[int, AttendanceStatus]
    marks: Sequence[MarkFact]
    first_closed_at: datetime | None = None
    asked: int = 0
    said_not_there: int = 0


@dataclass(frozen=True)
class EarlierRoll:
    """Another roll of the cohort that was closed before this one."""

    lesson_id: int
    starts_at: datetime
    statuses: Mapping[int, AttendanceStatus]


def find_all(roll: RollFacts, earlier: Iterable[EarlierRoll]) -> dict[RollCheckKind, Facts]:
    """What holds of a roll now."""
    found = {
        RollCheckKind.HEADCOUNT_DIFFERS: headcount_differs(roll),
        RollCheckKind.TAKEN_IN_SECONDS: taken_in_seconds(roll.marks),
        RollCheckKind.SAME_AS_THE_DAY_BEFORE: same_as_before(roll, earlier),
        RollCheckKind.ONE_DEVICE_FOR_MANY: one_device_for_many(roll.marks),
        RollCheckKind.MARKED_AFTER_CLOSING: marked_after_closing(roll),
        RollCheckKind.SAID_SHE_WAS_NOT_THERE: said_she_was_not_there(roll),
    }
    return {kind: facts for kind, facts in found.items() if facts}


def headcount_differs(roll: RollFacts) -> Facts | None:
    """The heads counted, and those on the roll as in the room with the guests written down at the door."""
    by_the_roll = sum(1 for status in roll.statuses.values() if status in IN_THE_ROOM) + roll.guests
    if roll.headcount is None or roll.headcount == by_the_roll:
        return None
    return {"headcount": roll.headcount, "on_the_roll": by_the_roll}


def taken_in_seconds(marks: Iterable[MarkFact]) -> Facts | None:
    """The fastest marker of the roll, where nobody can have looked up.

    A tap is at the moment its device said (many may arrive together from a queue), else when it arrived. The rest
    put down as absent together is one tap: one act. Paper, lists and imports are no taps.
    """
    by_marker: dict[int | None, list[MarkFact]] = defaultdict(list)
    for mark in marks:
        if mark.channel is MarkChannel.ROLL and mark.status is not None:
            by_marker[mark.by].append(mark)
    found = [facts for by, taps in by_marker.items() if (facts := _too_fast(by, _moments(taps)))]
    return min(found, key=lambda facts: facts["median"], default=None)


def _moments(taps: Iterable[MarkFact]) -> list[datetime]:
    """When somebody tapped, in order."""
    said = [(tap.said_at or tap.at, tap.status in ATTENDED) for tap in taps]
    together = {moment for moment, came in said if not came}
    return sorted([*(moment for moment, came in said if came), *together])


def _too_fast(by: int | None, moments: Sequence[datetime]) -> Facts | None:
    if len(moments) < FEWEST_TAPS:
        return None
    between = median((later - sooner).total_seconds() for sooner, later in pairwise(moments))
    whole = (moments[-1] - moments[0]).total_seconds()
    if between >= MEDIAN_SECONDS and whole > ALL_WITHIN_SECONDS:
        return None
    return {"taps": len(moments), "seconds": round(whole), "median": round(between, 2), "by": by}


def same_as_before(roll: RollFacts, earlier: Iterable[EarlierRoll]) -> Facts | None:
    """The first roll of this day or of the last day of lessons before on which the very same women are absent.

    Rolls on which everybody came are alike and no finding.
    """
    absent = _absent(roll.statuses)
    for other in _near(roll, earlier):
        same_day = china_day(other.starts_at) == china_day(roll.starts_at)
        fewest = FEWEST_ABSENT_SAME_DAY if same_day else FEWEST_ABSENT
        women = min(len(roll.statuses), len(other.statuses))
        if women >= FEWEST_WOMEN and len(absent) >= fewest and absent == _absent(other.statuses):
            return {"absent": len(absent), "women": len(roll.statuses), "lesson": other.lesson_id}
    return None


def _absent(statuses: Mapping[int, AttendanceStatus]) -> frozenset[int]:
    return frozenset(id_ for id_, status in statuses.items() if status is AttendanceStatus.ABSENT)


def _near(roll: RollFacts, earlier: Iterable[EarlierRoll]) -> list[EarlierRoll]:
    """Those of the same day and of the last day before it, the last first."""
    before = [other for other in earlier if roll.starts_at - DAY_BEFORE_WITHIN <= other.starts_at < roll.starts_at]
    today = china_day(roll.starts_at)
    last_day = max((day for other in before if (day := china_day(other.starts_at)) < today), default=None)
    near = [other for other in before if china_day(other.starts_at) in (today, last_day)]
    return sorted(near, key=lambda other: other.starts_at, reverse=True)


def one_device_for_many(marks: Iterable[MarkFact]) -> Facts | None:
    """The device on which most women checked in by themselves, where they are too many for a shared phone."""
    women = {(mark.device, mark.enrolment_id) for mark in marks if mark.channel in BY_HERSELF and mark.device}
    often = Counter(device for device, _woman in women)
    many = [count for count in often.values() if count > MOST_ON_ONE_DEVICE]
    return {"women": max(many), "devices": len(many), "most": MOST_ON_ONE_DEVICE} if many else None


def marked_after_closing(roll: RollFacts) -> Facts | None:
    """Marks made after the roll was closed for the first time, those aside that have a record of their own."""
    if roll.first_closed_at is None:
        return None
    late = [mark for mark in roll.marks if mark.at > roll.first_closed_at and mark.channel not in SETTLED_LATER]
    made_present = sum(1 for mark in late if mark.status in ATTENDED)
    return {"marks": len(late), "as_attending": made_present} if late else None


def said_she_was_not_there(roll: RollFacts) -> Facts | None:
    """Women on the roll as attending who said on the phone that they were not there."""
    return {"women": roll.said_not_there, "asked": roll.asked} if roll.said_not_there else None
