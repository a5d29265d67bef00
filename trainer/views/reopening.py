"""Opening a closed round again: one asks, another answers."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.errors import Refused
from trainer.forms.round import AnswerForm, AskForm
from trainer.permissions import Permission
from trainer.queries.reopening import list_requests
from trainer.services import reopening
from trainer.views.guards import actor, found, requires
from trainer.views.selection import stage_for
from trainer.wording import say

pages = Blueprint("reopening", __name__, url_prefix="/selections/<int:selection_id>/reopen")


@pages.get("")
@requires(Permission.VIEW_SELECTION)
def show(selection_id: int):
    return _page(selection_id, AskForm())


@pages.post("")
@requires(Permission.MANAGE_SELECTION)
def ask(selection_id: int):
    stage, form = stage_for(selection_id, Permission.MANAGE_SELECTION), AskForm()
    if not form.validate_on_submit():
        return _page(selection_id, form, status=422)
    try:
        with transaction():
            reopening.ask_to_reopen(stage.round.id, form.reason.data, by=actor(), at=clock.now())
    except Refused as refused:
        return _page(selection_id, form, error=say(refused), status=refused.status)
    flash(_("Somebody else who manages selections must answer now."))
    return redirect(url_for("reopening.show", selection_id=selection_id))


@pages.post("/<int:reopening_id>")
@requires(Permission.MANAGE_SELECTION)
def answer(selection_id: int, reopening_id: int):
    stage, form = stage_for(selection_id, Permission.MANAGE_SELECTION), AnswerForm()
    found(next((row for row in list_requests(stage.round.id) if row.id == reopening_id), None))
    if not form.validate_on_submit():
        return _page(selection_id, AskForm(), answering=form, status=422)
    granted = form.act.data == "grant"
    try:
        with transaction():
            reopening.answer_reopening(
                stage.round.id, reopening_id, granted, form.answer.data, by=actor(), at=clock.now()
            )
    except Refused as refused:
        return _page(selection_id, AskForm(), answering=form, error=say(refused), status=refused.status)
    flash(_("The round is open again.") if granted else _("The round stays closed."))
    return redirect(url_for("selection.show", selection_id=selection_id))


def _page(
    selection_id: int,
    asking: AskForm,
    *,
    answering: AnswerForm | None = None,
    error: str | None = None,
    status: int = 200,
):
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    page = render_template(
        "reopening/show.html",
        stage=stage,
        asking=asking,
        answering=answering or AnswerForm(),
        requests=list_requests(stage.round.id),
        error=error,
    )
    return page, status
