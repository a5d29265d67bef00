"""Hand-ins for staff: one looked at and marked, then the next; and one handed in for a woman."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.course_task import Given, HandInState
from trainer.errors import NotFound, Refused
from trainer.forms.course_task import HandInForm, MarkForm, build_hand_in_form
from trainer.permissions import Permission
from trainer.queries.course_task import get_task
from trainer.queries.hand_in import (
    HandInRow,
    get_hand_in,
    get_picture,
    get_woman,
    list_attempts,
    list_markings,
    next_to_mark,
)
from trainer.services import hand_in as hand_ins
from trainer.services.file import read_file
from trainer.services.picture import redraw_sent
from trainer.views.course_task import cohort_and_marking
from trainer.views.downloads import picture_response
from trainer.views.guards import actor, found, requires
from trainer.views.reach import cohort_in_reach
from trainer.wording import say

pages = Blueprint("hand_in", __name__)


@pages.route("/hand-ins/<int:hand_in_id>", methods=["GET", "POST"])
@requires(Permission.VIEW_ATTENDANCE)
def show(hand_in_id: int):
    """What she handed in, and two buttons; after either, the next that waits."""
    row = found(get_hand_in(hand_in_id))
    cohort, may_mark = cohort_and_marking(row.cohort_id)
    form, error = MarkForm(version=row.version), None
    if request.method == "POST" and not may_mark:
        raise NotFound()
    if form.validate_on_submit():
        try:
            with transaction():
                _mark(row, form)
        except NotFound:
            raise
        except Refused as refused:
            row, error = found(get_hand_in(hand_in_id)), refused
            form.version.data = row.version
        else:
            return _on_to_the_next(row)
    page = render_template(
        "hand_in/show.html",
        cohort=cohort,
        row=row,
        may_mark=may_mark and row.counts,
        attempts=list_attempts(row.task_id, row.enrolment_id),
        markings=list_markings(hand_in_id),
        next_id=next_to_mark(row.task_id, after=hand_in_id) if may_mark else None,
        form=form,
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200


def _mark(row: HandInRow, form: MarkForm) -> None:
    state = HandInState.PASSED if request.form.get("act") == "pass" else HandInState.SENT_BACK
    hand_ins.mark(row.id, state, form.remark.data or "", seen=form.seen, by=actor(), at=clock.now())


def _on_to_the_next(row: HandInRow):
    flash(_("%(name)s: marked.", name=row.name))
    next_id = next_to_mark(row.task_id, after=row.id)
    if next_id is None:
        return redirect(url_for("course_task.show", cohort_id=row.cohort_id, course_task_id=row.task_id), 303)
    return redirect(url_for("hand_in.show", hand_in_id=next_id), 303)


@pages.get("/hand-ins/<int:hand_in_id>/picture")
@requires(Permission.VIEW_ATTENDANCE)
def picture(hand_in_id: int):
    row = found(get_hand_in(hand_in_id))
    cohort_in_reach(row.cohort_id, Permission.VIEW_ATTENDANCE, teaching=True)
    return picture_response(read_file(found(get_picture(hand_in_id))), f"hand-in-{hand_in_id}")


@pages.route("/cohorts/<int:cohort_id>/tasks/<int:course_task_id>/for/<int:enrolment_id>", methods=["GET", "POST"])
@requires(Permission.MARK_TASKS)
def for_her(cohort_id: int, course_task_id: int, enrolment_id: int):
    """She brought it along, or sent it by WeChat: handed in for her, and written down as help."""
    cohort = cohort_in_reach(cohort_id, Permission.MARK_TASKS, teaching=True)
    task = found(get_task(cohort_id, course_task_id))
    woman = found(get_woman(cohort_id, enrolment_id))
    form, error = build_hand_in_form(task, helped=True), None
    if form.validate_on_submit():
        try:
            hand_in_from(form, course_task_id, enrolment_id, helper=actor().name)
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("Handed in for %(name)s.", name=woman[2]))
            return redirect(url_for("course_task.show", cohort_id=cohort_id, course_task_id=course_task_id), 303)
    page = render_template(
        "hand_in/for_her.html", cohort=cohort, task=task, woman=woman, form=form, error=say(error) if error else None
    )
    return page, error.status if error else 422 if form.errors else 200


def hand_in_from(form: HandInForm, course_task_id: int, enrolment_id: int, *, helper: str) -> None:
    given = Given(
        form.words.data or "",
        form.link.data if "link" in form else None,
        redraw_sent(form.picture.data) if "picture" in form else None,
        form.minutes.data if "minutes" in form else None,
        helper,
    )
    keep = current_app.config["EVIDENCE_RETENTION_YEARS"]
    nonce = form.idempotency_key.data[:64]
    with transaction():
        who = {"by": actor(), "at": clock.now()}
        hand_ins.hand_in(course_task_id, enrolment_id, given, nonce=nonce, keep_years=keep, **who)
