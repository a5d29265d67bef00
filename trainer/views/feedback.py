"""Satisfaction: her anonymous answer, and what all of them together say."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.feedback import feedback_workbook
from trainer.domain.feedback import FEWEST, OPEN_FOR, is_open
from trainer.errors import NotFound, Refused
from trainer.forms.feedback import FeedbackForm
from trainer.permissions import Permission
from trainer.queries.cohort import get_cohort
from trainer.queries.feedback import get_feedback, has_answered, last_lesson_on
from trainer.services import audit
from trainer.services.feedback import give_feedback
from trainer.views.downloads import cohort_lines, workbook_response
from trainer.views.guards import actor, found, herself, requires
from trainer.views.reach import cohort_in_reach
from trainer.wording import say

pages = Blueprint("feedback", __name__)


@pages.route("/me/feedback/<int:cohort_id>", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def mine(cohort_id: int):
    """Three questions, once. No key against double clicks: it would stand beside her name at the moment of answering."""
    person_id = herself()
    answered = found(has_answered(cohort_id, person_id))
    form, error = FeedbackForm(), None
    if not answered and form.validate_on_submit():
        try:
            with transaction():
                give_feedback(cohort_id, person_id, form.faces, form.words.data or "", today=clock.today())
        except NotFound:
            raise
        except Refused as refused:
            answered, error = has_answered(cohort_id, person_id), refused
        else:
            return redirect(url_for("feedback.mine", cohort_id=cohort_id), 303)
    last_on = last_lesson_on(cohort_id)
    page = render_template(
        "feedback/mine.html",
        cohort=found(get_cohort(cohort_id)),
        form=form,
        error=say(error) if error else None,
        answered=answered,
        takes_answers=is_open(last_on, clock.today()),
        opens_on=last_on,
        days=OPEN_FOR.days,
    )
    return page, error.status if error else 422 if form.errors and not answered else 200


@pages.get("/cohorts/<int:cohort_id>/feedback")
@requires(Permission.VIEW_ATTENDANCE)
def show(cohort_id: int):
    cohort = cohort_in_reach(cohort_id, Permission.VIEW_ATTENDANCE, teaching=True)
    summary = get_feedback(cohort_id, today=clock.today())
    return render_template("feedback/show.html", cohort=cohort, summary=summary, fewest=FEWEST)


@pages.get("/cohorts/<int:cohort_id>/feedback.xlsx")
@requires(Permission.VIEW_ATTENDANCE)
def export(cohort_id: int):
    """The page as a workbook; nothing of fewer than five."""
    cohort = cohort_in_reach(cohort_id, Permission.VIEW_ATTENDANCE, teaching=True)
    title = _("Satisfaction with %(cohort)s", cohort=cohort.name)
    summary = get_feedback(cohort_id, today=clock.today())
    content = feedback_workbook(cohort_lines(title, cohort), summary)
    with transaction():
        audit.record("feedback.export", "cohort", cohort_id, by=actor(), at=clock.now(), rows=summary.told)
    return workbook_response(content, title)
