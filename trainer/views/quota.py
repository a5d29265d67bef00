"""Quotas of a round: who must be among the chosen, and on which paper that stands."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.selection import QuotaAttribute
from trainer.errors import Refused
from trainer.forms.form import VersionForm
from trainer.forms.quota import QuotaForm
from trainer.permissions import Permission
from trainer.queries.quota import list_groups, list_stated
from trainer.services import quota as quotas
from trainer.views.guards import actor, found, requires
from trainer.views.selection import stage_for
from trainer.wording import label, say

pages = Blueprint("quota", __name__, url_prefix="/selections/<int:selection_id>/quotas")


@pages.get("")
@requires(Permission.VIEW_SELECTION)
def index(selection_id: int):
    return _page(selection_id)


@pages.post("")
@requires(Permission.MANAGE_SELECTION)
def add(selection_id: int):
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    form = _form(stage.round.id)
    if not form.validate():
        return _page(selection_id, form, status=422)
    try:
        with transaction():
            quotas.add_quota(stage.round.id, form.seen, form.rule(), by=actor(), at=clock.now())
    except Refused as refused:
        return _page(selection_id, form, error=say(refused), status=refused.status)
    flash(_("The quota is stated."))
    return redirect(url_for("quota.index", selection_id=selection_id, **stage.link))


@pages.post("/<int:quota_id>/remove")
@requires(Permission.MANAGE_SELECTION)
def remove(selection_id: int, quota_id: int):
    stage, form = stage_for(selection_id, Permission.MANAGE_SELECTION), VersionForm()
    found(next((row for row in list_stated(stage.round.id) if row.id == quota_id), None))
    if form.validate():
        try:
            with transaction():
                quotas.remove_quota(stage.round.id, form.seen, quota_id, by=actor(), at=clock.now())
        except Refused as refused:
            return _page(selection_id, error=say(refused), status=refused.status)
        flash(_("The quota is taken away."))
    return redirect(url_for("quota.index", selection_id=selection_id, **stage.link))


def _form(round_id: int, **data) -> QuotaForm:
    """What quotas can go by: what the candidates are."""
    form = QuotaForm(data=data)
    held = {(name, value) for groups in list_groups(round_id).values() for name, value in groups.items()}
    form.group.choices = [
        (f"{name}:{value}", f"{label(QuotaAttribute(name))}: {value}") for name, value in sorted(held)
    ]
    return form


def _page(selection_id: int, form: QuotaForm | None = None, *, error: str | None = None, status: int = 200):
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    page = render_template(
        "quota/index.html",
        stage=stage,
        form=form or _form(stage.round.id, version=stage.round.version),
        rows=list_stated(stage.round.id),
        error=error,
    )
    return page, status
