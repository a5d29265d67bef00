"""A trainee's own pages: her home, her lessons, her sales."""

from flask import Blueprint, render_template

from trainer import clock
from trainer.permissions import Permission
from trainer.queries.attendance_request import list_own_requests
from trainer.queries.material import materials_by_lesson
from trainer.queries.own_home import get_own_home
from trainer.queries.own_sales import get_own_sales, list_own_broadcasts
from trainer.queries.trainee import OwnCohort, get_teacher, list_own_cohorts
from trainer.views.guards import actor, herself, requires
from trainer.wording.completion import missing_sentence

pages = Blueprint("trainee", __name__, url_prefix="/me")


@pages.app_context_processor
def whom_to_call() -> dict[str, object]:
    """For the foot of every page of hers; asked for by those pages alone."""
    return {"own_teacher": lambda: get_teacher(actor().person_id, today=clock.today())}


@pages.get("")
@requires(Permission.VIEW_OWN_PROGRESS)
def show():
    """Everything on one screen, what comes next for her first."""
    now = clock.now()
    home = get_own_home(herself(), today=clock.today(), now=now)
    return render_template(
        "trainee/show.html",
        home=home,
        cohorts=home.cohorts,
        sales=home.sales,
        step=home.next_step,
        missing={cohort_id: missing_sentence(one.missing) for cohort_id, one in home.progress.items()},
        now=now,
    )


@pages.get("/lessons")
@requires(Permission.VIEW_OWN_PROGRESS)
def lessons():
    """Every lesson of hers with its status."""
    cohorts = _own_cohorts()
    hers = {lesson.id for cohort in cohorts if cohort.is_on_the_roll for lesson in cohort.lessons}
    return render_template(
        "trainee/lessons.html",
        cohorts=cohorts,
        materials=materials_by_lesson(hers),
        requests=list_own_requests(actor().person_id),
        now=clock.now(),
    )


@pages.get("/sales")
@requires(Permission.VIEW_OWN_PROGRESS)
def sales():
    """Her shops' figures, gross, refund and net apart, and her last broadcasts."""
    return render_template(
        "trainee/sales.html",
        cohorts=_own_cohorts(),
        sales=get_own_sales(actor().person_id),
        broadcasts=list_own_broadcasts(actor().person_id),
    )


def _own_cohorts() -> list[OwnCohort]:
    return list_own_cohorts(herself(), today=clock.today())
