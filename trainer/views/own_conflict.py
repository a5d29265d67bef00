"""A candidate names somebody who must not judge her."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.domain.selection import ApplicationState
from trainer.errors import Refused
from trainer.forms.conflict import OwnWordForm
from trainer.permissions import Permission
from trainer.queries.application import get_written
from trainer.queries.conflict import list_raised_by_applicant
from trainer.queries.own_application import get_own_selection
from trainer.services import conflict as conflicts
from trainer.views.form_page import form_page
from trainer.views.guards import actor, found, herself, once, requires

pages = Blueprint("own_conflict", __name__)


@pages.route("/me/applications/<int:offered_id>/conflict", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def new(offered_id: int):
    """Whom she means, staff find out; she sees that it was taken in and what became of it."""
    selection = found(get_own_selection(herself(), offered_id, now=clock.now()))
    if selection.state is not ApplicationState.SUBMITTED:
        return redirect(url_for("own_application.show", offered_id=offered_id))
    application_id, form, refused = get_written(offered_id, herself()).id, OwnWordForm(), None
    if form.validate_on_submit():
        try:
            once(form.idempotency_key.data, "conflict.applicant", lambda: _raise(application_id, form))
        except Refused as error:
            refused = error
        else:
            flash(_("Thank you. Your teacher sees to it that this person does not judge you."))
            return redirect(url_for("own_conflict.new", offered_id=offered_id))
    raised = list_raised_by_applicant(application_id)
    return form_page("own_conflict/new.html", form, refused, selection=selection.name, raised=raised)


def _raise(application_id: int, form: OwnWordForm) -> int:
    said = (application_id, form.kind.data, form.said)
    return conflicts.raise_by_applicant(*said, by=actor(), at=clock.now()).id
