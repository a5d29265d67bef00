"""An invitation to judge: the page behind its link, open to whoever holds it, and the same for who is signed in."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.panel import SeatState
from trainer.errors import Refused
from trainer.forms.panel import AnswerForm
from trainer.permissions import Permission
from trainer.queries.panel import Invitation, get_invitation, get_own_seat
from trainer.services import panel as panels
from trainer.services.access import LinkSpent
from trainer.views.guards import actor, found, public, requires
from trainer.views.visitor import visitor
from trainer.wording import say

pages = Blueprint("panel_invitation", __name__)


@pages.route("/panel/<panel_token>", methods=["GET", "POST"])
@public
def show(panel_token: str):
    """Looking spends nothing: WeChat and scanners look too. Her button does."""
    invitation, form, refused = get_invitation(panel_token, at=clock.now()), AnswerForm(), None
    if invitation is None:
        with transaction():
            panels.count_unknown_link(visitor().place, at=clock.now())
        return _spent()
    if form.validate_on_submit():
        try:
            with transaction():
                password_token = panels.answer_invitation(
                    panel_token, form.accepts, form.reason.data or "", at=clock.now()
                )
        except LinkSpent:
            return _spent()
        except Refused as error:
            refused = error
        else:
            return _answered(form, password_token)
    return _page(invitation, form, refused)


def _spent():
    return render_template("panel_invitation/spent.html"), LinkSpent.status


def _answered(form: AnswerForm, password_token: str | None):
    """A newcomer goes straight on to her password."""
    if password_token:
        flash(_("Thank you for judging. Choose a password now; with it you sign in."))
        return redirect(url_for("session.invitation", token=password_token))
    flash(_("Thank you for judging.") if form.accepts else _("Thank you for telling us. We ask somebody else."))
    return redirect(url_for("panel_invitation.answered"))


@pages.get("/panels/answered")
@public
def answered():
    return render_template("panel_invitation/answered.html")


@pages.route("/reviews/rounds/<int:round_id>/invitation", methods=["GET", "POST"])
@requires(Permission.SCORE)
def own(round_id: int):
    """The same, signed in; whoever has accepted may still step down here."""
    invitation, form, refused = found(get_own_seat(actor().account_id, round_id)), AnswerForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                panels.answer_signed_in(round_id, form.accepts, form.reason.data or "", by=actor(), at=clock.now())
        except Refused as error:
            refused = error
        else:
            if form.accepts:
                return redirect(url_for("declaration.show", round_id=round_id))
            flash(_("Thank you for telling us. We ask somebody else."))
            return redirect(url_for("review.index"))
    return _page(invitation, form, refused)


def _page(invitation: Invitation, form: AnswerForm, refused: Refused | None):
    page = render_template(
        "panel_invitation/show.html",
        invitation=invitation,
        form=form,
        error=say(refused) if refused else None,
        is_asked=invitation.state is SeatState.INVITED,
        may_step_down=invitation.state is SeatState.ACCEPTED,
    )
    return page, refused.status if refused else 422 if form.errors else 200
