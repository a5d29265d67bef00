"""The second factor: asked for after the password, set up with an app, its recovery codes, switched off."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.slips import qr_code
from trainer.domain.actors import SignInStep
from trainer.errors import Refused
from trainer.forms.second_factor import FactorCodeForm, OwnPasswordForm, ReplaceForm
from trainer.queries.account import get_account
from trainer.queries.second_factor import count_recovery_codes, get_second_factor
from trainer.services import second_factor
from trainer.services import session as sessions
from trainer.services.second_factor import Proof, WrongFactorCode
from trainer.views.guards import actor, half_signed_in, halfway, safe_next, signed_in
from trainer.views.profile import demand_password, own_account
from trainer.views.session import admit, keep_session
from trainer.views.visitor import rules, visitor
from trainer.wording import say

pages = Blueprint("second_factor", __name__)

# When this browser began it, in its signed cookie: nobody sets up a secret that somebody else was shown.
BEGUN = "second_factor_begun"


@pages.route("/sign-in/second-factor", methods=["GET", "POST"])
@halfway(SignInStep.SECOND_FACTOR)
def check():
    """The code of the authenticator, or one from paper; then in."""
    form, error, status = FactorCodeForm(), None, 200
    if form.validate_on_submit():
        by, now, who = half_signed_in(), clock.now(), visitor()
        try:
            with transaction():
                proof = second_factor.check(by.account_id, form.code.data, by=by, at=now, visitor=who)
                entry = sessions.go_on(by.session_id, at=now, visitor=who, rules=rules()) if proof else None
            if entry is None:
                raise WrongFactorCode()
        except Refused as refused:
            error, status = say(refused), refused.status
        else:
            response = admit(entry, safe_next(request.args.get("next")), who)
            if proof is Proof.RECOVERY_CODE:
                left = count_recovery_codes(by.account_id)
                flash(_("That recovery code is used up; %(count)s are left. New ones: press your name.", count=left))
            return response
    return render_template("second_factor/check.html", form=form, error=error), 422 if form.errors else status


@pages.get("/second-factor")
@halfway(SignInStep.ENROL_SECOND_FACTOR, signed_in_too=True)
def show():
    """What it is, whether it is on, or the QR code of the one that was begun."""
    return _show()


def _show(error: str | None = None, status: int = 200):
    account = _own()
    held = get_second_factor(account.id)
    begun = held is not None and held.confirmed_at is None and session.get(BEGUN) == held.created_at.isoformat()
    address = second_factor.address_of(held, account.username or account.name) if begun else None
    page = render_template(
        "second_factor/show.html",
        held=held,
        begun=begun,
        picture=qr_code(address) if address else None,
        codes_left=count_recovery_codes(account.id),
        must=rules().wants_second_factor(g.live.actor.roles),
        form=FactorCodeForm(),
        password_form=OwnPasswordForm(),
        replace_form=ReplaceForm(),
        error=error,
    )
    return page, status


def _own():
    """The account behind the request; a trainee's has no password, and nothing here is for her."""
    return own_account() if g.actor else get_account(half_signed_in().account_id)


@pages.post("/second-factor/begin")
@halfway(SignInStep.ENROL_SECOND_FACTOR, signed_in_too=True)
def begin():
    """A fresh secret. In an open session it takes the password: a colleague at the same screen must not bind her phone."""
    if g.actor and (refused := _demand_password()):
        return refused
    account, by, now = _own(), half_signed_in(), clock.now()
    with transaction():
        second_factor.begin(account.id, by=by, at=now)
    session[BEGUN] = now.isoformat()
    return redirect(url_for("second_factor.show", next=safe_next(request.args.get("next"))))


@pages.post("/second-factor/confirm")
@halfway(SignInStep.ENROL_SECOND_FACTOR, signed_in_too=True)
def confirm():
    """The first right code puts it in force; the recovery codes are shown this once."""
    account, by, now, who, form = _own(), half_signed_in(), clock.now(), visitor(), FactorCodeForm()
    if not form.validate():
        return _show(say(WrongFactorCode()), 422)
    try:
        with transaction():
            codes = second_factor.confirm(account.id, form.code.data, by=by, at=now, visitor=who)
            if codes and g.actor:
                entry = sessions.change_token(by.session_id, at=now)
            elif codes:
                entry = sessions.go_on(by.session_id, at=now, visitor=who, rules=rules())
        if not codes:
            raise WrongFactorCode()
    except Refused as refused:
        return _show(say(refused), refused.status)
    return keep_session(_codes_page(codes), entry.token, entry.life)


def _codes_page(codes: list[str]):
    onward = safe_next(request.args.get("next")) or url_for("profile.show" if g.actor else "home.index")
    return make_response(render_template("second_factor/codes.html", codes=codes, onward=onward))


@pages.post("/second-factor/codes")
@signed_in
def renew_codes():
    """A new set of recovery codes, for whoever knows the password."""
    if refused := _demand_password():
        return refused
    with transaction():
        codes = second_factor.renew_codes(actor().account_id, by=actor(), at=clock.now())
    return _codes_page(codes)


@pages.post("/second-factor/replace")
@signed_in
def replace():
    """A new phone in place of the present one."""
    form, now = FactorCodeForm(), clock.now()
    if refused := _demand_password():
        return refused
    try:
        with transaction():
            proof = second_factor.replace(
                actor().account_id, form.code.data or "", by=actor(), at=now, visitor=visitor()
            )
        if proof is None:
            raise WrongFactorCode()
    except Refused as refused:
        return _show(say(refused), refused.status)
    session[BEGUN] = now.isoformat()
    return redirect(url_for("second_factor.show"))


@pages.post("/second-factor/off")
@signed_in
def switch_off():
    if refused := _demand_password():
        return refused
    with transaction():
        second_factor.switch_off(actor().account_id, by=actor(), at=clock.now(), rules=rules())
        entry = sessions.change_token(actor().session_id, at=clock.now())
    response = keep_session(redirect(url_for("profile.show")), entry.token, entry.life)
    flash(_("You sign in with your password alone again."))
    return response


def _demand_password():
    """The page with the refusal, where the password typed is not hers."""
    account, form = own_account(), OwnPasswordForm()
    try:
        demand_password(account, form.password.data or "")
    except Refused as refused:
        return _show(say(refused), refused.status)
    return None
