"""Phone spot checks of a cohort: the drawing, the calls with their script, what came of them."""

import secrets

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.spot_check import SpotCheckOutcome
from trainer.errors import NotFound, Refused
from trainer.forms.spot_check import CallForm, DrawForm
from trainer.permissions import Permission, can
from trainer.queries.cohort import get_cohort
from trainer.queries.spot_check import Call, get_call, list_calls, list_draws, summarise
from trainer.services import spot_check
from trainer.views.disclosure import number_to_call
from trainer.views.guards import actor, found, once, requires
from trainer.views.reach import cohort_in_reach
from trainer.wording import choices, say

pages = Blueprint("spot_check", __name__)
SEED_BITS = 53  # as much as every program can write as a number


@pages.get("/cohorts/<int:cohort_id>/spot-checks")
@requires(Permission.VIEW_ATTENDANCE)
def index(cohort_id: int):
    """Whom to call, and what the calls came to; those who review rolls may look."""
    cohort = found(get_cohort(cohort_id))
    if not any(can(actor(), right, cohort.scope) for right in (Permission.FOLLOW_UP, Permission.REVIEW_ROLLS)):
        raise NotFound()
    return _list(cohort)


@pages.post("/cohorts/<int:cohort_id>/spot-checks")
@requires(Permission.FOLLOW_UP)
def create(cohort_id: int):
    """Draw a tenth of the women."""
    cohort, form = cohort_in_reach(cohort_id, Permission.FOLLOW_UP), DrawForm()
    if not form.validate_on_submit():
        return _list(cohort), 422
    seed = secrets.randbits(SEED_BITS)
    try:
        once(
            form.idempotency_key.data,
            "spot_check.draw",
            lambda: spot_check.draw_women(cohort_id, seed, by=actor(), at=clock.now()).id,
        )
    except Refused as refused:
        return _list(cohort, error=say(refused)), refused.status
    flash(_("The women to call are drawn."))
    return redirect(url_for("spot_check.index", cohort_id=cohort_id), 303)


def _list(cohort, *, error: str | None = None) -> str:
    calls = list_calls(actor(), cohort.id)
    return render_template(
        "spot_check/index.html",
        cohort=cohort,
        draws=list_draws(cohort.id),
        calls=calls,
        summary=summarise(calls),
        form=DrawForm(formdata=None),
        error=error,
    )


@pages.route("/spot-checks/<int:call_id>", methods=["GET", "POST"])
@requires(Permission.FOLLOW_UP)
def show(call_id: int):
    """What to say, and one button for what she answers."""
    call, form, error, status = found(get_call(actor(), call_id)), CallForm(), None, 422
    if form.validate_on_submit():
        try:
            with transaction():
                found(get_call(actor(), call_id))
                spot_check.record_call(
                    *(call_id, form.outcome.data, form.note.data or ""), seen=form.seen, by=actor(), at=clock.now()
                )
        except NotFound:
            raise
        except Refused as refused:
            error, status = say(refused), refused.status
            call = found(get_call(actor(), call_id))
            form.version.data = call.version
        else:
            flash(_("What %(name)s said is taken down.", name=call.name))
            return redirect(url_for("spot_check.index", cohort_id=call.cohort_id), 303)
    return _call(call, form, error=error), status if error or form.errors else 200


@pages.post("/spot-checks/<int:call_id>/number")
@requires(Permission.UNMASK)
def number(call_id: int):
    """Her phone number in full for this call, by the same rules as everywhere."""
    call = found(get_call(actor(), call_id))
    shown, status = number_to_call(call.person_id)
    return _call(call, CallForm(formdata=None), **shown), status


def _call(call: Call, form: CallForm, **shown) -> str:
    if not form.version.data:
        form.version.data, form.note.data = call.version, call.note
    return render_template("spot_check/show.html", call=call, form=form, outcomes=choices(SpotCheckOutcome), **shown)
