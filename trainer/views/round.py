"""Rounds: opening, closing, reckoning again, freezing, and the next one with whom goes on."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.selection import RoundState
from trainer.errors import Refused
from trainer.forms.form import VersionForm
from trainer.forms.round import FreezeForm, NamingForm, NextRoundForm
from trainer.permissions import Permission
from trainer.queries.dealing import round_links
from trainer.queries.next_round import list_advancing, list_left_behind
from trainer.queries.ranking import list_runs
from trainer.queries.selection import Stage, get_round_facts, list_progress
from trainer.services import next_round as next_rounds
from trainer.services import round as rounds
from trainer.views.guards import actor, found, requires
from trainer.views.selection import stage_for
from trainer.wording import say

pages = Blueprint("round", __name__, url_prefix="/selections/<int:selection_id>")


@pages.route("/open", methods=["GET", "POST"], endpoint="open")
@requires(Permission.MANAGE_SELECTION)
def open_(selection_id: int):
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    form = VersionForm(data={"version": stage.round.version})
    act = lambda: rounds.open_round(stage.round.id, form.seen, by=actor(), at=clock.now())  # noqa: E731
    done, links = _("The round is open. The evaluators can begin."), round_links(stage.round.id)
    return _step("round/open.html", stage, form, act, done, links=links)


@pages.route("/close", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def close(selection_id: int):
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    form = VersionForm(data={"version": stage.round.version})
    act = lambda: rounds.close_round(stage.round.id, form.seen, by=actor(), at=clock.now())  # noqa: E731
    return _step("round/close.html", stage, form, act, _("The round is closed and the ranking made."))


@pages.post("/rank-again")
@requires(Permission.MANAGE_SELECTION)
def rank_again(selection_id: int):
    """Another run of the closed round; the earlier ones stay."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    form = VersionForm()
    if form.validate_on_submit():
        refused = _act(lambda: rounds.rank_again(stage.round.id, form.seen, by=actor(), at=clock.now()))
        flash(say(refused) if refused else _("The ranking is made again; the one before is kept."))
    return redirect(url_for("ranking.show", selection_id=selection_id, **stage.link))


@pages.route("/freeze", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def freeze(selection_id: int):
    """Make the last run the round's result."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    run = found(next(iter(list_runs(stage.round.id)), None))
    form = FreezeForm(data={"version": stage.round.version, "run": run.id})
    act = lambda: rounds.freeze_round(  # noqa: E731
        stage.round.id, form.seen, form.run.data, by=actor(), at=clock.now()
    )
    return _step("round/freeze.html", stage, form, act, _("The result is frozen."), run=run)


@pages.route("/next-round", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def next_round(selection_id: int):
    """Who goes on, and the round being prepared for them."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    form = NextRoundForm(data={"version": stage.round.version, "advances": stage.seats})
    act = lambda: next_rounds.start_next_round(  # noqa: E731
        *(stage.round.id, form.seen, form.kind.data, form.advances.data), by=actor(), at=clock.now()
    )
    advancing = list_advancing(stage.round.id, stage.round.advances)
    done = _("The next round is being prepared.")
    return _step("round/next_round.html", stage, form, act, done, advancing=advancing)


@pages.route("/name", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def name(selection_id: int):
    """Take somebody in who had not got there by rank, with a reason; somebody else must open the round."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    if stage.round.number == 1 or stage.round.state is not RoundState.DRAFT:
        return redirect(url_for("selection.show", selection_id=selection_id))
    left = list_left_behind(stage.round.id, stage.id)
    form = NamingForm(data={"version": stage.round.version})
    form.offer(left)
    act = lambda: next_rounds.name_candidate(  # noqa: E731
        *(stage.round.id, form.seen, form.application_id.data, form.reason.data), by=actor(), at=clock.now()
    )
    return _step("round/name.html", stage, form, act, _("She is a candidate of this round."))


def _step(template: str, stage: Stage, form: VersionForm, act: Callable[[], object], done: str, **more):
    """A page that names what will happen, and the act behind its button."""
    refused = None
    if form.validate_on_submit():
        refused = _act(act)
        if refused is None:
            flash(done)
            return redirect(url_for("selection.show", selection_id=stage.id))
    page = render_template(
        template,
        stage=stage,
        form=form,
        facts=get_round_facts(stage.round),
        progress=list_progress(stage.round.id),
        error=say(refused) if refused else None,
        **more,
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
