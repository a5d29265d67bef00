"""Asking a trainee again who she is before an act on her own data: the guard, and the page it leads to."""

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, g, redirect, render_template, request, url_for

from trainer import clock
from trainer.database import transaction
from trainer.errors import Refused
from trainer.forms.slip import DigitsForm
from trainer.permissions import Permission
from trainer.services import confirmation
from trainer.views.guards import actor, requires, safe_next
from trainer.wording import say

pages = Blueprint("confirm", __name__)


def freshly_confirmed(view: Callable) -> Callable:
    """Below `@requires(…)`: she proved who she is within ten minutes, else the page that asks her comes first.

    What a POST carried is lost on the way: put the guard on the page with its form too.
    """

    @wraps(view)
    def guarded(*args, **kwargs):
        since = g.live.confirmed_at
        if since is None or clock.now() - since > confirmation.FRESH:
            back = request.full_path.removesuffix("?") if "GET" in request.url_rule.methods else None
            return redirect(url_for("confirm.show", next=back))
        return view(*args, **kwargs)

    return guarded


@pages.route("/me/confirm", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def show():
    """Four digits that her neighbour does not know; then back to where she was."""
    form, error, status = DigitsForm(), None, 200
    if form.validate_on_submit():
        try:
            with transaction():
                right = confirmation.confirm(actor().session_id, form.digits.data, by=actor(), at=clock.now())
            if right:
                return redirect(safe_next(request.args.get("next")) or url_for("trainee.show"))
            raise confirmation.WrongDigits()
        except Refused as refused:
            error, status = say(refused), refused.status
    return render_template("confirm/show.html", form=form, error=error), 422 if form.errors else status
