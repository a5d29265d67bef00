"""Materials of a lesson: staff add them, take them away and put them back; the women of the cohort open them."""

import io

from flask import Blueprint, flash, redirect, send_file, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.lesson_file import LessonFileKind
from trainer.domain.material import BY_MIME, SHOWN
from trainer.errors import NotFound, Refused
from trainer.forms.material import MaterialFileForm, MaterialLinkForm
from trainer.permissions import Permission
from trainer.queries.cohort import viewing_scope
from trainer.queries.lesson import get_lesson
from trainer.queries.lesson_file import get_lesson_file
from trainer.queries.material import get_file_of, get_material_for, get_open_material
from trainer.services import material as materials
from trainer.services import reading_room
from trainer.services.file import read_file
from trainer.views.guards import actor, ensure, found, herself, once, public, requires
from trainer.views.lesson import lesson_page
from trainer.wording import say

pages = Blueprint("material", __name__)


@pages.post("/lessons/<int:lesson_id>/materials/file")
@requires(Permission.MARK_ATTENDANCE)
def add_file(lesson_id: int):
    _lesson_she_gives(lesson_id)
    form, error = MaterialFileForm(), None
    if form.validate_on_submit():
        try:
            _keep(lesson_id, form)
            return _back(lesson_id, _("The material is there for the women."))
        except NotFound:
            raise
        except Refused as refused:
            error = say(refused)
    return lesson_page(_lesson_she_gives(lesson_id), form, _empty_link(), error), 422


def _keep(lesson_id: int, form: MaterialFileForm) -> None:
    """The file is looked at and encrypted before the transaction: a large one takes its time."""
    with reading_room.place():
        sealed = materials.seal_material(form.file.data.read(), form.file.data.filename or "")
    form.file.data.close()
    once(
        form.idempotency_key.data,
        "material.add",
        lambda: materials.add_file(lesson_id, form.title.data or "", sealed, by=actor(), at=clock.now()),
    )


@pages.post("/lessons/<int:lesson_id>/materials/link")
@requires(Permission.MARK_ATTENDANCE)
def add_link(lesson_id: int):
    _lesson_she_gives(lesson_id)
    form, error = MaterialLinkForm(), None
    if form.validate_on_submit():
        try:
            once(
                form.idempotency_key.data,
                "material.add",
                lambda: materials.add_link(lesson_id, form.title.data, form.link.data, by=actor(), at=clock.now()),
            )
            return _back(lesson_id, _("The material is there for the women."))
        except Refused as refused:
            error = say(refused)
    return lesson_page(_lesson_she_gives(lesson_id), _empty_file(), form, error), 422


def _empty_file() -> MaterialFileForm:
    return MaterialFileForm(formdata=None)


def _empty_link() -> MaterialLinkForm:
    return MaterialLinkForm(formdata=None)


@pages.post("/lessons/<int:lesson_id>/materials/<int:material_id>/remove")
@requires(Permission.MARK_ATTENDANCE)
def remove(lesson_id: int, material_id: int):
    _lesson_she_gives(lesson_id)
    with transaction():
        materials.take_away(lesson_id, material_id, by=actor(), at=clock.now())
    return _back(lesson_id, _("The women no longer see it. You can put it back."))


@pages.post("/lessons/<int:lesson_id>/materials/<int:material_id>/put-back")
@requires(Permission.MARK_ATTENDANCE)
def put_back(lesson_id: int, material_id: int):
    _lesson_she_gives(lesson_id)
    with transaction():
        materials.put_back(lesson_id, material_id, by=actor(), at=clock.now())
    return _back(lesson_id, _("The material is there for the women."))


@pages.get("/lessons/<int:lesson_id>/materials/<int:material_id>")
@requires(Permission.VIEW_COHORT)
def show(lesson_id: int, material_id: int):
    """The file, for staff."""
    ensure(Permission.VIEW_COHORT, viewing_scope(found(get_lesson(lesson_id)).cohort))
    return _hand_out(found(get_lesson_file(LessonFileKind.MATERIAL, lesson_id, material_id)))


@pages.get("/me/materials/<int:material_id>")
@requires(Permission.VIEW_OWN_PROGRESS)
def read(material_id: int):
    """A picture or PDF at once; what another program opens by an address that her phone's own browser can fetch too."""
    held = found(get_material_for(herself(), material_id))
    if _is_shown(held):
        return _hand_out(held)
    return redirect(
        url_for("material.fetch", material_id=held.id, ticket=materials.make_pass(held.id, at=clock.now())), 303
    )


@pages.get("/materials/<int:material_id>/<ticket>")
@public
def fetch(material_id: int, ticket: str):
    """The file for whoever brings the pass that `read` gave a moment ago; no sign-in, no name."""
    materials.check_pass(material_id, ticket, at=clock.now())
    return _hand_out(found(get_open_material(material_id)))


def _lesson_she_gives(lesson_id: int):
    lesson = found(get_lesson(lesson_id))
    ensure(Permission.MARK_ATTENDANCE, lesson.scope)
    return lesson


def _back(lesson_id: int, words: str):
    flash(words)
    return redirect(url_for("lesson.show", lesson_id=lesson_id, _anchor="materials"), 303)


def _is_shown(held) -> bool:
    return BY_MIME[found(get_file_of(held)).mime].kind in SHOWN


def _hand_out(held):
    """Pictures and PDF are shown by the browser, everything else is saved; the type is what the content was."""
    stored = found(get_file_of(held))
    kind = BY_MIME[stored.mime].kind
    return send_file(
        io.BytesIO(read_file(stored)),
        mimetype=stored.mime,
        as_attachment=kind not in SHOWN,
        download_name=stored.file_name,
    )
