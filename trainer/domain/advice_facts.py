"""What the rules of advice ask for, reckoned from a woman's days, broadcasts and orders."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import mean, median

from trainer.domain.advice import AdviceFacts
from trainer.domain.days import CHINA, china_day
from trainer.domain.own_outcomes import DaySums, Measure, OwnDays, Stretch, sum_up
from trainer.domain.sales import Platform
from trainer.domain.sales_figures import share_bp

FOUR_WEEKS, EIGHT_WEEKS = timedelta(weeks=4), timedelta(weeks=8)
# Broadcasts that are known no nearer than this say nothing of now.
STALE = timedelta(days=35)
# Refunds come in for a month: of orders older than that, three months are looked at.
OLD_UNTIL, OLD_SINCE = timedelta(days=30), timedelta(days=120)
# So many broadcasts at an hour, and at others, before one is called the best.
FEWEST_AT_AN_HOUR = 2


@dataclass(frozen=True)
class Live:
    """One broadcast of hers, as far as its source says. `gmv_fen`: None where it is not of goods bought in the room."""

    started_at: datetime
    duration_s: int | None = None
    viewers: int | None = None
    orders: int | None = None
    gmv_fen: int | None = None
    new_followers: int | None = None
    ad_spend_fen: int | None = None

    @property
    def day(self) -> date:
        return china_day(self.started_at)


@dataclass(frozen=True)
class OrderFacts:
    """Of her order lines: paid outside broadcasts, and in all where that is told; what no settlement file has."""

    orders_told: int = 0
    told_fen: int = 0
    outside_fen: int = 0
    unsettled_orders: int | None = None
    unsettled_fen: int | None = None


@dataclass(frozen=True)
class ProductRefunds:
    """The product of which most was given back, in the time of old orders."""

    name: str
    paid_fen: int
    refunded_fen: int


def old_orders(today: date) -> Stretch:
    return Stretch(today - OLD_SINCE, today - OLD_UNTIL)


def gather(
    shops: Mapping[Platform, Sequence[OwnDays]],
    lives: Sequence[Live],
    *,
    today: date,
    files: int,
    orders: OrderFacts = OrderFacts(),
    product: ProductRefunds | None = None,
    class_refund_bp: int | None = None,
    stages: Mapping[str, date] | None = None,
) -> AdviceFacts:
    """`lives`: the newest first, eight weeks and more. `class_refund_bp`: of others on the platform that she sells most on."""
    hers = [shop for some in shops.values() for shop in some]
    if not hers:
        return AdviceFacts()
    reach = max((known.until for shop in hers for measure in Measure if (known := shop.known(measure))), default=None)
    facts = {
        **{"platform": main_platform(shops, today), "files": files},
        "days_since_data": (today - reach).days if reach else None,
        "typed_broadcasts": sum(day.typed_broadcasts for shop in hers for day in shop.days),
        **_of_broadcasts(hers, lives, reach, today),
        **_of_orders(hers, lives, orders, today),
        **_of_refunds(shops, product, class_refund_bp, today),
        **_of_stages(stages or {}, today),
    }
    return AdviceFacts(**facts)


def main_platform(shops: Mapping[Platform, Sequence[OwnDays]], today: date) -> Platform | None:
    """Where she sold most in the last four months."""
    since = Stretch(today - OLD_SINCE, today)
    sold = {platform: sum(sum_up(one.days, since).paid_fen for one in some) for platform, some in shops.items()}
    return max(sold, key=lambda platform: sold[platform]) if sold else None


def _of_broadcasts(
    hers: Sequence[OwnDays], lives: Sequence[Live], reach: date | None, today: date
) -> dict[str, object]:
    known = [one for shop in hers if (one := shop.known(Measure.BROADCASTS))]
    if not known or not lives:
        return {}
    since, until = min(one.since for one in known), max(one.until for one in known)
    facts = _of_regularity(lives, reach)
    if until < today - STALE:
        return facts
    now = [one for one in lives if until - FOUR_WEEKS < one.day <= until]
    before = [one for one in lives if until - EIGHT_WEEKS < one.day <= until - FOUR_WEEKS]
    facts["broadcasts_now"] = len(now)
    if since <= until - EIGHT_WEEKS + timedelta(days=1):
        facts["broadcasts_before"] = len(before)
    lengths = [one.duration_s for one in now if one.duration_s is not None]
    facts["minutes_each"] = round(median(lengths) / 60) if lengths else None
    return {**facts, **_of_rooms(now), **_of_hours(now + before), **_of_followers(now, before)}


def _of_regularity(lives: Sequence[Live], reach: date | None) -> dict[str, object]:
    last = max(one.day for one in lives)
    weeks = {(last - one.day).days // 7 for one in lives if one.day > last - EIGHT_WEEKS}
    silent = (reach - last).days if reach else None
    return {"weeks_kept": len(weeks), "last_broadcast_on": last, "days_silent": silent}


def _of_rooms(lives: Sequence[Live]) -> dict[str, object]:
    counted = [one for one in lives if one.viewers is not None and one.orders is not None]
    paid_for = [one for one in lives if one.ad_spend_fen and one.gmv_fen is not None]
    facts: dict[str, object] = {}
    if counted:
        facts["viewers"] = sum(one.viewers for one in counted)
        facts["orders_live"] = sum(one.orders for one in counted)
    if paid_for:
        facts["ad_spend_fen"] = sum(one.ad_spend_fen for one in paid_for)
        facts["ad_sales_fen"] = sum(one.gmv_fen for one in paid_for)
    return facts


def _of_hours(lives: Sequence[Live]) -> dict[str, object]:
    """By the hour at which it began; an hour is best where it had at least two broadcasts, and so had the others."""
    by_hour: dict[int, list[int]] = {}
    for one in lives:
        if one.gmv_fen is not None:
            by_hour.setdefault(one.started_at.astimezone(CHINA).hour, []).append(one.gmv_fen)
    often = {hour: mean(sold) for hour, sold in by_hour.items() if len(sold) >= FEWEST_AT_AN_HOUR}
    if not often:
        return {}
    best = max(often, key=lambda hour: often[hour])
    others = [fen for hour, sold in by_hour.items() if hour != best for fen in sold]
    if len(others) < FEWEST_AT_AN_HOUR:
        return {}
    sums = {"best_hour_fen": round(often[best]), "other_hours_fen": round(mean(others))}
    return {"start_hours": len(by_hour), "best_hour": best, **sums}


def _of_followers(now: Sequence[Live], before: Sequence[Live]) -> dict[str, object]:
    won, earlier = ([one.new_followers for one in some if one.new_followers is not None] for some in (now, before))
    return {"followers_now": sum(won), "followers_before": sum(earlier)} if won and earlier else {}


def _of_orders(hers: Sequence[OwnDays], lives: Sequence[Live], orders: OrderFacts, today: date) -> dict[str, object]:
    facts: dict[str, object] = {"unsettled_orders": orders.unsettled_orders, "unsettled_fen": orders.unsettled_fen}
    if orders.told_fen:
        facts |= {"orders_told": orders.orders_told, "outside_bp": share_bp(orders.outside_fen, orders.told_fen)}
    known = [one for shop in hers if (one := shop.known(Measure.SALES))]
    until = max((one.until for one in known), default=None)
    if until is None or until < today - STALE or min(one.since for one in known) > until - EIGHT_WEEKS:
        return facts
    recent = [day for shop in hers for day in shop.days if until - EIGHT_WEEKS < day.day <= until]
    return facts | _of_weekdays(recent, lives, until)


def _of_weekdays(days: Sequence[DaySums], lives: Sequence[Live], until: date) -> dict[str, object]:
    """Of eight whole weeks, so each day of the week comes eight times."""
    paid = Counter()
    for day in days:
        paid[day.day.weekday()] += day.paid_fen
    if not paid:
        return {}
    best, best_fen = max(sorted(paid.items()), key=lambda item: item[1])
    others = (sum(paid.values()) - best_fen) / 6
    held = sum(until - FOUR_WEEKS < one.day <= until and one.day.weekday() == best for one in lives)
    sums = {"best_weekday_fen": round(best_fen / 8), "other_weekdays_fen": round(others / 8)}
    return {"orders_by_weekday": sum(day.orders for day in days), "best_weekday": best, **sums} | {
        "broadcasts_on_best_weekday": held
    }


def _of_refunds(
    shops: Mapping[Platform, Sequence[OwnDays]],
    product: ProductRefunds | None,
    class_refund_bp: int | None,
    today: date,
) -> dict[str, object]:
    """On the platform that she sells most on; the product of all her shops."""
    old, main = old_orders(today), main_platform(shops, today)
    sums = [sum_up(shop.days, old) for shop in shops.get(main, ())]
    paid, refunded = sum(one.paid_fen for one in sums), sum(one.refunded_fen for one in sums)
    facts: dict[str, object] = {"orders_old": sum(one.orders for one in sums), "class_refund_bp": class_refund_bp}
    facts |= {"refund_bp": share_bp(refunded, paid), "refunded_fen": refunded}
    everywhere = [sum_up(shop.days, old) for some in shops.values() for shop in some]
    all_paid, all_refunded = (sum(getattr(one, name) for one in everywhere) for name in ("paid_fen", "refunded_fen"))
    if product and all_refunded:
        facts |= {"product": product.name, "product_refund_bp": share_bp(product.refunded_fen, all_refunded)}
        facts |= {"product_sales_bp": share_bp(product.paid_fen, all_paid)}
    return facts


def _of_stages(stages: Mapping[str, date], today: date) -> dict[str, object]:
    names = {"first_paid_order": "days_since_first_order", "sustained": "days_since_sustained"}
    return {fact: (today - stages[stage]).days for stage, fact in names.items() if stage in stages}
