"""Attendance: what a cohort's marks come to, as a page and in the forms that offices file."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.attendance import sign_in_workbook, summary_workbook
from trainer.domain.at_risk import ABSENCES_TO_CALL
from trainer.domain.attendance import AttendanceStatus, AttendanceSummary, Standing, WomanAttendance, is_meant
from trainer.permissions import Permission
from trainer.queries.attendance import get_cohort_attendance
from trainer.queries.attendance_table import get_attendance_table, list_corrections, list_signatories
from trainer.services import audit
from trainer.views.downloads import cohort_lines, workbook_response
from trainer.views.guards import actor, requires
from trainer.views.reach import cohort_in_reach
from trainer.wording import choices, label
from trainer.wording.attendance import SHEET

pages = Blueprint("attendance", __name__)


@pages.get("/cohorts/<int:cohort_id>/attendance")
@requires(Permission.VIEW_ATTENDANCE)
def summary(cohort_id: int):
    """What a cohort's attendance comes to: a line a woman, and who needs a call."""
    cohort = cohort_in_reach(cohort_id, Permission.VIEW_ATTENDANCE, teaching=True)
    attendance = get_cohort_attendance(cohort_id)
    words = {name: label(AttendanceStatus(name)) for name in AttendanceStatus} | {
        name: str(SHEET[name]) for name in ("unmarked", "not_applicable")
    }
    return render_template(
        "attendance/summary.html",
        cohort=cohort,
        attendance=attendance,
        women=[(woman, _counts(woman.summary, words)) for woman in _filtered(attendance.rows)],
        standings=choices(Standing),
    )


def _counts(summary: AttendanceSummary, words: dict[str, str]) -> str:
    """到 8 · 迟到 1: what there was, and nothing that was not."""
    return " · ".join(f"{word} {count}" for name, word in words.items() if (count := getattr(summary, name)))


@pages.get("/cohorts/<int:cohort_id>/attendance.xlsx")
@requires(Permission.EXPORT_PEOPLE)
def export(cohort_id: int):
    """The page's women under the same filters, and what the office corrected; written down, because names leave the
    house."""
    cohort = cohort_in_reach(cohort_id, Permission.EXPORT_PEOPLE)
    women = _filtered(get_cohort_attendance(cohort_id).rows)
    shown = {woman.seat for woman in women}
    corrections = [line for line in list_corrections(cohort_id) if line.seat in shown]
    title = _("Attendance summary of %(cohort)s", cohort=cohort.name)
    content = summary_workbook(cohort_lines(title, cohort), women, corrections)
    with transaction():
        audit.record("attendance.export", "cohort", cohort_id, by=actor(), at=clock.now(), rows=len(women))
    return workbook_response(content, title)


@pages.get("/cohorts/<int:cohort_id>/sign-in-sheet.xlsx")
@requires(Permission.EXPORT_PEOPLE)
def sign_in_sheet(cohort_id: int):
    """To be signed on paper; with `filled`, what was marked stands in the boxes. Phones are masked."""
    cohort, filled = cohort_in_reach(cohort_id, Permission.EXPORT_PEOPLE), request.args.get("filled") == "yes"
    table, people = get_attendance_table(cohort_id), list_signatories(cohort_id)
    title = _("Sign-in sheet of %(cohort)s", cohort=cohort.name)
    content = sign_in_workbook(cohort_lines(title, cohort), people, table, filled=filled)
    with transaction():
        audit.record("attendance.export_sign_in", "cohort", cohort_id, by=actor(), at=clock.now(), rows=len(people))
    return workbook_response(content, title)


def _filtered(women: Sequence[WomanAttendance]) -> list[WomanAttendance]:
    """Cut by name or seat, by standing, and to those with two absences in a row."""
    typed, standing = request.args.get("q", "").strip(), request.args.get("standing")
    in_a_row = request.args.get("in_a_row") == "yes"
    return [
        woman
        for woman in women
        if (not typed or is_meant(typed, seat=woman.seat, initials=woman.initials, name=woman.name))
        and (not standing or woman.summary.standing == standing)
        and (not in_a_row or woman.summary.consecutive_absences >= ABSENCES_TO_CALL)
    ]
