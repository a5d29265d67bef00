"""A candidate names somebody who must not judge her."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.errors import Refused
from trainer.forms.conflict import OwnWordForm
from trainer.permissions import Permission
from trainer.queries.conflict import list_raised_by_applicant
from trainer.queries.panel import get_own_candidacy
from trainer.services import conflict as conflicts
from trainer.views.guards import actor, found, herself, once, requires
from trainer.wording import say

pages = Blueprint("own_conflict", __name__)


@pages.route("/me/applications/<int:application_id>/conflict", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def new(application_id: int):
    """Whom she means, staff find out; she sees that it was taken in and what became of it."""
    selection = found(get_own_candidacy(herself(), application_id))
    form, error, status = OwnWordForm(), None, 200
    if form.validate_on_submit():
        said = (application_id, form.kind.data, form.said)
        try:
            once(
                form.idempotency_key.data,
                "conflict.applicant",
                lambda: conflicts.raise_by_applicant(*said, by=actor(), at=clock.now()).id,
            )
        except Refused as refused:
            error, status = say(refused), refused.status
        else:
            flash(_("Thank you. Your teacher sees to it that this person does not judge you."))
            return redirect(url_for("own_conflict.new", application_id=application_id))
    page = render_template(
        "own_conflict/new.html",
        selection=selection,
        form=form,
        raised=list_raised_by_applicant(application_id),
        error=error,
    )
    return page, 422 if form.errors else status
