"""What every sales figure is called and means, and the ratios of one broadcast: only those whose parts are known."""

from dataclasses import dataclass
from enum import StrEnum

from trainer.domain.sales import GmvMeasure, RefundBasis
from trainer.domain.sales_figures import share_bp


class Metric(StrEnum):
    """In the order in which they are explained. Ratios are made of sums; the mean of ratios is no ratio."""

    GROSS = "gross"
    ABNORMAL_SHARE = "abnormal_share"
    REFUND_BY_PAYMENT = "refund_by_payment"
    REFUND_BY_REFUND = "refund_by_refund"
    NET = "net"
    SETTLED = "settled"
    COMMISSION = "commission"
    REFUND_RATE = "refund_rate"
    PER_BUYER = "per_buyer"
    PER_ORDER = "per_order"
    PER_THOUSAND_VIEWS = "per_thousand_views"
    PER_VIEWER = "per_viewer"
    CLICK_RATE = "click_rate"
    CLICK_TO_BUY = "click_to_buy"
    WATCH_TO_BUY = "watch_to_buy"
    NET_PER_HOUR = "net_per_hour"
    VIEWS_IN_ALL = "views_in_all"
    MEAN_WATCH = "mean_watch"


@dataclass(frozen=True)
class BroadcastFacts:
    """What the ratios of a broadcast are made of; None where nobody says it."""

    gmv_fen: int | None
    gmv_incl_abnormal_fen: int | None
    gmv_measure: GmvMeasure
    refund_fen: int | None
    refund_basis: RefundBasis | None
    orders: int | None
    buyers: int | None
    viewers: int | None
    views: int | None
    product_exposed: int | None
    product_clickers: int | None
    duration_s: int | None


@dataclass(frozen=True)
class Ratio:
    """An amount in fen or a share in hundredths of a percent."""

    metric: Metric
    fen: int | None = None
    bp: int | None = None


def ratios(facts: BroadcastFacts) -> list[Ratio]:
    """Those that can be reckoned. Amounts over a window of days are of other buyers than those in the room: none of them.

    GPM is by visits, never by people; a refund rate and net only of refunds of these same sales.
    """
    gross = facts.gmv_fen if facts.gmv_measure is GmvMeasure.ROOM else None
    refund = facts.refund_fen if facts.refund_basis is RefundBasis.PAYMENT_DAY else None
    whole = facts.gmv_incl_abnormal_fen
    abnormal = whole - gross if whole is not None and gross is not None else None
    net = gross - refund if gross is not None and refund is not None else None
    found = [
        Ratio(Metric.ABNORMAL_SHARE, bp=_share(abnormal, whole) if abnormal else None),
        Ratio(Metric.REFUND_RATE, bp=_share(refund, gross)),
        Ratio(Metric.PER_BUYER, fen=_each(gross, facts.buyers)),
        Ratio(Metric.PER_ORDER, fen=_each(gross, facts.orders)),
        Ratio(Metric.PER_THOUSAND_VIEWS, fen=_each(gross, facts.views, 1000)),
        Ratio(Metric.PER_VIEWER, fen=_each(gross, facts.viewers)),
        Ratio(Metric.CLICK_RATE, bp=_share(facts.product_clickers, facts.product_exposed)),
        Ratio(Metric.CLICK_TO_BUY, bp=_share(facts.buyers, facts.product_clickers)),
        Ratio(Metric.WATCH_TO_BUY, bp=_share(facts.buyers, facts.viewers)),
        Ratio(Metric.NET_PER_HOUR, fen=_each(net, facts.duration_s, 3600)),
    ]
    return [one for one in found if one.fen is not None or one.bp is not None]


def _share(part: int | None, whole: int | None) -> int | None:
    return None if part is None or whole is None else share_bp(part, whole)


def _each(fen: int | None, by: int | None, times: int = 1) -> int | None:
    return round(fen * times / by) if fen is not None and by else None
