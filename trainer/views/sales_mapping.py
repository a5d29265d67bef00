"""Sales files whose columns nobody knows: a person says which is which, and the next such file needs no click."""

from collections import defaultdict

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.sales import Platform, SalesKind
from trainer.domain.sales_upload import UploadState
from trainer.errors import NotFound, Refused
from trainer.forms.form import Form
from trainer.forms.sales_mapping import build_mapping_form
from trainer.permissions import Permission
from trainer.queries.sales_mapping import list_mappings
from trainer.queries.sales_upload import UploadRow, get_content_name, get_upload_for, list_waiting_uploads
from trainer.services import sales_mapping as mappings
from trainer.services import sales_upload as uploads
from trainer.services.file import read_stored
from trainer.views.guards import actor, found, requires
from trainer.views.lists import chosen
from trainer.wording import choices, say, sentence_for
from trainer.wording.sales import FACTS
from trainer.wording.sales_mapping import field_names

pages = Blueprint("sales_mapping", __name__)

MOST_ALIKE = 200
# Of a row as it would be read, what a person can compare with her file.
SHOWN = {
    SalesKind.ORDER: ("order_key", "product", "quantity", "paid_at", "paid_fen", "refunded_fen", "status"),
    SalesKind.LIVE_SESSION: ("started_at", "title", "duration_s", "gmv_fen", "refund_fen", "orders", "viewers"),
    SalesKind.SETTLEMENT: ("order_key", "settled_at", "income_fen", "refund_fen", "fees_fen", "settled_fen"),
}


@pages.route("/sales/uploads/<int:upload_id>/columns", methods=["GET", "POST"])
@requires(Permission.IMPORT_SALES)
def edit(upload_id: int):
    """What stands in the file, and a choice for every figure; sent, the first rows as they would be read."""
    upload = found(get_upload_for(actor(), Permission.IMPORT_SALES, upload_id))
    if upload.state is not UploadState.TO_MAP:
        return redirect(url_for("sales_upload.bundle", bundle=upload.bundle), 303)
    content = read_stored(found(get_content_name(upload.id)))
    headings = mappings.find_headings(content)
    kind = chosen("kind", SalesKind) or mappings.likeliest_kind(headings.headings)
    offer = mappings.offer(kind, headings.headings)
    needed = [name for group in offer.required for name in group]
    form = build_mapping_form([*needed, *offer.optional], headings.samples, offer.guesses)
    trial, error = None, None
    if form.validate_on_submit():
        try:
            mapping = mappings.said(upload.platform, kind, headings, form.columns)
            trial = mappings.try_out(content, mapping, at=clock.now())
            if "save" in request.form and trial.read:
                return _remembered(upload, mapping)
        except NotFound:
            raise
        except Refused as refused:
            error = _said(refused)
    page = render_template(
        "sales_mapping/edit.html",
        upload=upload,
        headings=headings,
        kind=kind,
        kinds=choices(SalesKind),
        offer=offer,
        form=form,
        error=error,
        trial=trial,
        shown=SHOWN[kind],
        fact_names=FACTS,
        sentence=sentence_for,
        names=field_names,
    )
    return page, 422 if error or form.errors else 200


def _remembered(upload: UploadRow, mapping):
    """The file, and the others of the platform that nobody could read either, are read again."""
    alike = defaultdict(list)
    for row in list_waiting_uploads(actor(), most=MOST_ALIKE):
        if row.state is UploadState.TO_MAP and row.platform == upload.platform:
            alike[row.bundle].append(row.id)
    with transaction():
        for bundle, ids in alike.items():
            uploads.read_again(bundle, ids, by=actor(), at=clock.now())
        mappings.remember(mapping, by=actor(), at=clock.now())
    flash(_("Remembered. Files with these headings are read without asking from now on."))
    return redirect(url_for("sales_upload.bundle", bundle=upload.bundle), 303)


def _said(refused: Refused) -> str:
    """Fields by their words."""
    told = {
        name: field_names(value) if name in ("field", "fields") else value for name, value in refused.values.items()
    }
    return sentence_for(refused.code, told) if "field" in told or "fields" in told else say(refused)


@pages.get("/sales/mappings")
@requires(Permission.IMPORT_SALES)
def index():
    """Everything that was said of columns, to be looked at and forgotten."""
    platform = chosen("platform", Platform)
    return render_template(
        "sales_mapping/index.html",
        rows=list_mappings(platform),
        platforms=choices(Platform),
        names=field_names,
    )


@pages.post("/sales/mappings/<int:mapping_id>/forget")
@requires(Permission.IMPORT_SALES)
def forget(mapping_id: int):
    if Form().validate_on_submit():
        with transaction():
            mappings.forget(mapping_id, by=actor(), at=clock.now())
        flash(_("Forgotten. The next file with those headings will be asked about again."))
    return redirect(url_for("sales_mapping.index"), 303)
