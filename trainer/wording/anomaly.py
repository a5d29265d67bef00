"""Words for findings in sales figures: what was seen, what explains it honestly, what was decided. None accuses."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask_babel import lazy_gettext as _

from trainer.domain.anomaly import AnomalyCheck, AnomalyState, Decision, Explanation, Sign
from trainer.domain.days import CHINA

C, E, S = AnomalyCheck, Explanation, Sign
LABELS: dict[type, dict] = {
    AnomalyCheck: {
        C.IMPOSSIBLE_ORDER: _("Figures that do not go together"),
        C.FORMULA_MISMATCH: _("A ratio reckons differently"),
        C.ABNORMAL_TRADES: _("Trades the platform sets apart"),
        C.BURST: _("Many equal orders within minutes"),
        C.BULK_REFUNDS: _("Many refunds"),
        C.PATTERN_SHARE: _("One kind of order makes up most"),
        C.CONVERSION_OUTLIER: _("Sold far more per viewer than others"),
        C.BROADCAST_AGAINST_ORDERS: _("List and orders differ"),
        C.SHIPPING: _("Shipping to look at"),
        C.DOUBLE_CLAIM: _("Two shops name the same"),
        C.OVERLAP: _("Broadcasts that overlap or are alike"),
        C.DEADLINE_RUSH: _("Most sold just before a deadline"),
        C.TYPED_NUMBERS: _("Typed numbers to look at"),
        C.ENTRY_PACE: _("When it was typed in"),
        C.FAST_RECOVERY: _("A later file takes something back"),
    },
    AnomalyState: {
        AnomalyState.OPEN: _("To be looked into"),
        AnomalyState.EXPLAINED: _("Explained, to be decided"),
        AnomalyState.DECIDED: _("Decided on"),
        AnomalyState.GONE: _("Not found any more"),
    },
    Explanation: {
        E.GROUP_PURCHASE: _("Group purchase: neighbours or friends ordered together"),
        E.OFFICE_PURCHASE: _("An office or a company bought for its people"),
        E.FESTIVAL: _("Festival or harvest season"),
        E.FLASH_SALE: _("Flash sale or a link shown in the broadcast at that moment"),
        E.ONE_PRODUCT: _("She sells just this product at this price"),
        E.NEW_SHOP: _("A new shop: there were no earlier sales to compare"),
        E.DROP_SHIPPING: _("Somebody else ships for her, or parcels were packed beforehand"),
        E.COMBINED_PARCEL: _("One buyer's orders went in one parcel"),
        E.PLATFORM_DISPLAY: _("The platform shows it late, rounds it or counts it differently"),
        E.TYPING_MISTAKE: _("A slip in typing, or the wrong file or shop"),
        E.CATCHING_UP: _("Earlier broadcasts were entered together, from notes or pictures"),
        E.FAMILY_ACCOUNT: _("A family or cooperative shares the account"),
        E.PAID_TRAFFIC: _("Paid promotion brought the buyers"),
        E.OTHER: _("Something else, as written below"),
        E.NO_EXPLANATION: _("No explanation was found"),
    },
    Decision: {
        Decision.ACCEPT: _("It counts as it is"),
        Decision.BACK_CHECK: _("Call or visit first"),
        Decision.EXCLUDE: _("Does not count in scoring"),
    },
}

TONES: dict[type, dict] = {
    AnomalyState: {
        AnomalyState.OPEN: "attention",
        AnomalyState.EXPLAINED: "attention",
        AnomalyState.DECIDED: "good",
        AnomalyState.GONE: "quiet",
    },
    Decision: {Decision.ACCEPT: "good", Decision.BACK_CHECK: "attention", Decision.EXCLUDE: "quiet"},
}

SENTENCES: dict[str, object] = {
    "anomaly_own_shop": _("This is about your own shop. Please ask a colleague to look at it."),
    "anomaly_own_entries": _("This is about figures that you typed in. Please ask a colleague to look at it."),
    "anomaly_own_explanation": _("You looked into it yourself, so somebody else has to decide."),
    "anomaly_not_explained": _(
        "Nobody has looked into it yet. Ask first and write down what you heard; “No explanation was found” is an answer too."
    ),
    "anomaly_decided": _("Somebody was faster and decided: %(decision)s. Nothing was changed."),
    "anomaly_gone": _("The figures changed meanwhile and this is not found any more: there is nothing to do."),
    "anomaly_not_decided": _("It is open already: there is no decision to take back."),
    "anomaly_does_not_fit": _("Please choose one of the explanations listed."),
    "anomaly_no_rows": _(
        "This rests on no single broadcast or order of this shop, so there is nothing to leave out. Accept it, or ask "
        "somebody to call first."
    ),
    "anomaly_too_many_rows": _(
        "This rests on more orders than are listed one by one. Look at the narrower entries of this shop and decide there."
    ),
}

# What the queue may be cut to.
STATES: Mapping[str, object] = {
    "waiting": _("Everything that waits"),
    "open": _("To be looked into"),
    "back_check": _("Call or visit first"),
    "explained": _("Explained, to be decided"),
    "decided": _("Decided on"),
    "excluded": _("Does not count in scoring"),
    "gone": _("Not found any more"),
}

# What to look at first, before anybody is asked.
LOOK_AT: Mapping[AnomalyCheck, object] = {
    C.IMPOSSIBLE_ORDER: _(
        "Open the broadcast on the platform and compare. Columns of other names are often mixed up when a file is taken in."
    ),
    C.FORMULA_MISMATCH: _(
        "Platforms print ratios a day late or of other counts. Compare with the platform's own page."
    ),
    C.ABNORMAL_TRADES: _(
        "The platform marks orders of one address, one family or one company too. Ask who bought, and for what."
    ),
    C.BURST: _("Ask what was on sale at that minute, and whether a village, an office or a group ordered together."),
    C.BULK_REFUNDS: _(
        "Ask about the goods first: fruit that spoiled on the way and a wrong size are refunded in bulk too."
    ),
    C.PATTERN_SHARE: _("A shop with one product looks just like this. See what else she sells."),
    C.CONVERSION_OUTLIER: _("A broadcast for a few regular customers sells to many of them. Ask who was invited."),
    C.BROADCAST_AGAINST_ORDERS: _(
        "Look whether the order file reaches over the whole broadcast, and whether several shops were sold for in it."
    ),
    C.SHIPPING: _("Ask who packs and ships. Village collection points print labels before the parcel is handed over."),
    C.DOUBLE_CLAIM: _(
        "Sisters, couples and cooperatives share accounts. Find out which shop the file is of; only one counts."
    ),
    C.OVERLAP: _("Compare the two on the platform: a broadcast that broke off and began again is often listed twice."),
    C.DEADLINE_RUSH: _("Compare with harvest and festivals of that week, and with the same weeks of other shops."),
    C.TYPED_NUMBERS: _(
        "Compare a few entries with their screenshots: whoever types rounds without meaning anything by it."
    ),
    C.ENTRY_PACE: _("Look at the screenshots of these entries. Whoever catches up with paper notes types fast."),
    C.FAST_RECOVERY: _("An older file taken in after a newer one looks like this. Compare the two files first."),
}

SAID: Mapping[Sign, object] = {
    S.PEAK_ABOVE_VIEWERS: _("At most %(one)s people were online at once, but only %(other)s watched in all."),
    S.AVERAGE_ABOVE_PEAK: _("On average %(one)s people were online, but never more than %(other)s at once."),
    S.BUYERS_ABOVE_ORDERS: _("%(one)s people bought, but there are only %(other)s orders."),
    S.ORDERS_ABOVE_ITEMS: _("There are %(one)s orders, but only %(other)s pieces sold."),
    S.CLICKERS_ABOVE_EXPOSED: _("%(one)s people tapped a product, but only %(other)s were shown one."),
    S.EXPOSED_ABOVE_VIEWERS: _("%(one)s people were shown a product, but only %(other)s watched."),
    S.ENDS_BEFORE_BEGINNING: _("The broadcast does not end after it begins."),
    S.LONGER_THAN_A_DAY: _("The broadcast lasts %(hours)s hours, more than a day."),
    S.REFUND_ABOVE_PAID: _("%(one_fen)s was refunded of %(other_fen)s that was paid."),
    S.GPM_DIFFERS: _(
        "The amount per thousand visits is printed as %(stated_fen)s; by amount and visits it is %(reckoned_fen)s."
    ),
    S.PER_BUYER_DIFFERS: _(
        "The amount per buyer is printed as %(stated_fen)s; by amount and buyers it is %(reckoned_fen)s."
    ),
    S.BUYER_RATE_DIFFERS: _(
        "The share of viewers who bought is printed as %(stated_bp)s; by the counts it is %(reckoned_bp)s."
    ),
    S.ABNORMAL_NOTE: _("The platform sets %(apart_fen)s of %(whole_fen)s apart as abnormal trades: %(share)s."),
    S.ABNORMAL_HOLD: _(
        "The platform sets %(apart_fen)s of %(whole_fen)s apart as abnormal trades: %(share)s. Please look at it before "
        "the figures are used."
    ),
    S.BURST: _(
        "%(orders)s orders of one product at %(paid_fen)s each were paid within %(seconds)s seconds of %(since_s)s, "
        "%(share)s of them to %(place)s."
    ),
    S.REFUND_RATE: _(
        "%(share)s of the money paid was refunded (%(refunded_fen)s). Shops are asked from %(bound_share)s on."
    ),
    S.REFUNDED_TOGETHER: _(
        "%(orders)s orders of one product at %(paid_fen)s each, paid within %(seconds)s seconds of %(since_s)s, were all "
        "refunded."
    ),
    S.PATTERN_SHARE: _(
        "%(count)s of %(n)s order lines are the same product, the same number of pieces (%(quantity)s) and the same amount "
        "(%(paid_fen)s): %(share)s."
    ),
    S.MANY_BUYERS_OF_VIEWERS: _(
        "%(share)s of those who watched bought, far more than in %(n)s broadcasts of the same platform and kind of goods."
    ),
    S.HIGH_GPM: _(
        "%(gpm_fen)s was sold per thousand visits, far more than in %(n)s broadcasts of the same platform and kind of goods."
    ),
    S.AGAINST_ORDERS: _(
        "The broadcast list says %(gmv_fen)s; the orders found for this broadcast come to %(orders_fen)s. %(inferred_share)s "
        "of the latter was found by the time of payment alone."
    ),
    S.ONE_PARCEL: _("In %(month)s, %(lines)s order lines share a parcel number with another order."),
    S.SHIPPED_AT_ONCE: _("In %(month)s, %(lines)s order lines were marked as shipped within five minutes of payment."),
    S.RECEIVED_FAST: _(
        "In %(month)s, %(lines)s order lines to other provinces were received within six hours of shipping."
    ),
    S.EMPTY_PARCEL: _("In %(month)s, the remark of %(lines)s order lines speaks of an empty parcel."),
    S.CLAIMS_ORDERS: _("A file of this shop names %(count)s order lines that are registered for another shop."),
    S.CLAIMS_BROADCASTS: _("A file of this shop names %(count)s broadcasts that are registered for another shop."),
    S.CLAIMED_BY_OTHERS: _("A file of another shop names %(count)s rows that are registered for this shop."),
    S.SAME_PICTURE: _("The screenshot looks almost the same as one of another entry."),
    S.OVERLAP: _("The broadcasts of %(day)s and %(other_day)s overlap by %(minutes)s minutes."),
    S.SAME_FIGURES: _(
        "The broadcasts of %(day)s and %(other_day)s have exactly the same figures: %(orders)s orders, %(gmv_fen)s."
    ),
    S.DEADLINE_RUSH: _(
        "%(share)s of what was paid in 90 days (%(last_fen)s of %(whole_fen)s) was paid in the seven days before "
        "applications closed on %(since_s)s."
    ),
    S.LAST_DIGITS: _(
        "Of %(n)s typed counts, %(share)s end with a %(digit)s; by chance each digit would end about a tenth of them."
    ),
    S.ROUND_HUNDREDS: _("%(share)s of %(n)s typed counts are round hundreds."),
    S.FIRST_DIGITS: _("The first digits of %(n)s typed counts are spread unlike in other sales figures."),
    S.TYPED_FAST: _("On %(day)s one person typed in %(entries)s broadcasts within %(seconds)s seconds."),
    S.TYPED_LATE: _(
        "In %(month)s, %(entries)s broadcasts were typed in more than a month after they were held, the oldest after "
        "%(days)s days."
    ),
    S.REFUND_VANISHED: _("%(lines)s order lines were refunded in an earlier file, and not or less so in a later one."),
    S.STATE_WENT_BACK: _("%(lines)s order lines are in an earlier state in a later file than in the one before."),
}


def sentences(evidence: Mapping[str, object]) -> list[str]:
    """What was seen, a sentence each."""
    return [sentence(Sign(sign), values) for sign, values in evidence["said"]]


def sentence(sign: Sign, values: Mapping[str, object]) -> str:
    return str(SAID[sign]) % {name: _plain(name, value) for name, value in values.items()}


def _plain(name: str, value: object) -> str:
    if value is None:
        return "—"
    if name.endswith("_fen"):
        return f"¥{value / 100:,.2f}"
    if name.endswith("share"):
        return f"{value * 100:.1f}%"
    if name.endswith("_bp"):
        return f"{value / 100:.2f}%"
    if name.endswith("_s"):
        return f"{datetime.fromtimestamp(value, UTC).astimezone(CHINA):%Y-%m-%d %H:%M}"
    return f"{value:,}" if isinstance(value, int) else str(value)
