"""Selections: the list, one with its round, the rubric, the evaluators, and opening, closing, reopening."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import Scope
from trainer.domain.selection import RoundState
from trainer.errors import Refused
from trainer.forms.selection import (
    EvaluatorsForm,
    RubricForm,
    SelectionForm,
    filled_rubric_form,
)
from trainer.permissions import Permission
from trainer.queries.region import region_choices_within
from trainer.queries.selection import (
    Stage,
    get_round_facts,
    get_stage,
    list_evaluators,
    list_progress,
    list_rubric,
    round_criteria,
    selections_page,
)
from trainer.services import round as rounds
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
    )


@pages.route("/<int:selection_id>/rubric", methods=["GET", "POST"])
@requires(Permission.VIEW_SELECTION)
def rubric(selection_id: int):
    """The rubric: to read for everybody who sees the selection, to write while the round is being prepared."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    if request.method == "GET":
        lines = list_rubric(stage.round.id)
        form = filled_rubric_form(stage.round.version, lines)
        return render_template("selection/rubric.html", stage=stage, form=form, lines=lines, error=None)
    ensure(Permission.MANAGE_SELECTION, stage.scope)
    form = RubricForm()
    if request.form.get("act") == "more":
        form.add_rows()
        return render_template("selection/rubric.html", stage=stage, form=form, lines=(), error=None)
    if form.validate():
        act = _act(lambda: selections.set_rubric(stage.round.id, form.seen, form.drafts(), by=actor(), at=clock.now()))
        if act is None:
            flash(_("The score sheet is saved."))
            return redirect(url_for("selection.show", selection_id=selection_id))
        form.add_rows()
        return render_template("selection/rubric.html", stage=stage, form=form, lines=(), error=say(act)), act.status
    return render_template("selection/rubric.html", stage=stage, form=form, lines=(), error=None), 422


@pages.route("/<int:selection_id>/evaluators", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def evaluators(selection_id: int):
    """Choose who scores, and deal the applications out."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    progress, offered, refused = list_progress(stage.round.id), list_evaluators(stage.region_code), None
    chosen = [row.account_id for row in progress]
    form = EvaluatorsForm(
        data={"version": stage.round.version, "evaluator_ids": chosen, "readers": stage.round.readers}
    )
    form.offer((e.id, e.name) for e in offered)
    if form.validate_on_submit():
        readers = None if form.everybody.data else form.readers.data or 1
        refused = _act(
            lambda: rounds.deal_applications(
                stage.round.id, form.seen, form.evaluator_ids.data, readers, by=actor(), at=clock.now()
            )
        )
        if refused is None:
            flash(_("The applications are dealt out."))
            return redirect(url_for("selection.show", selection_id=selection_id))
    page = render_template(
        "selection/evaluators.html",
        stage=stage,
        form=form,
        offered=offered,
        loads={row.account_id: row.assigned for row in progress},
        error=say(refused) if refused else None,
    )
    return page, refused.status if refused else 422 if form.errors else 200


def _act(act: Callable[[], object]) -> Refused | None:
    """Do it, or say why not."""
    try:
        with transaction():
            act()
    except Refused as refused:
        return refused
    return None
