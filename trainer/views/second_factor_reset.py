"""Taking off the second factor of somebody who lost phone and codes: one administrator asks, another decides."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.errors import Refused
from trainer.forms.second_factor import ResetForm
from trainer.permissions import Permission
from trainer.queries.account import get_staff_account
from trainer.queries.second_factor import has_second_factor, is_open_reset, list_resets
from trainer.services import second_factor_reset
from trainer.views.guards import actor, found, requires
from trainer.wording import say

pages = Blueprint("second_factor_reset", __name__)


@pages.get("/second-factor-resets")
@requires(Permission.MANAGE_ACCOUNTS)
def index():
    """What waits for its second person, and what was decided."""
    return render_template("second_factor_reset/index.html", resets=list_resets())


@pages.route("/accounts/<int:account_id>/second-factor-reset", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def new(account_id: int):
    """Ask for it, with the reason."""
    account, form, error = found(get_staff_account(account_id)), ResetForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                fresh = found(get_staff_account(account_id))
                second_factor_reset.ask(fresh, form.reason.data, by=actor(), at=clock.now())
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("Asked. Another administrator has to agree."))
            return redirect(url_for("second_factor_reset.index"))
    page = render_template(
        "second_factor_reset/new.html",
        account=account,
        enrolled=has_second_factor(account_id),
        waiting=[reset for reset in list_resets(account_id=account_id) if reset.decided_at is None],
        form=form,
        error=error,
    )
    return page, 422 if form.errors or error else 200


@pages.post("/second-factor-resets/<int:reset_id>")
@requires(Permission.MANAGE_ACCOUNTS)
def decide(reset_id: int):
    found(is_open_reset(reset_id) or None)
    if request.form.get("approved") not in ("yes", "no"):
        return redirect(url_for("second_factor_reset.index"))
    approved = request.form["approved"] == "yes"
    with transaction():
        second_factor_reset.decide(reset_id, approved, by=actor(), at=clock.now())
    flash(_("The second factor is taken off; the sessions are ended.") if approved else _("Refused. Nothing changed."))
    return redirect(url_for("second_factor_reset.index"))
