"""Handing over: looking at what a leaving colleague has open, at what would move, and moving it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.domain.handover import by_place
from trainer.errors import Refused
from trainer.forms.handover import HandoverForm
from trainer.permissions import Permission
from trainer.queries.account import get_staff_account, list_grants
from trainer.queries.handover import list_successors, plan_handover
from trainer.queries.region import region_names
from trainer.services.handover import hand_over
from trainer.views.guards import actor, found, once, requires
from trainer.wording import say

pages = Blueprint("handover", __name__)


@pages.route("/accounts/<int:account_id>/handover", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def new(account_id: int):
    """A look with `?successor=…` shows what would go where; the button of that look does it."""
    found(get_staff_account(account_id))
    form = HandoverForm() if request.method == "POST" else HandoverForm(request.args)
    form.offer(list_successors(account_id))
    if form.validate_on_submit():
        try:
            once(form.idempotency_key.data, "handover.create", lambda: _hand_over(account_id, form))
        except Refused as refused:
            return _page(account_id, form, say(refused), refused.status)
        flash(_("The work is handed over."))
        return redirect(url_for("account.show", account_id=account_id))
    if request.method == "GET" and "successor" in request.args:
        form.successor.validate(form)  # a look at nobody says so
    return _page(account_id, form, None, 422 if request.method == "POST" else 200)


def _hand_over(account_id: int, form: HandoverForm) -> int:
    chosen = {"give_roles": form.give_roles.data, "shut": form.shut.data, "mark": form.mark.data}
    plan = hand_over(account_id, form.successor.data, **chosen, by=actor(), at=clock.now())
    return len(plan.moving_lessons) + len(plan.moving_assignments)


def _page(account_id: int, form: HandoverForm, error: str | None, status: int):
    leaver = found(get_staff_account(account_id))
    choosable = {choice.value for choice in form.successor.choices}
    successor = get_staff_account(form.successor.data) if form.successor.data in choosable - {""} else None
    plan = plan_handover(leaver, successor, give_roles=bool(form.give_roles.data))
    page = render_template(
        "handover/new.html",
        leaver=leaver,
        successor=successor,
        plan=plan,
        lessons=by_place(plan.moving_lessons),
        reviews=by_place(plan.moving_assignments),
        grants=list_grants(account_id),
        areas=region_names({grant.region_code for grant in plan.roles if grant.region_code}),
        form=form,
        error=error,
    )
    return page, status
