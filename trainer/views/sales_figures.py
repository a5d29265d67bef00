"""What sales figures rest on: one broadcast, the order lines, and the page that explains how far each may be trusted."""

from flask import Blueprint, render_template, request

from trainer.domain.broadcast_ratios import Metric, ratios
from trainer.domain.sales import Attribution, OrderStatus, TrustBasis
from trainer.permissions import Permission
from trainer.queries.livestream import get_attributed, get_livestream, list_said_by_files, list_typed
from trainer.queries.order_line import list_order_months, order_lines_page
from trainer.queries.reconciliation import list_reconciled
from trainer.queries.shop import ShopHead, get_shop_for
from trainer.views.guards import actor, found, requires
from trainer.views.lists import chosen, paging
from trainer.wording import choices

pages = Blueprint("sales_figures", __name__)


@pages.get("/shops/<int:shop_id>/livestreams/<int:livestream_id>")
@requires(Permission.VIEW_SALES)
def livestream(shop_id: int, livestream_id: int):
    """One broadcast: its facts, what was typed beside what files said, the orders found for it."""
    shop = _shop(shop_id)
    view = found(get_livestream(shop.id, livestream_id))
    return render_template(
        "sales_figures/livestream.html",
        shop=shop,
        view=view,
        ratios=ratios(view.facts),
        attributed=get_attributed(livestream_id),
        reconciled=next(iter(list_reconciled(shop.id, livestream_id)), None),
        said=list_said_by_files(shop.id, view.natural_key),
        typed=list_typed(livestream_id),
    )


@pages.get("/shops/<int:shop_id>/orders")
@requires(Permission.VIEW_SALES)
def orders(shop_id: int):
    """The lines behind a shop's sums, cut to a month, a state, how they found their broadcast, a product."""
    shop = _shop(shop_id)
    wanted = {
        "text": request.args.get("q", "").strip(),
        "month": request.args.get("month"),
        "status": chosen("status", OrderStatus),
        "attribution": chosen("attribution", Attribution),
        "livestream_id": request.args.get("livestream", None, int),
    }
    return render_template(
        "sales_figures/orders.html",
        shop=shop,
        page=order_lines_page(shop.id, **wanted, **paging()),
        livestream_id=wanted["livestream_id"],
        months=list_order_months(shop.id),
        statuses=choices(OrderStatus),
        attributions=choices(Attribution),
    )


@pages.get("/sales/trust")
@requires(Permission.VIEW_SALES)
def trust():
    """The ladder of trust, and what every figure means."""
    return render_template("sales_figures/trust.html", ladder=list(TrustBasis)[::-1], metrics=list(Metric))


@pages.get("/me/sales/trust")
@requires(Permission.VIEW_OWN_PROGRESS)
def own_trust():
    """The same in her words."""
    return render_template("sales_figures/own_trust.html", ladder=list(TrustBasis)[::-1])


def _shop(shop_id: int) -> ShopHead:
    return found(get_shop_for(actor(), Permission.VIEW_SALES, shop_id))
