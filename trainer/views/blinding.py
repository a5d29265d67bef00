"""Blinding: the texts of a blind round and what is still to do, one original beside what evaluators will read."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.blinding import marked
from trainer.domain.selection import RoundState
from trainer.errors import NotFound, Refused
from trainer.forms.blinding import BlindForm, build_blind_form
from trainer.permissions import Permission
from trainer.queries.blinding import (
    BlindView,
    blinding_page,
    count_unblinded,
    get_attachment,
    get_blind_view,
    judges_in,
    next_unblinded,
)
from trainer.queries.selection import Stage
from trainer.services import blinding
from trainer.services.file import read_file
from trainer.views.downloads import picture_response
from trainer.views.form_page import form_page
from trainer.views.guards import actor, found, requires
from trainer.views.lists import paging
from trainer.views.selection import stage_for
from trainer.wording import say

pages = Blueprint("blinding", __name__, url_prefix="/selections/<int:selection_id>/blinding")


@pages.get("")
@requires(Permission.VIEW_SELECTION)
def index(selection_id: int):
    """By code only: auditors see who confirmed what, too."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    return render_template(
        "blinding/index.html",
        stage=stage,
        page=blinding_page(stage.round.id, waiting=request.args.get("state") == "waiting", **paging()),
        waiting=count_unblinded(stage.round.id),
        following=next_unblinded(stage.round.id),
        refusal=say(refusal) if (refusal := _refusal(stage)) else None,
    )


@pages.route("/<int:application_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def edit(selection_id: int, application_id: int):
    """One text: mask more of it, or confirm it and go on to the next."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    view = found(get_blind_view(stage.round.id, application_id))
    if refusal := _refusal(stage):
        status = refusal.status if request.method == "POST" else 200
        return render_template("blinding/shut.html", stage=stage, sentence=say(refusal)), status
    form, error = build_blind_form(view), None
    if form.validate_on_submit():
        if request.form.get("act") == "mask":
            form.mask_more(view)
            return _page(stage, view, form)
        try:
            _confirm(stage, view, form)
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            return _on(stage, view)
    return _page(stage, view, form, error)


def _refusal(stage: Stage) -> Refused | None:
    """Why this person cannot redact here now."""
    if not stage.round.blind:
        return blinding.RoundNotBlind()
    if stage.round.state is not RoundState.DRAFT:
        return blinding.RoundNotDraft()
    return blinding.RedactorJudges() if judges_in(stage.id, actor().account_id) else None


def _confirm(stage: Stage, view: BlindView, form: BlindForm) -> None:
    with transaction():
        blinding.confirm_blind(
            stage.round.id,
            view.id,
            form.seen,
            _text(form),
            form.blind_files.data,
            by=actor(),
            at=clock.now(),
        )


def _text(form: BlindForm) -> blinding.BlindText:
    """Lines end as they do in what she wrote, whatever the browser sent."""
    plan = (form.plan.data or "").replace("\r\n", "\n")
    uses = tuple(use.data or "" for use in form.uses)
    return blinding.BlindText(form.title.data or "", plan, uses, frozenset(form.ticked.data or ()))


def _on(stage: Stage, view: BlindView):
    following = next_unblinded(stage.round.id, after=view.code)
    flash(_("The text of %(code)s is confirmed.", code=view.code))
    if following is None:
        return redirect(url_for("blinding.index", selection_id=stage.id, **stage.link))
    return redirect(url_for("blinding.edit", selection_id=stage.id, application_id=following, **stage.link))


def _page(stage: Stage, view: BlindView, form: BlindForm, error: Refused | None = None):
    text = _text(form)
    return form_page(
        "blinding/edit.html",
        form,
        error,
        stage=stage,
        view=view,
        doubts=text.doubts(view),
        ticked=text.ticked,
        original=[marked(part, view.known) for part in (view.title, view.plan, *view.uses)],
        waiting=count_unblinded(stage.round.id),
    )


@pages.get("/<int:application_id>/pictures/<int:attachment_id>")
@requires(Permission.MANAGE_SELECTION)
def picture(selection_id: int, application_id: int, attachment_id: int):
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    if judges_in(selection_id, actor().account_id):
        raise NotFound()
    stored = found(get_attachment(stage.round.id, application_id, attachment_id))
    return picture_response(read_file(stored), f"attachment-{attachment_id}")
