"""Sales files of a shop: checking what one would do, confirming it, undoing it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.workbook import Column, Sheet, export_lines, write_workbook
from trainer.domain.background_task import TaskKind
from trainer.domain.imports import LONG_WORK, BatchState, RowAction
from trainer.domain.sales import RefundBasis
from trainer.errors import NotFound, Refused
from trainer.forms.form import Form
from trainer.forms.sales import ConfirmationForm, YearForm
from trainer.permissions import Permission
from trainer.queries.sales import (
    BatchHead,
    batch_lines_page,
    get_batch_for,
    list_rejected,
    year_span,
)
from trainer.queries.sales_upload import get_neighbours
from trainer.queries.shop import ShopHead
from trainer.services import sales, sales_reckoning
from trainer.services.background_task import ask_for_task
from trainer.services.shop import unknown_accounts
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, found, requires
from trainer.views.lists import chosen
from trainer.wording import say, sentence_for
from trainer.wording.sales import FACTS

pages = Blueprint("sales", __name__)
YEARS_OFFERED = 4
# Columns of a total row that are money.
MONEY_FIELDS = frozenset(("gmv", "gmv_incl_abnormal", "refund", "paid", "order_paid", "settled", "unit_price"))


@pages.get("/imports/sales/<int:batch_id>")
@requires(Permission.VIEW_SALES)
def show(batch_id: int):
    """Before: what taking the file in would do. After: what it did."""
    batch, shop = found(get_batch_for(actor(), Permission.VIEW_SALES, batch_id))
    return _page(batch, shop)


def _page(batch: BatchHead, shop: ShopHead, error: str | None = None):
    action = chosen("action", RowAction)
    lines = batch_lines_page(batch, action, page=request.args.get("page", 1, int))
    page = render_template(
        "sales/show.html",
        batch=batch,
        shop=shop,
        lines=lines,
        told=[_told(line.problems) + _told(line.warnings) for line in lines.items],
        notes=[(row, sentence) for row, *note in batch.summary["notes"] for sentence in _told([note])],
        action=action,
        error=error,
        neighbours=get_neighbours(batch.id),
        unknown=unknown_accounts(shop, batch.summary["accounts"]) if batch.state is BatchState.PREVIEWED else (),
        year=_year_form(batch) if batch.state is BatchState.PREVIEWED else None,
        confirmation=ConfirmationForm(),
        fact_names=FACTS,
        money_fields=MONEY_FIELDS,
        refund_basis=RefundBasis(basis) if (basis := batch.summary["totals"].get("refund_basis")) else None,
    )
    return page, 422 if error else 200


def _told(problems: list) -> list[str]:
    """What is wrong in a row, each beginning with the heading of the cell."""
    sentences = [(field, sentence_for(code, values) or code) for field, code, values in problems]
    return [_("%(field)s: %(sentence)s", field=field, sentence=said) if field else said for field, said in sentences]


def _year_form(batch: BatchHead) -> YearForm | None:
    """The question which year a list without years is of; None where it does not arise."""
    if not batch.summary["counts"][RowAction.NEEDS_PERSON] or (span := year_span(batch)) is None:
        return None
    first, last, _count = span
    form = YearForm()
    days = [clock.local(first), clock.local(last)]
    form.offer([(back, " — ".join(f"{day.year - back}-{day:%m-%d}" for day in days)) for back in range(YEARS_OFFERED)])
    return form


@pages.post("/imports/sales/<int:batch_id>/year")
@requires(Permission.IMPORT_SALES)
def settle_year(batch_id: int):
    batch, shop = found(get_batch_for(actor(), Permission.IMPORT_SALES, batch_id))
    form = _year_form(batch)
    if form is not None and not form.validate_on_submit():
        return _page(batch, shop, _("Please choose one of the periods."))
    if form is not None:
        with transaction():
            sales.settle_year(batch.id, form.years_back.data, by=actor(), at=clock.now())
    return redirect(url_for("sales.show", batch_id=batch.id), 303)


@pages.post("/imports/sales/<int:batch_id>/commit")
@requires(Permission.IMPORT_SALES)
def commit(batch_id: int):
    batch, shop = found(get_batch_for(actor(), Permission.IMPORT_SALES, batch_id))
    form = ConfirmationForm()
    if not form.validate_on_submit():
        return _page(batch, shop, _("Nothing was saved yet. Please look at the fields marked below."))
    if sum(batch.summary["counts"].values()) >= LONG_WORK:
        return _commit_beside(batch, form.said)
    try:
        with transaction():
            sales.commit(batch.id, **form.said, by=actor(), at=clock.now())
        _reckon(shop)
    except NotFound:
        raise
    except Refused as refused:
        return _page(batch, shop, say(refused))
    return redirect(url_for("sales.show", batch_id=batch.id), 303)


def _reckon(shop: ShopHead) -> None:
    """What follows from the change, in an act of its own: broken off, the job does it within a minute."""
    with transaction():
        sales_reckoning.reckon(shop.id, at=clock.now())


def _commit_beside(batch: BatchHead, said: dict[str, bool]):
    """A large one is taken in by the worker; a second click asks for the same task."""
    with transaction():
        task = ask_for_task(
            TaskKind.SALES_COMMIT,
            f"batch {batch.id}",
            {"batch_id": batch.id, "said": said},
            by=actor(),
            at=clock.now(),
        )
    return redirect(url_for("background_task.show", task_id=task), 303)


@pages.post("/imports/sales/<int:batch_id>/discard")
@requires(Permission.IMPORT_SALES)
def discard(batch_id: int):
    batch, shop = found(get_batch_for(actor(), Permission.IMPORT_SALES, batch_id))
    with transaction():
        sales.discard(batch.id, by=actor(), at=clock.now())
    return redirect(url_for("sales_upload.new", shop_id=shop.id), 303)


@pages.route("/imports/sales/<int:batch_id>/undo", methods=["GET", "POST"])
@requires(Permission.IMPORT_SALES)
def undo(batch_id: int):
    """Asks first, naming the file and how many rows go or change back."""
    batch, shop = found(get_batch_for(actor(), Permission.IMPORT_SALES, batch_id))
    if request.method == "GET" and batch.state is BatchState.COMMITTED:
        return render_template("sales/undo.html", batch=batch, shop=shop, form=Form())
    if request.method == "POST" and Form().validate_on_submit():
        try:
            with transaction():
                sales.undo(batch.id, by=actor(), at=clock.now())
        except sales.MonthLocked as locked:
            return _page(batch, shop, say(locked))
        _reckon(shop)
    return redirect(url_for("sales.show", batch_id=batch.id), 303)


@pages.get("/imports/sales/<int:batch_id>/rejected")
@requires(Permission.IMPORT_SALES)
def rejected(batch_id: int):
    """The refused rows with their reasons, to be mended and sent again."""
    batch, shop = found(get_batch_for(actor(), Permission.IMPORT_SALES, batch_id))
    rows = list_rejected(batch.id)
    headings = list(dict.fromkeys(heading for _number, cells, _problems in rows for heading in cells))
    columns = [Column(_("Row"), "number", 6), Column(_("What is wrong"), width=48)]
    columns += [Column(heading, width=18) for heading in headings]
    lines = [
        (number, "\n".join(_told(problems)), *(cells.get(heading) for heading in headings))
        for number, cells, problems in rows
    ]
    bad = frozenset(
        (at, 2 + headings.index(problem[0]))
        for at, (_number, _cells, problems) in enumerate(rows)
        for problem in problems
        if problem[0] in headings
    )
    title = _("Rejected rows of %(file)s", file=batch.filename)
    above = export_lines(title, unit=shop.name, at=clock.local(clock.now()), by=actor().name)
    return workbook_response(write_workbook([Sheet(_("Rejected rows"), columns, lines, above, highlighted=bad)]), title)
