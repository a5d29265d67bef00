"""Tasks of a cohort for staff: the list, one made, changed or dropped, and the class of one task."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.course_task import CourseTaskDraft, HandInState
from trainer.errors import NotFound, Refused
from trainer.forms.course_task import CourseTaskForm
from trainer.forms.form import VersionForm
from trainer.permissions import Permission, can
from trainer.queries.cohort import get_cohort, viewing_scope
from trainer.queries.course_task import get_task, list_tasks
from trainer.queries.hand_in import class_page, next_to_mark
from trainer.services import course_task as tasks
from trainer.views.guards import actor, ensure, found, once, requires
from trainer.views.lists import chosen, paging
from trainer.views.reach import cohort_in_reach
from trainer.wording import choices, say

pages = Blueprint("course_task", __name__)
MISSING = "missing"


def cohort_and_marking(cohort_id: int):
    """(cohort, whether she may mark in it); an instructor reaches those in which she teaches."""
    cohort = found(get_cohort(cohort_id))
    scope = viewing_scope(cohort)
    ensure(Permission.VIEW_ATTENDANCE, scope)
    return cohort, can(actor(), Permission.MARK_TASKS, scope)


@pages.get("/cohorts/<int:cohort_id>/tasks")
@requires(Permission.VIEW_ATTENDANCE)
def index(cohort_id: int):
    """What is asked of the women of a cohort, and how far they are."""
    cohort, may_mark = cohort_and_marking(cohort_id)
    return render_template("course_task/index.html", cohort=cohort, tasks=list_tasks(cohort_id), may_mark=may_mark)


@pages.route("/cohorts/<int:cohort_id>/tasks/new", methods=["GET", "POST"])
@requires(Permission.MARK_TASKS)
def new(cohort_id: int):
    cohort = cohort_in_reach(cohort_id, Permission.MARK_TASKS, teaching=True)
    form = CourseTaskForm()
    if form.validate_on_submit():
        who = {"by": actor(), "at": clock.now()}
        once(form.idempotency_key.data, "course_task.make", lambda: tasks.make_task(cohort_id, _draft(form), **who).id)
        flash(_("The task is there, and the women are told."))
        return redirect(url_for("course_task.index", cohort_id=cohort_id), 303)
    page = render_template("course_task/form.html", cohort=cohort, task=None, form=form, error=None)
    return page, 422 if form.errors else 200


def _draft(form: CourseTaskForm) -> CourseTaskDraft:
    fields = {name: form[name].data for name in CourseTaskDraft.__dataclass_fields__}
    return CourseTaskDraft(**fields | {"what_to_do": form.what_to_do.data or ""})


@pages.get("/cohorts/<int:cohort_id>/tasks/<int:course_task_id>")
@requires(Permission.VIEW_ATTENDANCE)
def show(cohort_id: int, course_task_id: int):
    """The class: who has handed in, what waits, what passed."""
    cohort, may_mark = cohort_and_marking(cohort_id)
    task = found(get_task(cohort_id, course_task_id))
    state, missing = chosen("state", HandInState), request.args.get("state") == MISSING
    shown = (HandInState.HANDED_IN, HandInState.PASSED, HandInState.SENT_BACK)
    return render_template(
        "course_task/show.html",
        cohort=cohort,
        task=task,
        may_mark=may_mark,
        women=class_page(task, state=state, missing=missing, **paging()),
        states=[(MISSING, _("Not handed in")), *(pair for pair in choices(HandInState) if pair[0] in shown)],
        next_id=next_to_mark(course_task_id) if may_mark else None,
    )


@pages.route("/cohorts/<int:cohort_id>/tasks/<int:course_task_id>/edit", methods=["GET", "POST"])
@requires(Permission.MARK_TASKS)
def edit(cohort_id: int, course_task_id: int):
    cohort = cohort_in_reach(cohort_id, Permission.MARK_TASKS, teaching=True)
    task = found(get_task(cohort_id, course_task_id))
    form, error = CourseTaskForm(obj=task), None
    if form.validate_on_submit():
        try:
            with transaction():
                tasks.change_task(course_task_id, _draft(form), seen=form.seen, by=actor(), at=clock.now())
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("The task is changed."))
            return redirect(url_for("course_task.show", cohort_id=cohort_id, course_task_id=course_task_id), 303)
    return _edit_page(cohort, task, form, error)


@pages.post("/cohorts/<int:cohort_id>/tasks/<int:course_task_id>/drop")
@requires(Permission.MARK_TASKS)
def drop(cohort_id: int, course_task_id: int):
    cohort = cohort_in_reach(cohort_id, Permission.MARK_TASKS, teaching=True)
    task = found(get_task(cohort_id, course_task_id))
    try:
        with transaction():
            tasks.drop_task(course_task_id, seen=VersionForm().seen, by=actor(), at=clock.now())
    except NotFound:
        raise
    except Refused as refused:
        return _edit_page(cohort, task, CourseTaskForm(formdata=None, obj=task), refused)
    flash(_("The task is dropped. Nobody is asked for it any more."))
    return redirect(url_for("course_task.index", cohort_id=cohort_id), 303)


def _edit_page(cohort, task, form: CourseTaskForm, error: Refused | None):
    counts = next((row for row in list_tasks(cohort.id) if row.id == task.id), None)
    page = render_template(
        "course_task/form.html",
        cohort=cohort,
        task=task,
        handed_in=counts.handed_in if counts else 0,
        form=form,
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200
