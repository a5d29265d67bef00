"""The panel of a round: who is asked to judge, her link, how many files she takes, taking somebody off."""

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.panel import SeatState
from trainer.domain.selection import RoundState
from trainer.errors import NotFound, Refused
from trainer.forms.panel import InviteForm, InviteNewForm, RemoveForm, SeatForm
from trainer.permissions import Permission
from trainer.queries.panel import SeatRow, get_seat, list_seats
from trainer.queries.region import full_region_name
from trainer.queries.selection import Stage, list_evaluators
from trainer.services import panel as panels
from trainer.views.form_page import form_page
from trainer.views.guards import actor, found, once, requires
from trainer.views.selection import stage_for

pages = Blueprint("panel", __name__, url_prefix="/selections/<int:selection_id>/panel")


@pages.get("")
@requires(Permission.VIEW_SELECTION)
def show(selection_id: int):
    """The seats: who was asked, who takes part, who has declared her conflicts."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    return render_template(
        "panel/show.html",
        stage=stage,
        seats=list_seats(stage.round.id),
        now=clock.now(),
        is_settled=stage.round.state is RoundState.FROZEN,
    )


@pages.route("/invite", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def invite(selection_id: int):
    """Ask somebody who has an evaluator's account."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    form, refused = InviteForm(), None
    form.offer(_not_asked_yet(stage))
    if form.validate_on_submit():
        act = lambda: panels.invite_evaluator(  # noqa: E731
            stage.round.id, form.account_id.data, **form.seat, by=actor(), at=clock.now()
        )
        try:
            return _asked(stage, form, act)
        except NotFound:
            raise
        except Refused as error:
            refused = error
    return form_page("panel/invite.html", form, refused, stage=stage)


@pages.route("/invite-new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def invite_new(selection_id: int):
    """Ask somebody who has no account; she gets one and chooses her password when she accepts."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    form, refused = InviteNewForm(), None
    if form.validate_on_submit():
        who = (form.name.data, form.organisation.data or "", form.phone.data or None)
        act = lambda: panels.invite_newcomer(stage.round.id, *who, **form.seat, by=actor(), at=clock.now())  # noqa: E731
        try:
            return _asked(stage, form, act)
        except Refused as error:
            refused = error
    return form_page("panel/invite_new.html", form, refused, stage=stage)


def _not_asked_yet(stage: Stage) -> list[tuple[int, str]]:
    """Evaluators near the selection, but for herself and those who were asked and have not declined."""
    asked = {seat.account_id for seat in list_seats(stage.round.id) if seat.state in _SEATED} | {actor().account_id}
    return [
        (row.id, f"{row.name}（{row.organisation}）" if row.organisation else row.name)
        for row in list_evaluators(stage.region_code)
        if row.id not in asked
    ]


_SEATED = (SeatState.INVITED, SeatState.ACCEPTED)


def _asked(stage: Stage, form: InviteForm | InviteNewForm, act: Callable):
    """Her link, said once; a second click gets a fresh one for what the first has made."""
    tokens = []

    def make() -> int:
        seat, token = act()
        tokens.append(token)
        return seat.id

    seat_id = int(once(form.idempotency_key.data, "panel.invite", make))
    if not tokens:
        with transaction():
            found(get_seat(stage.round.id, seat_id))
            tokens.append(panels.renew_invitation(seat_id, by=actor(), at=clock.now()))
    path = url_for("panel_invitation.show", panel_token=tokens[0])
    return _link_page(stage, found(get_seat(stage.round.id, seat_id)), path)


def _link_page(stage: Stage, seat: SeatRow, path: str):
    link = current_app.config["BASE_URL"].rstrip("/") + path
    return render_template("panel/link.html", stage=stage, seat=seat, link=link)


@pages.post("/<int:seat_id>/renew")
@requires(Permission.MANAGE_SELECTION)
def renew(selection_id: int, seat_id: int):
    """Another link for somebody who lost hers; whoever accepted without choosing a password gets one for that."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    seat = found(get_seat(stage.round.id, seat_id))
    with transaction():
        if seat.state is SeatState.ACCEPTED:
            token = panels.renew_password_link(seat_id, by=actor(), at=clock.now())
            path = url_for("session.invitation", token=token)
        else:
            token = panels.renew_invitation(seat_id, by=actor(), at=clock.now())
            path = url_for("panel_invitation.show", panel_token=token)
    return _link_page(stage, found(get_seat(stage.round.id, seat_id)), path)


@pages.route("/<int:seat_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def edit(selection_id: int, seat_id: int):
    """How many files she takes at most, and where she is from."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    seat, refused = found(get_seat(stage.round.id, seat_id)), None
    region = full_region_name(seat.region_code) if seat.region_code else ""
    form = SeatForm(data={"max_load": seat.max_load, "region": region, "village": seat.village})
    if form.validate_on_submit():
        try:
            with transaction():
                panels.set_seat(seat_id, **form.seat, by=actor(), at=clock.now())
        except Refused as error:
            refused = error
        else:
            flash(_("Saved."))
            return redirect(url_for("panel.show", selection_id=selection_id, **stage.link))
    return form_page("panel/edit.html", form, refused, stage=stage, seat=seat)


@pages.route("/<int:seat_id>/remove", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def remove(selection_id: int, seat_id: int):
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    seat, form, refused = found(get_seat(stage.round.id, seat_id)), RemoveForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                panels.remove_evaluator(seat_id, form.reason.data, by=actor(), at=clock.now())
        except Refused as error:
            refused = error
        else:
            flash(_("%(name)s is off the panel.", name=seat.name))
            return redirect(url_for("panel.show", selection_id=selection_id, **stage.link))
    return form_page("panel/remove.html", form, refused, stage=stage, seat=seat)
