"""What her own orders gave to funds."""

from flask import Blueprint, render_template

from trainer.permissions import Permission
from trainer.queries.donation import list_own_pledges
from trainer.views.guards import herself, requires

pages = Blueprint("own_donation", __name__)


@pages.get("/me/sales/donations")
@requires(Permission.VIEW_OWN_PROGRESS)
def index():
    return render_template("own_donation/index.html", pledges=list_own_pledges(herself()))
