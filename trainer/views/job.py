"""Jobs: how their last runs ended, and asking for one now."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import JobName
from trainer.errors import NotFound
from trainer.permissions import Permission
from trainer.queries.job import runs_page
from trainer.services import job as jobs
from trainer.views.guards import actor, requires
from trainer.views.lists import paging

pages = Blueprint("job", __name__, url_prefix="/jobs")


@pages.get("")
@requires(Permission.RUN_JOBS)
def index():
    page = runs_page(**paging())
    return render_template("job/index.html", page=page, jobs=list(JobName))


@pages.post("/<name>/runs")
@requires(Permission.RUN_JOBS)
def create(name: str):
    """Ask the scheduler for a run; a web request never does the work itself."""
    if name not in set(JobName):
        raise NotFound()
    with transaction():
        jobs.ask_for_run(JobName(name), by=actor(), at=clock.now())
    flash(_("Asked for. It begins within half a minute; look at this page again."))
    return redirect(url_for("job.index"))
