"""Jobs: when each comes, how the last runs ended, and asking for one now."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import JobName, JobState
from trainer.errors import NotFound
from trainer.permissions import Permission
from trainer.queries.job import get_keeper, list_timetable, runs_page
from trainer.services import job as jobs
from trainer.views.guards import actor, requires
from trainer.views.lists import chosen, paging
from trainer.wording import choices, told
from trainer.wording.job import when_words

pages = Blueprint("job", __name__, url_prefix="/jobs")


@pages.get("")
@requires(Permission.RUN_JOBS)
def index():
    """The timetable, who keeps it, and the runs, by job and state where asked."""
    now = clock.now()
    job, state = chosen("job", JobName), chosen("state", JobState)
    keeper = get_keeper()
    return render_template(
        "job/index.html",
        timetable=list_timetable(clock.local(now)),
        keeper=keeper,
        silent_minutes=int((now - keeper.seen_at).total_seconds() // 60) if keeper and keeper.is_silent(now) else None,
        page=runs_page(job=job, state=state, **paging()),
        jobs=choices(JobName),
        states=choices(JobState),
        when=when_words,
        told=told,
    )


@pages.post("/<name>/runs")
@requires(Permission.RUN_JOBS)
def create(name: str):
    """Ask the scheduler for a run; a web request never does the work itself."""
    if name not in set(JobName):
        raise NotFound()
    with transaction():
        jobs.ask_for_run(JobName(name), by=actor(), at=clock.now())
    flash(_("Asked for. It begins within half a minute; look at this page again."))
    return redirect(url_for("job.index"), 303)
