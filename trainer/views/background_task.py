"""Background tasks of whoever is signed in: how far they are, what they end in, calling one off."""

import io

from flask import Blueprint, flash, g, make_response, redirect, render_template, send_file, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.background_task import TaskKind
from trainer.errors import Refused
from trainer.queries.background_task import (
    TaskRow,
    count_ahead,
    get_file,
    get_own_task,
    may_take_away,
    own_tasks_page,
)
from trainer.services import background_task as tasks
from trainer.services.file import read_file
from trainer.views.guards import actor, found, signed_in
from trainer.views.lists import paging
from trainer.wording import sentence_for

pages = Blueprint("background_task", __name__, url_prefix="/tasks")

LOOK_AGAIN_SECONDS = 4
# Where the work of a task is looked at: (words are the template's) endpoint and the argument it takes from `params`.
RESULT = {
    TaskKind.ROSTER_COMMIT: ("roster.show", "batch_id"),
    TaskKind.SALES_READ: ("sales_upload.bundle", "bundle"),
    TaskKind.SALES_COMMIT: ("sales.show", "batch_id"),
    TaskKind.CERTIFICATES: ("certificate_issue.show", "cohort_id"),
}


class FileGone(Refused):
    """What came out was kept for its time and is deleted."""

    code = "task_file_gone"
    status = 410


class RightsChanged(Refused):
    """The file was cut to roles she does not hold any more."""

    code = "task_rights_changed"
    status = 403


def _layout() -> str:
    return "layouts/staff.html" if g.actor.is_staff else "layouts/trainee.html"


@pages.get("")
@signed_in
def index():
    page = own_tasks_page(actor(), **paging())
    return render_template("background_task/index.html", page=page, layout=_layout(), now=clock.now())


@pages.get("/<int:task_id>")
@signed_in
def show(task_id: int):
    """Comes again by itself while the task lives, with no script."""
    task = found(get_own_task(actor(), task_id))
    page = render_template(
        "background_task/show.html",
        task=task,
        ahead=count_ahead(task.id) if task.is_live else 0,
        layout=_layout(),
        now=clock.now(),
        result=_result(task),
        sentence=sentence_for(task.outcome, task.outcome_values) if task.outcome else None,
        takable=may_take_away(actor(), task) if task.has_file(clock.now()) else False,
    )
    response = make_response(page)
    if task.is_live:
        response.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


def _result(task: TaskRow) -> str | None:
    if task.kind not in RESULT:
        return None
    endpoint, argument = RESULT[task.kind]
    return url_for(endpoint, **{argument: task.params[argument]})


@pages.get("/<int:task_id>/file")
@signed_in
def download(task_id: int):
    """What the task ended in, for its owner, while the roles it was made with are hers."""
    task = found(get_own_task(actor(), task_id))
    now = clock.now()
    if not may_take_away(actor(), task):
        raise RightsChanged()
    if not task.has_file(now):
        raise FileGone()
    stored = found(get_file(task.file_id))
    content = read_file(stored)
    with transaction():
        tasks.note_download(task.id, by=actor(), at=now)
    return send_file(io.BytesIO(content), mimetype=stored.mime, as_attachment=True, download_name=stored.file_name)


@pages.post("/<int:task_id>/cancel")
@signed_in
def cancel(task_id: int):
    task = found(get_own_task(actor(), task_id))
    with transaction():
        tasks.cancel_task(task.id, by=actor(), at=clock.now())
    flash(_("Called off; nothing of it was done."))
    return redirect(url_for("background_task.show", task_id=task.id), 303)
