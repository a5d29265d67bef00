"""A class's attendance as a table, lessons by trainees: what stands in a cell, and the sums of its columns and counties."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from trainer.domain.attendance import (
    ATTENDED,
    AttendanceStatus,
    AttendanceSummary,
    LessonOutcome,
    LessonState,
    summarise,
)
from trainer.domain.days import china_day
from trainer.domain.programme import CompletionRule


@dataclass(frozen=True)
class TableLesson:
    """A column; never a cancelled lesson."""

    id: int
    title: str
    starts_at: datetime
    minutes: int
    state: LessonState
    instructor_id: int | None

    @cached_property
    def day(self) -> date:
        return china_day(self.starts_at)

    @property
    def closed(self) -> bool:
        return self.state is LessonState.CLOSED


@dataclass(frozen=True)
class TableWoman:
    """A row."""

    enrolment_id: int
    person_id: int
    seat: int
    name: str
    joined_on: date
    county_code: str
    county: str


class Cell(NamedTuple):
    """What is said of one woman at one lesson. Two markers contradict each other until somebody decides; a correction
    is the office's word where it is not the roll's (`marker_status`, which is of no interest elsewhere)."""

    status: AttendanceStatus
    marker_status: AttendanceStatus | None = None
    office_status: AttendanceStatus | None = None
    contradicted: bool = False

    @property
    def plain(self) -> bool:
        """Present, and nothing else to say."""
        return self.status is AttendanceStatus.PRESENT and self.office_status is None and not self.contradicted

    @property
    def corrected(self) -> bool:
        return self.office_status is not None and self.office_status is not self.marker_status


@dataclass(frozen=True)
class County:
    """The women of a class who live in one county."""

    code: str
    name: str
    women: int
    sums: AttendanceSummary


@dataclass(frozen=True)
class AttendanceTable:
    """Lessons in order of time, women by seat, and a cell wherever something is said: (enrolment, lesson)."""

    lessons: Sequence[TableLesson]
    women: Sequence[TableWoman]
    cells: dict[tuple[int, int], Cell]

    @property
    def instructors(self) -> frozenset[int]:
        return frozenset(lesson.instructor_id for lesson in self.lessons if lesson.instructor_id is not None)

    @property
    def closed(self) -> list[TableLesson]:
        return [lesson for lesson in self.lessons if lesson.closed]

    def outcomes(self, lessons: Sequence[TableLesson], women: Sequence[TableWoman]) -> Iterator[LessonOutcome]:
        """Of these women at these lessons, each as the rate takes it."""
        cells = self.cells
        for woman in women:
            for lesson in lessons:
                cell = cells.get((woman.enrolment_id, lesson.id))
                yield LessonOutcome(
                    lesson.minutes, lesson.closed, cell.status if cell else None, woman.joined_on <= lesson.day
                )

    def sums_of(
        self, lessons: Sequence[TableLesson], women: Sequence[TableWoman], rule: CompletionRule
    ) -> AttendanceSummary:
        """In person-times: the arithmetic of one woman's rate over many."""
        return summarise(list(self.outcomes(lessons, women)), rule)

    def by_lesson(self, rule: CompletionRule) -> list[tuple[TableLesson, AttendanceSummary]]:
        """Each closed lesson over everybody it applies to."""
        return [(lesson, self.sums_of([lesson], self.women, rule)) for lesson in self.closed]

    def by_county(self, rule: CompletionRule) -> list[County]:
        """Each county of the women's homes over the closed lessons."""
        homes: dict[tuple[str, str], list[TableWoman]] = {}
        for woman in self.women:
            homes.setdefault((woman.county_code, woman.county), []).append(woman)
        return [
            County(code, name, len(women), self.sums_of(self.closed, women, rule))
            for (code, name), women in sorted(homes.items())
        ]

    def entries(self) -> Iterator[tuple[TableWoman, TableLesson, Cell | None]]:
        """Everything there is to say: each lesson that applies to each woman."""
        for lesson in self.lessons:
            for woman in self.women:
                if woman.joined_on <= lesson.day:
                    yield woman, lesson, self.cells.get((woman.enrolment_id, lesson.id))


class Wanted(NamedTuple):
    """Which entries somebody wants listed, as the numbers of the rates are made; without a lesson, of closed ones."""

    lesson_id: int | None = None
    county: str = ""
    what: str = ""

    def takes(self, woman: TableWoman, lesson: TableLesson, cell: Cell | None) -> bool:
        if self.lesson_id is None and not (lesson.closed or self.what in ("contradicted", "corrected")):
            return False
        return self.lesson_id in (None, lesson.id) and self.county in ("", woman.county_code) and self._says(cell)

    def _says(self, cell: Cell | None) -> bool:
        if self.what == "":
            return True
        if cell is None:
            return self.what == "unmarked"
        return {
            "attended": cell.status in ATTENDED,
            "contradicted": cell.contradicted,
            "corrected": cell.corrected,
        }.get(self.what, cell.status == self.what)


@dataclass(frozen=True)
class Correction:
    """The office's word beside that of whoever took the roll."""

    seat: int
    name: str
    lesson: str
    starts_at: datetime
    marker_status: AttendanceStatus | None
    office_status: AttendanceStatus
    at: datetime
    by: str | None
    reason: str


@dataclass(frozen=True)
class Signatory:
    """A row of a sign-in sheet; the phone is masked."""

    enrolment_id: int
    seat: int
    name: str
    sex: str | None
    phone: str
    village: str
    joined_on: date
