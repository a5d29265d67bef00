"""Typed broadcasts for staff: the queue, one compared with its picture, and one typed for a woman."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.sales_entry import EntryState, wants_retyping
from trainer.errors import NotFound, Refused
from trainer.forms.form import Form
from trainer.forms.sales_entry import CheckForm, EntryForm, build_entry_form
from trainer.permissions import Permission, can
from trainer.queries.sales_entry import (
    EntryRow,
    count_entries,
    entries_page,
    get_entry_for,
    get_picture,
    list_twins,
    next_to_check,
)
from trainer.queries.shop import get_shop_for
from trainer.services import sales_entry as entries
from trainer.services.file import read_file
from trainer.services.sales_entry_picture import take_picture
from trainer.views.downloads import picture_response
from trainer.views.guards import actor, found, requires
from trainer.views.lists import chosen, paging
from trainer.wording import choices, say

pages = Blueprint("sales_entry", __name__)


@pages.get("/sales/entries")
@requires(Permission.VIEW_SALES)
def index():
    """Those that wait first; a count beside each state."""
    counts = count_entries(actor())
    states = [(value, f"{words} ({counts.get(EntryState(value), 0)})") for value, words in choices(EntryState)]
    wanted = {"state": chosen("state", EntryState), "mine": request.args.get("mine") == "1"}
    return render_template(
        "sales_entry/index.html",
        page=entries_page(actor(), **wanted, **paging()),
        states=states,
        next_id=next_to_check(actor()) if can(actor(), Permission.CHECK_SALES) else None,
    )


@pages.route("/sales/entries/<int:typed_id>", methods=["GET", "POST"])
@requires(Permission.VIEW_SALES)
def show(typed_id: int):
    """Picture and numbers side by side; the second person says whether they agree, then the next one comes."""
    row, form, error = found(get_entry_for(actor(), Permission.VIEW_SALES, typed_id)), None, None
    may_check = get_entry_for(actor(), Permission.CHECK_SALES, typed_id) is not None
    form = CheckForm(data={"version": row.version})
    if request.method == "POST" and not may_check:
        raise NotFound()
    if form.validate_on_submit():
        try:
            with transaction():
                state = _check(typed_id, form)
        except NotFound:
            raise
        except Refused as refused:
            row, error = found(get_entry_for(actor(), Permission.VIEW_SALES, typed_id)), refused
            form.version.data = row.version
        else:
            return _on_to_the_next(row, state)
    return _entry_page(row, form, error, may_check=may_check)


def _check(entry_id: int, form: CheckForm) -> EntryState:
    who = {"seen": form.seen, "by": actor(), "at": clock.now()}
    if request.form.get("act") != "accept":
        entries.turn_back(entry_id, (form.reason.data or "").strip(), **who)
        return EntryState.RETURNED
    limit = current_app.config["SALES_ENTRY_RETYPE_FEN"]
    return entries.accept(entry_id, retyped_fen=form.retyped.figure, retype_from_fen=limit, **who)


def _on_to_the_next(row: EntryRow, state: EntryState):
    if state is EntryState.CHECKED:
        flash(_("%(name)s: checked.", name=row.owner))
    else:
        flash(_("%(name)s: returned. She gets a message and reads why.", name=row.owner))
    next_id = next_to_check(actor(), after=row.id)
    if next_id is None:
        return redirect(url_for("sales_entry.show", typed_id=row.id), 303)
    return redirect(url_for("sales_entry.show", typed_id=next_id), 303)


def _entry_page(row: EntryRow, form: CheckForm, error: Refused | None, *, may_check: bool):
    waits = may_check and row.state is EntryState.SUBMITTED and not row.is_of(actor())
    page = render_template(
        "sales_entry/show.html",
        **{"row": row, "form": form, "waits": waits, "twins": list_twins(actor(), row.id)},
        retypes=waits and wants_retyping(row.id, row.typed.gmv_fen, current_app.config["SALES_ENTRY_RETYPE_FEN"]),
        may_return=may_check and not row.is_of(actor()) and row.state in (EntryState.SUBMITTED, EntryState.CHECKED),
        next_id=next_to_check(actor(), after=row.id) if may_check else None,
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200


@pages.get("/sales/entries/<int:typed_id>/picture")
@requires(Permission.VIEW_SALES)
def picture(typed_id: int):
    found(get_entry_for(actor(), Permission.VIEW_SALES, typed_id))
    return picture_response(read_file(found(get_picture(typed_id))), f"broadcast-{typed_id}")


@pages.route("/shops/<int:shop_id>/entries/new", methods=["GET", "POST"])
@requires(Permission.IMPORT_SALES)
def new(shop_id: int):
    """Typed for her, who brought the picture along or sent it by WeChat; who typed it is written down."""
    shop = found(get_shop_for(actor(), Permission.IMPORT_SALES, shop_id))
    form, error = build_entry_form(), None
    if form.validate_on_submit():
        try:
            entry_id, refused = keep_entry(form, shop_id=shop.id)
        except NotFound:
            raise
        except Refused as refusal:
            error = refusal
        else:
            return _on_from(entry_id, refused)
    page = render_template(
        "sales_entry/form.html",
        shop=shop,
        row=None,
        form=form,
        picture_lost=picture_lost(form, error),
        error=_said(error),
    )
    return page, error.status if error else 422 if form.errors else 200


@pages.route("/sales/entries/<int:typed_id>/edit", methods=["GET", "POST"])
@requires(Permission.IMPORT_SALES)
def edit(typed_id: int):
    row = found(get_entry_for(actor(), Permission.IMPORT_SALES, typed_id))
    if not row.is_changeable_by(actor()):
        raise NotFound()
    form, error = build_entry_form(entry=row), None
    if form.validate_on_submit():
        try:
            _same, refused = keep_entry(form, entry_id=row.id)
        except NotFound:
            raise
        except Refused as refusal:
            error = refusal
        else:
            return _on_from(typed_id, refused)
    page = render_template(
        "sales_entry/form.html",
        **{"shop": get_shop_for(actor(), Permission.IMPORT_SALES, row.shop_id), "row": row, "form": form},
        **{"picture_lost": picture_lost(form, error), "error": _said(error)},
    )
    return page, error.status if error else 422 if form.errors else 200


@pages.post("/sales/entries/<int:typed_id>/take-back")
@requires(Permission.IMPORT_SALES)
def take_back(typed_id: int):
    row = found(get_entry_for(actor(), Permission.IMPORT_SALES, typed_id))
    retract(typed_id)
    return redirect(url_for("shop.show", shop_id=row.shop_id), 303)


def _on_from(entry_id: int, refused: Refused | None):
    if refused is None:
        return redirect(url_for("sales_entry.show", typed_id=entry_id), 303)
    return redirect(url_for("sales_entry.edit", typed_id=entry_id), 303)


def keep_entry(form: EntryForm, *, shop_id: int = 0, entry_id: int | None = None) -> tuple[int, Refused | None]:
    """The draft is kept whatever becomes of handing it in: a picture is not sent twice over a weak network."""
    facts = {"picture": take_picture(form.picture.data), "keep_years": current_app.config["EVIDENCE_RETENTION_YEARS"]}
    facts |= {"by": actor(), "at": clock.now()}
    with transaction():
        if entry_id is None:
            entry_id = entries.begin(shop_id, form.typed(), nonce=form.idempotency_key.data[:64], **facts)
        else:
            entries.change(entry_id, form.typed(), seen=form.seen, **facts)
    if request.form.get("act") != "submit":
        flash(_("Kept as a draft. Nothing is counted yet."))
        return entry_id, None
    try:
        with transaction():
            entries.submit(entry_id, by=actor(), at=clock.now())
    except NotFound:
        raise
    except Refused as refused:
        flash(_("Kept as a draft, but not handed in yet. %(why)s", why=say(refused)), "bad")
        return entry_id, refused
    flash(_("Handed in. A second person compares it with the picture."))
    return entry_id, None


def retract(entry_id: int) -> None:
    """Taken back, or a sentence why not."""
    if not Form().validate_on_submit():
        return
    try:
        with transaction():
            entries.take_back(entry_id, by=actor(), at=clock.now())
    except NotFound:
        raise
    except Refused as refused:
        flash(say(refused), "bad")
    else:
        flash(_("Taken back. It counts for nothing."))


def picture_lost(form: EntryForm, error: Refused | None) -> bool:
    """A browser does not send a chosen file again by itself."""
    return bool(form.picture.data) and bool(error or form.errors)


def _said(error: Refused | None) -> str | None:
    return say(error) if error else None
