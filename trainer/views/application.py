"""Applications that staff fill in for women within reach: for whom, all of it on one page, pictures, handing in."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.application import Content, Window, lacks, window
from trainer.errors import NotFound, Refused
from trainer.forms.application import FileForm, FilledForm, build_money_form
from trainer.forms.form import Form, VersionForm
from trainer.permissions import Permission
from trainer.queries.application import FilingRow, get_file, get_written, list_filing
from trainer.queries.eligibility import EligibilityRow, list_in_reach
from trainer.queries.region import region_names
from trainer.queries.scoping import page_of
from trainer.queries.selection import Stage, get_stage
from trainer.services import application as applications
from trainer.services.file import read_file
from trainer.views.downloads import picture_response
from trainer.views.guards import actor, found, requires
from trainer.views.lists import paging
from trainer.views.own_application import add_picture, remove_picture
from trainer.wording import say
from trainer.wording.application import verdict_words

pages = Blueprint("application", __name__, url_prefix="/applications")


@pages.get("")
@requires(Permission.FILE_APPLICATIONS)
def index():
    """Selections that take applications, the newest window first."""
    rows, now = list_filing(actor()), clock.now()
    windows = {row.id: window(row.first_state, row.applies_from, row.applies_until, now) for row in rows}
    return render_template("application/index.html", rows=rows, windows=windows)


@pages.get("/<int:selection_id>")
@requires(Permission.FILE_APPLICATIONS)
def women(selection_id: int):
    """Women within reach, each with how she stands and what there is of hers."""
    stage, row = _filing(selection_id)
    text = request.args.get("q", "").strip()
    rows = [one for one in list_in_reach(actor(), stage, at=clock.now()) if text in one.woman.name]
    return render_template(
        "application/women.html",
        stage=stage,
        window=_window(row),
        page=page_of(rows, **paging()),
        verdict_words=_verdict_words(stage, rows),
    )


@pages.route("/<int:selection_id>/for/<int:enrolment_id>", methods=["GET", "POST"])
@requires(Permission.FILE_APPLICATIONS)
def fill(selection_id: int, enrolment_id: int):
    """What she says, typed by somebody else; that it was, is written down."""
    stage, filing, row = _for_her(selection_id, enrolment_id)
    written, error = get_written(selection_id, row.woman.person_id), None
    form = build_money_form(
        FilledForm,
        written.version if written else 0,
        written.content if written else Content(),
        asks_money=stage.highest_amount_fen is not None,
    )
    if form.validate_on_submit():
        try:
            with transaction():
                applications.write(selection_id, enrolment_id, form.seen, form.changes(), by=actor(), at=clock.now())
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("Kept. It counts once it is handed in.") if not row.is_candidate else _("The change is kept."))
            return redirect(url_for("application.fill", **request.view_args), 303)
    page = _fill_page(stage, filing, row, written, form, FileForm(formdata=None), error)
    return page, error.status if error else 422 if form.errors else 200


def _fill_page(stage: Stage, filing: FilingRow, row: EligibilityRow, written, form, file_form, error) -> str:
    missing = lacks(written.content, stage.highest_amount_fen) if written else ()
    return render_template(
        "application/fill.html",
        stage=stage,
        window=_window(filing),
        row=row,
        written=written,
        form=form,
        file_form=file_form,
        missing=[say(applications.ApplicationLacks(lack)) for lack in missing],
        verdict_words=_verdict_words(stage, [row]),
        error=say(error) if error else None,
    )


@pages.post("/<int:selection_id>/for/<int:enrolment_id>/hand-in")
@requires(Permission.FILE_APPLICATIONS)
def hand_in(selection_id: int, enrolment_id: int):
    _stage, _filing, row = _for_her(selection_id, enrolment_id)
    form = VersionForm()
    if form.validate_on_submit():
        try:
            with transaction():
                kept = applications.hand_in(selection_id, enrolment_id, form.seen, by=actor(), at=clock.now())
                code = kept.code
        except NotFound:
            raise
        except Refused as refused:
            flash(say(refused), "bad")
        else:
            flash(_("The application of %(name)s is handed in as %(code)s.", name=row.woman.name, code=code))
    return redirect(url_for("application.fill", selection_id=selection_id, enrolment_id=enrolment_id), 303)


@pages.post("/<int:selection_id>/for/<int:enrolment_id>/files")
@requires(Permission.FILE_APPLICATIONS)
def add_file(selection_id: int, enrolment_id: int):
    stage, filing, row = _for_her(selection_id, enrolment_id)
    file_form, error = FileForm(), None
    if file_form.validate_on_submit():
        try:
            add_picture(selection_id, enrolment_id, file_form)
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("The picture is kept."))
            return redirect(url_for("application.fill", selection_id=selection_id, enrolment_id=enrolment_id), 303)
    written = found(get_written(selection_id, row.woman.person_id))
    asks_money = stage.highest_amount_fen is not None
    form = build_money_form(FilledForm, written.version, written.content, asks_money=asks_money, blank=True)
    page = _fill_page(stage, filing, row, written, form, file_form, error)
    return page, error.status if error else 422


@pages.post("/<int:selection_id>/for/<int:enrolment_id>/files/<int:position>/remove")
@requires(Permission.FILE_APPLICATIONS)
def remove_file(selection_id: int, enrolment_id: int, position: int):
    _for_her(selection_id, enrolment_id)
    if Form().validate_on_submit():
        with transaction():
            remove_picture(selection_id, enrolment_id, position)
        flash(_("The picture is taken away."))
    return redirect(url_for("application.fill", selection_id=selection_id, enrolment_id=enrolment_id), 303)


@pages.get("/<int:selection_id>/for/<int:enrolment_id>/files/<int:position>")
@requires(Permission.FILE_APPLICATIONS)
def picture(selection_id: int, enrolment_id: int, position: int):
    _stage, _filing, row = _for_her(selection_id, enrolment_id)
    stored = found(get_file(selection_id, row.woman.person_id, position))
    return picture_response(read_file(stored), f"application-{position}")


def _filing(selection_id: int) -> tuple[Stage, FilingRow]:
    """A selection that takes applications, with a cohort in her reach; else 404."""
    row = found(next((one for one in list_filing(actor()) if one.id == selection_id), None))
    return found(get_stage(selection_id)), row


def _for_her(selection_id: int, enrolment_id: int) -> tuple[Stage, FilingRow, EligibilityRow]:
    stage, filing = _filing(selection_id)
    rows = list_in_reach(actor(), stage, at=clock.now(), enrolment_id=enrolment_id)
    return stage, filing, found(next(iter(rows), None))


def _window(row: FilingRow) -> Window:
    return window(row.first_state, row.applies_from, row.applies_until, clock.now())


def _verdict_words(stage: Stage, rows):
    names = {row.woman.region_code: row.woman.region for row in rows}
    asked = stage.eligibility.get("residence")
    if asked and asked not in names:
        names |= region_names({asked})
    return lambda verdict: verdict_words(verdict, names)
