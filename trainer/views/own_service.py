"""A woman's own service hours: what she gave, what it came to, and “I helped”."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.service_hours import ServiceState
from trainer.errors import NotFound, Refused
from trainer.forms.form import Form
from trainer.forms.service_hours import OwnHelpForm
from trainer.permissions import Permission
from trainer.queries.service_hours import get_totals_of, list_own_entries
from trainer.services import service_hours as ledger
from trainer.services.picture import redraw_sent
from trainer.views.guards import actor, herself, requires
from trainer.wording import say

pages = Blueprint("own_service", __name__, url_prefix="/me/service-hours")


@pages.get("")
@requires(Permission.VIEW_OWN_PROGRESS)
def index():
    person_id, year = herself(), clock.today().year
    return render_template(
        "own_service/index.html",
        year=year,
        this_year=get_totals_of(person_id, year=year),
        in_all=get_totals_of(person_id),
        entries=list_own_entries(person_id),
        waits=ServiceState.PROPOSED,
    )


@pages.route("/new", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def new():
    """“I helped”: it waits until staff have approved it."""
    person_id, form, error = herself(), OwnHelpForm(data={"day": clock.today()}), None
    if form.validate_on_submit():
        try:
            picture = redraw_sent(form.picture.data)
            with transaction():
                facts = {"nonce": form.idempotency_key.data, "picture": picture, "anyway": form.anyway.data}
                ledger.enter([person_id], form.help(), **facts, by=actor(), at=clock.now())
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("Thank you for helping. Your teacher answers here."))
            return redirect(url_for("own_service.index"), 303)
    page = render_template(
        "own_service/new.html",
        form=form,
        asks_again=isinstance(error, ledger.EnteredAlready) or bool(form.anyway.data),
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200


@pages.post("/<int:entry_id>/take-back")
@requires(Permission.VIEW_OWN_PROGRESS)
def take_back(entry_id: int):
    """What she entered herself, as long as it waits."""
    if entry_id not in {row.id for row in list_own_entries(herself())}:
        raise NotFound()
    if Form().validate_on_submit():
        try:
            with transaction():
                ledger.withdraw(entry_id, by=actor(), at=clock.now())
            flash(_("Taken back."))
        except NotFound:
            raise
        except Refused as refused:
            flash(say(refused), "bad")
    return redirect(url_for("own_service.index"), 303)
