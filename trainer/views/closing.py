"""Closing a lesson with the heads counted, opening it again, and what is kept of it: record, pictures, history."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.attendance import LessonState
from trainer.domain.lesson_file import LessonFileKind
from trainer.errors import NotFound, Refused
from trainer.forms.closing import CloseForm, PhotoForm, ReopenForm
from trainer.permissions import Permission
from trainer.queries.closing import (
    get_before_closing,
    get_kept,
    list_class_photos,
    list_closing_steps,
    list_late_changes,
)
from trainer.queries.lesson_file import get_lesson_file
from trainer.queries.roll import LessonHead, get_roll
from trainer.services import audit, closing
from trainer.services.file import read_file
from trainer.services.picture import redraw_sent
from trainer.views.downloads import picture_response
from trainer.views.guards import actor, found, once, requires
from trainer.views.roll import lesson_in_reach
from trainer.wording import say
from trainer.wording.closing import evidence_sentence

pages = Blueprint("closing", __name__)


@pages.route("/lessons/<int:lesson_id>/close", methods=["GET", "POST"])
@requires(Permission.CLOSE_LESSON)
def new(lesson_id: int):
    """Closing the lesson with the heads counted: whoever is not marked is named, and what stands open."""
    lesson, form, error, status = lesson_in_reach(lesson_id, Permission.CLOSE_LESSON), CloseForm(), None, 422
    if request.method == "GET" and lesson.state is LessonState.CLOSED:
        return redirect(url_for("roll.show", lesson_id=lesson_id))
    if form.validate_on_submit():
        try:
            excused = _close(lesson_id, form)
        except NotFound:
            raise
        except Refused as refused:
            error, status = say(refused), refused.status
        else:
            flash(_("The lesson is closed."))
            if excused:
                flash(_("%(count)s not marked were excused: their leave was granted for this time.", count=excused))
            return redirect(url_for("closing.show", lesson_id=lesson_id), 303)
    before = get_before_closing(lesson_id)
    if not form.is_submitted():
        form.signer.data = before.signer or actor().name
    page = render_template("closing/new.html", roll=get_roll(lesson), before=before, form=form, error=error)
    return page, status if error or form.errors else 200


def _close(lesson_id: int, form: CloseForm) -> int:
    picture = redraw_sent(form.photo.data)
    with transaction():
        now = clock.now()
        excused = closing.close_lesson(
            lesson_id, form.headcount.data, signer=form.signer.data or "", by=actor(), at=now
        )
        if picture:
            closing.add_class_photo(lesson_id, picture, by=actor(), at=now)
    return excused


@pages.route("/lessons/<int:lesson_id>/reopen", methods=["GET", "POST"])
@requires(Permission.CLOSE_LESSON)
def reopen(lesson_id: int):
    """Taking a closing back, with the reason; the old one stays in the history."""
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


@pages.get("/lessons/<int:lesson_id>/closing")
@requires(Permission.VIEW_ATTENDANCE)
def show(lesson_id: int):
    """What is kept of a roll: heads, signer, evidence, late changes, pictures, every closing there was."""
    return _record(lesson_in_reach(lesson_id, Permission.VIEW_ATTENDANCE))


def _record(lesson: LessonHead, *, form: PhotoForm | None = None, error: str | None = None) -> str:
    return render_template(
        "closing/show.html",
        roll=get_roll(lesson),
        kept=get_kept(lesson.id),
        evidence=evidence_sentence,
        late_changes=list_late_changes(lesson.id),
        photos=list_class_photos(lesson.id),
        steps=list_closing_steps(lesson.id),
        form=form or PhotoForm(formdata=None),
        error=error,
    )


@pages.post("/lessons/<int:lesson_id>/closing/photos")
@requires(Permission.CLOSE_LESSON)
def add_photo(lesson_id: int):
    """A picture of the class, before or after the closing."""
    lesson, form = lesson_in_reach(lesson_id, Permission.CLOSE_LESSON), PhotoForm()
    if not form.validate_on_submit():
        return _record(lesson, form=form), 422
    try:
        picture, at = redraw_sent(form.photo.data), clock.now()
        once(
            form.idempotency_key.data,
            "lesson.add_photo",
            lambda: closing.add_class_photo(lesson_id, picture, by=actor(), at=at).id,
        )
    except Refused as refused:
        return _record(lesson, error=say(refused)), refused.status
    flash(_("The picture is kept."))
    return redirect(url_for("closing.show", lesson_id=lesson_id, _anchor="photos"), 303)


@pages.get("/lessons/<int:lesson_id>/closing/photos/<int:photo_id>")
@requires(Permission.VIEW_ATTENDANCE)
def photo(lesson_id: int, photo_id: int):
    """The picture; faces are on it, so that it was looked at is written down."""
    lesson_in_reach(lesson_id, Permission.VIEW_ATTENDANCE)
    content = read_file(_photo(lesson_id, photo_id).file)
    with transaction():
        audit.record("lesson.show_photo", "lesson", lesson_id, by=actor(), at=clock.now(), photo=photo_id)
    return picture_response(content, f"class-{lesson_id}-{photo_id}")


@pages.post("/lessons/<int:lesson_id>/closing/photos/<int:photo_id>/remove")
@requires(Permission.CLOSE_LESSON)
def remove_photo(lesson_id: int, photo_id: int):
    return _move_photo(
        lesson_id, photo_id, closing.remove_class_photo, _("The picture is taken away. You can put it back.")
    )


@pages.post("/lessons/<int:lesson_id>/closing/photos/<int:photo_id>/put-back")
@requires(Permission.CLOSE_LESSON)
def put_photo_back(lesson_id: int, photo_id: int):
    return _move_photo(lesson_id, photo_id, closing.put_class_photo_back, _("The picture is back."))


def _photo(lesson_id: int, photo_id: int):
    return found(get_lesson_file(LessonFileKind.CLASS_PHOTO, lesson_id, photo_id))


def _move_photo(lesson_id: int, photo_id: int, act, done: str):
    lesson_in_reach(lesson_id, Permission.CLOSE_LESSON)
    with transaction():
        act(_photo(lesson_id, photo_id), by=actor(), at=clock.now())
    flash(done)
    return redirect(url_for("closing.show", lesson_id=lesson_id, _anchor="photos"), 303)
