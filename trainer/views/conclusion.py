"""Concluding a class: what would be settled, settling it in one act, and taking that back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.enrolment import EnrolmentStatus
from trainer.errors import Refused
from trainer.forms.conclusion import ConcludeForm, TakeBackForm
from trainer.permissions import Permission
from trainer.queries.conclusion import get_conclusion, list_runs
from trainer.services import conclusion
from trainer.views.guards import actor, requires
from trainer.views.reach import cohort_in_reach
from trainer.wording import say
from trainer.wording.completion import missing_sentence

pages = Blueprint("conclusion", __name__)


@pages.get("/cohorts/<int:cohort_id>/conclude")
@requires(Permission.MANAGE_ENROLMENTS)
def show(cohort_id: int):
    return _page(cohort_in_reach(cohort_id, Permission.MANAGE_ENROLMENTS))


@pages.post("/cohorts/<int:cohort_id>/conclude")
@requires(Permission.MANAGE_ENROLMENTS)
def create(cohort_id: int):
    """As it was shown, or shown anew."""
    cohort, form = cohort_in_reach(cohort_id, Permission.MANAGE_ENROLMENTS), ConcludeForm()
    if not form.validate_on_submit():
        return _page(cohort), 422
    try:
        with transaction():
            cohort_in_reach(cohort_id, Permission.MANAGE_ENROLMENTS)
            done = conclusion.conclude_cohort(cohort_id, seen=form.seen.data or "", by=actor(), at=clock.now())
    except Refused as refused:
        return _page(cohort_in_reach(cohort_id, Permission.MANAGE_ENROLMENTS), error=say(refused)), refused.status
    completed = sum(1 for one in done.changes if one.to is EnrolmentStatus.COMPLETED)
    flash(
        _(
            "Concluded: %(completed)s completed, %(others)s did not.",
            completed=completed,
            others=len(done.changes) - completed,
        )
    )
    return redirect(url_for("conclusion.show", cohort_id=cohort_id), 303)


@pages.post("/cohorts/<int:cohort_id>/conclude/take-back")
@requires(Permission.MANAGE_ENROLMENTS)
def take_back(cohort_id: int):
    cohort, form = cohort_in_reach(cohort_id, Permission.MANAGE_ENROLMENTS), TakeBackForm()
    if not form.validate_on_submit():
        return _page(cohort, taking_back=form), 422
    try:
        with transaction():
            cohort_in_reach(cohort_id, Permission.MANAGE_ENROLMENTS)
            count = conclusion.take_conclusion_back(cohort_id, reason=form.reason.data, by=actor(), at=clock.now())
    except Refused as refused:
        return _page(cohort_in_reach(cohort_id, Permission.MANAGE_ENROLMENTS), error=say(refused)), refused.status
    flash(_("%(count)s women are in training again.", count=count))
    return redirect(url_for("conclusion.show", cohort_id=cohort_id), 303)


def _page(cohort, *, taking_back: TakeBackForm | None = None, error: str | None = None) -> str:
    found_now = get_conclusion(cohort.id)
    return render_template(
        "conclusion/show.html",
        cohort=cohort,
        conclusion=found_now,
        completed=[one for one in found_now.changes if one.to is EnrolmentStatus.COMPLETED],
        others=[one for one in found_now.changes if one.to is EnrolmentStatus.NOT_COMPLETED],
        runs=list_runs(cohort.id),
        form=ConcludeForm(formdata=None, data={"seen": found_now.fingerprint}),
        taking_back=taking_back or TakeBackForm(formdata=None),
        error=error,
        sentence=missing_sentence,
    )
