"""Sales files on their way in: several sent at once, how far they are read, whose they are, taking them in together."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.background_task import TaskKind
from trainer.domain.imports import BatchState, RowAction
from trainer.domain.sales_upload import (
    KEPT_FOR,
    MAPPABLE,
    MOST_FILES,
    READ_AT_ONCE,
    UploadState,
    unknown_accounts,
)
from trainer.errors import NotFound, Refused, UnreadableFile
from trainer.forms.form import Form
from trainer.forms.sales_upload import SalesFilesForm, WhoseForm
from trainer.permissions import Permission
from trainer.queries.sales import list_batches
from trainer.queries.sales_upload import (
    UploadRow,
    get_upload_for,
    list_bundle_for,
    list_names,
    list_waiting_uploads,
)
from trainer.queries.shop import ShopHead, get_shop_for, shops_page
from trainer.services import sales
from trainer.services import sales_upload as uploads
from trainer.services.background_task import ask_for_task
from trainer.services.file import delete_files
from trainer.services.reading_room import ReadersBusy
from trainer.views.guards import actor, found, once, requires
from trainer.wording import problem_sentence, say

pages = Blueprint("sales_upload", __name__)

LOOK_AGAIN_SECONDS = 3
# Rows of a file that somebody has to look at before it is taken in.
TO_LOOK_AT = (RowAction.NEEDS_PERSON, RowAction.REJECTED, RowAction.CONFLICT, RowAction.LOCKED)


@pages.route("/shops/<int:shop_id>/files", methods=["GET", "POST"])
@requires(Permission.IMPORT_SALES)
def new(shop_id: int):
    """Send files of a shop. A single small one is read at once: the answer is its preview."""
    shop = found(get_shop_for(actor(), Permission.IMPORT_SALES, shop_id))
    form = SalesFilesForm()
    answer, error = _received(form, shop)
    if answer:
        return answer
    page = render_template(
        "sales_upload/new.html",
        shop=shop,
        form=form,
        error=error,
        most=MOST_FILES,
        batches=list_batches(shop.id),
        waiting=list_waiting_uploads(actor(), shop_id=shop.id),
    )
    return page, 422 if form.errors or error else 200


@pages.route("/sales/files", methods=["GET", "POST"])
@requires(Permission.IMPORT_SALES)
def several():
    """Send a folder of files of several women: each finds its shop by the account it names, or is asked about."""
    form = SalesFilesForm()
    answer, error = _received(form, None)
    if answer:
        return answer
    waiting = list_waiting_uploads(actor())
    page = render_template("sales_upload/several.html", form=form, error=error, most=MOST_FILES, waiting=waiting)
    return page, 422 if form.errors or error else 200


def _received(form: SalesFilesForm, shop: ShopHead | None):
    """(where to go on, why not): both None where nothing was sent, or not as the form asks."""
    if not form.validate_on_submit():
        return None, None
    try:
        return redirect(_taken(form, shop), 303), None
    except NotFound:
        raise
    except Refused as refused:
        return None, say(refused)


def _taken(form: SalesFilesForm, shop: ShopHead | None) -> str:
    """The page that the files are looked at on. They are read or stored before the transaction: that takes its time."""
    sent, key, refused = form.file.data, form.idempotency_key.data, None
    if shop and len(sent) == 1 and _size(sent[0]) <= READ_AT_ONCE:
        try:
            return _read_at_once(shop, sent[0], key)
        except ReadersBusy:
            pass  # it waits in the background instead
        except UnreadableFile as unreadable:
            if unreadable.reason not in MAPPABLE:
                raise
            refused = unreadable
        sent[0].stream.seek(0)
    shop_id = shop.id if shop else None
    files = uploads.receive(shop_id, ((file.filename or "-", file.stream.read()) for file in sent), count=len(sent))

    def hand_in() -> str:
        bundle = uploads.hand_in(shop_id, files, refused=refused, by=actor(), at=clock.now())
        return url_for("sales_upload.bundle", bundle=bundle, shop_id=shop_id)

    return once(key, "sales.hand_in", hand_in)


def _size(file) -> int:
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    return size


def _read_at_once(shop: ShopHead, file, key: str) -> str:
    at = clock.now()
    with uploads.reading(file.stream, shop.platform, at=at) as reading:

        def preview() -> str:
            batch = sales.preview(shop.id, file.filename, reading, by=actor(), at=at)
            return url_for("sales.show", batch_id=batch.id)

        return once(key, "sales.hand_in", preview)


@pages.get("/shops/<int:shop_id>/files/<bundle>")
@pages.get("/sales/files/<bundle>")
@requires(Permission.IMPORT_SALES)
def bundle(bundle: str, shop_id: int | None = None):
    """How far each of the files is; with no script the page comes again while they are read or taken in."""
    rows = _bundle(bundle, shop_id)
    shop = found(get_shop_for(actor(), Permission.IMPORT_SALES, shop_id)) if shop_id else None
    under_way = any(row.is_under_way for row in rows)
    taking_in = [row for row in rows if row.is_being_taken_in]
    odd = _odd(rows)
    ready = _ready(rows, odd)
    page = render_template(
        "sales_upload/bundle.html",
        rows=rows,
        bundle=bundle,
        shop=shop,
        ready=ready,
        odd=odd,
        under_way=under_way,
        taking_in=taking_in,
        stranded=any(row.is_stranded for row in rows),
        days=KEPT_FOR.days,
        told=problem_sentence,
    )
    response = make_response(page)
    if under_way or taking_in:
        response.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


def _bundle(bundle: str, shop_id: int | None = None) -> list[UploadRow]:
    return found(list_bundle_for(actor(), Permission.IMPORT_SALES, bundle, shop_id=shop_id) or None)


def _odd(rows: list[UploadRow]) -> dict[int, tuple[str, ...]]:
    """Previews that name accounts of which none is known as the shop."""
    previews = [row for row in rows if row.batch_state is BatchState.PREVIEWED and row.summary["accounts"]]
    if not previews:
        return {}
    names = list_names({row.shop_id for row in previews})
    return {row.id: unknown_accounts(names[row.shop_id], row.summary["accounts"]) for row in previews}


def _ready(rows: list[UploadRow], odd: dict[int, tuple[str, ...]]) -> list[UploadRow]:
    """Previews in which nothing has to be looked at first: every row is plain, and the account is the shop's."""
    previews = [row for row in rows if row.waits_for_confirmation and not odd.get(row.id)]
    return [row for row in previews if _is_plain(row.summary["counts"])]


def _is_plain(counts: dict[str, int]) -> bool:
    does = counts.get(RowAction.NEW, 0) + counts.get(RowAction.UPDATE, 0)
    return bool(does) and not any(counts.get(action) for action in TO_LOOK_AT)


@pages.post("/sales/files/<bundle>/take-in")
@requires(Permission.IMPORT_SALES)
def take_in(bundle: str):
    """All that need nobody, beside the pages; the others stay as they are."""
    page = url_for("sales_upload.bundle", bundle=bundle, shop_id=request.args.get("shop_id", None, int))
    if not Form().validate_on_submit():
        return redirect(page, 303)
    rows = _bundle(bundle)
    ready = _ready(rows, _odd(rows))
    with transaction():
        for row in ready:
            params = {"batch_id": row.batch_id, "said": {}}
            ask_for_task(TaskKind.SALES_COMMIT, f"batch {row.batch_id}", params, by=actor(), at=clock.now())
    return redirect(page, 303)


@pages.post("/sales/files/<bundle>/again")
@requires(Permission.IMPORT_SALES)
def again(bundle: str):
    """Read what still waits though no task is there any more."""
    if Form().validate_on_submit():
        stranded = [row.id for row in _bundle(bundle) if row.is_stranded]
        with transaction():
            uploads.read_again(bundle, stranded, by=actor(), at=clock.now())
    return redirect(url_for("sales_upload.bundle", bundle=bundle), 303)


@pages.route("/sales/uploads/<int:upload_id>/shop", methods=["GET", "POST"])
@requires(Permission.IMPORT_SALES)
def assign(upload_id: int):
    """Say whose file it is."""
    upload = _upload(upload_id)
    if upload.state is not UploadState.TO_ASSIGN:
        return redirect(url_for("sales_upload.bundle", bundle=upload.bundle), 303)
    form = WhoseForm()
    if form.validate_on_submit():
        shop = found(get_shop_for(actor(), Permission.IMPORT_SALES, form.shop_id.data))
        with transaction():
            uploads.assign(upload.id, shop.id, by=actor(), at=clock.now())
        return redirect(url_for("sales_upload.bundle", bundle=upload.bundle), 303)
    page = shops_page(
        actor(),
        text=request.args.get("q", ""),
        platform=upload.told_platform,
        page=request.args.get("page", 1, int),
    )
    return render_template("sales_upload/assign.html", upload=upload, page=page, form=form, told=problem_sentence)


@pages.post("/sales/uploads/<int:upload_id>/give-up")
@requires(Permission.IMPORT_SALES)
def give_up(upload_id: int):
    """Its content goes at once."""
    upload = _upload(upload_id)
    if Form().validate_on_submit():
        with transaction():
            gone = uploads.give_up(upload.id, by=actor(), at=clock.now())
        delete_files(gone)
        flash(_("Given up: the content of %(file)s is deleted.", file=upload.filename))
    return redirect(url_for("sales_upload.bundle", bundle=upload.bundle), 303)


def _upload(upload_id: int) -> UploadRow:
    return found(get_upload_for(actor(), Permission.IMPORT_SALES, upload_id))
