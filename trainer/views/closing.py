"""Closing a lesson with the heads counted, and opening it again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.attendance import LessonState
from trainer.errors import Refused
from trainer.forms.closing import CloseForm, ReopenForm
from trainer.permissions import Permission
from trainer.queries.roll import get_roll
from trainer.services import closing
from trainer.views.guards import actor, requires
from trainer.views.roll import lesson_in_reach
from trainer.wording import say

pages = Blueprint("closing", __name__)


@pages.route("/lessons/<int:lesson_id>/close", methods=["GET", "POST"])
@requires(Permission.CLOSE_LESSON)
def new(lesson_id: int):
    """Closing the lesson with the heads counted; names whoever is not marked, and never stands in the way."""
    lesson, form, error, status = lesson_in_reach(lesson_id, Permission.CLOSE_LESSON), CloseForm(), None, 422
    if request.method == "GET" and lesson.state is LessonState.CLOSED:
        return redirect(url_for("roll.show", lesson_id=lesson_id))
    if form.validate_on_submit():
        try:
            with transaction():
                closing.close_lesson(lesson_id, form.headcount.data, by=actor(), at=clock.now())
        except Refused as refused:
            error, status = say(refused), refused.status
        else:
            flash(_("The lesson is closed."))
            return redirect(url_for("roll.show", lesson_id=lesson_id), 303)
    page = render_template("closing/new.html", roll=get_roll(lesson), form=form, error=error)
    return page, status if error or form.errors else 200


@pages.route("/lessons/<int:lesson_id>/reopen", methods=["GET", "POST"])
@requires(Permission.CLOSE_LESSON)
def reopen(lesson_id: int):
    """Opening a closed lesson again, with the reason."""
    lesson, form, error = lesson_in_reach(lesson_id, Permission.CLOSE_LESSON), ReopenForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                closing.reopen_lesson(lesson_id, form.reason.data, by=actor(), at=clock.now())
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("The roll is open again. Close it with a fresh headcount."))
            return redirect(url_for("roll.show", lesson_id=lesson_id), 303)
    page = render_template("closing/reopen.html", lesson=lesson, form=form, error=error)
    return page, 422 if error or form.errors else 200
