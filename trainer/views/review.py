"""Reviews: an evaluator's rounds, score sheets, two files side by side, and what she is told of herself afterwards."""

import io
from contextlib import suppress
from mimetypes import guess_extension

from flask import Blueprint, flash, jsonify, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.errors import Conflict, NotFound, Refused
from trainer.forms.review import SheetForm, build_sheet_form
from trainer.permissions import Permission
from trainer.queries.own_review import get_feedback, list_evidence
from trainer.queries.review import (
    MySheet,
    SheetView,
    get_file,
    get_sheet,
    list_files,
    list_judged_criteria,
    list_my_rounds,
    list_my_sheets,
    list_versions,
    next_assignment_id,
    next_to_read,
)
from trainer.services import review as reviews
from trainer.services.file import read_stored
from trainer.views.guards import actor, ensure, found, requires
from trainer.wording import say

pages = Blueprint("review", __name__, url_prefix="/reviews")

# What of her files a list shows.
SHOWS = ("waiting", "submitted")


@pages.get("")
@requires(Permission.SCORE)
def index():
    show = request.args.get("show")
    return render_template(
        "review/index.html", rounds=list_my_rounds(actor().account_id), show=show if show in SHOWS else None
    )


@pages.get("/<int:assignment_id>")
@requires(Permission.SCORE)
def show(assignment_id: int):
    """The sheet to fill in; once submitted, to read, with the way to change it while the round is open."""
    sheet = _mine(assignment_id)
    if sheet.is_shut:
        return _to_what_comes_first(sheet)
    return _page(sheet, _form(sheet), changing=request.args.get("change") == "1")


@pages.post("/<int:assignment_id>")
@requires(Permission.SCORE)
def update(assignment_id: int):
    """Keep the draft; with the button “Submit” submit it too. What was filled in is kept even if it cannot be submitted."""
    sheet, submits = _mine(assignment_id), request.form.get("act") == "submit"
    if sheet.is_shut:
        return _to_what_comes_first(sheet)
    form = _form(sheet)
    if not form.validate():
        return _page(sheet, form, status=422)
    try:
        if submits and not form.says_all():
            form.version.data = _keep(assignment_id, form)
            return _page(_mine(assignment_id), form, status=422)
        _submit(assignment_id, form) if submits else _keep(assignment_id, form)
    except NotFound:
        raise
    except Refused as refused:
        return _refused(assignment_id, form, refused, submits=submits)
    if not submits:
        flash(_("The draft of %(code)s is kept.", code=sheet.code))
        return redirect(url_for("review.show", assignment_id=assignment_id, change=1 if sheet.is_submitted else None))
    flash(_("%(code)s is submitted.", code=sheet.code))
    following = next_assignment_id(sheet)
    done = {"_anchor": f"done-{assignment_id}"}  # what a device still keeps of it may go
    if following is None:
        return redirect(url_for("review.index", **done))
    return redirect(url_for("review.show", assignment_id=following, **done))


@pages.post("/<int:assignment_id>/draft")
@requires(Permission.SCORE)
def draft(assignment_id: int):
    """The same draft, kept by the script while she is still writing; where another window was faster, what that kept."""
    sheet = _mine(assignment_id)
    form = _form(sheet)
    if not form.validate():
        return jsonify(error=_("Nothing was saved yet. Please look at the fields marked below.")), 422
    try:
        version = _keep(assignment_id, form)
    except Conflict as refused:
        now = _mine(assignment_id)
        return jsonify(error=say(refused), version=now.version, fields=_fields(now)), 409
    return jsonify(version=version, words=_("Kept at %(time)s", time=f"{clock.local(clock.now()):%H:%M:%S}"))


@pages.get("/<int:assignment_id>/files/<int:position>")
@requires(Permission.SCORE)
def file(assignment_id: int, position: int):
    """An attachment under a name that says nothing but her code."""
    sheet = _mine(assignment_id)
    if sheet.is_shut:
        raise NotFound()
    stored_as, mime = found(get_file(sheet, position))
    name = f"{sheet.code}-{position}{'.jpg' if mime == 'image/jpeg' else guess_extension(mime) or ''}"
    return send_file(io.BytesIO(read_stored(stored_as)), mimetype=mime, download_name=name)


@pages.get("/compare")
@requires(Permission.SCORE)
def compare():
    """Two of her files of one round beside each other, with her own levels."""
    pair = [_mine(id_) for id_ in (_number("left"), _number("right")) if id_]
    for sheet in pair:
        if sheet.is_shut:
            return _to_what_comes_first(sheet)
    if len(pair) < 2:
        return redirect(url_for("review.index"))
    left, right = pair
    if left.round_id != right.round_id:
        raise NotFound()
    return render_template(
        "review/compare.html",
        pair=pair,
        files=[list_files(sheet) for sheet in pair],
        criteria=list_judged_criteria(left.round_id),
        sheets=list_my_sheets(left.account_id, left.round_id),
    )


@pages.get("/rounds/<int:round_id>/feedback")
@requires(Permission.SCORE)
def feedback(round_id: int):
    """How strict she was beside the others, for her alone, once the result is frozen."""
    return render_template("review/feedback.html", told=found(get_feedback(round_id, actor().account_id)))


def _number(name: str) -> int | None:
    value = request.args.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else None


def _mine(assignment_id: int) -> SheetView:
    sheet = found(get_sheet(assignment_id))
    ensure(Permission.SCORE, sheet.scope)
    return sheet


def _to_what_comes_first(sheet: SheetView):
    """Whom she may not judge she says, and the calibration files she scores, before anything of a file is shown."""
    if sheet.declared:
        return redirect(url_for("calibration.mine", round_id=sheet.round_id))
    return redirect(url_for("declaration.show", round_id=sheet.round_id))


def _form(sheet: SheetView) -> SheetForm:
    return build_sheet_form(list_judged_criteria(sheet.round_id), sheet.draft, sheet.version)


def _fields(sheet: SheetView) -> dict[str, object]:
    """What is kept, under the names of the page's fields: a script lays it beside what it has itself."""
    said = dict(sheet.draft)
    levels, whys = said.pop("levels"), said.pop("abstentions")
    return {
        **said,
        **{f"level_{code}": level for code, level in levels.items()},
        **{f"why_{code}": why for code, why in whys.items()},
    }


def _keep(assignment_id: int, form: SheetForm) -> int:
    with transaction():
        return reviews.save_draft(assignment_id, form.seen, form.draft(), by=actor(), at=clock.now())


def _submit(assignment_id: int, form: SheetForm) -> None:
    reason = form.reason.data or ""
    with transaction():
        reviews.submit_review(assignment_id, form.seen, form.draft(), reason=reason, by=actor(), at=clock.now())


def _refused(assignment_id: int, form: SheetForm, refused: Refused, *, submits: bool):
    """The page with what she typed, and what is kept instead where another window was faster."""
    if submits and not isinstance(refused, Conflict):
        with suppress(Refused):  # what forbids the draft too is said already
            _keep(assignment_id, form)
    sheet = _mine(assignment_id)
    form.version.data = sheet.version
    return _page(sheet, form, error=say(refused), refusal=refused.code, status=refused.status)


def _page(
    sheet: SheetView,
    form: SheetForm,
    *,
    changing: bool = False,
    error: str | None = None,
    refusal: str | None = None,
    status: int = 200,
):
    mine = list_my_sheets(sheet.account_id, sheet.round_id)
    writing = sheet.writable and (not sheet.is_submitted or changing or status != 200)
    page = render_template(
        "review/sheet.html" if writing else "review/show.html",
        sheet=sheet,
        form=form,
        files=list_files(sheet),
        versions=list_versions(sheet.id) if sheet.is_submitted and not writing else [],
        evidence=[] if writing else list_evidence(sheet, at=clock.now()),
        error=error,
        refusal=refusal,
        **_place(mine, sheet.id),
    )
    return page, status


def _place(mine: list[MySheet], assignment_id: int) -> dict:
    """Where she stands among her files; reckoned over those she may read, so that a missing one leaves no gap."""
    order = [sheet.assignment_id for sheet in mine]
    if assignment_id not in order:
        raise NotFound()
    return {"mine": mine, "position": order.index(assignment_id) + 1, "following": next_to_read(mine, assignment_id)}
