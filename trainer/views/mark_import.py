"""Files of marks and of who watched a live lesson: sent, looked through, confirmed, undone; the form to fill in."""

from collections import defaultdict
from dataclasses import replace

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.mark_import import write_mark_form, write_unfit_marks
from trainer.documents.workbook import export_lines
from trainer.domain.attendance import LessonState
from trainer.domain.imports import BatchState, RowAction
from trainer.domain.mark_import import SIGNS_IN_WORDS, MarkFileKind
from trainer.domain.mark_import import WORDS as STATUS_WORDS
from trainer.domain.people import mask_numbers
from trainer.errors import NotFound, Refused
from trainer.forms.form import Form
from trainer.forms.mark_import import CohortMarksForm, LessonMarksForm, MarkReasonForm
from trainer.permissions import Permission, can
from trainer.queries.cohort import get_cohort
from trainer.queries.import_batch import BatchHead
from trainer.queries.mark_import import (
    KINDS,
    LEFT,
    first_mark_lines,
    get_mark_batch,
    list_for_template,
    list_lessons,
    list_mark_batches,
    list_unfit_marks,
    mark_lines_page,
)
from trainer.services import audit, mark_commit, mark_import
from trainer.services.mark_import import About
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, found, once, requires
from trainer.views.lists import paging
from trainer.views.reach import cohort_in_reach
from trainer.views.roll import lesson_in_reach
from trainer.wording import say, sentence_for
from trainer.wording.mark_import import ABOUT
from trainer.wording.mark_import import KINDS as WORDS

pages = Blueprint("mark_import", __name__)


@pages.route("/lessons/<int:lesson_id>/marks", methods=["GET", "POST"])
@requires(Permission.MARK_ATTENDANCE)
def new(lesson_id: int):
    """Send a file about one lesson; the answer is its preview."""
    lesson = lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE)
    form = LessonMarksForm()
    return _send(form, lesson.cohort_id, lesson, lambda: {"kind": form.kind.data, "share": form.share.data})


@pages.route("/cohorts/<int:cohort_id>/marks", methods=["GET", "POST"])
@requires(Permission.MARK_ATTENDANCE)
def for_cohort(cohort_id: int):
    """Send a file about several lessons of a cohort."""
    return _send(CohortMarksForm(), cohort_in_reach(cohort_id, Permission.MARK_ATTENDANCE).id, None, dict)


def _send(form, cohort_id: int, lesson, said):
    error = None
    if form.validate_on_submit():
        about = About(
            cohort_id,
            lesson.id if lesson else None,
            late_minutes=current_app.config["CHECK_IN_LATE_MINUTES"],
            **said(),
        )
        try:
            return redirect(url_for("mark_import.show", batch_id=_previewed(about, form)), 303)
        except NotFound:
            raise
        except Refused as refused:
            error = say(refused)
    page = render_template(
        "mark_import/new.html",
        cohort=get_cohort(cohort_id),
        lesson=lesson,
        form=form,
        error=error,
        statuses=STATUS_WORDS.values(),
        signs=SIGNS_IN_WORDS,
        batches=list_mark_batches(cohort_id, lesson.id if lesson else None),
    )
    return page, 422 if form.errors or error else 200


def _previewed(about: About, form) -> str:
    """The number of the staged batch. The file is read before the transaction: that can take a while."""
    upload, at = form.file.data, clock.now()
    reading = mark_import.read(upload.filename or "", upload.read(), today=clock.today())
    return once(
        form.idempotency_key.data,
        "mark_import.preview",
        lambda: mark_import.preview(about, reading, by=actor(), at=at).id,
    )


@pages.get("/lessons/<int:lesson_id>/marks/form")
@requires(Permission.MARK_ATTENDANCE)
def template(lesson_id: int):
    """The form for this lesson, with everybody's seat and name."""
    lesson = lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE)
    title = f"{lesson.cohort_name} {lesson.day:%Y-%m-%d} {lesson.title} 点名表"
    women = list_for_template(lesson.id, lesson.cohort_id)
    with transaction():  # names leave the house
        audit.record("mark_import.form", "lesson", lesson_id, by=actor(), at=clock.now(), rows=len(women))
    return workbook_response(write_mark_form(title, women), title)


@pages.get("/imports/marks/<int:batch_id>")
@requires(Permission.MARK_ATTENDANCE)
def show(batch_id: int):
    """Before: what taking the file in would do. After: what it did."""
    return _page(*_batch(batch_id))


def _page(batch: BatchHead, cohort, lesson, form: MarkReasonForm | None = None, error: str | None = None):
    kind = request.args.get("kind")
    page = mark_lines_page(batch, kind, **paging()) if kind in {*KINDS, LEFT} else None
    sections = {_kind(kind): page.items} if page else first_mark_lines(batch)
    body = render_template(
        "mark_import/show.html",
        batch=batch,
        cohort=cohort,
        lesson=lesson,
        kinds=KINDS,
        words=WORDS,
        about=ABOUT,
        kind=kind if page else None,
        page=page,
        sections=sections,
        closed=_closed(batch),
        form=form or MarkReasonForm(),
        error=error,
        sentence=sentence_for,
        is_platform=batch.summary["kind"] == MarkFileKind.PLATFORM,
    )
    return body, 422 if error or (form and form.errors) else 200


def _kind(kind: str) -> RowAction | str:
    return RowAction(kind) if kind in set(RowAction) else kind


def _closed(batch: BatchHead) -> bool:
    """Whether a roll that the file speaks of is closed."""
    lessons = list_lessons(batch.cohort_id, batch.summary["lesson_id"])
    return any(lesson.state is LessonState.CLOSED and lesson.id in batch.summary["lesson_ids"] for lesson in lessons)


@pages.post("/imports/marks/<int:batch_id>/decide")
@requires(Permission.MARK_ATTENDANCE)
def decide(batch_id: int):
    """Who doubtful rows are, and which rows count against the roll: all of those that the page showed."""
    batch, cohort, lesson = _batch(batch_id)
    who = {
        number: answer
        for name, answer in request.form.items()
        if name.startswith("who-") and (number := _number(name.removeprefix("who-"))) is not None
    }
    ticked = set(request.form.getlist("overwrite"))
    overwrite = {
        number: text in ticked for text in request.form.getlist("shown") if (number := _number(text)) is not None
    }
    error = None
    if Form().validate_on_submit():
        try:
            with transaction():
                mark_import.decide(batch.id, who, overwrite, by=actor(), at=clock.now())
        except NotFound:
            raise
        except Refused as refused:
            error = say(refused)
    if error:
        return _page(batch, cohort, lesson, error=error)
    return redirect(url_for("mark_import.show", batch_id=batch.id, kind=request.args.get("kind")), 303)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


@pages.post("/imports/marks/<int:batch_id>/commit")
@requires(Permission.MARK_ATTENDANCE)
def commit(batch_id: int):
    batch, cohort, lesson = _batch(batch_id)
    form = MarkReasonForm()
    if not form.validate_on_submit():
        return _page(batch, cohort, lesson, form, _("Nothing was saved yet. Please look at the fields marked below."))
    try:
        with transaction():
            mark_commit.commit(batch.id, by=actor(), at=clock.now(), reason=form.reason.data or "")
    except mark_commit.RollChanged as changed:
        with transaction():
            mark_import.refresh(batch.id, by=actor(), at=clock.now())
        flash(say(changed), "bad")
    except NotFound:
        raise
    except Refused as refused:
        return _page(batch, cohort, lesson, form, say(refused))
    return redirect(url_for("mark_import.show", batch_id=batch.id), 303)


@pages.post("/imports/marks/<int:batch_id>/discard")
@requires(Permission.MARK_ATTENDANCE)
def discard(batch_id: int):
    batch, cohort, lesson = _batch(batch_id)
    if Form().validate_on_submit():
        with transaction():
            mark_import.discard(batch.id, by=actor(), at=clock.now())
        flash(_("%(file)s was discarded; nothing of it was taken in.", file=batch.filename))
    return redirect(_back(cohort, lesson), 303)


def _back(cohort, lesson) -> str:
    if lesson:
        return url_for("mark_import.new", lesson_id=lesson.id)
    return url_for("mark_import.for_cohort", cohort_id=cohort.id)


@pages.route("/imports/marks/<int:batch_id>/undo", methods=["GET", "POST"])
@requires(Permission.MARK_ATTENDANCE)
def undo(batch_id: int):
    """Asks first, naming the file and how many marks go back."""
    batch, cohort, lesson = _batch(batch_id)
    form, error = MarkReasonForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                mark_commit.undo(batch.id, by=actor(), at=clock.now(), reason=form.reason.data or "")
        except NotFound:
            raise
        except Refused as refused:
            error = say(refused)
    if error or form.errors or (request.method == "GET" and batch.state is BatchState.COMMITTED):
        page = render_template(
            "mark_import/undo.html",
            **{"batch": batch, "cohort": cohort, "lesson": lesson, "form": form, "error": error},
            closed=_closed(batch),
        )
        return page, 422 if error or form.errors else 200
    return redirect(url_for("mark_import.show", batch_id=batch.id), 303)


@pages.get("/imports/marks/<int:batch_id>/rejected")
@requires(Permission.MARK_ATTENDANCE)
def rejected(batch_id: int):
    """The rows that make no mark, with their reasons, to be mended and sent again."""
    batch, cohort, _lesson = _batch(batch_id)
    lines = list_unfit_marks(batch.id)
    # The file may be somebody else's than hers who only marks: numbers of women are not for her.
    shown = str if can(actor(), Permission.IMPORT_PEOPLE, cohort.scope) else mask_numbers
    reasons: dict[int, list[str]] = defaultdict(list)
    for line in lines:
        words = sentence_for(line.reason, dict(line.values)) or line.reason
        column = f"{line.row.lesson}：" if line.row.lesson and batch.summary["lesson_id"] is None else ""
        reasons[line.row.row].append(shown(f"{column}{words}"))
    title = _("%(cohort)s: rows to be mended", cohort=cohort.name)
    content = write_unfit_marks(
        export_lines(title, unit=cohort.programme.name, at=clock.local(clock.now()), by=actor().name),
        batch.summary["headings"],
        [replace(line.row, raw=tuple(map(shown, line.row.raw))) for line in lines],
        {row: "\n".join(dict.fromkeys(texts)) for row, texts in reasons.items()},
        (_("What is wrong"), _("Row in the file")),
    )
    return workbook_response(content, title)


def _batch(batch_id: int):
    """(batch, its cohort, its lesson or None), or 404 for whoever may not mark there."""
    batch = found(get_mark_batch(batch_id))
    if batch.summary["lesson_id"] is None:
        return batch, cohort_in_reach(batch.cohort_id, Permission.MARK_ATTENDANCE), None
    lesson = lesson_in_reach(batch.summary["lesson_id"], Permission.MARK_ATTENDANCE)
    return batch, found(get_cohort(batch.cohort_id)), lesson
