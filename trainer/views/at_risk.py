"""Women at risk: who is to be called, her number for the call, and what came of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.domain.at_risk import ContactOutcome, RiskReason
from trainer.forms.at_risk import ContactForm
from trainer.permissions import Permission
from trainer.queries.at_risk import FollowUp, at_risk_page, cohorts_at_risk, get_follow_up
from trainer.services import at_risk
from trainer.views.disclosure import number_to_call
from trainer.views.guards import actor, found, once, requires
from trainer.views.lists import chosen, paging
from trainer.wording import choices

pages = Blueprint("at_risk", __name__, url_prefix="/follow-up")

TO_CALL, SPOKEN_WITH = "to_call", "spoken_with"


@pages.get("")
@requires(Permission.FOLLOW_UP)
def index():
    """Whom nobody has spoken with first, of them the gravest."""
    return render_template(
        "at_risk/index.html",
        page=at_risk_page(
            actor(),
            cohort_id=request.args.get("cohort", None, int),
            reason=chosen("reason", RiskReason),
            is_waiting={TO_CALL: True, SPOKEN_WITH: False}.get(request.args.get("state", "")),
            **paging(),
        ),
        cohorts=cohorts_at_risk(actor()),
        reasons=choices(RiskReason),
        states=[(TO_CALL, _("To be called")), (SPOKEN_WITH, _("Spoken with"))],
    )


@pages.route("/<int:enrolment_id>", methods=["GET", "POST"])
@requires(Permission.FOLLOW_UP)
def show(enrolment_id: int):
    """Why she is at risk and the calls so far; a call is taken down by one button."""
    woman, form = _woman(enrolment_id), ContactForm()
    if form.validate_on_submit():

        def log() -> int:
            words = form.words.data or ""
            return at_risk.log_contact(enrolment_id, form.outcome.data, words, by=actor(), at=clock.now()).id

        once(form.idempotency_key.data, "contact.log", log)
        flash(_("The call with %(name)s is taken down.", name=woman.name))
        return redirect(url_for("at_risk.index"), 303)
    return _page(woman, form), 422 if form.errors else 200


@pages.post("/<int:enrolment_id>/number")
@requires(Permission.UNMASK)
def number(enrolment_id: int):
    """Her phone number in full for this call, by the same rules as everywhere, and the form for what comes of it."""
    woman = _woman(enrolment_id)
    shown, status = number_to_call(woman.person_id)
    return _page(woman, ContactForm(formdata=None), **shown), status


def _woman(enrolment_id: int) -> FollowUp:
    return found(get_follow_up(actor(), enrolment_id))


def _page(woman: FollowUp, form: ContactForm, **shown) -> str:
    return render_template("at_risk/show.html", woman=woman, form=form, outcomes=choices(ContactOutcome), **shown)
