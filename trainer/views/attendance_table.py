"""A class's attendance as a table of lessons by trainees, its rates by lesson and by county, and the list behind each
number; the rates of a programme by city."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from flask import Blueprint, render_template, request, url_for

from trainer import clock
from trainer.domain.actors import Scope
from trainer.domain.attendance import ATTENDED, AttendanceStatus, Evidence
from trainer.domain.attendance_table import AttendanceTable, Cell, TableLesson, TableWoman, Wanted
from trainer.permissions import Permission
from trainer.queries.attendance import get_rules
from trainer.queries.attendance_table import count_evidence, get_attendance_table, list_areas
from trainer.queries.cohort import get_cohort
from trainer.queries.programme import get_programme
from trainer.queries.scoping import page_of
from trainer.views.guards import actor, ensure, found, requires
from trainer.views.lists import paging
from trainer.wording import choices, label
from trainer.wording.attendance import ENTRY_GROUPS, HALVES, NOT_APPLICABLE_SIGN, SIGNS, UNMARKED_SIGN

pages = Blueprint("attendance_table", __name__)

# Classes of cells, short: a page has three thousand.
LOOKS = {
    AttendanceStatus.PRESENT: "",
    AttendanceStatus.LATE: "l",
    AttendanceStatus.LEFT_EARLY: "l",
    AttendanceStatus.EXCUSED: "x",
    AttendanceStatus.ABSENT: "a",
    AttendanceStatus.MADE_UP: "m",
}


class _Column(NamedTuple):
    """The head of a lesson; `link` is the roll, `about` what a woman's page at this lesson begins with."""

    id: int
    title: str
    held_on: date
    closed: bool
    day: str
    half: str
    link: str
    about: str


class _Row(NamedTuple):
    """A woman with her cells (class, sign, link) and how many of how many closed lessons she came to."""

    woman: TableWoman
    cells: list[tuple[str, str, str]]
    came: int
    expected: int


@pages.get("/cohorts/<int:cohort_id>/attendance/table")
@requires(Permission.VIEW_ATTENDANCE)
def show(cohort_id: int):
    """The whole class on one page, to be read on a phone and printed across a sheet."""
    cohort, table = _in_reach(cohort_id)
    columns = [_column(lesson) for lesson in table.lessons]
    signs = {status: str(sign) for status, sign in SIGNS.items()}
    return render_template(
        "attendance_table/show.html",
        cohort=cohort,
        columns=columns,
        rows=[_row(table, columns, woman, signs) for woman in table.women],
        came=Counter(lesson_id for (_woman, lesson_id), cell in table.cells.items() if cell.status in ATTENDED),
        legend=[(signs[status], label(status)) for status in AttendanceStatus],
        unmarked=UNMARKED_SIGN,
        not_applicable=NOT_APPLICABLE_SIGN,
        contradicted=sum(1 for cell in table.cells.values() if cell.contradicted),
        corrected=sum(1 for cell in table.cells.values() if cell.corrected),
    )


def _in_reach(cohort_id: int) -> tuple[object, AttendanceTable]:
    """Also for the instructors who teach in it."""
    cohort, table = found(get_cohort(cohort_id)), get_attendance_table(cohort_id)
    ensure(Permission.VIEW_ATTENDANCE, Scope(cohort.region_code, cohort.id, account_ids=table.instructors))
    return cohort, table


def _column(lesson: TableLesson) -> _Column:
    starts = clock.local(lesson.starts_at)
    about = url_for("roll.mark", lesson_id=lesson.id, enrolment_id=0).removesuffix("0")  # once a lesson, not a cell
    link = url_for("roll.show", lesson_id=lesson.id)
    facts = (lesson.id, lesson.title, lesson.day, lesson.closed)
    return _Column(*facts, f"{starts.month}/{starts.day}", str(HALVES[starts.hour >= 12])[:1], link, about)


def _row(table: AttendanceTable, columns: list[_Column], woman: TableWoman, signs: dict) -> _Row:
    """What is plainly present is reached by the roll in the column's head; everything else by a link of its own."""
    cells, came, expected, enrolment_id = [], 0, 0, woman.enrolment_id
    for column in columns:
        if woman.joined_on > column.held_on:
            cells.append(("n", NOT_APPLICABLE_SIGN, ""))
            continue
        closed = column.closed
        expected += closed
        cell = table.cells.get((enrolment_id, column.id))
        if cell is None:
            cells.append(("x", UNMARKED_SIGN, f"{column.about}{enrolment_id}") if closed else ("", UNMARKED_SIGN, ""))
            continue
        came += closed and cell.status in ATTENDED
        link = "" if cell.plain else f"{column.about}{enrolment_id}"
        cells.append((LOOKS[cell.status], _sign(cell, signs) if link else signs[cell.status], link))
    return _Row(woman, cells, came, expected)


def _sign(cell: Cell, signs: dict[AttendanceStatus, str]) -> str:
    return signs[cell.status] + ("!" if cell.contradicted else "") + ("*" if cell.corrected else "")


@pages.get("/cohorts/<int:cohort_id>/attendance/rates")
@requires(Permission.VIEW_ATTENDANCE)
def rates(cohort_id: int):
    """Closed lessons only, under the rule in force: a line a lesson, a line a county."""
    cohort, table = _in_reach(cohort_id)
    rule, evidence = get_rules([cohort_id])[cohort_id], count_evidence(cohort_id)
    return render_template(
        "attendance_table/rates.html",
        cohort=cohort,
        lessons=[(lesson, sums, _seen(evidence.get(lesson.id, {}))) for lesson, sums in table.by_lesson(rule)],
        counties=table.by_county(rule),
        whole=table.sums_of(table.closed, table.women, rule),
        evidence=choices(Evidence),
    )


def _seen(counts: dict[Evidence, int]) -> list[tuple[Evidence, int, int]]:
    """(how, so many, of all that came), the strongest first."""
    return [(kind, counts[kind], sum(counts.values())) for kind in Evidence if kind in counts]


@pages.get("/cohorts/<int:cohort_id>/attendance/entries")
@requires(Permission.VIEW_ATTENDANCE)
def entries(cohort_id: int):
    """The women and lessons that a number of the rates is made of."""
    cohort, table = _in_reach(cohort_id)
    wanted = Wanted(
        request.args.get("lesson", None, int), request.args.get("county", ""), request.args.get("status", "")
    )
    return render_template(
        "attendance_table/entries.html",
        cohort=cohort,
        page=page_of([entry for entry in table.entries() if wanted.takes(*entry)], **paging()),
        lessons=[
            (lesson.id, f"{clock.local(lesson.starts_at):%m-%d %H:%M} {lesson.title}") for lesson in table.lessons
        ],
        counties=sorted({(woman.county_code, woman.county) for woman in table.women}),
        statuses=[*choices(AttendanceStatus), *ENTRY_GROUPS.items()],
    )


@pages.get("/programmes/<int:programme_id>/attendance")
@requires(Permission.VIEW_ATTENDANCE)
def programme(programme_id: int):
    """The cohorts of a programme by city, as far as she may look at them."""
    one = found(get_programme(programme_id))
    ensure(Permission.VIEW_PROGRAMME, one.viewing_scope)
    return render_template("attendance_table/programme.html", programme=one, areas=list_areas(actor(), programme_id))
