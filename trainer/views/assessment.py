"""Assessments of a class: what there are, and the scores of everybody in one form."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import Scope
from trainer.errors import Refused
from trainer.forms.assessment import AssessmentForm, ScoresForm, filled_form, read_scores
from trainer.forms.form import VersionForm
from trainer.permissions import Permission, can
from trainer.queries.assessment import assessment_draft, get_assessment, list_assessments, list_changes, list_scores
from trainer.queries.cohort import get_cohort, viewing_scope
from trainer.services import assessment as assessments
from trainer.views.guards import actor, ensure, found, once, requires
from trainer.views.reach import cohort_in_reach
from trainer.wording import say

pages = Blueprint("assessment", __name__)


@pages.get("/cohorts/<int:cohort_id>/assessments")
@requires(Permission.VIEW_ATTENDANCE)
def index(cohort_id: int):
    cohort = found(get_cohort(cohort_id))
    scope = viewing_scope(cohort)
    ensure(Permission.VIEW_ATTENDANCE, scope)
    return render_template(
        "assessment/index.html",
        cohort=cohort,
        assessments=list_assessments(cohort_id, with_dropped=True),
        may_mark=can(actor(), Permission.MARK_TASKS, scope),
    )


@pages.route("/cohorts/<int:cohort_id>/assessments/new", methods=["GET", "POST"])
@requires(Permission.MARK_TASKS)
def new(cohort_id: int):
    cohort, form = cohort_in_reach(cohort_id, Permission.MARK_TASKS, teaching=True), AssessmentForm()
    if form.validate_on_submit():

        def create() -> int:
            cohort_in_reach(cohort_id, Permission.MARK_TASKS, teaching=True)
            return assessments.create_assessment(cohort_id, form.draft(), by=actor(), at=clock.now()).id

        made = once(form.idempotency_key.data, "assessment.create", create)
        flash(_("The assessment stands. Enter the scores once it was held."))
        return redirect(url_for("assessment.show", assessment_id=made), 303)
    page = render_template("assessment/form.html", cohort=cohort, form=form, assessment=None, error=None)
    return page, 422 if form.errors else 200


@pages.route("/assessments/<int:assessment_id>/edit", methods=["GET", "POST"])
@requires(Permission.MARK_TASKS)
def edit(assessment_id: int):
    assessment, error, status = _to_mark(assessment_id), None, 422
    form = filled_form(assessment_draft(assessment), assessment.version)
    if form.validate_on_submit():
        try:
            with transaction():
                _to_mark(assessment_id)
                assessments.update_assessment(assessment_id, form.draft(), seen=form.seen, by=actor(), at=clock.now())
        except Refused as refused:
            error, status = say(refused), refused.status
        else:
            flash(_("Saved."))
            return redirect(url_for("assessment.show", assessment_id=assessment_id), 303)
    assessment = _to_mark(assessment_id)
    page = render_template(
        "assessment/form.html", cohort=_cohort(assessment), form=form, assessment=assessment, error=error
    )
    return page, status if form.errors or error else 200


@pages.get("/assessments/<int:assessment_id>")
@requires(Permission.VIEW_ATTENDANCE)
def show(assessment_id: int):
    """The scores of the class, to look at or to enter."""
    assessment = found(get_assessment(assessment_id))
    ensure(Permission.VIEW_ATTENDANCE, _scope(assessment))
    return _scores(assessment, ScoresForm())


@pages.post("/assessments/<int:assessment_id>")
@requires(Permission.MARK_TASKS)
def update(assessment_id: int):
    """Only what differs is written; what was typed stays in the fields where something is refused."""
    assessment, form = _to_mark(assessment_id), ScoresForm()
    typed, wrong = read_scores(request.form, list_scores(assessment), assessment.max_score)
    if not form.validate_on_submit() or wrong:
        return _scores(assessment, form, sent=request.form, wrong=wrong), 422
    try:
        with transaction():
            _to_mark(assessment_id)
            count = assessments.enter_scores(
                assessment_id, typed, reason=form.reason.data or "", by=actor(), at=clock.now()
            )
    except Refused as refused:
        page = _scores(_to_mark(assessment_id), form, sent=request.form, error=say(refused))
        return page, refused.status
    flash(_("%(count)s scores are written down.", count=count) if count else _("Nothing had changed."))
    return redirect(url_for("assessment.show", assessment_id=assessment_id), 303)


@pages.post("/assessments/<int:assessment_id>/drop")
@requires(Permission.MARK_TASKS)
def drop(assessment_id: int):
    return _set_dropped(assessment_id, True)


@pages.post("/assessments/<int:assessment_id>/restore")
@requires(Permission.MARK_TASKS)
def restore(assessment_id: int):
    return _set_dropped(assessment_id, False)


def _set_dropped(assessment_id: int, dropped: bool):
    assessment, form = _to_mark(assessment_id), VersionForm()
    cohort_id = assessment.cohort_id
    if not form.validate_on_submit():
        return _scores(assessment, ScoresForm(formdata=None)), 422
    try:
        with transaction():
            _to_mark(assessment_id)
            assessments.set_dropped(assessment_id, dropped, seen=form.seen, by=actor(), at=clock.now())
    except Refused as refused:
        page = _scores(_to_mark(assessment_id), ScoresForm(formdata=None), error=say(refused))
        return page, refused.status
    flash(_("The assessment is dropped.") if dropped else _("The assessment stands again."))
    return redirect(url_for("assessment.index", cohort_id=cohort_id), 303)


def _to_mark(assessment_id: int):
    assessment = found(get_assessment(assessment_id))
    ensure(Permission.MARK_TASKS, _scope(assessment))
    return assessment


def _cohort(assessment):
    return found(get_cohort(assessment.cohort_id))


def _scope(assessment) -> Scope:
    return viewing_scope(_cohort(assessment))


def _scores(assessment, form: ScoresForm, *, sent=None, wrong=frozenset(), error=None) -> str:
    cohort = _cohort(assessment)
    return render_template(
        "assessment/show.html",
        cohort=cohort,
        assessment=assessment,
        women=list_scores(assessment),
        changes=list_changes(assessment.id),
        may_mark=can(actor(), Permission.MARK_TASKS, viewing_scope(cohort)) and not assessment.dropped_at,
        form=form,
        dropping=VersionForm(formdata=None, data={"version": assessment.version}),
        sent=sent,
        wrong=wrong,
        error=error,
    )
