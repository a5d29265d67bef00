"""Attendance: what a cohort's marks come to, as a page and as a workbook."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.attendance import attendance_workbook
from trainer.documents.workbook import export_lines
from trainer.domain.attendance import AttendanceStatus, Standing, WomanAttendance, is_meant
from trainer.permissions import Permission
from trainer.queries.attendance import get_cohort_attendance
from trainer.queries.cohort import get_cohort, viewing_scope
from trainer.services import audit
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, ensure, found, requires
from trainer.wording import choices

pages = Blueprint("attendance", __name__)

# So many absences in a row, and somebody should call her.
ABSENCES_TO_CALL = 2


@pages.get("/cohorts/<int:cohort_id>/attendance")
@requires(Permission.VIEW_ATTENDANCE)
def summary(cohort_id: int):
    """What a cohort's attendance comes to: a line a woman, and who needs a call."""
    cohort = found(get_cohort(cohort_id))
    ensure(Permission.VIEW_ATTENDANCE, viewing_scope(cohort))
    attendance = get_cohort_attendance(cohort_id)
    return render_template(
        "attendance/summary.html",
        cohort=cohort,
        attendance=attendance,
        women=_filtered(attendance.rows),
        standings=choices(Standing),
        statuses=AttendanceStatus,
    )


@pages.get("/cohorts/<int:cohort_id>/attendance.xlsx")
@requires(Permission.EXPORT_PEOPLE)
def export(cohort_id: int):
    """The page's table under the same filters, as a workbook; written down, because names leave the house."""
    cohort = found(get_cohort(cohort_id))
    ensure(Permission.EXPORT_PEOPLE, cohort.scope)
    women = _filtered(get_cohort_attendance(cohort_id).rows)
    title = _("Attendance of %(cohort)s", cohort=cohort.name)
    above = export_lines(title, unit=cohort.programme.name, at=clock.local(clock.now()), by=actor().name)
    content = attendance_workbook(above, women)
    with transaction():
        audit.record("attendance.export", "cohort", cohort_id, by=actor(), at=clock.now(), rows=len(women))
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
