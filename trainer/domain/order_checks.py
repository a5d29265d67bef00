"""Checks on order lines: bursts, refunds in bulk, one pattern, parcels, a rush before a deadline, states that go back."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from statistics import median
from typing import NamedTuple

from trainer.domain.anomaly import DEFAULTS, AnomalyCheck, Finding, Limits, Sign, key_of
from trainer.domain.sales import OrderStatus


class Line(NamedTuple):
    """One paid order line; `paid_s`: seconds since 1970."""

    id: int
    order_key: str
    product_key: str
    sku: str | None
    quantity: int | None
    paid_fen: int
    refunded_fen: int
    paid_s: int | None
    province: str | None


def same_goods(line: Line) -> tuple:
    """What is sold, for how much: lines come grouped and ordered by it, and then by payment."""
    return (line.product_key, line.sku, line.paid_fen)


def order_findings(
    lines: Iterable[Line], peers: Callable[[], Sequence[float]], limits: Limits = DEFAULTS
) -> list[Finding]:
    """The checks that look at every line, in one pass over lines ordered by `same_goods` and payment.

    `peers`: refund rates of shops that sell the like, asked for only where the shop's own is high.
    """
    found, patterns, totals = [], Counter(), Totals()
    for goods, group in groupby(lines, same_goods):
        alike = list(group)
        totals.add(alike)
        for quantity, count in Counter(line.quantity for line in alike).items():
            patterns[(*goods, quantity)] += count
        timed = [line for line in alike if line.paid_s is not None]
        found += bursts(timed, limits)
        found += refunded_together(timed, limits)
    found += refund_rate(totals, peers() if totals.rate > limits.refund_rate else (), limits)
    found += pattern_share(patterns, limits)
    return found


class Totals:
    """Paid and refunded money of a shop, and which lines were refunded."""

    def __init__(self) -> None:
        self.orders: set[str] = set()
        self.paid_fen, self.refunded_fen = 0, 0
        self.refunded: list[int] = []

    def add(self, lines: Sequence[Line]) -> None:
        for line in lines:
            self.paid_fen += line.paid_fen
            if len(self.orders) < DEFAULTS.refund_orders:
                self.orders.add(line.order_key)
            if line.refunded_fen:
                self.refunded_fen += line.refunded_fen
                self.refunded.append(line.id)

    @property
    def rate(self) -> float:
        return self.refunded_fen / self.paid_fen if self.paid_fen else 0.0


def runs(
    lines: Sequence[Line], seconds: int, at_least: int, share: float | None = None
) -> Iterator[tuple[Sequence[Line], str | None]]:
    """Stretches of lines, ordered by payment, in which `at_least` orders were paid within `seconds`; windows that
    touch are one. With `share`: only windows of which so much goes to one province; it is named."""
    for dense in _dense(lines, seconds, at_least):
        for first, last in _windows(dense, seconds, at_least, share):
            run = dense[first : last + 1]
            yield run, _top(run)


def _dense(lines: Sequence[Line], seconds: int, at_least: int) -> Iterator[Sequence[Line]]:
    """Where so many lines come so close at all: nearly nowhere, so that nothing else is counted elsewhere."""
    moments = [line.paid_s for line in lines]
    first, last = 0, -1
    for start, (begins, ends) in enumerate(zip(moments, moments[at_least - 1 :], strict=False)):
        if ends - begins > seconds:
            continue
        if start > last >= 0:
            yield lines[first : last + 1]
            first = start
        elif last < 0:
            first = start
        last = start + at_least - 1
    if last >= 0:
        yield lines[first : last + 1]


def _windows(lines: Sequence[Line], seconds: int, at_least: int, share: float | None) -> Iterator[tuple[int, int]]:
    """(first, last) of the windows that fit, put together where they touch."""
    start, kept, orders, places = 0, None, Counter(), Counter()
    for end, line in enumerate(lines):
        orders[line.order_key] += 1
        places[line.province] += 1
        while line.paid_s - lines[start].paid_s > seconds:
            _take_out(orders, lines[start].order_key)
            _take_out(places, lines[start].province)
            start += 1
        if len(orders) < at_least or (share is not None and not _in_one_place(places, end - start + 1, share)):
            continue
        if kept and start > kept[1]:
            yield kept
            kept = None
        kept = (kept[0] if kept else start, end)
    if kept:
        yield kept


def _take_out(counter: Counter, key: object) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]


def _in_one_place(places: Counter, n: int, share: float) -> bool:
    return any(place and count >= share * n for place, count in places.items())


def _top(lines: Sequence[Line]) -> str | None:
    known = Counter(line.province for line in lines if line.province)
    return known.most_common(1)[0][0] if known else None


def bursts(lines: Sequence[Line], limits: Limits = DEFAULTS) -> Iterator[Finding]:
    """Many orders of one thing at one price within minutes, most of them to one province; none is named: not applicable."""
    for run, place in runs(lines, limits.burst_s, limits.burst_orders, limits.burst_province):
        orders = len({line.order_key for line in run})
        share = sum(1 for line in run if line.province == place) / len(run)
        values = {"orders": orders, **_span(run), "paid_fen": run[0].paid_fen, "place": place, "share": share}
        yield _of_run(AnomalyCheck.BURST, Sign.BURST, run, values, orders / limits.burst_orders, limits)


def refunded_together(lines: Sequence[Line], limits: Limits = DEFAULTS) -> Iterator[Finding]:
    """Refunded orders of one thing at one price that were paid within minutes of each other."""
    refunded = [line for line in lines if line.refunded_fen]
    for run, _place in runs(refunded, limits.together_s, limits.together_refunds):
        orders = len({line.order_key for line in run})
        values = {"orders": orders, **_span(run), "paid_fen": run[0].paid_fen}
        weight = orders / limits.together_refunds
        yield _of_run(AnomalyCheck.BULK_REFUNDS, Sign.REFUNDED_TOGETHER, run, values, weight, limits)


def _span(run: Sequence[Line]) -> dict[str, object]:
    return {"seconds": run[-1].paid_s - run[0].paid_s, "since_s": run[0].paid_s}


def _of_run(check, sign, run: Sequence[Line], values: dict, weight: float, limits: Limits) -> Finding:
    subject = key_of(sign, *same_goods(run[0]), run[0].paid_s)
    return _over(Finding(check, subject, weight, ((sign, values),)), [line.id for line in run], limits)


def _over(finding: Finding, ids: Sequence[int], limits: Limits) -> Finding:
    """With its rows; no more of them than a finding names."""
    whole = len(ids) <= limits.most_rows
    rows = {"order_lines": tuple(ids[: limits.most_rows]), "whole": whole}
    return Finding(finding.check, finding.subject, finding.weight, finding.said, **rows)


def refund_rate(totals: Totals, peers: Sequence[float], limits: Limits = DEFAULTS) -> Iterator[Finding]:
    """More refunded than others who sell the like: above 40 %, and above their median and three MAD where they are enough."""
    bound = limits.refund_rate
    if len(peers) >= limits.refund_peers:
        middle = median(peers)
        bound = max(bound, middle + limits.refund_mads * median(abs(rate - middle) for rate in peers))
    if len(totals.orders) < limits.refund_orders or totals.rate <= bound:
        return
    values = {"share": totals.rate, "bound_share": bound, "refunded_fen": totals.refunded_fen}
    said = ((Sign.REFUND_RATE, values),)
    finding = Finding(AnomalyCheck.BULK_REFUNDS, Sign.REFUND_RATE, totals.rate / bound, said)
    yield _over(finding, totals.refunded, limits)


def pattern_share(patterns: Counter, limits: Limits = DEFAULTS) -> Iterator[Finding]:
    """One thing, in one quantity, for one amount, makes up most of what was sold; who has but one or two things to sell
    is not asked why. Rows are found by whoever looks."""
    n = patterns.total()
    goods = {(product_key, sku) for product_key, sku, _paid_fen, _quantity in patterns}
    if n < limits.pattern_n or len(goods) < limits.pattern_goods:
        return
    (product_key, sku, paid_fen, quantity), count = patterns.most_common(1)[0]
    if count <= limits.pattern_share * n:
        return
    values = {"share": count / n, "count": count, "n": n, "paid_fen": paid_fen, "quantity": quantity or 1}
    subject = key_of(Sign.PATTERN_SHARE, product_key, sku, paid_fen, quantity)
    said = ((Sign.PATTERN_SHARE, {**values, "product_key": product_key}),)
    yield Finding(AnomalyCheck.PATTERN_SHARE, subject, count / n / limits.pattern_share, said, whole=False)


class Parcel(NamedTuple):
    """A line about whose sending something is odd; `month` of its payment, as 2026-03."""

    id: int
    sign: Sign
    month: str


def shipping(parcels: Iterable[Parcel], limits: Limits = DEFAULTS) -> Iterator[Finding]:
    """One finding a kind and month: the more lines, the weightier."""
    by_kind: dict[tuple[Sign, str], list[int]] = {}
    for parcel in parcels:
        by_kind.setdefault((parcel.sign, parcel.month), []).append(parcel.id)
    for (sign, month), ids in by_kind.items():
        said = ((sign, {"lines": len(ids), "month": month}),)
        weight = 1 + len(ids) / 10 if sign is not Sign.EMPTY_PARCEL else 2 + len(ids)
        yield _over(Finding(AnomalyCheck.SHIPPING, f"{sign}:{month}", weight, said), ids, limits)


def is_elsewhere(province: str | None, home: str | None) -> bool:
    """Whether a parcel went to another province, as far as both are known; 山西 and 山西省 are one."""
    return bool(province and home) and province[:2] != home[:2]


def deadline_rush(
    lines: Sequence[tuple[int, int, int]], closes_s: int, selection_id: int, limits: Limits = DEFAULTS
) -> Finding | None:
    """Most of 90 days' sales in the last week before applications closed. `lines`: (id, paid at, fen) of those days."""
    if len(lines) < limits.rush_orders:
        return None
    late = [(id_, fen) for id_, paid_s, fen in lines if paid_s > closes_s - limits.rush_days * 86_400]
    whole, last = sum(fen for _id, _paid, fen in lines), sum(fen for _id, fen in late)
    if not whole or last <= limits.rush_share * whole:
        return None
    values = {"share": last / whole, "last_fen": last, "whole_fen": whole, "since_s": closes_s}
    subject = f"{Sign.DEADLINE_RUSH}:{selection_id}"
    said = ((Sign.DEADLINE_RUSH, values),)
    finding = Finding(AnomalyCheck.DEADLINE_RUSH, subject, last / whole / limits.rush_share, said)
    return _over(finding, [id_ for id_, _fen in late], limits)


class Saying(NamedTuple):
    """What one file said of an order line: `line_id` where it is in the register; files in the order taken in."""

    natural_key: str
    batch_id: int
    refunded_fen: int
    status: str
    line_id: int | None


def fast_recovery(
    sayings: Iterable[Saying], with_news: Mapping[int, bool], limits: Limits = DEFAULTS
) -> Iterator[Finding]:
    """A refund that vanished, a state that went back, from one file to a later one; `sayings` ordered by key and batch.

    A file that brings nothing new (`with_news`) is taken for an older one: what it lacks has not vanished.
    """
    back: dict[tuple[Sign, int], list[int | None]] = {}
    for _key, group in groupby(sayings, lambda saying: saying.natural_key):
        before = None
        for saying in group:
            if before is not None and with_news.get(saying.batch_id):
                for sign in _went_back(before, saying):
                    back.setdefault((sign, saying.batch_id), []).append(saying.line_id)
            before = saying
    for (sign, batch_id), lines in back.items():
        said = ((sign, {"lines": len(lines), "batch": batch_id}),)
        finding = Finding(AnomalyCheck.FAST_RECOVERY, f"{sign}:{batch_id}", 1 + len(lines) / 10, said)
        yield _over(finding, sorted({line for line in lines if line is not None}), limits)


def _went_back(before: Saying, after: Saying) -> Iterator[Sign]:
    if after.refunded_fen < before.refunded_fen:
        yield Sign.REFUND_VANISHED
    ranks = [OrderStatus(saying.status).rank for saying in (before, after)]
    # A closed order that is open again; a word that was not understood ranks 0 and says nothing.
    if 0 < ranks[1] < ranks[0]:
        yield Sign.STATE_WENT_BACK
