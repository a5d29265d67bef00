"""Selections: the list, one with its round, and its evaluators."""

from flask import Blueprint, redirect, render_template, request, url_for

from trainer import clock
from trainer.domain.actors import Scope
from trainer.domain.selection import RoundState
from trainer.errors import Refused
from trainer.forms.selection import SelectionForm
from trainer.permissions import Permission
from trainer.queries.application import count_applications
from trainer.queries.region import region_choices_within
from trainer.queries.selection import (
    Stage,
    get_round_facts,
    get_stage,
    list_progress,
    round_criteria,
    selections_page,
)
from trainer.services import selection as selections
from trainer.views.guards import actor, ensure, found, once, requires
from trainer.views.lists import chosen, paging
from trainer.views.places import programmes_and_areas
from trainer.wording import choices, say

pages = Blueprint("selection", __name__, url_prefix="/selections")


def stage_for(selection_id: int, permission: Permission) -> Stage:
    """The selection with the round that `?round=` names, the last without it; 404 where it is not hers."""
    stage = found(get_stage(selection_id, request.args.get("round", None, int)))
    ensure(permission, stage.scope)
    return stage


@pages.get("")
@requires(Permission.VIEW_SELECTION)
def index():
    page = selections_page(
        actor(),
        text=request.args.get("q", "").strip(),
        state=chosen("state", RoundState),
        **paging(),
    )
    return render_template("selection/index.html", page=page, state_choices=choices(RoundState))


@pages.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def new():
    form, error = SelectionForm(), None
    _offer(form)
    if form.validate_on_submit():
        ensure(Permission.MANAGE_SELECTION, Scope(form.region_code.data))
        fields = ("programme_id", "name", "kind", "region_code", "seats", "round_kind")
        data = selections.NewSelection(**{name: form[name].data for name in fields})
        try:
            selection_id = once(
                form.idempotency_key.data,
                "selection.create",
                lambda: selections.create_selection(data, by=actor(), at=clock.now()).id,
            )
        except Refused as refused:
            error = say(refused)
        else:
            return redirect(url_for("selection.show", selection_id=selection_id))
    return render_template("selection/new.html", form=form, error=error), 422 if form.errors or error else 200


def _offer(form: SelectionForm) -> None:
    """The programmes she sees and, in their areas, the regions where she may choose."""
    programmes, areas = programmes_and_areas(Permission.MANAGE_SELECTION)
    form.offer(programmes, region_choices_within(areas))


@pages.get("/<int:selection_id>")
@requires(Permission.VIEW_SELECTION)
def show(selection_id: int):
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    return render_template(
        "selection/show.html",
        stage=stage,
        facts=get_round_facts(stage.round),
        criteria=round_criteria(stage.round.id),
        progress=list_progress(stage.round.id),
        tally=count_applications(selection_id),
    )
