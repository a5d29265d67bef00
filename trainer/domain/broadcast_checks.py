"""Checks on broadcasts: figures that cannot be, ratios that do not fit, overlaps, outliers among the like."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from statistics import median

from trainer.domain.anomaly import DEFAULTS, AnomalyCheck, Finding, Limits, Sign, key_of
from trainer.domain.days import china_day
from trainer.domain.reconciliation import WITHIN_BP, Reconciled
from trainer.domain.sales import RefundBasis

Said = tuple[Sign, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class BroadcastFacts:
    """What is known of one broadcast, as the checks read it."""

    id: int
    natural_key: str
    started_at: datetime
    ended_at: datetime | None = None
    duration_s: int | None = None
    gmv_fen: int | None = None
    gmv_exact: bool = True
    gmv_incl_abnormal_fen: int | None = None
    refund_fen: int | None = None
    refund_basis: str | None = None
    orders: int | None = None
    buyers: int | None = None
    items: int | None = None
    viewers: int | None = None
    viewers_exact: bool = True
    views: int | None = None
    peak_online: int | None = None
    avg_online: int | None = None
    product_exposed: int | None = None
    product_clickers: int | None = None
    stated_gpm_fen: int | None = None
    stated_per_buyer_fen: int | None = None
    stated_buyer_rate_bp: int | None = None

    @property
    def over_at(self) -> datetime | None:
        """When it ended, as the file says or by how long it took."""
        if self.ended_at is not None or self.duration_s is None:
            return self.ended_at
        return self.started_at + timedelta(seconds=self.duration_s)


def impossible(row: BroadcastFacts, limits: Limits = DEFAULTS) -> Finding | None:
    """Figures of which one cannot be above the other; refunds only where they are of what was paid in it."""
    broken = [*_pairs(row, limits), *_times(row, limits)]
    if not broken:
        return None
    said = tuple((sign, values) for sign, values, _weight in broken)
    return _of(AnomalyCheck.IMPOSSIBLE_ORDER, row, max(weight for _sign, _values, weight in broken), said)


def _pairs(row: BroadcastFacts, limits: Limits) -> Iterator[tuple[Sign, dict, float]]:
    of_payment = row.refund_basis == RefundBasis.PAYMENT_DAY
    viewers = row.viewers if row.viewers_exact or row.viewers is None else row.viewers * (1 + limits.rounding)
    paid = max((f for f in (row.gmv_fen, row.gmv_incl_abnormal_fen) if f is not None), default=None)
    if paid is not None and not row.gmv_exact:
        paid *= 1 + limits.rounding
    for sign, lower, upper in (
        (Sign.PEAK_ABOVE_VIEWERS, row.peak_online, viewers),
        (Sign.AVERAGE_ABOVE_PEAK, row.avg_online, row.peak_online),
        (Sign.BUYERS_ABOVE_ORDERS, row.buyers, row.orders),
        (Sign.ORDERS_ABOVE_ITEMS, row.orders, row.items),
        (Sign.CLICKERS_ABOVE_EXPOSED, row.product_clickers, row.product_exposed),
        (Sign.EXPOSED_ABOVE_VIEWERS, row.product_exposed, viewers),
        (Sign.REFUND_ABOVE_PAID, row.refund_fen if of_payment else None, paid),
    ):
        if lower is not None and upper is not None and lower > upper:
            unit = "_fen" if sign is Sign.REFUND_ABOVE_PAID else ""
            yield sign, {f"one{unit}": lower, f"other{unit}": int(upper)}, lower / max(upper, 1)


def _times(row: BroadcastFacts, limits: Limits) -> Iterator[tuple[Sign, dict, float]]:
    over_at = row.over_at
    if over_at is None:
        return
    took = int((over_at - row.started_at).total_seconds())
    if took < 0 or (row.ended_at is not None and took == 0):
        yield Sign.ENDS_BEFORE_BEGINNING, {}, 2.0
    elif took > limits.longest_broadcast_s:
        yield Sign.LONGER_THAN_A_DAY, {"hours": took // 3600}, took / limits.longest_broadcast_s


def formula_mismatch(row: BroadcastFacts, limits: Limits = DEFAULTS) -> Finding | None:
    """Printed ratios against those reckoned, where neither figure was printed with 万; GPM per visits only."""
    said = tuple(_mismatches(row, limits))
    if not said:
        return None
    worst = max(values["off_share"] for _sign, values in said)
    return _of(AnomalyCheck.FORMULA_MISMATCH, row, worst / limits.formula_off, said)


def _mismatches(row: BroadcastFacts, limits: Limits) -> Iterator[Said]:
    amounts = [row.gmv_fen, row.gmv_incl_abnormal_fen] if row.gmv_exact else []
    views = None if row.views is None or looks_rounded(row.views) else row.views
    viewers = row.viewers if row.viewers_exact else None
    for sign, stated, wholes, parts, unit in (
        (Sign.GPM_DIFFERS, row.stated_gpm_fen, [a and a * 1000 for a in amounts], views, "_fen"),
        (Sign.PER_BUYER_DIFFERS, row.stated_per_buyer_fen, amounts, row.buyers, "_fen"),
        (Sign.BUYER_RATE_DIFFERS, row.stated_buyer_rate_bp, [row.buyers and row.buyers * 10_000], viewers, "_bp"),
    ):
        reckoned = [whole / parts for whole in wholes if whole and parts]
        if stated is None or not reckoned:
            continue
        nearest = min(reckoned, key=lambda value: abs(value - stated))
        off = abs(nearest - stated)
        if off > 1 and off / nearest > limits.formula_off:
            yield sign, {f"stated{unit}": stated, f"reckoned{unit}": round(nearest), "off_share": off / nearest}


def looks_rounded(count: int) -> bool:
    """Whether a platform may have printed it as 1.2万 or 12.3万."""
    return count >= 10_000 and count % 1_000 == 0


def abnormal_trades(row: BroadcastFacts, limits: Limits = DEFAULTS) -> Finding | None:
    """The share that the platform itself sets apart as abnormal trades."""
    whole, plain = row.gmv_incl_abnormal_fen, row.gmv_fen
    if not whole or plain is None or (share := (whole - plain) / whole) < limits.abnormal_note:
        return None
    sign = Sign.ABNORMAL_HOLD if share >= limits.abnormal_hold else Sign.ABNORMAL_NOTE
    said = ((sign, {"share": share, "apart_fen": whole - plain, "whole_fen": whole}),)
    return _of(AnomalyCheck.ABNORMAL_TRADES, row, share / limits.abnormal_note, said)


def against_orders(rows: Sequence[BroadcastFacts], reconciled: Iterable[Reconciled]) -> Iterator[Finding]:
    """A list's amount that the orders found for the broadcast do not bear out, by more than small change."""
    by_id = {row.id: row for row in rows}
    for found in reconciled:
        row = by_id.get(found.livestream_id)
        if row is None or found.agrees:
            continue
        off_bp = abs(found.difference_bp) if found.difference_bp is not None else WITHIN_BP
        values = {"gmv_fen": found.gmv_fen, "orders_fen": found.orders_fen, "inferred_share": found.inferred_share}
        yield _of(AnomalyCheck.BROADCAST_AGAINST_ORDERS, row, off_bp / WITHIN_BP, ((Sign.AGAINST_ORDERS, values),))


def overlaps(rows: Sequence[BroadcastFacts], limits: Limits = DEFAULTS) -> Iterator[Finding]:
    """Two broadcasts of one account at the same time, by more than a clock's minute."""
    before: BroadcastFacts | None = None
    for row in sorted(rows, key=lambda row: (row.started_at, row.id)):
        if before is not None:
            ends = min(before.over_at, row.over_at or before.over_at)
            seconds = int((ends - row.started_at).total_seconds())
            if seconds > limits.overlap_s:
                yield _of_two(before, row, Sign.OVERLAP, {"minutes": seconds // 60}, seconds / limits.overlap_s)
        if row.over_at is not None and (before is None or row.over_at > before.over_at):
            before = row


def same_figures(rows: Sequence[BroadcastFacts]) -> Iterator[Finding]:
    """Broadcasts of different days with the very same figures; those of small sales are alike by chance."""
    seen: dict[tuple, BroadcastFacts] = {}
    for row in sorted(rows, key=lambda row: (row.started_at, row.id)):
        figures = (row.viewers, row.orders, row.gmv_fen, row.duration_s)
        if sum(1 for figure in figures if figure) < 3 or not row.gmv_fen or (row.orders or 0) < 2:
            continue
        first = seen.setdefault(figures, row)
        if china_day(first.started_at) != china_day(row.started_at):
            yield _of_two(first, row, Sign.SAME_FIGURES, {"orders": row.orders, "gmv_fen": row.gmv_fen}, 2.0)


def _of_two(one: BroadcastFacts, other: BroadcastFacts, sign: Sign, values: dict, weight: float) -> Finding:
    days = {"day": str(china_day(one.started_at)), "other_day": str(china_day(other.started_at))}
    subject = key_of(sign, one.natural_key, other.natural_key)
    said = ((sign, {**values, **days}),)
    return Finding(AnomalyCheck.OVERLAP, subject, weight, said, livestreams=(one.id, other.id))


def conversion_logs(row: BroadcastFacts) -> dict[Sign, float]:
    """ln of buyers per viewer and of the amount per thousand visits; what is nothing has no logarithm and no word."""
    logs = {}
    if row.buyers and row.viewers:
        logs[Sign.MANY_BUYERS_OF_VIEWERS] = log(row.buyers / row.viewers)
    if row.gmv_fen and row.views:
        logs[Sign.HIGH_GPM] = log(row.gmv_fen / row.views)
    return logs


@dataclass(frozen=True)
class Like:
    """The broadcasts of the same platform and kind of goods: how many, middle and spread of the logarithms."""

    n: int
    middle: float
    mad: float


def like_of(logs: Sequence[float], limits: Limits = DEFAULTS) -> Like | None:
    """None where they are too few or all the same: then nothing can stand out."""
    if len(logs) < limits.outlier_n:
        return None
    middle = median(logs)
    mad = median(abs(value - middle) for value in logs)
    return Like(len(logs), middle, mad) if mad > 0 else None


def conversion_outlier(
    row: BroadcastFacts, likes: Mapping[Sign, Like | None], limits: Limits = DEFAULTS
) -> Finding | None:
    """Modified z-score 0.6745·(ln x − median)/MAD (Iglewicz & Hoaglin 1993), upwards only."""
    said, worst = [], 0.0
    for sign, value in conversion_logs(row).items():
        like = likes.get(sign)
        z = 0.6745 * (value - like.middle) / like.mad if like else 0.0
        if z > limits.outlier_z:
            said.append((sign, {**_conversion(row, sign), "n": like.n}))
            worst = max(worst, z)
    return _of(AnomalyCheck.CONVERSION_OUTLIER, row, worst / limits.outlier_z, tuple(said)) if said else None


def _conversion(row: BroadcastFacts, sign: Sign) -> dict[str, object]:
    if sign is Sign.HIGH_GPM:
        return {"gpm_fen": row.gmv_fen * 1000 // row.views}
    return {"share": row.buyers / row.viewers}


def _of(check: AnomalyCheck, row: BroadcastFacts, weight: float, said: tuple[Said, ...]) -> Finding:
    return Finding(check, key_of(row.natural_key), weight, said, livestreams=(row.id,))
