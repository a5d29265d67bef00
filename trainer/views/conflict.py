"""Conflicts of interest of a selection: what waits for a decision, what the records hint at, all that was decided."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.errors import Refused
from trainer.forms.conflict import DecisionForm, HintForm, NameForm, RaiseForm
from trainer.permissions import Permission, can
from trainer.queries.conflict import ConflictRow, get_conflict, list_conflicts
from trainer.queries.conflict_hint import list_hints
from trainer.queries.panel import list_names, list_seats
from trainer.queries.selection import list_evaluators
from trainer.services import conflict as conflicts
from trainer.views.form_page import form_page
from trainer.views.guards import actor, ensure, found, once, requires
from trainer.views.selection import stage_for
from trainer.wording import say

pages = Blueprint("conflict", __name__)


@pages.get("/selections/<int:selection_id>/conflicts")
@requires(Permission.VIEW_SELECTION)
def index(selection_id: int):
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    manages = can(actor(), Permission.MANAGE_SELECTION, stage.scope)
    rows = list_conflicts(selection_id)
    return render_template(
        "conflict/index.html",
        stage=stage,
        waiting=[row for row in rows if row.waits],
        settled=[row for row in rows if not row.waits],
        hints=list_hints(stage.round.id) if manages else [],
        manages=manages,
        form=HintForm(),
    )


@pages.post("/selections/<int:selection_id>/conflicts/hints")
@requires(Permission.MANAGE_SELECTION)
def answer_hint(selection_id: int):
    """Raise what the records hint at as a conflict, or keep that it is none: a click each."""
    stage, form = stage_for(selection_id, Permission.MANAGE_SELECTION), HintForm()
    if form.validate_on_submit():
        hints = {(row.hint.application_id, row.hint.account_id): row for row in list_hints(stage.round.id)}
        row = found(hints.get(form.pair))
        with transaction():
            if form.act.data == "raise":
                conflicts.raise_conflict(*form.pair, row.kind, detected=True, by=actor(), at=clock.now())
            else:
                conflicts.dismiss_hint(*form.pair, row.kind, by=actor(), at=clock.now())
        flash(_("Raised. Somebody else decides it.") if form.act.data == "raise" else _("Kept as no conflict."))
    return redirect(url_for("conflict.index", selection_id=selection_id, **stage.link))


@pages.route("/selections/<int:selection_id>/conflicts/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def new(selection_id: int):
    """Staff know of one; it holds at once, and somebody else decides."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    form, refused = RaiseForm(data={"application_id": request.args.get("application", type=int)}), None
    names = list_names(stage.round.id, actor().account_id)
    seats = list_seats(stage.round.id)
    form.offer(
        ((n.application_id, " ".join(filter(None, (n.name, n.county, n.village)))) for n in names),
        ((seat.account_id, seat.name) for seat in seats),
    )
    if form.validate_on_submit():
        try:
            conflict_id = once(form.idempotency_key.data, "conflict.raise", lambda: _raise(form))
        except Refused as error:
            refused = error
        else:
            return redirect(url_for("conflict.show", conflict_id=conflict_id))
    return form_page("conflict/new.html", form, refused, stage=stage)


def _raise(form: RaiseForm) -> int:
    about = (form.application_id.data, form.account_id.data, form.kind.data, form.words.data or "")
    return conflicts.raise_conflict(*about, by=actor(), at=clock.now()).id


@pages.get("/conflicts/<int:conflict_id>")
@requires(Permission.VIEW_SELECTION)
def show(conflict_id: int):
    """One with all that was said; the buttons to decide it for whoever may."""
    return _page(_in_reach(conflict_id, Permission.VIEW_SELECTION))


@pages.post("/conflicts/<int:conflict_id>")
@requires(Permission.MANAGE_SELECTION)
def decide(conflict_id: int):
    row, form = _in_reach(conflict_id, Permission.MANAGE_SELECTION), DecisionForm()
    if not form.validate_on_submit():
        return _page(row, form=form, status=422)
    upheld = form.act.data == "uphold"
    try:
        with transaction():
            conflicts.decide(conflict_id, form.seen, upheld, form.reason.data, by=actor(), at=clock.now())
    except Refused as refused:
        return _page(row, form=form, error=say(refused), status=refused.status)
    flash(
        _("Decided: the conflict holds.") if upheld else _("Decided: there is none. What it took away is given back.")
    )
    return redirect(url_for("conflict.show", conflict_id=conflict_id))


@pages.post("/conflicts/<int:conflict_id>/evaluator")
@requires(Permission.MANAGE_SELECTION)
def name(conflict_id: int):
    """Say which evaluator a candidate means."""
    row, form = _in_reach(conflict_id, Permission.MANAGE_SELECTION), NameForm()
    form.offer(_evaluators(row))
    if not form.validate_on_submit():
        return _page(row, naming=form, status=422)
    try:
        with transaction():
            conflicts.name_evaluator(conflict_id, form.seen, form.account_id.data, by=actor(), at=clock.now())
    except Refused as refused:
        return _page(row, naming=form, error=say(refused), status=refused.status)
    flash(_("From now on the evaluator is kept from this candidate."))
    return redirect(url_for("conflict.show", conflict_id=conflict_id))


def _in_reach(conflict_id: int, permission: Permission) -> ConflictRow:
    row = found(get_conflict(conflict_id))
    ensure(permission, row.scope)
    return row


def _evaluators(row: ConflictRow) -> list[tuple[int, str]]:
    return [
        (e.id, f"{e.name}（{e.organisation}）" if e.organisation else e.name) for e in list_evaluators(row.region_code)
    ]


def _page(
    row: ConflictRow,
    *,
    form: DecisionForm | None = None,
    naming: NameForm | None = None,
    error: str | None = None,
    status: int = 200,
):
    manages = can(actor(), Permission.MANAGE_SELECTION, row.scope)
    if naming is None and manages and row.account_id is None and row.waits:
        naming = NameForm(formdata=None, data={"version": row.version})
        naming.offer(_evaluators(row))
    page = render_template(
        "conflict/show.html",
        row=row,
        form=form or DecisionForm(formdata=None, data={"version": row.version}),
        naming=naming,
        may_decide=manages and row.may_decide(actor()),
        manages=manages,
        error=error,
    )
    return page, status
