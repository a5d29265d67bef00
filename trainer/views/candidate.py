"""Candidates of a selection: the list, taking women in from a cohort, the text evaluators read, withdrawing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import Scope
from trainer.errors import Refused
from trainer.forms.selection import CandidatesForm, PlanForm, ReasonForm
from trainer.permissions import Permission
from trainer.queries.application import get_file, get_written, list_events, list_referrals
from trainer.queries.candidate import candidates_page, get_candidate, list_cohorts_for, list_eligible
from trainer.queries.selection import Stage
from trainer.services import selection as selections
from trainer.services.file import read_file
from trainer.views.downloads import picture_response
from trainer.views.guards import actor, ensure, found, requires
from trainer.views.lists import paging
from trainer.views.selection import stage_for
from trainer.wording import say

pages = Blueprint("candidate", __name__, url_prefix="/selections/<int:selection_id>/candidates")


@pages.get("")
@requires(Permission.VIEW_SELECTION)
def index(selection_id: int):
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    page = candidates_page(
        stage, text=request.args.get("q", "").strip(), without_plan=request.args.get("plan") == "no", **paging()
    )
    return render_template("candidate/index.html", stage=stage, page=page)


@pages.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def new(selection_id: int):
    """Choose a cohort, then all of its women or the ticked ones."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    cohorts = list_cohorts_for(actor(), stage.region_code)
    chosen = next((c for c in cohorts if c.id == request.args.get("cohort", None, int)), None)
    form, error = CandidatesForm(data={"version": stage.round.version}), None
    if chosen and form.validate_on_submit():
        ensure(Permission.VIEW_COHORT, Scope(chosen.region_code, chosen.id))
        wanted = None if form.everybody.data else form.enrolment_ids.data
        try:
            with transaction():
                added = selections.add_candidates(
                    stage.round.id, form.seen, chosen.id, wanted, by=actor(), at=clock.now()
                )
        except Refused as refused:
            error = refused
        else:
            flash(ngettext("%(num)d candidate was added.", "%(num)d candidates were added.", added))
            return redirect(url_for("candidate.index", selection_id=selection_id))
    page = render_template(
        "candidate/new.html",
        stage=stage,
        cohorts=cohorts,
        chosen=chosen,
        women=list_eligible(selection_id, chosen.id) if chosen else (),
        form=form,
        error=say(error) if error else None,
    )
    return page, error.status if error else 200


@pages.route("/<int:application_id>", methods=["GET", "POST"])
@requires(Permission.VIEW_SELECTION)
def edit(selection_id: int, application_id: int):
    """All of her application; of a woman whom staff took in, the text the evaluators read is written here."""
    stage = _stage_with_people(selection_id)
    candidate, error = found(get_candidate(selection_id, application_id)), None
    if request.method == "POST":
        ensure(Permission.MANAGE_SELECTION, stage.scope)
    form = PlanForm(data={"version": candidate.version, "plan": candidate.plan})
    if form.validate_on_submit():
        try:
            with transaction():
                selections.set_plan(application_id, form.seen, form.plan.data, by=actor(), at=clock.now())
        except Refused as refused:
            error = refused
        else:
            flash(_("The text of %(code)s is saved.", code=candidate.code))
            return redirect(url_for("candidate.index", selection_id=selection_id))
    page = render_template(
        "candidate/edit.html",
        stage=stage,
        candidate=candidate,
        written=get_written(selection_id, candidate.person_id),
        events=list_events(application_id),
        referrals=list_referrals(selection_id, person_id=candidate.person_id),
        form=form,
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200


@pages.get("/<int:application_id>/files/<int:position>")
@requires(Permission.VIEW_SELECTION)
def picture(selection_id: int, application_id: int, position: int):
    _stage_with_people(selection_id)
    candidate = found(get_candidate(selection_id, application_id))
    stored = found(get_file(selection_id, candidate.person_id, position))
    return picture_response(read_file(stored), f"{candidate.code or 'application'}-{position}")


def _stage_with_people(selection_id: int) -> Stage:
    """For whoever sees the selection and the women behind it."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    ensure(Permission.VIEW_PEOPLE, stage.scope)
    return stage


@pages.route("/<int:application_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def withdraw(selection_id: int, application_id: int):
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    candidate, error = found(get_candidate(selection_id, application_id)), None
    form = ReasonForm(data={"version": candidate.version})
    if form.validate_on_submit():
        try:
            with transaction():
                selections.withdraw(application_id, form.seen, form.reason.data, by=actor(), at=clock.now())
        except Refused as refused:
            error = refused
        else:
            flash(_("%(code)s takes no part any more.", code=candidate.code))
            return redirect(url_for("candidate.index", selection_id=selection_id))
    page = render_template(
        "candidate/withdraw.html", stage=stage, candidate=candidate, form=form, error=say(error) if error else None
    )
    return page, error.status if error else 422 if form.errors else 200
