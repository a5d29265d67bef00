"""A cohort's completion rule: the one in force, its versions, and a new one previewed on real data before it rules."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.completion import preview_rule, terms_of
from trainer.errors import Refused
from trainer.forms.completion_rule import RuleForm, build_rule_form
from trainer.permissions import Permission, can
from trainer.queries.cohort import get_cohort
from trainer.queries.completion import list_progress, requirements_of
from trainer.queries.completion_rule import Demandable, list_demandable, list_versions
from trainer.services import completion_rule
from trainer.views.guards import actor, found, requires
from trainer.views.reach import cohort_in_reach
from trainer.wording import say
from trainer.wording.completion import missing_sentence

pages = Blueprint("completion_rule", __name__)


@pages.get("/cohorts/<int:cohort_id>/rule")
@requires(Permission.VIEW_COHORT)
def show(cohort_id: int):
    cohort = cohort_in_reach(cohort_id, Permission.VIEW_COHORT, teaching=True)
    return _show(cohort)


@pages.get("/cohorts/<int:cohort_id>/rule/preview")
@requires(Permission.MANAGE_COHORT)
def preview(cohort_id: int):
    """What the rule asked for in the address would do to the women as they stand; nothing is kept."""
    cohort = cohort_in_reach(cohort_id, Permission.MANAGE_COHORT)
    if not request.args:
        return redirect(url_for("completion_rule.show", cohort_id=cohort_id))
    offered, now = list_demandable(cohort_id), requirements_of([cohort_id])[cohort_id]
    form = build_rule_form(offered, now, asked=request.args)
    if not form.validate():
        return _show(cohort, form=form), 422
    return _preview(cohort, offered, form)


@pages.post("/cohorts/<int:cohort_id>/rule")
@requires(Permission.MANAGE_COHORT)
def update(cohort_id: int):
    """The rule that was previewed takes effect; a preview that went stale is shown anew."""
    cohort = cohort_in_reach(cohort_id, Permission.MANAGE_COHORT)
    offered, now = list_demandable(cohort_id), requirements_of([cohort_id])[cohort_id]
    form = build_rule_form(offered, now)
    if not form.validate_on_submit():
        return _show(cohort, form=form), 422
    wanted, seen, reason = form.wanted(offered), form.seen.data or "", form.reason.data or ""
    try:
        with transaction():
            cohort_in_reach(cohort_id, Permission.MANAGE_COHORT)
            completion_rule.set_rule(cohort_id, wanted, seen=seen, reason=reason, by=actor(), at=clock.now())
    except Refused as refused:
        return _preview(found(get_cohort(cohort_id)), offered, form, error=say(refused)), refused.status
    flash(_("The new rule is in force."))
    return redirect(url_for("completion_rule.show", cohort_id=cohort_id), 303)


def _show(cohort, *, form: RuleForm | None = None) -> str:
    versions = list_versions(cohort.id)
    now = versions[0].requirements if versions else requirements_of([cohort.id])[cohort.id]
    if form is None and can(actor(), Permission.MANAGE_COHORT, cohort.scope):
        form = build_rule_form(list_demandable(cohort.id), now)
    return render_template("completion_rule/show.html", cohort=cohort, now=now, versions=versions, form=form)


def _preview(cohort, offered: Demandable, form: RuleForm, *, error: str | None = None) -> str:
    now, wanted = requirements_of([cohort.id])[cohort.id], form.wanted(offered)
    women = list_progress(cohort.id, now)
    shown = preview_rule(women, now, wanted)
    form.seen.data = shown.fingerprint
    asked = [(name, value) for name, value in request.values.items(multi=True) if name in form and name not in _OWN]
    return render_template(
        "completion_rule/preview.html",
        cohort=cohort,
        now=now,
        wanted=wanted,
        is_same=terms_of(now) == terms_of(wanted),
        preview=shown,
        form=form,
        asked=asked,
        error=error,
        sentence=missing_sentence,
    )


# Of the page that confirms, not of the rule.
_OWN = ("csrf_token", "reason", "seen")
