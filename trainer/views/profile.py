"""A staff member about herself: name, phone, password, and where she is signed in."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import Role
from trainer.errors import NotFound, Refused
from trainer.forms.profile import ChangePasswordForm, ProfileForm
from trainer.queries.account import get_account
from trainer.queries.second_factor import count_recovery_codes, has_second_factor
from trainer.queries.session import list_live_sessions
from trainer.services import account as accounts
from trainer.services import password as passwords
from trainer.services import session as sessions
from trainer.views.guards import actor, signed_in
from trainer.views.session import keep_session
from trainer.views.visitor import rules, visitor
from trainer.wording import say

pages = Blueprint("profile", __name__, url_prefix="/profile")


def own_account():
    """The account of whoever is signed in with a password; a trainee has her own pages."""
    if actor().person_id:
        raise NotFound()
    return get_account(actor().account_id)


@pages.get("")
@signed_in
def show():
    account = own_account()
    return _show(account, ProfileForm(obj=account))


def _show(account, form: ProfileForm, error: str | None = None, status: int = 200):
    minutes = (
        "SESSION_IDLE_MINUTES_ADMIN" if Role.SYSTEM_ADMINISTRATOR in g.live.actor.roles else "SESSION_IDLE_MINUTES"
    )
    now = clock.now()
    page = render_template(
        "profile/show.html",
        account=account,
        form=form,
        error=error,
        sessions=list_live_sessions(
            account.id, at=now, idle_since=now - timedelta(minutes=current_app.config[minutes])
        ),
        enrolled=has_second_factor(account.id),
        codes_left=count_recovery_codes(account.id),
        set_at=sessions.password_since(account),
        due_at=rules().due_at(sessions.password_since(account)),
    )
    return page, status


@pages.post("")
@signed_in
def update():
    account, form = own_account(), ProfileForm()
    if not form.validate():
        return _show(account, form, status=422)
    try:
        with transaction():
            accounts.update_profile(
                own_account(), name=form.name.data, phone=form.phone.data or None, by=actor(), at=clock.now()
            )
    except Refused as refused:
        return _show(own_account(), form, say(refused), 422)
    flash(_("Saved."))
    return redirect(url_for("profile.show"))


@pages.route("/password", methods=["GET", "POST"])
@signed_in
def password():
    """A new password; every other session of hers ends."""
    form, error = ChangePasswordForm(rules().policy), None
    account = own_account()
    if form.validate_on_submit():
        try:
            demand_password(account, form.old.data)
            new = passwords.prepare(form.password.data, rules().policy, account=account)
            with transaction():
                accounts.change_password(actor().account_id, new, by=actor(), at=clock.now())
                entry = sessions.change_token(actor().session_id, at=clock.now())
        except Refused as refused:
            error = say(refused)
        else:
            response = keep_session(redirect(url_for("profile.show")), entry.token, entry.life)
            flash(_("Your password is changed. Everywhere else you are signed out."))
            return response
    return render_template("profile/password.html", form=form, error=error), 422 if form.errors or error else 200


def demand_password(account, typed: str) -> None:
    """Go on only with her own password; a wrong one counts like one at the sign-in. Raises NotYourPassword."""
    by, who, now = actor(), visitor(), clock.now()
    if not sessions.is_own_password(account, typed, at=now, visitor=who):
        with transaction():
            sessions.count_failure(by.account_id, at=now, visitor=who)
        raise sessions.NotYourPassword()


@pages.post("/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int):
    own_account()
    with transaction():
        sessions.end_own_session(session_id, by=actor(), at=clock.now())
    flash(_("That session is ended."))
    return redirect(url_for("profile.show"))


@pages.post("/sessions/end-others")
@signed_in
def end_others():
    own_account()
    with transaction():
        ended = sessions.end_other_sessions(by=actor(), at=clock.now())
    flash(_("%(count)s other sessions are ended.", count=ended))
    return redirect(url_for("profile.show"))
