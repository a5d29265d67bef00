"""What the files of the platforms say of the demonstration's sales beyond amounts: numbers, variants, ratios, funnels."""

from trainer.domain.demo_sales import BUSINESSES, Broadcast, Order
from trainer.domain.sales import GmvMeasure, Platform, RefundBasis
from trainer.domain.sales_import import Facts, product_key

# Of these the lists print a number of each broadcast; Taobao's order file names it beside each order.
NUMBERED = (Platform.DOUYIN, Platform.TAOBAO)
# These do not say in which way an order was sold.
SILENT_ON_SOURCE = (Platform.TAOBAO, Platform.PINDUODUO)
# Their order files print beside each order what was paid out for it.
PAYS_OUT_IN_ORDERS = (Platform.KUAISHOU, Platform.DOUYIN)
# Whoever looked into a broadcast and bought days later in the shop is counted with it.
WINDOW_MORE = 1.25
NUMBERS = {
    product.name: (number, product)
    for number, product in enumerate((product for products in BUSINESSES.values() for product in products), start=1)
}
# Every row of a table names the same columns.
NOTHING_MORE: Facts = dict.fromkeys(
    (
        *("buyers", "items", "views", "peak_online", "avg_online", "product_exposed", "product_clickers"),
        *("new_followers", "ad_spend_fen", "stated_gpm_fen", "stated_per_buyer_fen", "stated_buyer_rate_bp"),
    )
)


def session_key(platform: Platform, shop_id: int, broadcast: Broadcast) -> str | None:
    return f"{shop_id:06d}{broadcast.at:%y%m%d%H%M}" if platform in NUMBERED else None


def more_of_broadcast(platform: Platform, broadcast: Broadcast) -> Facts:
    """Douyin prints the funnel and its ratios, Taobao counts buyers of the days after, the others say how full it was."""
    gmv_fen, viewers = broadcast.gmv_fen, broadcast.viewers
    said = NOTHING_MORE | {
        "gmv_fen": gmv_fen,
        "gmv_incl_abnormal_fen": None,
        "gmv_measure": GmvMeasure.ROOM.value,
        "refund_fen": broadcast.refund_fen,
        "refund_basis": RefundBasis.PAYMENT_DAY.value,
        "peak_online": viewers // 6,
        "new_followers": viewers // 60,
    }
    if platform is Platform.DOUYIN:
        return said | _funnel(broadcast) | _abnormal(broadcast)
    if platform is Platform.TAOBAO:
        later = {"gmv_fen": round(gmv_fen * WINDOW_MORE), "gmv_measure": GmvMeasure.WINDOW.value}
        return said | later | {"refund_fen": None, "refund_basis": None, "peak_online": None}
    return said


def _funnel(broadcast: Broadcast) -> Facts:
    paid = [order for order in broadcast.orders if order.paid_at]
    buyers, viewers, views = len(paid), broadcast.viewers, broadcast.viewers * 7 // 5
    exposed = viewers * 7 // 10
    return {
        "buyers": buyers,
        "items": sum(order.quantity for order in paid),
        "views": views,
        "avg_online": viewers // 14,
        "product_exposed": exposed,
        "product_clickers": exposed * 2 // 5,
        "stated_gpm_fen": round(broadcast.gmv_fen * 1000 / views) if views else None,
        "stated_per_buyer_fen": round(broadcast.gmv_fen / buyers) if buyers else None,
        "stated_buyer_rate_bp": round(buyers * 10_000 / viewers) if viewers else None,
        "ad_spend_fen": viewers * 9 if viewers > 2_000 else 0,
    }


def _abnormal(broadcast: Broadcast) -> Facts:
    """Named beside the amount only where there was any: the amount itself is without it."""
    if not broadcast.abnormal_share:
        return {}
    return {"gmv_incl_abnormal_fen": round(broadcast.gmv_fen / (1 - broadcast.abnormal_share))}


def goods(platform: Platform, shop_id: int, order: Order) -> Facts:
    """The platform's number of the product; one of them prints none."""
    number, product = NUMBERS[order.product]
    printed = None if platform is Platform.WECHAT_CHANNELS else f"{shop_id:06d}{number:03d}"
    variant = product.variants[order.at.second % 4 == 0]
    return {"product": order.product, "product_key": product_key(printed, order.product), "sku": variant}
