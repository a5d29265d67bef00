"""The inbox: staff and evaluators at /inbox, a trainee at /me/messages; opening a message is what marks it read."""

from dataclasses import replace

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.permissions import Permission
from trainer.queries.message import get_own_message, inbox_page
from trainer.services import message as messages
from trainer.views.guards import actor, found, requires, signed_in
from trainer.views.lists import paging

pages = Blueprint("message", __name__)


@pages.get("/inbox")
@signed_in
def inbox():
    if not actor().is_staff:
        return redirect(url_for("message.mine"))
    return render_template("message/inbox.html", page=_page())


@pages.get("/me/messages")
@requires(Permission.VIEW_OWN_PROGRESS)
def mine():
    """The same, on a phone."""
    return render_template("message/mine.html", page=_page())


def _page():
    return inbox_page(actor(), unread=request.args.get("show") == "unread", **paging())


@pages.get("/inbox/<int:delivery_id>")
@signed_in
def show(delivery_id: int):
    """One message. That she opened it is noted, as is when she was last seen: not when a browser looks ahead."""
    message = found(get_own_message(actor(), delivery_id))
    if message.read_at is None and request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        with transaction():
            messages.mark_read(actor(), delivery_id=delivery_id, at=clock.now())
        g.live = replace(g.live, unread=g.live.unread - 1)
    return render_template("message/show.html" if actor().is_staff else "message/one.html", message=message)


@pages.post("/inbox/read")
@signed_in
def read_all():
    with transaction():
        messages.mark_read(actor(), at=clock.now())
    flash(_("Every message is marked as read."))
    return redirect(url_for("message.inbox"))
