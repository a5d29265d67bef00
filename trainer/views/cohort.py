"""Cohorts: the classes with their timetable, the women in them, and what is to be done next."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import Scope
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.programme import CohortPhase, Track
from trainer.domain.timetable import next_step
from trainer.errors import Refused
from trainer.forms.cohort import CohortForm, NewCohortForm, filled_form
from trainer.permissions import Permission, can
from trainer.queries.cohort import (
    cohort_draft,
    cohorts_page,
    count_enrolled,
    get_cohort,
    get_metrics,
    get_rule,
    list_lessons,
    regions_of_cohorts,
    roll_page,
    viewing_scope,
)
from trainer.queries.enrolment import count_by_status
from trainer.queries.programme import list_programmes
from trainer.queries.region import full_region_name, region_choices_within
from trainer.queries.sign_up_review import count_open
from trainer.queries.site import get_site, site_choices
from trainer.queries.timetable import batches_in
from trainer.services import cohort as cohorts
from trainer.views.guards import actor, ensure, found, once, requires
from trainer.views.lists import chosen, paging
from trainer.views.places import programmes_and_areas
from trainer.views.reach import cohort_in_reach
from trainer.wording import choices, say

pages = Blueprint("cohort", __name__, url_prefix="/cohorts")


@pages.get("")
@requires(Permission.VIEW_COHORT)
def index():
    page = cohorts_page(
        actor(),
        text=request.args.get("q", ""),
        track=chosen("track", Track),
        region_code=request.args.get("region", ""),
        programme_id=request.args.get("programme", None, int),
        phase=chosen("phase", CohortPhase),
        today=clock.today(),
        oldest_first=request.args.get("sort") == "oldest",
        **paging(),
    )
    return render_template(
        "cohort/index.html",
        page=page,
        track_choices=choices(Track),
        phases=choices(CohortPhase),
        regions=regions_of_cohorts(actor()),
        programmes=[(id_, name) for id_, name, _region in list_programmes(actor())],
    )


@pages.get("/<int:cohort_id>")
@requires(Permission.VIEW_COHORT)
def show(cohort_id: int):
    cohort = found(get_cohort(cohort_id))
    scope = viewing_scope(cohort)
    ensure(Permission.VIEW_COHORT, scope)
    lessons, enrolled = list_lessons(cohort.id), count_enrolled(cohort.id)
    step, lesson = next_step(lessons, enrolled, at=clock.now())
    roll = None
    if can(actor(), Permission.VIEW_PEOPLE, scope):
        roll = roll_page(
            cohort.id,
            text=request.args.get("q", "").strip(),
            status=chosen("status", EnrolmentStatus),
            by_name=request.args.get("sort") == "name",
            **paging(),
        )
    return render_template(
        "cohort/show.html",
        cohort=cohort,
        scope=scope,
        region=full_region_name(cohort.region_code),
        site=get_site(cohort.site_id) if cohort.site_id else None,
        rule=get_rule(cohort.id),
        metrics=get_metrics(cohort.id),
        lessons=lessons,
        batches=batches_in(lessons) if can(actor(), Permission.MANAGE_COHORT, cohort.scope) else [],
        enrolled=enrolled,
        step=step,
        next_lesson=lesson,
        roll=roll,
        statuses=count_by_status(cohort.id) if roll else {},
        open_sign_ups=count_open(cohort.id) if can(actor(), Permission.MANAGE_ENROLMENTS, cohort.scope) else None,
    )


@pages.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT)
def new():
    form, error = NewCohortForm(), None
    if request.method == "GET":
        form.programme_id.data = request.args.get("programme", None, int)
    _offer(form)
    if form.validate_on_submit():
        ensure(Permission.MANAGE_COHORT, Scope(form.region_code.data))
        try:
            cohort_id = once(
                form.idempotency_key.data,
                "cohort.create",
                lambda: cohorts.create_cohort(form.draft(), by=actor(), at=clock.now()).id,
            )
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("The cohort stands. Now make its timetable."))
            return redirect(url_for("cohort.show", cohort_id=cohort_id))
    return render_template(
        "cohort/form.html", form=form, error=error, cohort=None
    ), 422 if form.errors or error else 200


@pages.route("/<int:cohort_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT)
def edit(cohort_id: int):
    cohort = cohort_in_reach(cohort_id, Permission.MANAGE_COHORT)
    heading, error = {"id": cohort.id, "name": cohort.name}, None
    draft = cohort_draft(cohort, get_rule(cohort.id))
    form = CohortForm() if request.method == "POST" else filled_form(draft, cohort.version)
    _offer(form, own=(cohort.programme_id, cohort.programme.name, cohort.region_code), site_id=cohort.site_id)
    if form.validate_on_submit():
        ensure(Permission.MANAGE_COHORT, Scope(form.region_code.data, cohort_id))
        try:
            with transaction():
                cohorts.update_cohort(get_cohort(cohort_id), form.draft(), seen=form.seen, by=actor(), at=clock.now())
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("Saved."))
            return redirect(url_for("cohort.show", cohort_id=cohort_id))
    page = render_template("cohort/form.html", form=form, error=error, cohort=heading)
    return page, 422 if form.errors or error else 200


def _offer(form: CohortForm, own: tuple[int, str, str] | None = None, site_id: int | None = None) -> None:
    """The programmes she sees and, in their areas, the regions where she may keep cohorts, with the open sites there;
    `own` and the site that it has are offered too."""
    offered, areas = programmes_and_areas(Permission.MANAGE_COHORT)
    if own:
        areas.add(own[2])
        offered += [own[:2]] if own[0] not in dict(offered) else []
    form.offer(offered, region_choices_within(areas), site_choices(areas, keep=site_id))
