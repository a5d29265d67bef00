"""Products: those of one shop, those of all shops within reach with sums by category, sorting many at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.product import ProductCategory
from trainer.domain.sales import ShopRole
from trainer.errors import NotFound, Refused
from trainer.forms.product import NONE, SortForm
from trainer.permissions import Permission, can
from trainer.queries.product import (
    ProductRow,
    Sold,
    WantedProducts,
    list_products,
    list_products_of,
    list_products_to_sort,
)
from trainer.queries.scoping import page_of
from trainer.queries.shop import get_shop_for, regions_of_shops
from trainer.services import product as products
from trainer.views.guards import actor, found, requires, safe_next
from trainer.views.lists import chosen, paging
from trainer.wording import choices, say
from trainer.wording.product import season_words

pages = Blueprint("product", __name__)

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class CategorySum:
    """A category on one platform, of her own goods or of others': what two platforms call paid is not the same, and an
    order that a host sold may stand in its shop's file too, so it is not added."""

    category: ProductCategory | None
    platform: str
    role: ShopRole
    products: int
    shops: int
    sold: Sold


@pages.get("/products")
@requires(Permission.VIEW_SALES)
def index():
    rows = list_products(actor(), _wanted())
    return render_template(
        "product/index.html",
        **{"page": page_of(rows, **paging()), "sums": _sums(rows), "form": _form(), "season_words": season_words},
        **{
            "regions": regions_of_shops(actor()),
            "categories": [*choices(ProductCategory), (NONE, _("not sorted yet"))],
        },
    )


def _wanted() -> WantedProducts:
    return WantedProducts(
        text=request.args.get("q", "").strip()[:60],
        category=chosen("category", ProductCategory),
        unsorted=request.args.get("category") == NONE,
        region_code=request.args.get("region", "")[:6],
        month=clock.today().month if request.args.get("season") else None,
    )


def _sums(rows: Iterable[ProductRow]) -> list[CategorySum]:
    order = [*ProductCategory, None]
    keyed = sorted(rows, key=lambda row: (order.index(row.category), row.platform, row.role == ShopRole.HOST))
    groups = groupby(keyed, lambda row: (row.category, row.platform, row.role))
    return [_sum(*key, list(own)) for key, own in groups]


def _sum(category: ProductCategory | None, platform: str, role: ShopRole, rows: list[ProductRow]) -> CategorySum:
    totals = (sum(getattr(row.sold, name) for row in rows) for name in ("pieces", "paid_fen", "refunded_fen"))
    return CategorySum(category, platform, role, len(rows), len({row.shop_id for row in rows}), Sold(*totals))


def _form() -> SortForm | None:
    return SortForm() if can(actor(), Permission.IMPORT_SALES) else None


@pages.get("/shops/<int:shop_id>/products")
@requires(Permission.VIEW_SALES)
def of_shop(shop_id: int):
    shop = found(get_shop_for(actor(), Permission.VIEW_SALES, shop_id))
    page = page_of(list_products_of(shop.id), **{"per_page": 50, **paging()})
    return render_template("product/of_shop.html", shop=shop, page=page, form=_form(), season_words=season_words)


@pages.post("/products/sort")
@requires(Permission.IMPORT_SALES)
def sort():
    """Those that were ticked; back to the page it was done on."""
    form, ids = SortForm(), request.form.getlist("product", int)[:MOST_AT_ONCE]
    back = redirect(safe_next(request.form.get("next")) or url_for("product.index"), 303)
    if not form.validate_on_submit():
        flash(_("A season has a first and a last month."), "bad")
        return back
    if list_products_to_sort(actor(), ids) != set(ids):
        raise NotFound()
    try:
        with transaction():
            changed = products.sort_products(ids, form.sorting(), by=actor(), at=clock.now())
    except NotFound:
        raise
    except Refused as refused:
        flash(say(refused), "bad")
    else:
        flash(_("Sorted: %(count)s", count=changed))
    return back
