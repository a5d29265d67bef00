"""Shops: the list a person may see, entering one, and one shop's figures apart by source."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.workbook import Column, Sheet, export_lines, write_workbook
from trainer.domain.sales import Platform
from trainer.errors import NotFound, Refused
from trainer.forms.shop import ShopForm
from trainer.permissions import Permission
from trainer.queries.person import people_page
from trainer.queries.ranking import count_undecided_of
from trainer.queries.region import region_names
from trainer.queries.sales import list_batches
from trainer.queries.sales_figures import get_figures, list_months
from trainer.queries.shop import (
    ShopLine,
    broadcasts_page,
    get_seller_for,
    get_shop_for,
    list_shop_lines,
    roles_of,
    shops_page,
)
from trainer.services import audit
from trainer.services import shop as shops
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, found, once, requires
from trainer.views.lists import chosen, paging
from trainer.wording import choices, label, platform_name, say

pages = Blueprint("shop", __name__, url_prefix="/shops")


def _wanted() -> dict[str, str | None]:
    """The filters of the list and of its export."""
    return {"text": request.args.get("q", ""), "platform": chosen("platform", Platform)}


@pages.get("")
@requires(Permission.VIEW_SALES)
def index():
    page = shops_page(actor(), **_wanted(), **paging())
    return render_template("shop/index.html", page=page, platforms=choices(Platform))


@pages.get("/export")
@requires(Permission.VIEW_SALES)
def export():
    """The list as it is filtered, as a workbook; who took it out is written down."""
    found_lines, now = list_shop_lines(actor(), **_wanted()), clock.now()
    with transaction():
        audit.record("shop.export", "shop", "-", by=actor(), at=now, shops=len(found_lines))
    title = _("Shops and sales")
    columns = [Column(_("Owner"), width=12), Column(_("Selling platform")), Column(_("Shop"), width=24)]
    columns += [Column(_("Broadcasts"), "number"), Column(_("Last broadcast"), "moment", 18)]
    money = (
        *(_("Broadcast lists: gross (yuan)"), _("Order files: gross (yuan)")),
        *(_("Order files: refund (yuan)"), _("Order files: net (yuan)")),
    )
    columns += [Column(heading, "money", 18) for heading in money]
    columns += [Column(_("Order files: rest on"), width=30), Column(_("Settled (yuan)"), "money", 18)]
    lines = [_cells(line) for line in found_lines]
    above = export_lines(title, unit=_("She Power training"), at=clock.local(now), by=actor().name)
    return workbook_response(write_workbook([Sheet(title, columns, lines, above)]), title)


def _cells(line: ShopLine) -> tuple[object, ...]:
    names = (line.shop.owner.name, platform_name(line.shop.platform), line.shop.name)
    listed, orders, settled = line.figures.listed, line.figures.orders, line.figures.settled
    of_lists = (listed.broadcasts, clock.local(listed.last_at), listed.gmv_fen) if listed else (0, None, None)
    of_orders = (orders.paid_fen, orders.refunded_fen, orders.net_fen) if orders else (None, None, None)
    basis = str(label(orders.trust)) if orders else ""
    return (*names, *of_lists, *of_orders, basis, settled[0] if settled else None)


@pages.route("/new", methods=["GET", "POST"])
@requires(Permission.IMPORT_SALES)
def new():
    """A shop of the woman named by `person_id`; without one she is searched for first."""
    if "person_id" not in request.args:
        text = request.args.get("q", "").strip()
        page = people_page(actor(), text=text, page=request.args.get("page", 1, int)) if text else None
        return render_template("shop/whose.html", page=page)
    owner = found(get_seller_for(actor(), Permission.IMPORT_SALES, request.args.get("person_id", 0, int)))
    form, error = ShopForm(), None
    if form.validate_on_submit():
        said = (form.platform.data, form.name.data, form.account_uid.data, form.opened_on.data)
        try:
            shop_id = once(
                form.idempotency_key.data,
                "shop.create",
                lambda: shops.create_shop(owner.id, *said, role=form.role.data, by=actor(), at=clock.now()).id,
            )
        except NotFound:
            raise
        except Refused as refused:
            error = say(refused)
        else:
            return redirect(url_for("shop.show", shop_id=shop_id), 303)
    return render_template("shop/new.html", form=form, error=error, owner=owner), 422 if form.errors or error else 200


@pages.get("/<int:shop_id>")
@requires(Permission.VIEW_SALES)
def show(shop_id: int):
    shop = found(get_shop_for(actor(), Permission.VIEW_SALES, shop_id))
    return render_template(
        "shop/show.html",
        shop=shop,
        place=region_names({shop.owner.region_code}).get(shop.owner.region_code),
        figures=get_figures(roles_of([shop]))[shop.id],
        months=list_months(shop.id),
        undecided=count_undecided_of(shop.id),
        broadcasts=broadcasts_page(shop.id, page=request.args.get("page", 1, int)),
        batches=list_batches(shop.id, most=20),
    )
