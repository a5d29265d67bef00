"""The table of lessons by trainees: its sums are those of the women, its lists are what its numbers count."""

from datetime import UTC, date, datetime, timedelta

import pytest

from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.attendance_table import AttendanceTable, Cell, TableLesson, TableWoman, Wanted
from trainer.domain.programme import CompletionRule, ExcusedCounts

HERE, LATE, EARLY, LEAVE, AWAY, MADE_UP = AttendanceStatus
MONDAY = datetime(2026, 3, 9, 1, tzinfo=UTC)


def lesson(id_: int, state: LessonState = LessonState.CLOSED) -> TableLesson:
    return TableLesson(id_, f"第{id_}课", MONDAY + timedelta(days=id_ - 1), 180, state, 70 + id_)


def woman(id_: int, county: str = "140215", joined: int = 9) -> TableWoman:
    return TableWoman(id_, id_, id_, f"王{id_}", date(2026, 3, joined), county, f"县{county}")


TABLE = AttendanceTable(
    [lesson(1), lesson(2), lesson(3, LessonState.OPEN)],
    [woman(1), woman(2), woman(3, "140221", joined=10)],
    {
        (1, 1): Cell(HERE, HERE),
        (1, 2): Cell(LATE, LATE),
        (2, 1): Cell(MADE_UP, AWAY, MADE_UP),
        (2, 2): Cell(AWAY, AWAY, contradicted=True),
        (3, 2): Cell(LEAVE, LEAVE),
        (1, 3): Cell(HERE, HERE),
        (2, 3): Cell(HERE, HERE, contradicted=True),
    },
)


@pytest.mark.parametrize(
    ("excused", "second"),
    [(ExcusedCounts.ABSENT, (1, 3)), (ExcusedCounts.IGNORED, (1, 2)), (ExcusedCounts.PRESENT, (2, 3))],
)
def test_the_sums_of_a_lesson(excused, second):
    sums = [sums for _lesson, sums in TABLE.by_lesson(CompletionRule(excused_counts=excused))]
    assert [(s.expected, s.attended, s.late, s.excused, s.absent, s.unmarked) for s in sums] == [
        (2, 2, 0, 0, 0, 0),
        (3, 1, 1, 1, 1, 0),
    ]
    assert [(s.attended_lessons, s.counted_lessons) for s in sums] == [(2, 2), second]


def test_the_sums_of_counties_are_those_of_the_class():
    near, far = TABLE.by_county(CompletionRule())
    assert [(c.code, c.women, c.sums.expected, c.sums.attended) for c in (near, far)] == [
        ("140215", 2, 4, 3),
        ("140221", 1, 1, 0),
    ]
    whole = TABLE.sums_of(TABLE.closed, TABLE.women, CompletionRule())
    assert whole.expected == near.sums.expected + far.sums.expected


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), [(1, 1), (2, 1), (1, 2), (2, 2), (3, 2)]),
        (Wanted(2), [(1, 2), (2, 2), (3, 2)]),
        (Wanted(3), [(1, 3), (2, 3), (3, 3)]),
        (Wanted(3, what="unmarked"), [(3, 3)]),
        (Wanted(county="140221"), [(3, 2)]),
        (Wanted(what="attended"), [(1, 1), (2, 1), (1, 2)]),
        (Wanted(what="late"), [(1, 2)]),
        (Wanted(what="corrected"), [(2, 1)]),
        (Wanted(what="contradicted"), [(2, 2), (2, 3)]),
        (Wanted(what="nonsense"), []),
    ],
)
def test_the_list_behind_a_number(wanted, found):
    listed = [(woman.seat, lesson.id) for woman, lesson, cell in TABLE.entries() if wanted.takes(woman, lesson, cell)]
    assert listed == found


def test_a_correction_is_the_offices_word_where_it_is_another():
    assert [
        Cell(HERE, said, office).corrected for said, office in ((HERE, None), (HERE, HERE), (AWAY, HERE), (None, HERE))
    ] == [
        False,
        False,
        True,
        True,
    ]
