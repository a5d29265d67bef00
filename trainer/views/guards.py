"""Doors: who is behind a request, and whether she may pass."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from ipaddress import ip_address
from typing import TypeVar

from flask import current_app, g, redirect, request, url_for
from werkzeug.exceptions import BadRequest

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import Actor, Scope, SignInStep
from trainer.domain.visitor import plain_address
from trainer.errors import NotFound
from trainer.permissions import Permission, can
from trainer.queries.account import get_live_session
from trainer.services import idempotency
from trainer.services import session as sessions
from trainer.views.visitor import browser_key, rules

T = TypeVar("T")

SEEN_EVERY = timedelta(minutes=1)
LARGEST_FILE = {
    "roster.new": 20 << 20,
    "past_cohort.new": 20 << 20,
    "mark_import.new": 20 << 20,
    "round_table.index": 20 << 20,
    "mark_import.for_cohort": 20 << 20,
    "sales_upload.new": 120 << 20,
    "sales_upload.several": 120 << 20,
    "consent.new": 8 << 20,
    "closing.new": 8 << 20,
    "closing.add_photo": 8 << 20,
    "paper_sheet.new": 8 << 20,
    "material.add_file": 30 << 20,
    # Pictures of phones: what is too large is refused with what she typed kept.
    "own_task.show": 24 << 20,
    "own_sales_entry.new": 24 << 20,
    "own_sales_entry.edit": 24 << 20,
    "sales_entry.new": 24 << 20,
    "sales_entry.edit": 24 << 20,
    "hand_in.for_her": 24 << 20,
    "service_hours.new": 8 << 20,
    "own_service.new": 8 << 20,
    "donation.new_payment": 8 << 20,
    "own_application.files": 24 << 20,
    "application.add_file": 24 << 20,
    "cost.new": 8 << 20,
    "paid_work.new": 8 << 20,
    "county_indicator.new": 8 << 20,
    "mentor.new_visit": 8 << 20,
    "own_visit.add_picture": 24 << 20,
}
JSON_TAKEN = {"roll_queue.create", "own_visit.create"}
# Pages that turn by themselves: nobody need sit before them, so they do not keep a session from ending.
UNATTENDED = {"outcome_wall.show"}
ROOM_FOR_FIELDS = 2 << 20
# A million empty fields take a second to read: a stranger has a name and a password to send.
ROOM_FOR_STRANGERS = 256 << 10
# Where somebody does what is still missing after the right password.
STEP_PAGES = {
    SignInStep.SECOND_FACTOR: "second_factor.check",
    SignInStep.ENROL_SECOND_FACTOR: "second_factor.show",
    SignInStep.NEW_PASSWORD: "session.renew",
}


def cookie_name() -> str:
    return "__Host-sid" if current_app.config["HTTPS"] else "sid"


def load_actor() -> None:
    """Before every request: `g.actor` from the session cookie, or None; `g.waiting`: (step, who) of one half signed in."""
    g.actor, g.waiting, g.live = None, None, None
    token = request.cookies.get(cookie_name())
    if not token or request.endpoint in (None, "static", "bootstrap.static"):
        return
    now = clock.now()
    live = get_live_session(
        token,
        at=now,
        idle_since=now - timedelta(minutes=current_app.config["SESSION_IDLE_MINUTES"]),
        administrators_idle_since=now - timedelta(minutes=current_app.config["SESSION_IDLE_MINUTES_ADMIN"]),
    )
    if live is None:
        return
    address = plain_address(request.remote_addr)
    who = replace(live.actor, address=address, device=browser_key(), grants=rules().carried(live.actor.grants, address))
    g.live = live
    if live.pending:  # a right password is not yet a sign-in
        g.waiting = (live.pending, who)
    else:
        g.actor = who
    if now - live.last_seen_at > SEEN_EVERY and request.endpoint not in UNATTENDED:
        with transaction():
            sessions.touch_session(live.id, at=now)


def bound_body() -> None:
    """Before every request: megabytes only where a file is asked for, and from somebody signed in."""
    room = ROOM_FOR_FIELDS + LARGEST_FILE.get(request.endpoint, 0)
    request.max_content_length = room if g.actor else ROOM_FOR_STRANGERS


def only_forms() -> None:
    """Before every request: the form library takes JSON for a form, and no page of ours sends one so."""
    if request.is_json and request.endpoint not in JSON_TAKEN:
        raise BadRequest()


def only_this_machine() -> None:
    """Before every request in demo mode: everybody knows the passwords, so nobody else is let in."""
    if request.remote_addr is None or not ip_address(request.remote_addr).is_loopback:
        raise NotFound()


def nobody() -> None:
    """Before every request where the database is not one that this mode may serve."""
    raise NotFound()


def actor() -> Actor:
    """The signed-in account; only behind `@requires`."""
    return g.actor


def public(view: Callable) -> Callable:
    """A page for everybody, signed in or not."""
    view.door = "public"
    return view


def requires(permission: Permission) -> Callable:
    """A page for whoever holds `permission` somewhere; the view still asks `ensure` about the very thing."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(*args, **kwargs):
            if g.actor is None:
                return to_the_sign_in()
            if not can(g.actor, permission):
                raise NotFound()
            return view(*args, **kwargs)

        guarded.door = permission
        return guarded

    return decorate


def signed_in(view: Callable) -> Callable:
    """A page for every signed-in account, about herself."""

    @wraps(view)
    def guarded(*args, **kwargs):
        if g.actor is None:
            return to_the_sign_in()
        return view(*args, **kwargs)

    guarded.door = "signed_in"
    return guarded


def halfway(*steps: SignInStep, signed_in_too: bool = False) -> Callable:
    """A page for whoever has given the right password and is at one of `steps`; for the signed in where it says so."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(*args, **kwargs):
            if g.actor is not None and not signed_in_too:
                return redirect(url_for("home.index"))
            if g.actor is None and (g.waiting is None or g.waiting[0] not in steps):
                return to_the_sign_in()
            return view(*args, **kwargs)

        guarded.door = "halfway"
        return guarded

    return decorate


def half_signed_in() -> Actor:
    """The account behind `@halfway`: signed in, or on its way."""
    return g.actor or g.waiting[1]


def to_the_sign_in():
    """On to the sign-in, or to what is still missing after the right password; then back to what she asked for."""
    back = request.full_path.removesuffix("?") if request.method == "GET" and request.path != "/" else None
    page = STEP_PAGES[g.waiting[0]] if g.waiting else "session.new"
    return redirect(url_for(page, next=back))


def ensure(permission: Permission, scope: Scope) -> None:
    """404 unless the thing in `scope` is hers to act on."""
    if not can(g.actor, permission, scope):
        raise NotFound()


def found(thing: T | None) -> T:
    """The thing, or 404."""
    if thing is None:
        raise NotFound()
    return thing


def herself() -> int:
    """Her own record in the register, whatever the address says; 404 for an account without one."""
    return found(actor().person_id)


def once(key: str, action: str, create: Callable[[], object]) -> str:
    """Run `create` in one transaction, once for an idempotency key; returns its result as text (an id)."""
    with transaction():
        done = idempotency.claim(key, action, by=actor(), at=clock.now())
        if done is None:
            done = str(create())
            idempotency.remember(key, done)
        return done


def safe_next(target: str | None) -> str | None:
    """A path of this site to go on to, or None: never another host, a scheme or a control character."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    return None if any(ord(c) < 32 or c == "\\" for c in target) else target
