"""Plans for a timetable that are looked at before anything is written: lessons repeated, copied, moved on."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from trainer.domain.days import CHINA, china_day
from trainer.domain.holiday import SATURDAY, Holidays, Rest, rest_on
from trainer.domain.timetable import AFTERNOON, MORNING, LessonDraft

# A plan is read row by row: more than a person looks through is none.
MOST_ROWS = 100
FARTHEST = timedelta(days=800)
NOON = time(12)
ONE_DAY = timedelta(days=1)


class Hindrance(StrEnum):
    """What stands in a lesson's way."""

    OUTSIDE = "outside"
    TAKEN = "taken"
    INSTRUCTOR_BUSY = "instructor_busy"


@dataclass(frozen=True)
class Standing:
    """A lesson that stands, as far as it can be in another's way; `teacher` is the name of its instructor."""

    lesson_id: int
    cohort_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    instructor_id: int | None = None
    teacher: str = ""


@dataclass(frozen=True)
class InTheWay:
    """A hindrance, and who or what it is: the other lesson's title, the instructor's name."""

    kind: Hindrance
    what: str = ""


@dataclass(frozen=True)
class Row:
    """A lesson as it would stand; `source` is the lesson it is made from, or moved, and `now` its time until then."""

    source: int
    draft: LessonDraft
    now: datetime
    rest: Rest | None = None
    hindrances: tuple[InTheWay, ...] = ()
    leaves: int = 0

    @property
    def is_possible(self) -> bool:
        return not self.hindrances

    @property
    def is_ticked(self) -> bool:
        """Unless somebody wants it otherwise."""
        return self.is_possible and self.rest is None

    @property
    def pick(self) -> str:
        """What the form sends for it."""
        return f"{self.source}@{self.draft.day.isoformat()}"


def hindrances(
    draft: LessonDraft, cohort_id: int, first: date, last: date, standing: Iterable[Standing]
) -> tuple[InTheWay, ...]:
    """What stands in the way of `draft` in a cohort held from `first` to `last`."""
    found = [] if first <= draft.day <= last else [InTheWay(Hindrance.OUTSIDE)]
    for other in standing:
        if not (other.starts_at < draft.ends_at and other.ends_at > draft.starts_at):
            continue
        if other.cohort_id == cohort_id:
            found.append(InTheWay(Hindrance.TAKEN, other.title))
        elif draft.instructor_id and other.instructor_id == draft.instructor_id:
            found.append(InTheWay(Hindrance.INSTRUCTOR_BUSY, other.teacher))
    return tuple(found)


@dataclass(frozen=True)
class Rhythm:
    """Every so many days, or on these weekdays (0 is Monday); until a day, or so many times."""

    every: int = 0
    weekdays: frozenset[int] = frozenset()
    until: date | None = None
    times: int = 0

    def weekends_too(self, first: date) -> bool:
        """Whether a weekend is a day off: not for whoever chose it, or began on one."""
        return not self.weekdays and first.weekday() < SATURDAY


@dataclass(frozen=True)
class CopyOptions:
    """How a timetable is copied: its first day, whether days off are passed over, what goes along."""

    begins: date
    past_rest: bool = False
    instructors: bool = False
    links: bool = False


@dataclass(frozen=True)
class Shift:
    """So many days on, or (`days` 0) to the next half day."""

    days: int = 0
    past_rest: bool = False


def days_in_rhythm(first: date, rhythm: Rhythm, holidays: Holidays) -> list[date]:
    """The days after `first`, those off among them; they do not count among `times`."""
    found, held, day = [], 0, first
    while len(found) < MOST_ROWS and day - first < FARTHEST:
        day += timedelta(days=rhythm.every or 1)
        if rhythm.until and day > rhythm.until:
            break
        if rhythm.weekdays and day.weekday() not in rhythm.weekdays:
            continue
        found.append(day)
        held += rest_on(day, holidays, weekends_too=rhythm.weekends_too(first)) is None
        if rhythm.times and held == rhythm.times:
            break
    return found


def held_on_weekends(days: Iterable[date]) -> bool:
    return any(day.weekday() >= SATURDAY for day in days)


def days_moved(days: Collection[date], by: timedelta, holidays: Holidays, *, past_rest: bool) -> dict[date, date]:
    """Each day `by` later, gaps kept; `past_rest`: on to the next working day, and all that follows along with it."""
    weekends_too, moved = not held_on_weekends(days), {}
    for day in sorted(set(days)):
        moved[day] = day + by
        while past_rest and rest_on(moved[day], holidays, weekends_too=weekends_too):
            moved[day] += ONE_DAY
            by += ONE_DAY
    return moved


# A half day: its day, and 0 for the morning or 1 for what begins at noon or later.
Half = tuple[date, int]


def half_of(draft: LessonDraft) -> Half:
    return draft.day, int(draft.begins >= NOON)


def _following(half: Half) -> Half:
    return (half[0], 1) if half[1] == 0 else (half[0] + ONE_DAY, 0)


def _in_half(draft: LessonDraft, half: Half) -> LessonDraft:
    """As far from the beginning of the half day as before, and as long."""
    begins = (MORNING, AFTERNOON)[half_of(draft)[1]].begins
    since = datetime.combine(half[0], draft.begins) - datetime.combine(half[0], begins)
    starts = datetime.combine(half[0], (MORNING, AFTERNOON)[half[1]].begins) + since
    ends = starts + (draft.ends_at - draft.starts_at)
    return replace(draft, day=starts.date(), begins=starts.time(), ends=ends.time())


def to_next_half_days(
    lessons: Mapping[int, LessonDraft], first: int, fixed: Iterable[Standing], holidays: Holidays
) -> dict[int, LessonDraft]:
    """The lesson `first` a half day on; what stands there goes on too, and so forth until a half day is free.

    `lessons` may be moved; `fixed` stay where they are and are passed over, as are days off.
    """
    by_half: dict[Half, list[int]] = {}
    for lesson_id, draft in lessons.items():
        by_half.setdefault(half_of(draft), []).append(lesson_id)
    closed = {(china_day(one.starts_at), int(one.starts_at.astimezone(CHINA).time() >= NOON)) for one in fixed}
    weekends_too = not held_on_weekends(draft.day for draft in lessons.values())
    start = lessons[first].starts_at
    half, moved = half_of(lessons[first]), {}
    going = [n for n in by_half[half] if lessons[n].starts_at >= start]
    while going:
        half = _following(half)
        while half in closed or (half not in by_half and rest_on(half[0], holidays, weekends_too=weekends_too)):
            half = _following(half)
        moved |= {lesson_id: _in_half(lessons[lesson_id], half) for lesson_id in going}
        going = by_half.get(half, [])
    return moved


def fingerprint(rows: Sequence[Row]) -> str:
    """The same for the same plan: who confirms it has seen exactly this."""
    times = [
        f"{row.source} {row.now.isoformat()} {row.draft.starts_at.isoformat()} {row.draft.ends_at}" for row in rows
    ]
    return hashlib.sha256("\n".join(times).encode()).hexdigest()[:24]
