"""Lessons: a cohort's timetable made at one go; one lesson looked at, added, moved, cancelled and restored."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from trainer import clock
from trainer.database import transaction
from trainer.domain.holiday import years_without
from trainer.domain.timetable import days_between, slots
from trainer.errors import Refused
from trainer.forms.lesson import CancelForm, LessonForm, RestoreForm, TimetableForm, blank_timetable, filled_form
from trainer.forms.material import MaterialFileForm, MaterialLinkForm
from trainer.permissions import Permission
from trainer.queries.cohort import get_cohort, viewing_scope
from trainer.queries.holiday import get_holidays
from trainer.queries.lesson import (
    get_instructor_name,
    get_lesson,
    lesson_draft,
    list_instructors,
    list_lesson_times,
)
from trainer.queries.material import list_materials
from trainer.queries.timetable import count_leaves
from trainer.services import lesson as lessons
from trainer.views.guards import actor, ensure, found, once, requires
from trainer.views.reach import cohort_in_reach
from trainer.wording import say

pages = Blueprint("lesson", __name__)

# Two weeks of half days fit on a page.
DAYS_AT_A_TIME = 14


@pages.route("/cohorts/<int:cohort_id>/timetable", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT)
def timetable(cohort_id: int):
    """Every free half day of the cohort's days as a row."""
    cohort, error = _managed_cohort(cohort_id), None
    times, instructors = list_lesson_times(cohort_id), list_instructors()
    first = min(max(request.args.get("from", cohort.starts_on, date.fromisoformat), cohort.starts_on), cohort.ends_on)
    days = days_between(first, cohort.ends_on, most=DAYS_AT_A_TIME)
    holidays = get_holidays(days)
    offered = slots(days, times, holidays)
    if request.method == "GET":
        form = blank_timetable([slot for slot in offered if not slot.taken], cohort.place, chosen=not times)
    else:
        form = TimetableForm()
    if form.validate_on_submit():
        try:
            done = once(
                form.idempotency_key.data, "lesson.timetable", lambda: _add(cohort_id, form.drafts(instructors))
            )
        except Refused as refused:
            error = say(refused)
        else:
            flash(ngettext("%(num)s lesson added.", "%(num)s lessons added.", int(done)))
            return redirect(url_for("cohort.show", cohort_id=cohort_id))
    page = render_template(
        "lesson/timetable.html",
        form=form,
        error=error,
        cohort=cohort,
        taken=[slot for slot in offered if slot.taken],
        days=days,
        rests={slot.day: slot.rest for slot in offered},
        without=years_without(days, holidays),
        instructors=instructors,
        following=days[-1] if days[-1] < cohort.ends_on else None,
    )
    return page, 422 if form.errors or error else 200


def _add(cohort_id: int, drafts) -> int:
    return len(lessons.add_lessons(get_cohort(cohort_id), drafts, by=actor(), at=clock.now()))


@pages.route("/cohorts/<int:cohort_id>/lessons/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT)
def new(cohort_id: int):
    cohort, error, instructors = _managed_cohort(cohort_id), None, list_instructors()
    form = LessonForm(day=cohort.starts_on, place=cohort.place)
    if form.validate_on_submit():
        draft = form.draft(instructors)
        try:
            once(form.idempotency_key.data, "lesson.create", lambda: _add(cohort_id, [draft]))
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("The lesson %(title)s was added.", title=draft.title))
            return redirect(url_for("cohort.show", cohort_id=cohort_id))
    page = render_template(
        "lesson/form.html", form=form, error=error, cohort=cohort, lesson=None, instructors=instructors
    )
    return page, 422 if form.errors or error else 200


@pages.get("/lessons/<int:lesson_id>")
@requires(Permission.VIEW_COHORT)
def show(lesson_id: int):
    """What it is, its materials, and what can be done with it."""
    lesson = found(get_lesson(lesson_id))
    ensure(Permission.VIEW_COHORT, viewing_scope(lesson.cohort))
    return lesson_page(lesson, MaterialFileForm(), MaterialLinkForm())


def lesson_page(lesson, file_form: MaterialFileForm, link_form: MaterialLinkForm, error: str | None = None) -> str:
    """The page of a lesson, with what was typed into one of its forms."""
    return render_template(
        "lesson/show.html",
        lesson=lesson,
        cohort=lesson.cohort,
        instructor=get_instructor_name(lesson),
        materials=list_materials(lesson.id),
        leaves=count_leaves([lesson.id]).get(lesson.id, 0),
        file_form=file_form,
        link_form=link_form,
        error=error,
    )


@pages.route("/lessons/<int:lesson_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT)
def edit(lesson_id: int):
    """Move or rename a lesson; only a planned one."""
    lesson, error, instructors = found(get_lesson(lesson_id)), None, list_instructors()
    cohort = _managed_cohort(lesson.cohort_id)
    lessons.require_planned(lesson)
    form = LessonForm() if request.method == "POST" else _filled(lesson, instructors)
    if form.validate_on_submit():
        try:
            with transaction():
                lessons.update_lesson(
                    get_lesson(lesson_id), form.draft(instructors), seen=form.seen, by=actor(), at=clock.now()
                )
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("Saved."))
            return redirect(url_for("cohort.show", cohort_id=cohort.id))
    page = render_template(
        "lesson/form.html",
        form=form,
        error=error,
        cohort=cohort,
        lesson=lesson,
        instructors=instructors,
        leaves=count_leaves([lesson_id]).get(lesson_id, 0),
    )
    return page, 422 if form.errors or error else 200


def _filled(lesson, instructors: dict[str, int]) -> LessonForm:
    names = {account_id: name for name, account_id in instructors.items()}
    draft = lesson_draft(lesson)
    return filled_form(draft, names.get(draft.instructor_id, draft.instructor_name), lesson.version)


@pages.route("/lessons/<int:lesson_id>/cancel", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT)
def cancel(lesson_id: int):
    """Ask for the reason, naming the lesson; then cancel it."""
    lesson = found(get_lesson(lesson_id))
    cohort = _managed_cohort(lesson.cohort_id)
    lessons.require_planned(lesson)
    form = CancelForm()
    if form.validate_on_submit():
        with transaction():
            lessons.cancel_lesson(get_lesson(lesson_id), form.reason.data, by=actor(), at=clock.now())
        flash(_("The lesson %(title)s is cancelled.", title=lesson.title))
        return redirect(url_for("cohort.show", cohort_id=cohort.id))
    return render_template("lesson/cancel.html", form=form, lesson=lesson, cohort=cohort), 422 if form.errors else 200


@pages.route("/lessons/<int:lesson_id>/restore", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT)
def restore(lesson_id: int):
    """A cancelled lesson takes place after all."""
    lesson, error = found(get_lesson(lesson_id)), None
    cohort = _managed_cohort(lesson.cohort_id)
    form = RestoreForm()
    if form.validate_on_submit():
        try:
            with transaction():
                lessons.restore_lesson(get_lesson(lesson_id), by=actor(), at=clock.now())
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("The lesson %(title)s takes place.", title=lesson.title))
            return redirect(url_for("cohort.show", cohort_id=cohort.id))
    page = render_template("lesson/restore.html", form=form, error=error, lesson=lesson, cohort=cohort)
    return page, 422 if error else 200


def _managed_cohort(cohort_id: int):
    return cohort_in_reach(cohort_id, Permission.MANAGE_COHORT)
