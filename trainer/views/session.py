"""Signing in and out: staff by password, trainees by a spoken code, newcomers by a single-use link."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import SignInStep, TokenKind
from trainer.domain.visitor import Visitor
from trainer.errors import Refused
from trainer.forms.session import CodeForm, PasswordForm, SetUpForm, SignInForm
from trainer.queries import demo
from trainer.queries.account import get_account, get_open_token, has_accounts
from trainer.queries.device import list_women_here
from trainer.services import access, phone, trainee_access
from trainer.services import account as accounts
from trainer.services import password as passwords
from trainer.services import session as sessions
from trainer.services.throttle import TooManyTries
from trainer.views.guards import STEP_PAGES, actor, cookie_name, half_signed_in, halfway, public, safe_next
from trainer.views.held_code import held_code, kept_through
from trainer.views.visitor import guarded, keep_browser, rules, visitor
from trainer.wording import say

pages = Blueprint("session", __name__)


@pages.get("/sign-in")
@public
def new():
    form = SignInForm(next=request.args.get("next", ""))
    return _sign_in_page(form)


@pages.post("/sign-in")
@public
def create():
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form, status=422)
    now, who = clock.now(), visitor()
    try:
        account, right = sessions.check_credentials(form.username.data, form.password.data, visitor=who, at=now)
    except TooManyTries as refused:
        return _sign_in_page(form, error=say(refused), status=refused.status)
    if not right:
        with transaction():
            sessions.count_failure(account.id if account else None, visitor=who, at=now)
        return _sign_in_page(form, error=say(sessions.WrongCredentials()), status=422)
    checked = account.password_hash  # as it was read before: the transaction reads it afresh
    with transaction():
        _end_the_one_before(now)
        entry = sessions.sign_in(account.id, checked=checked, at=now, visitor=who, rules=rules())
    return admit(entry, safe_next(form.next.data), who)


def _sign_in_page(form: SignInForm, error: str | None = None, status: int = 200):
    accounts_to_try = demo.list_demo_accounts() if current_app.config["MODE"] == "demo" else []
    page = render_template("session/new.html", form=form, error=error, accounts_to_try=accounts_to_try)
    return page, status


@pages.route("/code", methods=["GET", "POST"])
@public
def code():
    """A trainee signs in with the six digits her teacher reads to her."""
    form = CodeForm()
    error = None
    if form.validate_on_submit():
        life, who, now = device_life(), newcomer(), clock.now()
        with transaction():
            token = trainee_access.sign_in_with_code(form.phone.data, form.code.data, at=now, life=life, visitor=who)
            if token:
                make_room(who, now)
        if token:
            return enter(token, life, None, who)
        error = say(trainee_access.WrongCode())
    stays = actor().name if is_on_this_phone(visitor()) else None
    page = render_template("session/code.html", form=form, error=error, stays=stays)
    return page, 422 if form.errors or error else 200


@pages.route("/sign-in/new-password", methods=["GET", "POST"])
@halfway(SignInStep.NEW_PASSWORD)
def renew():
    """The password is too old: a new one, and she is in."""
    form, error, by, who = PasswordForm(rules().policy), None, half_signed_in(), visitor()
    if form.validate_on_submit():
        try:
            new = passwords.prepare(form.password.data, rules().policy, account=get_account(by.account_id))
            with transaction():
                accounts.change_password(by.account_id, new, by=by, at=clock.now())
                entry = sessions.go_on(by.session_id, at=clock.now(), visitor=who, rules=rules())
        except Refused as refused:
            error = say(refused)
        else:
            return admit(entry, safe_next(request.args.get("next")), who)
    return render_template("session/renew.html", form=form, error=error), 422 if form.errors or error else 200


@pages.post("/sign-out")
@halfway(*SignInStep, signed_in_too=True)
def delete():
    by = half_signed_in()
    with transaction():
        sessions.sign_out(by.session_id, by=by, at=clock.now())
    return leave(url_for("session.new"))


def leave(target: str):
    """The answer to a sign-out: the cookie goes."""
    session.clear()
    response = redirect(target)
    response.delete_cookie(cookie_name(), **guarded())
    # Never storage: marks that were not sent yet are kept there.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@pages.route("/set-up/<token>", methods=["GET", "POST"])
@public
def set_up(token: str):
    """The first administrator of an empty installation, by the link that the first start printed."""
    if has_accounts():
        raise accounts.AlreadySetUp()
    if get_open_token(TokenKind.SETUP, token, at=clock.now()) is None:
        raise access.LinkSpent()
    form, error = SetUpForm(rules().policy), None
    if form.validate_on_submit():
        try:
            new = passwords.prepare(form.password.data, rules().policy, username=form.username.data)
            with transaction():
                accounts.create_first_administrator(
                    token,
                    username=form.username.data,
                    name=form.name.data,
                    password=new,
                    at=clock.now(),
                )
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("The installation is ready. Sign in with the name and password you just chose."))
            return redirect(url_for("session.new"))
    return render_template("session/set_up.html", form=form, error=error), 422 if form.errors or error else 200


@pages.route("/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str):
    """Choosing a password by a single-use link; looking at the page does not spend it."""
    link = get_open_token(TokenKind.INVITATION, token, at=clock.now())
    if link is None:
        raise access.LinkSpent()
    form, error = PasswordForm(rules().policy), None
    if form.validate_on_submit():
        try:
            new = passwords.prepare(form.password.data, rules().policy, account=get_account(link.account_id))
            with transaction():
                accounts.accept_invitation(token, new, at=clock.now())
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("Your password is set. Sign in with it now."))
            return redirect(url_for("session.new"))
    return render_template("session/invitation.html", form=form, error=error), 422 if form.errors or error else 200


def _end_the_one_before(now: datetime) -> None:
    """Whoever signs in where somebody is signed in leaves no session behind."""
    if g.live is not None:
        sessions.sign_out(g.live.id, by=g.live.actor, at=now)


def make_room(who: Visitor, now: datetime) -> None:
    """Women share phones: whoever is signed in on this one stays so beside the next. A staff session ends."""
    if is_on_this_phone(who):
        phone.set_aside(g.live.id)
    else:
        _end_the_one_before(now)


def newcomer() -> Visitor:
    """The browser that a woman comes in by. Where others are signed in on it, one's session has to be in hand too:
    whoever copied the long-lived cookie alone would share a phone with them, and could switch to each."""
    who = visitor()
    hers = is_on_this_phone(who) or not list_women_here(who.device_id, at=clock.now())
    return who if hers else visitor(afresh=True)


def is_on_this_phone(who: Visitor) -> bool:
    """Whether a woman is signed in, on the phone that asks."""
    return bool(g.live and g.live.is_device and g.live.device_id and g.live.device_id == who.device_id)


def device_life() -> timedelta:
    return timedelta(days=current_app.config["DEVICE_SESSION_DAYS"])


def admit(entry: sessions.Entry, target: str | None, who: Visitor):
    """The answer to a right password or a step that is done: on to the next step, or in."""
    if entry.pending:
        return keep_session(redirect(url_for(STEP_PAGES[entry.pending], next=target)), entry.token, entry.life)
    return enter(entry.token, entry.life, target or url_for("home.index"), who)


def enter(token: str, life: timedelta, target: str | None, who: Visitor):
    """The answer to a successful sign-in: on to where she wanted, in a browser that is known from now on.

    Without a target: to the button for which she scanned the code on the screen, if she did.
    """
    after = url_for("check_in.go" if held_code() else "home.index")
    response = keep_session(redirect(target or after), token, life)
    keep_browser(response, who)
    return response


def keep_session(response: Response, token: str, life: timedelta) -> Response:
    """Give the answer a fresh cookie, and a fresh form key."""
    with kept_through():  # a code that she showed before she signed in
        session.clear()
    g.actor = None
    response.set_cookie(cookie_name(), token, max_age=life, **guarded())
    return response
