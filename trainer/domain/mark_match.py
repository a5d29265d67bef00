"""Whom a row of a list means, and which lesson: by seat, name and phone together, never by a guess."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from trainer.domain.attendance import AttendanceStatus, LessonState, MarkChannel
from trainer.domain.days import CHINA, china_day
from trainer.domain.mark_import import MarkFileKind, MarkRow, read_day, read_half

NOON = 12
# A nickname that holds a name of the roll may be hers.
SHORTEST_NAME = 2


@dataclass(frozen=True)
class Woman:
    """One enrolment of the cohort."""

    enrolment_id: int
    seat: int | None
    name: str
    phone: str
    joined_on: date
    on_the_roll: bool = True

    def has_phone(self, digits: str) -> bool:
        return bool(digits) and self.phone.endswith(digits)


@dataclass(frozen=True)
class LessonAt:
    """A lesson that the file may speak of."""

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    state: LessonState

    @property
    def day(self) -> date:
        return china_day(self.starts_at)

    @property
    def minutes(self) -> float:
        return (self.ends_at - self.starts_at).total_seconds() / 60

    @property
    def is_afternoon(self) -> bool:
        return self.starts_at.astimezone(CHINA).hour >= NOON


@dataclass(frozen=True)
class Standing:
    """What the roll says of one woman at one lesson now."""

    status: AttendanceStatus
    mark_id: int
    channel: MarkChannel


@dataclass(frozen=True)
class Known:
    """All that rows are held against."""

    women: Sequence[Woman]
    lessons: Sequence[LessonAt]
    standings: Mapping[tuple[int, int], Standing]
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FileRules:
    """What the form says of the file: its kind, the share of a live lesson that makes her present, today."""

    kind: MarkFileKind
    today: date
    share: int = 60
    late_minutes: int = 15


class NoMark(Exception):
    """This row makes no mark, and why."""

    def __init__(self, reason: str, **values: object) -> None:
        self.reason, self.values = reason, values


class NeedsPerson(NoMark):
    def __init__(self, reason: str, might_be: Iterable[Woman]) -> None:
        super().__init__(reason)
        self.might_be = tuple(woman.enrolment_id for woman in might_be)


class Register:
    """The women and the lessons, to be found quickly."""

    def __init__(self, known: Known, rules: FileRules) -> None:
        self.elsewhere, self.rules = known.elsewhere, rules
        self.women = [woman for woman in known.women if woman.on_the_roll]
        self.former = {woman.name for woman in known.women if not woman.on_the_roll}
        self.by_id = {woman.enrolment_id: woman for woman in known.women}
        self.by_seat = {woman.seat: woman for woman in self.women if woman.seat}
        self.lessons = known.lessons
        self.lesson_by_id = {lesson.id: lesson for lesson in known.lessons}
        self.by_name: dict[str, list[Woman]] = defaultdict(list)
        for woman in self.women:
            self.by_name[_bare(woman.name)].append(woman)

    def find(self, row: MarkRow) -> Woman:
        """Whom a row means. Raises NeedsPerson or NoMark."""
        name, digits, seated = _bare(row.name), row.digits, self.by_seat.get(row.seat_number)
        namesakes = self.by_name.get(name, []) if name else []
        if namesakes:
            return self._among(namesakes, seated, digits)
        by_phone = [woman for woman in self.women if woman.has_phone(digits)] if digits else []
        if not name:
            return self._nameless(seated, digits, by_phone)
        if len(digits) > 4 and len(by_phone) == 1 and self.rules.kind is MarkFileKind.PLATFORM:
            return by_phone[0]
        return self._by_nickname(row, name, seated, by_phone)

    def _among(self, namesakes: Sequence[Woman], seated: Woman | None, digits: str) -> Woman:
        if seated and seated not in namesakes:
            raise NeedsPerson("mark_seat_of_another", [*namesakes, seated])
        fitting = [
            woman
            for woman in namesakes
            if (not seated or woman is seated) and (not digits or not woman.phone or woman.has_phone(digits))
        ]
        if len(fitting) == 1:
            return fitting[0]
        raise NeedsPerson("mark_several_fit" if fitting else "mark_phone_of_another", namesakes)

    def _nameless(self, seated: Woman | None, digits: str, by_phone: Sequence[Woman]) -> Woman:
        if seated and (not digits or seated.has_phone(digits)):
            return seated
        if len(digits) > 4 and len(by_phone) == 1 and not seated:
            return by_phone[0]
        if seated or by_phone:
            raise NeedsPerson("mark_who_is_it", {*([seated] if seated else []), *by_phone})
        raise NoMark("mark_nobody")

    def _by_nickname(self, row: MarkRow, name: str, seated: Woman | None, by_phone: Sequence[Woman]) -> Woman:
        """No name of the roll: one within a nickname, with her phone; else whom seat or phone point to."""
        within = []
        if self.rules.kind is MarkFileKind.PLATFORM:
            within = [w for w in self.women if len(w.name) >= SHORTEST_NAME and _bare(w.name) in name]
        both = [woman for woman in within if woman in by_phone]
        if len(both) == 1:
            return both[0]
        if might_be := {woman.enrolment_id: woman for woman in (*within, *by_phone, *([seated] if seated else []))}:
            raise NeedsPerson("mark_other_name", might_be.values())
        if row.name in self.former:
            raise NoMark("mark_left_the_cohort")
        raise NoMark("mark_of_another_cohort" if row.name in self.elsewhere else "mark_nobody")

    def lesson_of(self, row: MarkRow) -> LessonAt:
        """The lesson that a row or its column means. Raises NoMark."""
        if len(self.lessons) == 1:
            return self._the_one(self.lessons[0], row)
        titled = [lesson for lesson in self.lessons if row.lesson and _bare(lesson.title) == _bare(row.lesson)]
        text = next((t for t in (row.day, row.lesson, row.time) if read_day(t, self.rules.today)), "")
        day = read_day(text, self.rules.today)
        found = [lesson for lesson in titled or self.lessons if day is None or lesson.day == day]
        half = read_half(row.lesson) if read_half(row.lesson) is not None else read_half(row.day)
        if half is not None and len(found) > 1:
            found = [lesson for lesson in found if lesson.is_afternoon is half]
        if len(found) != 1 or (day is None and not titled):
            raise NoMark("mark_which_lesson" if found else "mark_no_lesson", day=row.lesson or row.day or "—")
        return found[0]

    def _the_one(self, lesson: LessonAt, row: MarkRow) -> LessonAt:
        day = read_day(row.day, lesson.day) or read_day(row.lesson, lesson.day)
        half = read_half(row.lesson)
        if (day and day != lesson.day) or (day and half is not None and lesson.is_afternoon is not half):
            raise NoMark("mark_other_day", day=row.day or row.lesson)
        return lesson


def _bare(name: str) -> str:
    """Without blanks, signs and the small pictures of nicknames."""
    return re.sub(r"[^\w·]|_", "", name.replace("•", "·")).lower()
