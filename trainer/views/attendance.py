"""Attendance: the roll of a lesson, tap by tap, its closing, and what it comes to."""

import secrets
from collections.abc import Sequence

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.attendance import attendance_workbook
from trainer.documents.workbook import export_lines
from trainer.domain.attendance import AttendanceStatus, LessonState, Standing, WomanAttendance, is_meant
from trainer.errors import Refused
from trainer.forms.attendance import CloseForm, CorrectionForm, ReopenForm, RestAbsentForm, TakeBackForm
from trainer.permissions import Permission
from trainer.queries.attendance import get_cohort_attendance
from trainer.queries.cohort import get_cohort, viewing_scope
from trainer.queries.roll import (
    LessonHead,
    get_lesson_head,
    get_roll,
    get_tally,
    list_marks,
    list_rolls_of_day,
    rolls_left_page,
)
from trainer.services import attendance as attendances
from trainer.services import audit
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, ensure, found, requires
from trainer.views.lists import paging
from trainer.wording import choices, label, say, tone

pages = Blueprint("attendance", __name__)

# What a row offers at one tap; the others stand on the woman's own page.
TAPS = (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.EXCUSED, AttendanceStatus.ABSENT)

# So many absences in a row, and somebody should call her.
ABSENCES_TO_CALL = 2


class UnreadableMark(Refused):
    code = "roll_mark_unreadable"
    status = 400


@pages.get("/rolls")
@requires(Permission.MARK_ATTENDANCE)
def mine():
    """The rolls of today, and those of earlier days that nobody closed."""
    today = clock.today()
    left = rolls_left_page(actor(), today, **paging())
    return render_template("attendance/mine.html", today=today, rolls=list_rolls_of_day(actor(), today), left=left)


@pages.route("/lessons/<int:lesson_id>/roll", methods=["GET", "POST"])
@requires(Permission.VIEW_ATTENDANCE)
def roll(lesson_id: int):
    """The roll, also for those who only look; a tap posts one mark, by the script as JSON or as a form."""
    if request.method == "GET":
        return _roll_page(_lesson(lesson_id, Permission.VIEW_ATTENDANCE))
    lesson = _lesson(lesson_id, Permission.MARK_ATTENDANCE)
    marks = [_read_mark(text) for text in request.form.getlist("mark")]
    wants_json = request.accept_mimetypes.best == "application/json"
    try:
        with transaction():
            statuses = attendances.record_marks(lesson_id, marks, by=actor(), at=clock.now())
    except Refused as refused:
        if wants_json:
            raise
        return _roll_page(_lesson(lesson_id, Permission.MARK_ATTENDANCE), error=say(refused)), refused.status
    if wants_json:
        return _answer(lesson, statuses)
    anchor = f"e{marks[-1][0]}" if marks else None
    return redirect(url_for("attendance.roll", lesson_id=lesson_id, **_kept_filters(), _anchor=anchor), 303)


def _lesson(lesson_id: int, permission: Permission) -> LessonHead:
    lesson = found(get_lesson_head(lesson_id))
    ensure(permission, lesson.scope)
    return lesson


def _read_mark(text: str) -> attendances.NewMark:
    """`<enrolment>:<status>:<nonce>`; taking a mark back has its own page, with a second question."""
    enrolment_id, _colon, rest = text.partition(":")
    status, _colon, nonce = rest.partition(":")
    if (
        not enrolment_id.isdecimal()
        or len(enrolment_id) > 10
        or status not in set(AttendanceStatus)
        or not 0 < len(nonce) <= 64
    ):
        raise UnreadableMark()
    return int(enrolment_id), AttendanceStatus(status), nonce


def _kept_filters() -> dict[str, str]:
    return {name: request.args[name] for name in ("q", "show") if request.args.get(name)}


def _roll_page(lesson: LessonHead, error: str | None = None):
    roll = get_roll(lesson)
    typed, only_unmarked = request.args.get("q", "").strip(), request.args.get("show") == "unmarked"
    rows = [r for r in roll.rows if not typed or is_meant(typed, seat=r.seat, initials=r.initials, name=r.name)]
    if only_unmarked:
        rows = [row for row in rows if row.applicable and row.status is None]
    return render_template(
        "attendance/roll.html",
        roll=roll,
        rows=rows,
        taps=_taps(secrets.token_urlsafe(9)),
        filters=_kept_filters(),
        error=error,
        today=clock.today(),
    )


def _taps(nonce: str) -> list[tuple[str, str, str]]:
    """(status, what a button's value has between the woman's id and the id again, word); made once for all rows."""
    return [(tap.value, f":{tap.value}:{nonce}.{n}.", label(tap)) for n, tap in enumerate(TAPS, start=1)]


def _answer(lesson: LessonHead, statuses: dict[int, AttendanceStatus | None]):
    """What the script shows after a tap: the row as it is now, and the counts."""
    tally = get_tally(lesson)
    return jsonify(
        marks={
            id_: {"status": status, "label": label(status), "tone": tone(status)} for id_, status in statuses.items()
        },
        counts={name: getattr(tally, name) for name in ("attended", "excused", "absent", "unmarked")},
    )


@pages.route("/lessons/<int:lesson_id>/roll/<int:enrolment_id>", methods=["GET", "POST"])
@requires(Permission.VIEW_ATTENDANCE)
def mark(lesson_id: int, enrolment_id: int):
    """One woman at one lesson: any status, a reason, and the history of her marks."""
    form = CorrectionForm()
    return _about_one(lesson_id, enrolment_id, form, lambda: form.status.data)


@pages.post("/lessons/<int:lesson_id>/roll/<int:enrolment_id>/take-back")
@requires(Permission.MARK_ATTENDANCE)
def take_back(lesson_id: int, enrolment_id: int):
    """She is 未点名 again; what was marked stays in her history."""
    form = TakeBackForm()
    return _about_one(lesson_id, enrolment_id, form, lambda: None)


def _about_one(lesson_id: int, enrolment_id: int, form, status):
    looks = request.method == "GET"
    lesson, error = _lesson(lesson_id, Permission.VIEW_ATTENDANCE if looks else Permission.MARK_ATTENDANCE), None
    if form.validate_on_submit():
        new = (enrolment_id, status(), form.idempotency_key.data[:64])
        try:
            with transaction():
                attendances.record_marks(lesson_id, [new], by=actor(), at=clock.now(), reason=form.reason.data or "")
        except Refused as refused:
            error = say(refused)
        else:
            return redirect(url_for("attendance.roll", lesson_id=lesson_id, _anchor=f"e{enrolment_id}"), 303)
    roll = get_roll(lesson)
    row = found(roll.find(enrolment_id))
    if looks and row.status:
        form.status.data = row.status
    page = render_template(
        "attendance/mark.html",
        lesson=lesson,
        row=row,
        form=form if isinstance(form, CorrectionForm) else CorrectionForm(formdata=None, status=row.status),
        take_back_form=TakeBackForm(formdata=None),
        marks=list_marks(lesson_id, enrolment_id),
        error=error,
    )
    return page, 422 if error or form.errors else 200


@pages.route("/lessons/<int:lesson_id>/roll/rest", methods=["GET", "POST"])
@requires(Permission.MARK_ATTENDANCE)
def rest(lesson_id: int):
    """Second pass: whoever is not marked yet, by name, before she is put down as absent."""
    lesson, form, error = _lesson(lesson_id, Permission.MARK_ATTENDANCE), RestAbsentForm(), None
    if form.validate_on_submit():
        named = request.form.getlist("enrolment", int)
        key = form.idempotency_key.data[:40]
        marks = [(id_, AttendanceStatus.ABSENT, f"{key}.{id_}") for id_ in named]
        try:
            with transaction():
                attendances.record_marks(lesson_id, marks, by=actor(), at=clock.now(), only_unmarked=True)
        except Refused as refused:
            error = say(refused)
        else:
            return redirect(url_for("attendance.roll", lesson_id=lesson_id), 303)
    page = render_template("attendance/rest.html", roll=get_roll(lesson), form=form, error=error)
    return page, 422 if error else 200


@pages.route("/lessons/<int:lesson_id>/close", methods=["GET", "POST"])
@requires(Permission.CLOSE_LESSON)
def close(lesson_id: int):
    """Closing the lesson with the heads counted; names whoever is not marked, and never stands in the way."""
    lesson, form, error, status = _lesson(lesson_id, Permission.CLOSE_LESSON), CloseForm(), None, 422
    if request.method == "GET" and lesson.state is LessonState.CLOSED:
        return redirect(url_for("attendance.roll", lesson_id=lesson_id))
    if form.validate_on_submit():
        try:
            with transaction():
                attendances.close_lesson(lesson_id, form.headcount.data, by=actor(), at=clock.now())
        except Refused as refused:
            error, status = say(refused), refused.status
        else:
            flash(_("The lesson is closed."))
            return redirect(url_for("attendance.roll", lesson_id=lesson_id), 303)
    page = render_template("attendance/close.html", roll=get_roll(lesson), form=form, error=error)
    return page, status if error or form.errors else 200


@pages.route("/lessons/<int:lesson_id>/reopen", methods=["GET", "POST"])
@requires(Permission.CLOSE_LESSON)
def reopen(lesson_id: int):
    """Opening a closed lesson again, with the reason."""
    lesson, form, error = _lesson(lesson_id, Permission.CLOSE_LESSON), ReopenForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                attendances.reopen_lesson(lesson_id, form.reason.data, by=actor(), at=clock.now())
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("The roll is open again. Close it with a fresh headcount."))
            return redirect(url_for("attendance.roll", lesson_id=lesson_id), 303)
    page = render_template("attendance/reopen.html", lesson=lesson, form=form, error=error)
    return page, 422 if error or form.errors else 200


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
