"""A woman's own tasks: what there is to do, one handed in, taken back, its picture."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.errors import NotFound, Refused
from trainer.forms.course_task import build_hand_in_form
from trainer.forms.form import Form
from trainer.permissions import Permission
from trainer.queries.course_task import get_own_task, list_own_tasks
from trainer.queries.hand_in import get_picture
from trainer.services import hand_in as hand_ins
from trainer.services.file import read_file
from trainer.views.downloads import picture_response
from trainer.views.guards import actor, found, herself, requires
from trainer.views.hand_in import hand_in_from
from trainer.wording import say

pages = Blueprint("own_task", __name__, url_prefix="/me")


@pages.get("/tasks")
@requires(Permission.VIEW_OWN_PROGRESS)
def index():
    """Those to do first."""
    return render_template("own_task/index.html", tasks=list_own_tasks(herself()), today=clock.today())


@pages.route("/tasks/<int:course_task_id>", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def show(course_task_id: int):
    """What is asked, what she handed in, and the form where something is to be handed in."""
    task = found(get_own_task(herself(), course_task_id))
    form, error = build_hand_in_form(task), None
    if form.validate_on_submit():
        try:
            hand_in_from(form, course_task_id, task.enrolment_id, helper=form.helper_name.data or "")
        except NotFound:
            raise
        except Refused as refused:
            task, error = found(get_own_task(herself(), course_task_id)), refused
        else:
            flash(_("Thank you, it is handed in. Your teacher looks at it and answers here."))
            return redirect(url_for("own_task.show", course_task_id=course_task_id), 303)
    page = render_template(
        "own_task/show.html",
        task=task,
        form=form,
        error=say(error) if error else None,
        today=clock.today(),
        picture_lost="picture" in form and bool(form.picture.data) and bool(error or form.errors),
    )
    return page, error.status if error else 422 if form.errors else 200


@pages.post("/tasks/<int:course_task_id>/take-back")
@requires(Permission.VIEW_OWN_PROGRESS)
def take_back(course_task_id: int):
    task = found(get_own_task(herself(), course_task_id))
    if Form().validate_on_submit():
        try:
            with transaction():
                hand_ins.take_back(course_task_id, task.enrolment_id, by=actor(), at=clock.now())
            flash(_("Taken back. You can hand it in again."))
        except NotFound:
            raise
        except Refused as refused:
            flash(say(refused), "bad")
    return redirect(url_for("own_task.show", course_task_id=course_task_id), 303)


@pages.get("/hand-ins/<int:hand_in_id>/picture")
@requires(Permission.VIEW_OWN_PROGRESS)
def picture(hand_in_id: int):
    """What she handed in, for herself."""
    return picture_response(read_file(found(get_picture(hand_in_id, person_id=herself()))), f"task-{hand_in_id}")
