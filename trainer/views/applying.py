"""How women apply for a selection: what it is about, when, for how much, and who may."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.application import window
from trainer.errors import Refused
from trainer.forms.application import ApplyingForm, as_fen, filled_applying_form
from trainer.permissions import Permission
from trainer.queries.application import count_applications
from trainer.queries.region import region_choices_within
from trainer.services import application as applications
from trainer.views.guards import actor, requires
from trainer.views.selection import stage_for
from trainer.wording import say

pages = Blueprint("applying", __name__, url_prefix="/selections/<int:selection_id>/applying")


@pages.route("", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def edit(selection_id: int):
    """While nobody reads yet; later it is there to be read."""
    stage, error = stage_for(selection_id, Permission.MANAGE_SELECTION), None
    first = stage.rounds[0]
    form = filled_applying_form(first.version, stage)
    form.offer(region_choices_within([stage.region_code]))
    if form.validate_on_submit():
        try:
            with transaction():
                applications.set_applying(
                    first.id, form.seen, _draft(form), form.reason.data or "", by=actor(), at=clock.now()
                )
        except Refused as refused:
            error = refused
        else:
            flash(_("It is saved. Women of the area see it from the moment that stands there."))
            return redirect(url_for("applying.edit", selection_id=selection_id), 303)
    now = clock.now()
    page = render_template(
        "application/applying.html",
        stage=stage,
        first=first,
        form=form,
        begun=stage.applies_from is not None and stage.applies_from <= now,
        window=window(first.state, stage.applies_from, stage.applies_until, now),
        tally=count_applications(selection_id),
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200


def _draft(form: ApplyingForm) -> applications.Applying:
    return applications.Applying(
        form.introduction.data or "", form.since, form.until, as_fen(form.highest_amount.data), form.rules()
    )
