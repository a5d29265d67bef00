"""A cohort's timetable as a workbook, 课程表: a row a lesson."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.domain.attendance import LessonKind
from trainer.domain.days import CHINA
from trainer.wording import label
from trainer.wording.timetable import SHEET, WEEKDAYS


class TimetableLesson(Protocol):
    """What the sheet shows of a lesson."""

    title: str
    kind: LessonKind
    starts_at: datetime
    ends_at: datetime
    credit_minutes: int
    place: str
    instructor: str


def timetable_workbook(title_rows: tuple[str, ...], lessons: Sequence[TimetableLesson]) -> bytes:
    """The lessons in the order given."""
    return write_workbook([timetable_sheet(title_rows, lessons)])


def timetable_sheet(title_rows: tuple[str, ...], lessons: Sequence[TimetableLesson]) -> Sheet:
    columns = [
        _column("day", "date", 12),
        _column("weekday", width=9),
        _column("time", width=13),
        _column("lesson", width=32),
        _column("kind"),
        _column("hours", "number", 8),
        _column("place", width=26),
        _column("instructor"),
    ]
    return Sheet(str(SHEET["sheet"]), columns, [_row(one) for one in lessons], title_rows)


def _column(name: str, kind: str = "text", width: float = 12) -> Column:
    return Column(str(SHEET[name]), kind, width)


def _row(lesson: TimetableLesson) -> list[object]:
    starts, ends = lesson.starts_at.astimezone(CHINA), lesson.ends_at.astimezone(CHINA)
    return [
        starts.date(),
        str(WEEKDAYS[starts.weekday()]),
        f"{starts:%H:%M}–{ends:%H:%M}",
        lesson.title,
        label(lesson.kind),
        lesson.credit_minutes / 60,
        lesson.place,
        lesson.instructor,
    ]
