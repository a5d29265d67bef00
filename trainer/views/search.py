"""The search box in the head of every page of staff."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer.domain.search import Wanted, parse
from trainer.permissions import Permission
from trainer.queries.search import search
from trainer.views.guards import actor, requires

pages = Blueprint("search", __name__, url_prefix="/search")


@pages.get("")
@requires(Permission.VIEW_COHORT)
def index():
    """What can be named in an address. A whole number in one is sent away from, to where the box is."""
    wanted = parse(request.args.get("q", ""))
    if not wanted.may_stand_in_address:
        flash(_("Type a whole number into the search box: it must not stand in an address."), "bad")
        return redirect(url_for("search.index"), 303)
    return _page(wanted)


@pages.post("")
@requires(Permission.VIEW_COHORT)
def create():
    """The box sends here: a name goes on to its address, a whole phone or ID number is answered at once and stands
    in none."""
    wanted = parse(request.form.get("q", ""))
    if wanted.may_stand_in_address:
        return redirect(url_for("search.index", q=wanted.text or None), 303)
    if wanted.mixed:
        return _page(wanted, _("Search for a name or for a number, not for both at once.")), 422
    return _page(wanted)


def _page(wanted: Wanted, error: str | None = None) -> str:
    return render_template("search/index.html", wanted=wanted, found=search(actor(), wanted), error=error)
