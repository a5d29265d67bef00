"""Signing in and out: staff by password, trainees by a spoken code, newcomers by a single-use link."""

from datetime import datetime, timedelta

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import TokenKind
from trainer.domain.visitor import Visitor
from trainer.errors import Refused
from trainer.forms.session import CodeForm, PasswordForm, SetUpForm, SignInForm
from trainer.queries import demo
from trainer.queries.account import get_open_token, has_accounts
from trainer.services import access, trainee_access
from trainer.services import account as accounts
from trainer.services import session as sessions
from trainer.services.throttle import TooManyTries
from trainer.views.guards import actor, cookie_name, public, safe_next, signed_in
from trainer.views.visitor import keep_browser, visitor
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
    life = timedelta(hours=current_app.config["SESSION_ABSOLUTE_HOURS"])
    with transaction():
        _end_the_one_before(now)
        token = sessions.sign_in(account.id, at=now, life=life, visitor=who)
    return enter(token, life, safe_next(form.next.data), who)


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
        life, who = timedelta(days=current_app.config["DEVICE_SESSION_DAYS"]), visitor()
        with transaction():
            token = trainee_access.sign_in_with_code(
                form.phone.data,
                form.code.data,
                at=clock.now(),
                life=life,
                visitor=who,
            )
            if token:
                _end_the_one_before(clock.now())
        if token:
            return enter(token, life, None, who)
        error = say(trainee_access.WrongCode())
    return render_template("session/code.html", form=form, error=error), 422 if form.errors or error else 200


@pages.post("/sign-out")
@signed_in
def delete():
    with transaction():
        sessions.sign_out(actor().session_id, by=actor(), at=clock.now())
    session.clear()
    response = redirect(url_for("session.new"))
    response.delete_cookie(cookie_name(), secure=current_app.config["HTTPS"], httponly=True, samesite="Lax")
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
    form, error = SetUpForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                accounts.create_first_administrator(
                    token,
                    username=form.username.data,
                    name=form.name.data,
                    password=form.password.data,
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
    if get_open_token(TokenKind.INVITATION, token, at=clock.now()) is None:
        raise access.LinkSpent()
    form, error = PasswordForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                accounts.accept_invitation(token, form.password.data, at=clock.now())
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("Your password is set. Sign in with it now."))
            return redirect(url_for("session.new"))
    return render_template("session/invitation.html", form=form, error=error), 422 if form.errors or error else 200


def _end_the_one_before(now: datetime) -> None:
    """Whoever signs in where somebody is signed in leaves no session behind."""
    if g.actor is not None:
        sessions.sign_out(actor().session_id, by=actor(), at=now)


def enter(token: str, life: timedelta, target: str | None, who: Visitor):
    """The answer to a successful sign-in: a fresh cookie, a fresh form key, and on to where she wanted."""
    session.clear()
    g.actor = None
    response = redirect(target or url_for("home.index"))
    response.set_cookie(
        cookie_name(), token, max_age=life, httponly=True, samesite="Lax", secure=current_app.config["HTTPS"], path="/"
    )
    keep_browser(response, who)
    return response
