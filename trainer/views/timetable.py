"""A cohort's timetable as a whole: lessons repeated, copied, taken back and moved on; printed and as a workbook."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from trainer import clock
from trainer.database import transaction
from trainer.documents.timetable import timetable_workbook
from trainer.documents.workbook import export_lines
from trainer.domain.holiday import Holidays, years_without
from trainer.domain.timetable_plan import Row, fingerprint
from trainer.errors import Refused
from trainer.forms.timetable import CopyForm, PicksForm, RepeatForm, ShiftForm, ShiftNowForm, TakeBackBatchForm
from trainer.permissions import Permission
from trainer.queries.cohort import get_cohort, list_lessons
from trainer.queries.lesson import get_lesson
from trainer.queries.timetable import cohorts_to_copy, list_batch, plan_copy, plan_repeat, plan_shift
from trainer.services import lesson as lessons
from trainer.services import timetable as timetables
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, ensure, found, once, requires
from trainer.views.reach import cohort_in_reach
from trainer.wording import say

pages = Blueprint("timetable", __name__)


@pages.route("/lessons/<int:lesson_id>/repeat", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT)
def repeat(lesson_id: int):
    """More of the same lesson: the days are looked at, then all that are ticked are added."""
    lesson = _managed_lesson(lesson_id)
    form, now = RepeatForm(request.args), PicksForm()
    ready, error = _is_ready(form), None
    if ready and now.is_submitted() and now.validate():
        days = {day for source, day in now.picks(request.form.getlist("pick")) if source == lesson_id}

        def act() -> int:
            return timetables.repeat_lesson(get_lesson(lesson_id), days, by=actor(), at=clock.now())

        error = _add(now, "timetable.repeat", act)
        if error is None:
            return redirect(url_for("cohort.show", cohort_id=lesson.cohort_id, _anchor="timetable"), 303)
        lesson = _managed_lesson(lesson_id)
    plan = plan_repeat(lesson, form.rhythm) if ready else None
    return _plan_page("timetable/repeat.html", form, now, plan, error, lesson=lesson, cohort=lesson.cohort)


def _is_ready(form) -> bool:
    """Whether the address says what is planned, in full."""
    return "go" in request.args and form.validate()


def _add(now: PicksForm, action: str, act: Callable[[], int]) -> str | None:
    """None once the lessons are added, else why they were not."""
    try:
        done = once(now.idempotency_key.data, action, act)
    except Refused as refused:
        return say(refused)
    flash(ngettext("%(num)s lesson added.", "%(num)s lessons added.", int(done)))
    return None


def _plan_page(template: str, form, now, plan: tuple[list[Row], Holidays] | None, error: str | None, **values):
    """The question, and beneath it the plan row by row."""
    rows, holidays = plan or ([], {})
    page = render_template(
        template,
        form=form,
        now=now,
        rows=rows if plan else None,
        without=years_without([row.draft.day for row in rows], holidays),
        error=error,
        **values,
    )
    refused = error or ("go" in request.args and form.errors) or (request.method == "POST" and not plan)
    return page, 422 if refused else 200


@pages.route("/timetables/copy", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT)
def copy():
    """A whole timetable in another cohort, on other days."""
    form, now = CopyForm(request.args), PicksForm()
    form.offer(*cohorts_to_copy(actor()))
    ready, error, plan = _is_ready(form), None, None
    if ready and now.is_submitted() and now.validate():
        error = _add(now, "timetable.copy", lambda: _copy(form, now))
        if error is None:
            return redirect(url_for("cohort.show", cohort_id=form.target.data, _anchor="timetable"), 303)
    target = found(get_cohort(form.target.data)) if ready else None
    if ready:
        plan = plan_copy(found(get_cohort(form.source.data)), target, form.options)
    return _plan_page("timetable/copy.html", form, now, plan, error, target=target)


def _copy(form: CopyForm, now: PicksForm) -> int:
    """Both cohorts were offered to her as the ones that she may copy from and to."""
    return timetables.copy_timetable(
        *(found(get_cohort(form.source.data)), found(get_cohort(form.target.data))),
        now.picks(request.form.getlist("pick")),
        form.options,
        materials=form.materials.data,
        by=actor(),
        at=clock.now(),
    )


@pages.route("/cohorts/<int:cohort_id>/timetable/take-back", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT)
def take_back(cohort_id: int):
    """What one act of copying or repeating made goes again, all of it."""
    cohort = cohort_in_reach(cohort_id, Permission.MANAGE_COHORT)
    form, error = TakeBackBatchForm(), None
    batch = form.batch.data or request.args.get("batch", "")
    if form.validate_on_submit():
        try:
            with transaction():
                count = timetables.take_back(cohort_id, batch, by=actor(), at=clock.now())
        except timetables.BatchInUse as refused:
            error = say(refused)
        else:
            flash(ngettext("%(num)s lesson taken back.", "%(num)s lessons taken back.", count))
            return redirect(url_for("cohort.show", cohort_id=cohort_id, _anchor="timetable"), 303)
    form.batch.data = batch
    made = list_batch(cohort_id, batch) if batch else []
    page = render_template("timetable/take_back.html", form=form, error=error, cohort=cohort, made=made)
    return page, 422 if error or form.errors else 200


@pages.route("/lessons/<int:lesson_id>/shift", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT)
def shift(lesson_id: int):
    """This lesson and those after it move together; everybody concerned is told once."""
    lesson, error = _managed_lesson(lesson_id), None
    form, now = ShiftForm(request.args), ShiftNowForm()
    ready = _is_ready(form)
    if ready and now.is_submitted() and now.validate():

        def act() -> int:
            first = found(get_lesson(lesson_id))
            return timetables.shift_lessons(first, form.shift, seen=now.seen.data, by=actor(), at=clock.now())

        try:
            done = once(now.idempotency_key.data, "timetable.shift", act)
        except Refused as refused:
            error = say(refused)
        else:
            flash(ngettext("%(num)s lesson moved.", "%(num)s lessons moved.", int(done)))
            return redirect(url_for("cohort.show", cohort_id=lesson.cohort_id, _anchor="timetable"), 303)
        lesson = _managed_lesson(lesson_id)
    lessons.require_planned(lesson)
    plan = plan_shift(lesson, form.shift) if ready else None
    if plan:
        now.seen.data = fingerprint(plan[0])
    return _plan_page("timetable/shift.html", form, now, plan, error, lesson=lesson, cohort=lesson.cohort)


def _managed_lesson(lesson_id: int):
    lesson = found(get_lesson(lesson_id))
    ensure(Permission.MANAGE_COHORT, lesson.cohort.scope)
    return lesson


@pages.get("/cohorts/<int:cohort_id>/timetable/print")
@requires(Permission.VIEW_COHORT)
def sheet(cohort_id: int):
    """The timetable for the wall, on A4; cancelled lessons are left out."""
    cohort, held = _to_hand_out(cohort_id)
    return render_template("timetable/sheet.html", cohort=cohort, lessons=held, now=clock.now())


@pages.get("/cohorts/<int:cohort_id>/timetable.xlsx")
@requires(Permission.VIEW_COHORT)
def workbook(cohort_id: int):
    cohort, held = _to_hand_out(cohort_id)
    title = _("Course timetable of %(cohort)s", cohort=cohort.name)
    above = export_lines(title, unit=cohort.programme.name, at=clock.local(clock.now()), by=actor().name)
    return workbook_response(timetable_workbook(above, held), title)


def _to_hand_out(cohort_id: int):
    cohort = cohort_in_reach(cohort_id, Permission.VIEW_COHORT, teaching=True)
    return cohort, [lesson for lesson in list_lessons(cohort_id) if lesson.takes_place]
