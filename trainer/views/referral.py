"""Referrals of a selection: leading a woman to other support, the list, and what came of each."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.eligibility import Eligibility
from trainer.errors import NotFound, Refused
from trainer.forms.application import OutcomeForm, ReferralForm
from trainer.permissions import Permission
from trainer.queries.application import list_referrals
from trainer.queries.eligibility import get_by_enrolment
from trainer.queries.region import region_names
from trainer.services import referral as referrals
from trainer.views.guards import actor, ensure, found, once, requires
from trainer.views.selection import stage_for
from trainer.wording import say
from trainer.wording.application import verdict_words

pages = Blueprint("referral", __name__, url_prefix="/selections/<int:selection_id>")


@pages.get("/referrals")
@requires(Permission.VIEW_SELECTION)
def index(selection_id: int):
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    ensure(Permission.VIEW_PEOPLE, stage.scope)
    return render_template("referral/index.html", stage=stage, rows=list_referrals(selection_id))


@pages.route("/refer/<int:enrolment_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def new(selection_id: int, enrolment_id: int):
    """Who does not qualify is never just refused."""
    stage, error = stage_for(selection_id, Permission.MANAGE_SELECTION), None
    row = found(get_by_enrolment(stage, enrolment_id, at=clock.now()))
    form = ReferralForm()
    if form.validate_on_submit():
        support = referrals.Support(form.kind.data, form.to_whom.data, form.note.data or "")
        act = lambda: referrals.refer(selection_id, enrolment_id, support, by=actor(), at=clock.now()).id  # noqa: E731
        try:
            once(form.idempotency_key.data, "referral.create", act)
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("%(name)s is led to other support and told so.", name=row.woman.name))
            return redirect(url_for("referral.index", selection_id=selection_id), 303)
    names = {row.woman.region_code: row.woman.region}
    names |= region_names({Eligibility.of(stage.eligibility).residence} - {None})
    page = render_template(
        "referral/new.html",
        stage=stage,
        row=row,
        form=form,
        verdict_words=lambda verdict: verdict_words(verdict, names),
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200


@pages.route("/referrals/<int:referral_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def outcome(selection_id: int, referral_id: int):
    """What came of it; said again, the later word counts."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    row = found(next((one for one in list_referrals(selection_id) if one.id == referral_id), None))
    form = OutcomeForm(data={"outcome": row.outcome})
    if form.validate_on_submit():
        with transaction():
            referrals.record_outcome(selection_id, referral_id, form.outcome.data, by=actor(), at=clock.now())
        flash(_("What came of it is kept."))
        return redirect(url_for("referral.index", selection_id=selection_id), 303)
    page = render_template("referral/outcome.html", stage=stage, row=row, form=form)
    return page, 422 if form.errors else 200
