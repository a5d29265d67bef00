"""Sign-in sheets on paper: the pages of a lesson or a day to be signed, and the roll after marking."""

from datetime import date

from flask import Blueprint, current_app, render_template, request, url_for

from trainer import clock
from trainer.database import transaction
from trainer.documents.slips import qr_code
from trainer.domain.paper_sheet import EMPTY_LINES, count_pages, on_page, sheet_number
from trainer.permissions import Permission
from trainer.queries.cohort import get_cohort, viewing_scope
from trainer.queries.paper_sheet import get_instructors
from trainer.queries.roll import LessonHead, Roll, get_roll, list_rolls_of_day
from trainer.queries.walk_in import list_walk_ins
from trainer.services import audit
from trainer.views.guards import actor, ensure, found, requires
from trainer.views.roll import lesson_in_reach

pages = Blueprint("paper_print", __name__)

EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)


@pages.get("/lessons/<int:lesson_id>/sheets/print")
@requires(Permission.MARK_ATTENDANCE)
def lesson(lesson_id: int):
    """The pages of one lesson, to be signed."""
    head = lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE)
    return _printed([head], get_roll(head))


@pages.get("/cohorts/<int:cohort_id>/sheets/print")
@requires(Permission.MARK_ATTENDANCE)
def day(cohort_id: int):
    """The pages of all lessons of a day, one lesson after the other."""
    cohort = found(get_cohort(cohort_id))
    wanted = _day(request.args.get("day"))
    ensure(Permission.MARK_ATTENDANCE, viewing_scope(cohort))
    lessons = [roll.lesson for roll in list_rolls_of_day(actor(), wanted) if roll.lesson.cohort_id == cohort_id]
    if not lessons:
        return render_template("paper_sheet/no_lesson.html", cohort=cohort, day=wanted)
    return _printed(lessons, get_roll(lessons[0]), of_day=wanted)


def _day(text: str | None) -> date:
    """Today for what is no day of any lesson, such as the year 1."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return clock.today()
    return day if EARLIEST <= day <= LATEST else clock.today()


def _printed(lessons: list[LessonHead], roll: Roll, of_day: date | None = None):
    """Names leave the house: written down. Of one day the same women stand on every sheet."""
    rows = roll.applicable
    count = count_pages(row.seat for row in rows)
    instructors = get_instructors([lesson.id for lesson in lessons])
    made = [
        {
            **_head(lesson, page, count, instructors),
            "lines": _lines(on_page(rows, page), EMPTY_LINES if page == count else 0),
            "number": sheet_number(lesson.id, page),
            "code": qr_code(_entry_address(lesson.id, page)),
        }
        for lesson in lessons
        for page in range(1, count + 1)
        if page == count or on_page(rows, page)
    ]
    with transaction():
        for lesson in lessons:
            audit.record("paper_sheet.print", "lesson", lesson.id, by=actor(), at=clock.now(), rows=len(rows))
    return render_template("paper_sheet/print.html", sheets=made, lesson=lessons[0], signed=False, of_day=of_day)


def _head(lesson: LessonHead, page: int, count: int, instructors: dict[int, str]) -> dict[str, object]:
    return {"lesson": lesson, "page": page, "count": count, "instructor": instructors.get(lesson.id, "")}


def _lines(rows: list, empty: int) -> list:
    """Two columns of lines, as equal as can be."""
    lines = [*rows, *[None] * empty]
    half = -(-len(lines) // 2)
    return [lines[:half], lines[half:]]


def _entry_address(lesson_id: int, page: int) -> str:
    return current_app.config["BASE_URL"].rstrip("/") + url_for("paper_sheet.new", lesson_id=lesson_id, page=page)


@pages.get("/lessons/<int:lesson_id>/sheets/signed")
@requires(Permission.MARK_ATTENDANCE)
def signed(lesson_id: int):
    """After marking: a box to sign for those marked as present, and for nobody else."""
    head = lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE)
    rows = get_roll(head).applicable
    count, instructors = count_pages(row.seat for row in rows), get_instructors([head.id])
    walk_ins = [row for row in list_walk_ins(lesson_id)[::-1] if row.is_open]
    made = [
        {
            **_head(head, page, count, instructors),
            "lines": _lines([*on_page(rows, page), *(walk_ins if page == count else [])], 0),
        }
        for page in range(1, count + 1)
    ]
    with transaction():
        audit.record("paper_sheet.print_signed", "lesson", lesson_id, by=actor(), at=clock.now(), rows=len(rows))
    return render_template("paper_sheet/print.html", sheets=made, lesson=head, signed=True)
