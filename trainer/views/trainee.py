"""A trainee's own pages: her home, her lessons, her sales."""

from datetime import date, datetime
from functools import cache

from flask import Blueprint, render_template, request

from trainer import clock
from trainer.domain.advice import Advice, advise
from trainer.permissions import Permission
from trainer.queries.attendance_request import list_own_requests
from trainer.queries.material import materials_by_lesson
from trainer.queries.own_home import get_own_home
from trainer.queries.own_outcomes import get_own_outcomes, get_received
from trainer.queries.own_sales import get_own_sales, list_own_broadcasts
from trainer.queries.trainee import OwnCohort, get_teacher, list_own_cohorts
from trainer.views.guards import actor, herself, requires
from trainer.wording.advice import advice_because, advice_do
from trainer.wording.completion import missing_sentence

pages = Blueprint("trainee", __name__, url_prefix="/me")


@pages.app_context_processor
def whom_to_call() -> dict[str, object]:
    """For the foot of every page of hers; asked for by those pages alone."""
    return {"own_teacher": cache(lambda: get_teacher(actor().person_id, today=clock.today()))}


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
    """One piece of advice, this month against the last and beside her class, and her last broadcasts."""
    today = clock.today()
    own = get_own_outcomes(herself(), today=today)
    return render_template("trainee/sales.html", own=own, advice=_in_words(advise(own.facts, today)))


@pages.get("/sales/received")
@requires(Permission.VIEW_OWN_PROGRESS)
def received():
    """How much of a month's sales reached her."""
    month = _month(request.args.get("month", ""))
    return render_template("trainee/received.html", own=get_received(herself(), month, today=clock.today()))


@pages.get("/sales/all")
@requires(Permission.VIEW_OWN_PROGRESS)
def all_sales():
    """Her shops' figures since the beginning, gross, refund and net apart, and her last broadcasts."""
    return render_template(
        "trainee/all_sales.html", sales=get_own_sales(herself()), broadcasts=list_own_broadcasts(herself())
    )


def _in_words(advice: Advice | None) -> dict[str, object] | None:
    if advice is None:
        return None
    return {"because": advice_because(advice.code, advice.evidence), "do": advice_do(advice.code), "way": advice.way}


def _month(said: str) -> date | None:
    """The first day of a month written as 2026-03; None of anything else."""
    try:
        return datetime.strptime(said, "%Y-%m").date()  # noqa: DTZ007 (a month of the calendar, no moment)
    except ValueError:
        return None


def _own_cohorts() -> list[OwnCohort]:
    return list_own_cohorts(herself(), today=clock.today())
