"""Phones: who is signed in on this one and which woman is current, all phones of one woman, and a lost phone."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.browsers import read_user_agent
from trainer.domain.people import mask_name, mask_phone
from trainer.errors import NotFound
from trainer.permissions import Permission
from trainer.queries.account import get_account_of_person
from trainer.queries.device import list_phones_of, list_women_here
from trainer.queries.person import get_person_for
from trainer.services import phone, trainee_access
from trainer.services import session as sessions
from trainer.views.guards import actor, found, requires
from trainer.views.session import enter, leave
from trainer.views.visitor import visitor

pages = Blueprint("device", __name__)


@pages.get("/me/switch")
@requires(Permission.VIEW_OWN_PROGRESS)
def here():
    """Everybody who is signed in on this phone; who has it in her hand may go on as any of them."""
    return render_template("device/here.html", women=list_women_here(_device(), at=clock.now()))


@pages.post("/me/switch")
@requires(Permission.VIEW_OWN_PROGRESS)
def switch():
    return _go_on_as(request.form.get("woman", 0, int), url_for("trainee.show"))


@pages.post("/me/switch/leave")
@requires(Permission.VIEW_OWN_PROGRESS)
def leave_her():
    """Only she is signed out; whoever used the phone before her is current."""
    device_id, her = _device(), mask_name(actor().name)
    others = [row for row in list_women_here(device_id, at=clock.now()) if row.session_id != actor().session_id]
    if not others:
        with transaction():
            sessions.sign_out(actor().session_id, by=actor(), at=clock.now())
        return leave(url_for("session.code"))
    answer = _go_on_as(others[0].session_id, url_for("device.here"), and_leave=True)
    flash(_("%(name)s is signed out on this phone.", name=her))
    return answer


def _go_on_as(session_id: int, target: str, *, and_leave: bool = False):
    device_id, now = _device(), clock.now()
    with transaction():
        token, life = phone.switch(session_id, device_id, by=actor(), at=now)
        if and_leave:
            sessions.sign_out(actor().session_id, by=actor(), at=now)
    return enter(token, life, target, visitor())


@pages.post("/me/switch/leave-all")
@requires(Permission.VIEW_OWN_PROGRESS)
def leave_all():
    with transaction():
        phone.leave_all(_device(), by=actor(), at=clock.now())
    return leave(url_for("session.code"))


def _device() -> int | None:
    """The phone of this request. A session that a password opened has no part in what women share."""
    if not g.live.is_device:
        raise NotFound()
    return g.live.device_id


@pages.get("/me/phones")
@requires(Permission.VIEW_OWN_PROGRESS)
def index():
    """Where she is signed in, this phone marked."""
    rows = list_phones_of(actor().account_id, at=clock.now())
    return render_template("device/index.html", phones=[(row, read_user_agent(row.user_agent)) for row in rows])


@pages.post("/me/phones/<int:phone_id>/end")
@requires(Permission.VIEW_OWN_PROGRESS)
def end(phone_id: int):
    with transaction():
        phone.end_phone(phone_id, actor().account_id, by=actor(), at=clock.now())
    flash(_("That phone is signed out."))
    return redirect(url_for("device.index"))


@pages.post("/me/phones/end-others")
@requires(Permission.VIEW_OWN_PROGRESS)
def end_others():
    with transaction():
        phone.end_phones(actor().account_id, but=actor().session_id, by=actor(), at=clock.now())
    flash(_("All other phones are signed out."))
    return redirect(url_for("device.index"))


@pages.post("/people/<int:person_id>/phones/<int:phone_id>/end")
@requires(Permission.MANAGE_PEOPLE)
def revoke(person_id: int, phone_id: int):
    """Staff sign one phone of hers out."""
    with transaction():
        person = found(get_person_for(actor(), Permission.MANAGE_PEOPLE, person_id))
        account = found(get_account_of_person(person.id))
        phone.end_phone(phone_id, account.id, by=actor(), at=clock.now())
    flash(_("That phone is signed out."))
    return redirect(url_for("person.show", person_id=person_id) + "#phones")


@pages.post("/people/<int:person_id>/lost-phone")
@requires(Permission.MANAGE_PEOPLE)
def lost(person_id: int):
    """Her phone is lost: every phone of hers is signed out, and she gets a fresh code for the new one."""
    with transaction():
        person = found(get_person_for(actor(), Permission.MANAGE_PEOPLE, person_id))
        trainee_access.lose_phones(person, by=actor(), at=clock.now())
    with transaction():  # of its own: without a phone number there is no code, but the phones are signed out
        person = found(get_person_for(actor(), Permission.MANAGE_PEOPLE, person_id))
        code = trainee_access.issue_code_for(person, by=actor(), at=clock.now())
    return render_template("person/code.html", person=person, phone=mask_phone(person.phone), code=code)
