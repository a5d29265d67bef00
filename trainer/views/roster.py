"""A county's roster: sent, looked through, confirmed; its bad rows handed back; undone."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.roster import write_bad_rows, write_roster_form
from trainer.documents.workbook import export_lines
from trainer.domain.background_task import TaskKind
from trainer.domain.imports import LONG_WORK, BatchState, RowAction
from trainer.errors import NotFound, Refused
from trainer.forms.form import Form
from trainer.forms.roster import DecisionForm, RosterConfirmationForm, RosterFileForm
from trainer.permissions import Permission
from trainer.queries.region import counties_around
from trainer.queries.roster import (
    KINDS,
    LEFT,
    WITH_REMARKS,
    RosterBatch,
    first_lines,
    get_batch,
    get_earlier,
    lines_page,
    list_bad_rows,
    list_batches,
)
from trainer.services import roster, roster_commit, roster_undo
from trainer.services.background_task import ask_for_task
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, found, once, requires
from trainer.views.lists import paging
from trainer.views.reach import cohort_in_reach
from trainer.wording import say, sentence_for
from trainer.wording.imports import field_name

pages = Blueprint("roster", __name__)


@pages.route("/cohorts/<int:cohort_id>/roster", methods=["GET", "POST"])
@requires(Permission.IMPORT_PEOPLE)
def new(cohort_id: int):
    """Send a file; the answer is its preview."""
    cohort = cohort_in_reach(cohort_id, Permission.IMPORT_PEOPLE)
    form, error = RosterFileForm(), None
    if form.validate_on_submit():
        try:
            return redirect(url_for("roster.show", batch_id=_previewed(cohort, form)), 303)
        except NotFound:
            raise
        except Refused as refused:
            error = say(refused)
    page = render_template("roster/new.html", cohort=cohort, form=form, error=error, batches=list_batches(cohort.id))
    return page, 422 if form.errors or error else 200


def _previewed(cohort, form: RosterFileForm) -> str:
    """The number of the staged batch. The file is read before the transaction: that can take a while."""
    upload, at, cohort_id, with_ids = form.file.data, clock.now(), cohort.id, cohort.collects_id_numbers
    reading = roster.read(upload.filename or "", upload.read(), today=clock.today(), with_ids=with_ids)
    return once(
        form.idempotency_key.data,
        "roster.preview",
        lambda: roster.preview(cohort_id, reading, by=actor(), at=at).id,
    )


@pages.get("/cohorts/<int:cohort_id>/roster/form")
@requires(Permission.IMPORT_PEOPLE)
def template(cohort_id: int):
    """The blank form for the county to fill in."""
    cohort = cohort_in_reach(cohort_id, Permission.IMPORT_PEOPLE)
    counties = list(counties_around(cohort.region_code))
    content = write_roster_form(f"{cohort.name}学员花名册", counties, with_ids=cohort.collects_id_numbers)
    return workbook_response(content, f"{cohort.name}学员花名册_空表")


@pages.get("/imports/roster/<int:batch_id>")
@requires(Permission.IMPORT_PEOPLE)
def show(batch_id: int):
    """Before: what taking the file in would do. After: what it did."""
    batch, cohort = _batch(batch_id)
    return _page(batch, cohort)


def _page(batch: RosterBatch, cohort, form: RosterConfirmationForm | None = None, error: str | None = None):
    kind = request.args.get("kind")
    page = None
    if kind in {*KINDS, WITH_REMARKS, LEFT}:
        page = lines_page(batch.id, kind, **paging())
    form = form or _confirmation(cohort)
    if form.joined_on.data is None:
        form.joined_on.data = roster_commit.joining_day(cohort, clock.now())
    sections = {_kind(kind): page.items} if page else first_lines(batch.id)
    body = render_template(
        "roster/show.html",
        batch=batch,
        cohort=cohort,
        earlier=get_earlier(batch) if batch.state is BatchState.PREVIEWED else None,
        kinds=KINDS,
        kind=kind if page else None,
        page=page,
        sections=sections,
        remarks=[(row, sentence_for(code, values)) for row, _field, code, values in batch.summary["remarks"]],
        form=form,
        error=error,
        field_name=lambda field: _heading(batch, field),
        sentence=sentence_for,
    )
    return body, 422 if error or form.errors else 200


def _kind(kind: str) -> RowAction | str:
    return RowAction(kind) if kind in set(RowAction) else kind


def _confirmation(cohort) -> RosterConfirmationForm:
    return RosterConfirmationForm(cohort.starts_on, cohort.ends_on)


@pages.post("/imports/roster/<int:batch_id>/rows/<int:row_number>")
@requires(Permission.IMPORT_PEOPLE)
def decide(batch_id: int, row_number: int):
    """Who a doubtful row is."""
    batch, cohort = _batch(batch_id)
    form = DecisionForm()
    if not form.validate_on_submit():
        return _page(batch, cohort, error=_("Please choose one of the answers."))
    try:
        with transaction():
            roster.decide(batch.id, row_number, form.decision.data, by=actor(), at=clock.now())
    except NotFound:
        raise
    except Refused as refused:
        return _page(batch, cohort, error=say(refused))
    kind = request.args.get("kind")
    return redirect(url_for("roster.show", batch_id=batch.id, kind=kind, _anchor=f"row-{row_number}"), 303)


@pages.post("/imports/roster/<int:batch_id>/commit")
@requires(Permission.IMPORT_PEOPLE)
def commit(batch_id: int):
    batch, cohort = _batch(batch_id)
    form = _confirmation(cohort)
    if not form.validate_on_submit():
        return _page(batch, cohort, form, _("Nothing was saved yet. Please look at the fields marked below."))
    if batch.summary["rows"] >= LONG_WORK:
        return _commit_beside(batch, form.joined_on.data)
    try:
        with transaction():
            roster_commit.commit(batch.id, joined_on=form.joined_on.data, by=actor(), at=clock.now())
    except roster_commit.RegisterChanged as changed:
        with transaction():
            roster.refresh(batch.id, by=actor(), at=clock.now())
        flash(say(changed), "bad")
    except NotFound:
        raise
    except Refused as refused:
        return _page(batch, cohort, form, say(refused))
    return redirect(url_for("roster.show", batch_id=batch.id), 303)


def _commit_beside(batch: RosterBatch, joined_on: date):
    """A large one is taken in by the worker; a second click asks for the same task."""
    with transaction():
        task = ask_for_task(
            TaskKind.ROSTER_COMMIT,
            f"batch {batch.id}",
            {"batch_id": batch.id, "joined_on": joined_on.isoformat()},
            by=actor(),
            at=clock.now(),
        )
    return redirect(url_for("background_task.show", task_id=task), 303)


@pages.post("/imports/roster/<int:batch_id>/discard")
@requires(Permission.IMPORT_PEOPLE)
def discard(batch_id: int):
    batch, cohort = _batch(batch_id)
    if Form().validate_on_submit():
        with transaction():
            roster.discard(batch.id, by=actor(), at=clock.now())
        flash(_("%(file)s was discarded; nothing of it was taken in.", file=batch.filename))
    return redirect(url_for("roster.new", cohort_id=cohort.id), 303)


@pages.route("/imports/roster/<int:batch_id>/undo", methods=["GET", "POST"])
@requires(Permission.IMPORT_PEOPLE)
def undo(batch_id: int):
    """Asks first, naming the file and how many women leave the roll."""
    batch, cohort = _batch(batch_id)
    if request.method == "GET" and batch.state is BatchState.COMMITTED:
        return render_template("roster/undo.html", batch=batch, cohort=cohort, form=Form())
    if request.method == "POST" and Form().validate_on_submit():
        with transaction():
            roster_undo.undo(batch.id, by=actor(), at=clock.now())
    return redirect(url_for("roster.show", batch_id=batch.id), 303)


@pages.get("/imports/roster/<int:batch_id>/rejected")
@requires(Permission.IMPORT_PEOPLE)
def rejected(batch_id: int):
    """The rows that were not taken in, with their reasons, to be mended and sent again."""
    batch, cohort = _batch(batch_id)
    rows = list_bad_rows(batch.id)
    title = _("%(cohort)s: rows to be mended", cohort=cohort.name)
    content = write_bad_rows(
        export_lines(title, unit=cohort.programme.name, at=clock.local(clock.now()), by=actor().name),
        batch.summary["headings"],
        batch.summary["columns"],
        rows,
        reasons={line.row.row: _reason(batch, line) for line in rows},
        reason_heading=_("What is wrong"),
        row_heading=_("Row in the file"),
    )
    return workbook_response(content, title)


def _reason(batch: RosterBatch, line) -> str:
    if line.reason:
        return sentence_for(line.reason, {}) or line.reason
    return "\n".join(
        _("%(field)s: %(sentence)s", field=_heading(batch, problem.field), sentence=sentence_for(*problem[1:]))
        for problem in line.row.problems
    )


def _heading(batch: RosterBatch, field: str) -> str:
    """As the county wrote it, so that she finds the column; else our word."""
    at = batch.summary["columns"].get(field)
    return batch.summary["headings"][at] if at is not None else field_name(field)


def _batch(batch_id: int):
    """(batch, its cohort), or 404 for whoever may not take rosters in there."""
    batch = found(get_batch(batch_id))
    return batch, cohort_in_reach(batch.cohort_id, Permission.IMPORT_PEOPLE)
