"""Accounts: who may sign in, with which role over which area; invitations and their links."""

from datetime import datetime, timedelta

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import Role
from trainer.errors import Conflict, Refused
from trainer.forms.account import GrantForm, InvitationForm
from trainer.permissions import Permission
from trainer.queries.account import (
    accounts_page,
    cohort_choices,
    get_open_invitation,
    get_staff_account,
    list_grants,
)
from trainer.queries.region import region_choices, region_names
from trainer.queries.session import count_live_sessions
from trainer.services import account as accounts
from trainer.views.guards import actor, found, once, requires
from trainer.views.lists import chosen, paging
from trainer.wording import choices, say

pages = Blueprint("account", __name__, url_prefix="/accounts")


@pages.get("")
@requires(Permission.MANAGE_ACCOUNTS)
def index():
    active = {"open": True, "shut": False}.get(request.args.get("state", ""))
    page = accounts_page(text=request.args.get("q", ""), role=chosen("role", Role), active=active, **paging())
    codes = {grant.region_code for row in page.items for grant in row.grants if grant.region_code}
    return render_template(
        "account/index.html",
        page=page,
        live=count_live_sessions([row.id for row in page.items], at=clock.now(), idle_since=_idle_since()),
        role_choices=choices(Role),
        state_choices=[("open", _("May sign in")), ("shut", _("Shut"))],
        names=region_names(codes),
    )


def _idle_since() -> datetime:
    return clock.now() - timedelta(minutes=current_app.config["SESSION_IDLE_MINUTES"])


@pages.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def new():
    """Invite somebody; the answer shows the link once."""
    form, error = InvitationForm(), None
    form.offer(cohort_choices())
    if form.validate_on_submit():
        try:
            account, token = _invite(form)
        except Refused as refused:
            error = say(refused)
        else:
            return render_template("account/invited.html", account=account, link=_link(token))
    page = render_template("account/new.html", form=form, error=error, areas=region_choices())
    return page, 422 if form.errors or error else 200


@pages.get("/<int:account_id>")
@requires(Permission.MANAGE_ACCOUNTS)
def show(account_id: int):
    """One account: its roles and who gave them, its link, its sessions, whether it may sign in."""
    form = GrantForm()
    form.offer(cohort_choices())
    return _show(account_id, form)


def _show(account_id: int, form: GrantForm, error: str | None = None, status: int = 200):
    account = found(get_staff_account(account_id))
    page = render_template(
        "account/show.html",
        account=account,
        grants=list_grants(account_id),
        invitation=get_open_invitation(account_id, at=clock.now()),
        live=count_live_sessions([account_id], at=clock.now(), idle_since=_idle_since()).get(account_id, 0),
        areas=region_choices(),
        form=form,
        error=error,
    )
    return page, status


@pages.post("/<int:account_id>/roles")
@requires(Permission.MANAGE_ACCOUNTS)
def add_role(account_id: int):
    form = GrantForm()
    form.offer(cohort_choices())
    if not form.validate():
        return _show(account_id, form, status=422)
    with transaction():
        accounts.grant_role(found(get_staff_account(account_id)), form.grant, by=actor(), at=clock.now())
    return redirect(url_for("account.show", account_id=account_id))


@pages.post("/<int:account_id>/roles/<int:grant_id>/revoke")
@requires(Permission.MANAGE_ACCOUNTS)
def revoke_role(account_id: int, grant_id: int):
    with transaction():
        accounts.revoke_role(grant_id, found(get_staff_account(account_id)), by=actor(), at=clock.now())
    return redirect(url_for("account.show", account_id=account_id))


@pages.post("/<int:account_id>/invitation")
@requires(Permission.MANAGE_ACCOUNTS)
def reissue(account_id: int):
    """A fresh link for somebody who lost hers or forgot the password."""
    with transaction():
        account = found(get_staff_account(account_id))
        token = accounts.reissue_invitation(account, by=actor(), at=clock.now())
    return render_template("account/invited.html", account=account, link=_link(token))


@pages.post("/<int:account_id>/active")
@requires(Permission.MANAGE_ACCOUNTS)
def set_active(account_id: int):
    with transaction():
        account = found(get_staff_account(account_id))
        accounts.set_active(account, request.form.get("active") == "yes", by=actor(), at=clock.now())
    return redirect(url_for("account.show", account_id=account_id))


def _invite(form: InvitationForm):
    """The account and the token of its link; a second click gets a fresh link for what the first one made."""
    tokens = []

    def make() -> int:
        made, token = accounts.invite(
            form.username.data, form.name.data, form.organisation.data or "", form.grant, by=actor(), at=clock.now()
        )
        tokens.append(token)
        return made.id

    account_id = int(once(form.idempotency_key.data, "account.invite", make))
    with transaction():
        account = found(get_staff_account(account_id))
        if not tokens:
            if account.username != form.username.data:
                raise Conflict()
            tokens.append(accounts.reissue_invitation(account, by=actor(), at=clock.now()))
    return account, tokens[0]


def _link(token: str) -> str:
    return current_app.config["BASE_URL"].rstrip("/") + url_for("session.invitation", token=token)
