"""Reviews: an evaluator's rounds and score sheets. Blind: nothing here says who a candidate is."""

from contextlib import suppress

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.selection import RoundState
from trainer.errors import Refused
from trainer.forms.review import SheetForm, build_sheet_form
from trainer.permissions import Permission
from trainer.queries.review import (
    SheetView,
    get_sheet,
    list_judged_criteria,
    list_my_rounds,
    list_versions,
    next_assignment_id,
)
from trainer.services import review as reviews
from trainer.views.guards import actor, ensure, found, requires
from trainer.wording import say

pages = Blueprint("review", __name__, url_prefix="/reviews")


@pages.get("")
@requires(Permission.SCORE)
def index():
    return render_template("review/index.html", rounds=list_my_rounds(actor().account_id))


@pages.get("/<int:assignment_id>")
@requires(Permission.SCORE)
def show(assignment_id: int):
    """The sheet to fill in; once submitted, to read, with the way to change it while the round is open."""
    sheet = _mine(assignment_id)
    form = _form(sheet)
    return _page(sheet, form, changing=request.args.get("change") == "1")


@pages.post("/<int:assignment_id>")
@requires(Permission.SCORE)
def update(assignment_id: int):
    """Keep the draft; with the button “Submit” submit it too. What was filled in is kept even if it cannot be submitted."""
    sheet, submits = _mine(assignment_id), request.form.get("act") == "submit"
    form = _form(sheet)
    if not form.validate():
        return _page(sheet, form, status=422)
    try:
        _submit(assignment_id, form) if submits else _keep(assignment_id, form)
    except Refused as refused:
        if submits:
            with suppress(Refused):  # what forbids the draft too is said already
                _keep(assignment_id, form)
        form.version.data = _mine(assignment_id).version
        return _page(sheet, form, error=say(refused), refusal=refused.code, status=refused.status)
    if not submits:
        flash(_("The draft of %(code)s is kept.", code=sheet.code))
        return redirect(url_for("review.show", assignment_id=assignment_id, change=1 if sheet.is_submitted else None))
    flash(_("%(code)s is submitted.", code=sheet.code))
    following = next_assignment_id(sheet.account_id, sheet.round_id, after=sheet.position)
    return redirect(url_for("review.show", assignment_id=following) if following else url_for("review.index"))


@pages.post("/<int:assignment_id>/draft")
@requires(Permission.SCORE)
def draft(assignment_id: int):
    """The same draft, kept by the script while she is still writing."""
    form = _form(_mine(assignment_id))
    if not form.validate():
        return jsonify(error=_("Nothing was saved yet. Please look at the fields marked below.")), 422
    version = _keep(assignment_id, form)
    return jsonify(version=version, words=_("Kept at %(time)s", time=f"{clock.local(clock.now()):%H:%M:%S}"))


def _mine(assignment_id: int) -> SheetView:
    sheet = found(get_sheet(assignment_id))
    ensure(Permission.SCORE, sheet.scope)
    return sheet


def _form(sheet: SheetView) -> SheetForm:
    return build_sheet_form(list_judged_criteria(sheet.round_id), sheet.draft, sheet.version)


def _keep(assignment_id: int, form: SheetForm) -> int:
    with transaction():
        return reviews.save_draft(assignment_id, form.seen, form.draft(), by=actor(), at=clock.now())


def _submit(assignment_id: int, form: SheetForm) -> None:
    with transaction():
        reviews.submit_review(
            assignment_id,
            form.seen,
            form.draft(),
            abstaining=form.abstaining.data,
            reason=form.reason.data or "",
            by=actor(),
            at=clock.now(),
        )


def _page(
    sheet: SheetView,
    form: SheetForm,
    *,
    changing: bool = False,
    error: str | None = None,
    refusal: str | None = None,
    status: int = 200,
):
    is_open = sheet.state is RoundState.OPEN
    versions = list_versions(sheet.id) if sheet.is_submitted else []
    writing = is_open and (not sheet.is_submitted or changing or status != 200)
    page = render_template(
        "review/sheet.html" if writing else "review/show.html",
        sheet=sheet,
        form=form,
        versions=versions,
        shown=versions[0].content if versions else sheet.draft,
        following=next_assignment_id(sheet.account_id, sheet.round_id, after=sheet.position) if is_open else None,
        is_open=is_open,
        error=error,
        refusal=refusal,
    )
    return page, status
