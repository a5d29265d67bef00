"""What is fixed before a round opens: its line, what ranks, how sheets are put together, blind or not, until when."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.domain.selection import Aggregate, RoundState
from trainer.errors import Refused
from trainer.forms.rubric import RoundRulesForm
from trainer.permissions import Permission
from trainer.queries.selection import get_round_facts
from trainer.services.round_rules import RoundRules, set_round_rules
from trainer.views.form_page import form_page
from trainer.views.guards import actor, ensure, requires
from trainer.views.rubric import act, is_writing
from trainer.views.selection import stage_for

pages = Blueprint("round_rules", __name__, url_prefix="/selections/<int:selection_id>")
NAMES = ("advances", "ranked_by", "aggregate", "blind", "seed", "closes_at")


@pages.route("/rules-of-round", methods=["GET", "POST"])
@requires(Permission.VIEW_SELECTION)
def show(selection_id: int):
    """To read for everybody who sees the selection, to write while the round is being prepared."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    form, refused = RoundRulesForm(), None
    if request.method == "GET":
        _fill(form, stage.round)
    else:
        ensure(Permission.MANAGE_SELECTION, stage.scope)
    if form.validate_on_submit():
        rules = RoundRules(**{name: form[name].data for name in NAMES} | {"closes_at": _due(form)})
        refused = act(lambda: set_round_rules(stage.round.id, form.seen, rules, by=actor(), at=clock.now()))
        if refused is None:
            flash(_("The rules of the round are saved."))
            # Whoever leaves out the extremes is told first what that needs.
            next_page = "round_rules.show" if rules.aggregate is Aggregate.DROP_EXTREMES else "selection.show"
            return redirect(url_for(next_page, selection_id=stage.id, **stage.link))
    return _page(stage, form, refused)


def _page(stage, form: RoundRulesForm, refused: Refused | None):
    return form_page(
        "rubric/round.html",
        form,
        refused,
        stage=stage,
        facts=get_round_facts(stage.round),
        writing=is_writing(stage) and stage.round.state is RoundState.DRAFT,
        dropping=Aggregate.DROP_EXTREMES,
    )


def _fill(form: RoundRulesForm, round_) -> None:
    for name in NAMES:
        form[name].data = getattr(round_, name)
    form.closes_at.data = clock.local(round_.closes_at).replace(tzinfo=None) if round_.closes_at else None
    form.version.data = round_.version


def _due(form: RoundRulesForm):
    typed = form.closes_at.data
    return typed.replace(tzinfo=clock.SHANGHAI) if typed else None
