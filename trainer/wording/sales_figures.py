"""Words for what sales add up to: what a figure rests on and is good for, how orders found their broadcast."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from trainer.domain.broadcast_ratios import Metric
from trainer.domain.sales import Attribution, GmvMeasure, TrustBasis

# What each figure is called and means.
_METRICS = {
    Metric.GROSS: (
        _("Gross (GMV)"),
        _("All amounts paid, before anything comes back. Refunded and cancelled orders are in it."),
    ),
    Metric.ABNORMAL_SHARE: (
        _("Abnormal trades"),
        _("Share of the amount that the platform itself counts as abnormal: (with − without) ÷ with. Douyin only."),
    ),
    Metric.REFUND_BY_PAYMENT: (
        _("Refund, by day of payment"),
        _("What was given back of the orders paid in the period. Only this may be taken off their gross."),
    ),
    Metric.REFUND_BY_REFUND: (
        _("Refund, by day of refund"),
        _("What was given back during the period, of earlier sales too. It can be above the gross of the same days."),
    ),
    Metric.NET: (_("Net"), _("Paid − refunded, of the same orders. It holds still 30 days after payment.")),
    Metric.SETTLED: (
        _("Settled"),
        _(
            "What the platform paid out: income − refund − fees. The closest to what reached the shop; it comes weeks later."
        ),
    ),
    Metric.COMMISSION: (
        _("Commission"),
        _("What a host earns by selling others' goods. The value of the goods is not her income."),
    ),
    Metric.REFUND_RATE: (_("Refunded share"), _("Refund ÷ gross, of the same orders.")),
    Metric.PER_BUYER: (_("Gross per buyer"), _("Gross ÷ buyers.")),
    Metric.PER_ORDER: (_("Gross per order"), _("Gross ÷ orders.")),
    Metric.PER_THOUSAND_VIEWS: (
        _("Gross per thousand visits (GPM)"),
        _("Gross ÷ visits × 1,000. Visits, not people: where only people are known it is not reckoned."),
    ),
    Metric.PER_VIEWER: (_("Gross per viewer (UV value)"), _("Gross ÷ viewers.")),
    Metric.CLICK_RATE: (
        _("Clicked a product, of those shown one"),
        _("People who clicked a product ÷ people who were shown one."),
    ),
    Metric.CLICK_TO_BUY: (_("Bought, of those who clicked"), _("Buyers ÷ people who clicked a product.")),
    Metric.WATCH_TO_BUY: (_("Bought, of those who watched"), _("Buyers ÷ viewers.")),
    Metric.NET_PER_HOUR: (_("Net per hour on air"), _("Net ÷ hours on air: fair to long and short broadcasts.")),
    Metric.VIEWS_IN_ALL: (
        _("Views in all"),
        _("Viewers of several broadcasts added up: person-times, for the same woman watches more than once."),
    ),
    Metric.MEAN_WATCH: (
        _("Mean time watched"),
        _(
            "Of several broadcasts: Σ(mean × viewers) ÷ Σ viewers, never the mean of the means. Files state it for one broadcast; it is not kept here."
        ),
    ),
}

LABELS: dict[type, dict] = {
    Metric: {metric: words for metric, (words, _definition) in _METRICS.items()},
    Attribution: {
        Attribution.FILE: _("broadcast named in the file"),
        Attribution.TIME: _("broadcast found by time"),
        Attribution.NOT_LIVE: _("not sold in her broadcast"),
        Attribution.UNKNOWN_BROADCAST: _("sold live, broadcast not listed"),
        Attribution.OPEN: _("cannot be told"),
    },
    GmvMeasure: {
        GmvMeasure.ROOM: _("paid in the room"),
        GmvMeasure.WINDOW: _("bought later by viewers, in the shop too"),
    },
}

TONES: dict[type, dict] = {
    Attribution: {
        Attribution.FILE: "good",
        Attribution.TIME: "attention",
        Attribution.NOT_LIVE: "quiet",
        Attribution.UNKNOWN_BROADCAST: "attention",
        Attribution.OPEN: "quiet",
    },
}

SENTENCES: dict[str, object] = {}


@dataclass(frozen=True)
class TrustWords:
    """A step of the ladder: `short` for staff, `plain` without a code for a trainee; what the figure rests on, what it
    is good for in scoring, how it comes to rest on more."""

    level: str
    short: object
    plain: object
    rests: object
    scoring: object
    raising: object


_FULL, _NONE = _("Counts in scoring: in full."), _("Counts in scoring: not at all.")
_LATER = _("Counts in scoring: not yet. Where selection shows it, refunds still to come are taken off as an estimate.")

_TRUST = {
    TrustBasis.SELF_REPORT: TrustWords(
        "T0",
        _("told, unchecked"),
        _("Typed in, nobody has checked it yet"),
        _("Somebody typed these numbers in; nobody else has looked at them."),
        _NONE,
        _("Add the screenshot and let a second person check it, or take in the platform's broadcast list."),
    ),
    TrustBasis.SCREENSHOT: TrustWords(
        "T1",
        _("typed, checked"),
        _("Typed in and checked against a picture"),
        _("Typed in from a screenshot, and a second person compared the two."),
        _NONE,
        _("Take in the platform's broadcast list; it takes the place of what was typed."),
    ),
    TrustBasis.BROADCAST_EXPORT: TrustWords(
        "T2",
        _("broadcast list"),
        _("From the platform's list of broadcasts"),
        _(
            "The platform's own list of broadcasts. It counts what was bought; much of what comes back later is still in it."
        ),
        _LATER,
        _("Take in the order file of the same days, 30 days after the last of them."),
    ),
    TrustBasis.FRESH_ORDERS: TrustWords(
        "T2",
        _("fresh orders"),
        _("From the order file, some paid less than 30 days before"),
        _(
            "The platform's order file, taken in less than 30 days after some of the payments: more may still be refunded."
        ),
        _LATER,
        _("Download the order file of these days once more, 30 days after the last payment."),
    ),
    TrustBasis.MATURE_ORDERS: TrustWords(
        "T3",
        _("orders, 30 days on"),
        _("From the order file, 30 days after payment"),
        _("The platform's order file, taken in 30 days after payment or later, or saying that the money is settled."),
        _FULL,
        _("Take in the settlement file to see what reached the account."),
    ),
    TrustBasis.SETTLEMENT: TrustWords(
        "T4",
        _("settled"),
        _("Paid out by the platform"),
        _("The platform's settlement file: this money went to the shop's account."),
        _FULL,
        _("Nothing is left to do: this is the top of the ladder."),
    ),
}


def definition(metric: Metric) -> str:
    return str(_METRICS[metric][1])


def trust_words(basis: TrustBasis) -> TrustWords:
    return _TRUST[basis]
