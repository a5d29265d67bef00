"""An evaluator's conflicts of interest: declared before anything opens, added to later, disputed where others raised one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.panel import SeatState
from trainer.errors import NotFound, Refused
from trainer.forms.conflict import DeclarationForm, DisputeForm, KindForm, build_declaration_form
from trainer.permissions import Permission
from trainer.queries.conflict import list_own_conflicts
from trainer.queries.panel import Invitation, get_own_seat, list_names
from trainer.queries.review import get_sheet
from trainer.services import conflict as conflicts
from trainer.services import panel as panels
from trainer.views.guards import actor, ensure, found, requires
from trainer.wording import say

pages = Blueprint("declaration", __name__, url_prefix="/reviews")


@pages.route("/rounds/<int:round_id>/declaration", methods=["GET", "POST"])
@requires(Permission.SCORE)
def show(round_id: int):
    """The names without codes or plans; she ticks whom she must not judge, or none, and promises to be silent."""
    seat = _accepted(round_id)
    if seat is None:
        return redirect(url_for("panel_invitation.own", round_id=round_id))
    form = build_declaration_form(list_names(round_id, actor().account_id), is_first=seat.declared_at is None)
    if not form.validate_on_submit():
        return _page(seat, form, status=422 if form.errors else 200)
    try:
        with transaction():
            panels.declare(round_id, form.said(), by=actor(), at=clock.now())
    except Refused as refused:
        return _page(seat, form, refused, refused.status)
    flash(_("Your declaration is kept. Thank you."))
    return redirect(url_for("review.index") if form.is_first else url_for("declaration.show", round_id=round_id))


def _accepted(round_id: int) -> Invitation | None:
    """Her seat once she has accepted; None while she is asked. Raises NotFound where she is not on the panel."""
    seat = found(get_own_seat(actor().account_id, round_id))
    if seat.state is SeatState.DECLINED:
        raise NotFound()
    return seat if seat.state is SeatState.ACCEPTED else None


def _page(seat: Invitation, form: DeclarationForm, refused: Refused | None = None, status: int = 200):
    page = render_template(
        "declaration/show.html",
        seat=seat,
        form=form,
        own=list_own_conflicts(actor().account_id, seat.round_id),
        error=say(refused) if refused else None,
    )
    return page, status


@pages.route("/rounds/<int:round_id>/conflicts/<int:conflict_id>/dispute", methods=["GET", "POST"])
@requires(Permission.SCORE)
def dispute(round_id: int, conflict_id: int):
    """Say against a conflict that somebody else raised why it is none."""
    seat, form, refused = found(_accepted(round_id)), DisputeForm(), None
    own = list_own_conflicts(actor().account_id, round_id)
    row = found(next((one for one in own if one.id == conflict_id and one.may_dispute), None))
    if form.validate_on_submit():
        try:
            with transaction():
                conflicts.dispute(conflict_id, form.words.data, by=actor(), at=clock.now())
        except Refused as error:
            refused = error
        else:
            flash(_("Somebody who did not raise it will decide. Until then the file stays with others."))
            return redirect(url_for("declaration.show", round_id=round_id))
    page = render_template(
        "declaration/dispute.html", seat=seat, row=row, form=form, error=say(refused) if refused else None
    )
    return page, refused.status if refused else 422 if form.errors else 200


@pages.route("/<int:assignment_id>/conflict", methods=["GET", "POST"])
@requires(Permission.SCORE)
def from_sheet(assignment_id: int):
    """She finds out while reading that she must not judge this one: the file is gone at once."""
    sheet, form, refused = found(get_sheet(assignment_id)), KindForm(), None
    ensure(Permission.SCORE, sheet.scope)
    if form.validate_on_submit():
        try:
            with transaction():
                conflicts.declare_of_sheet(
                    assignment_id, form.kind.data, form.words.data or "", by=actor(), at=clock.now()
                )
        except Refused as error:
            refused = error
        else:
            flash(_("You no longer judge %(code)s. Thank you for saying so.", code=sheet.code))
            return redirect(url_for("review.index"))
    page = render_template(
        "declaration/from_sheet.html", sheet=sheet, form=form, error=say(refused) if refused else None
    )
    return page, refused.status if refused else 422 if form.errors else 200
