"""Checks on what was typed and on what two claim: digits nobody meets in nature, a pace nobody types at, one thing twice."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from math import log10

from trainer.domain.anomaly import DEFAULTS, AnomalyCheck, Finding, Limits, Sign, key_of
from trainer.domain.days import china_day

BENFORD = {digit: log10(1 + 1 / digit) for digit in range(1, 10)}


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """One broadcast typed in by hand, as the checks read it; `livestream_id`: where it stands in the register."""

    id: int
    shop_id: int
    entered_by: int
    entered_at: datetime
    started_at: datetime
    viewers: int | None = None
    orders: int | None = None
    gmv_fen: int | None = None
    livestream_id: int | None = None


def typed_numbers(entries: Sequence[EntryFacts], limits: Limits = DEFAULTS) -> Finding | None:
    """Of all that one person typed: last digits, round hundreds, first digits, each only where there is enough of it.

    Amounts are prices times pieces: their digits follow price points, so only people and orders are looked at.
    """
    counts = [n for entry in entries for n in (entry.viewers, entry.orders) if n]
    # From 10,000 on platforms print 万, and what is typed is round through no fault of anybody.
    exact = [n for n in counts if n < 10_000]
    said, weights = [], []
    for sign, (values, weight) in {
        Sign.LAST_DIGITS: _last_digits([n for n in exact if n >= 10], limits),
        Sign.ROUND_HUNDREDS: _round_hundreds([n for n in exact if n >= 1_000], limits),
        Sign.FIRST_DIGITS: _first_digits(counts, limits),
    }.items():
        if weight > 1:
            said.append((sign, values))
            weights.append(weight)
    if not said:
        return None
    return _of(AnomalyCheck.TYPED_NUMBERS, f"by:{entries[0].entered_by}", max(weights), tuple(said), entries)


def _last_digits(counts: Sequence[int], limits: Limits) -> tuple[dict, float]:
    if len(counts) < limits.digits_n:
        return {}, 0.0
    often = Counter(n % 10 for n in counts)
    expected = len(counts) / 10
    chi2 = sum((often[digit] - expected) ** 2 / expected for digit in range(10))
    digit, top = often.most_common(1)[0]
    return {"n": len(counts), "digit": digit, "share": top / len(counts)}, chi2 / limits.last_digit_chi2


def _round_hundreds(counts: Sequence[int], limits: Limits) -> tuple[dict, float]:
    if len(counts) < limits.round_n:
        return {}, 0.0
    share = sum(1 for n in counts if n % 100 == 0) / len(counts)
    return {"n": len(counts), "share": share}, share / limits.round_share


def _first_digits(counts: Sequence[int], limits: Limits) -> tuple[dict, float]:
    """Benford's law, where there are many numbers over a wide range."""
    if len(counts) < limits.benford_n or log10(max(counts) / min(counts)) < limits.benford_decades:
        return {}, 0.0
    often, n = Counter(int(str(count)[0]) for count in counts), len(counts)
    chi2 = sum((often[digit] - n * share) ** 2 / (n * share) for digit, share in BENFORD.items())
    return {"n": n}, chi2 / limits.first_digit_chi2


def typed_fast(entries: Sequence[EntryFacts], limits: Limits = DEFAULTS) -> Iterator[Finding]:
    """Many entries by one person within minutes; one finding a day."""
    ordered = sorted(entries, key=lambda entry: (entry.entered_at, entry.id))
    for day, of_day in groupby(ordered, lambda entry: china_day(entry.entered_at)):
        own, start, most = list(of_day), 0, (0, 0)
        for end, entry in enumerate(own):
            while (entry.entered_at - own[start].entered_at).total_seconds() > limits.pace_s:
                start += 1
            most = max(most, (end - start + 1, end))
        count, end = most
        if count < limits.pace_entries:
            continue
        run = own[end - count + 1 : end + 1]
        seconds = int((run[-1].entered_at - run[0].entered_at).total_seconds())
        said = ((Sign.TYPED_FAST, {"entries": count, "seconds": seconds, "day": str(day)}),)
        subject = f"pace:{own[0].entered_by}:{day}"
        yield _of(AnomalyCheck.ENTRY_PACE, subject, count / limits.pace_entries, said, run)


def typed_late(entries: Sequence[EntryFacts], limits: Limits = DEFAULTS) -> Iterator[Finding]:
    """Broadcasts of a shop typed in more than a month after they were held; one finding a person and month."""
    late = [entry for entry in entries if entry.entered_at - entry.started_at > timedelta(days=limits.late_days)]
    key = _who_and_month
    for (by, month), group in groupby(sorted(late, key=key), key):
        own = list(group)
        days = max((entry.entered_at - entry.started_at).days for entry in own)
        said = ((Sign.TYPED_LATE, {"entries": len(own), "days": days, "month": month}),)
        yield _of(AnomalyCheck.ENTRY_PACE, f"late:{by}:{month}", days / limits.late_days, said, own)


def _who_and_month(entry: EntryFacts) -> tuple[int, str]:
    return entry.entered_by, f"{china_day(entry.entered_at):%Y-%m}"


def _of(check: AnomalyCheck, subject: str, weight: float, said, entries: Sequence[EntryFacts]) -> Finding:
    lives = sorted({entry.livestream_id for entry in entries if entry.livestream_id})
    return Finding(check, subject, weight, said, livestreams=tuple(lives), entries=tuple(entry.id for entry in entries))


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that files of two shops name: whose file claims it, and the row of whoever has it (`line` or `broadcast`)."""

    claimant: int
    holder: int
    natural_key: str
    row_id: int
    is_order: bool


def double_claims(shop_id: int, claims: Iterable[Claim], limits: Limits = DEFAULTS) -> Iterator[Finding]:
    """One finding a pair of shops and side. Its rows are the shop's own; of what it claims in vain it has none."""
    by_pair: dict[tuple[bool, int], list[Claim]] = {}
    for claim in claims:
        claiming = claim.claimant == shop_id
        by_pair.setdefault((claiming, claim.holder if claiming else claim.claimant), []).append(claim)
    for (claiming, other), own in by_pair.items():
        yield _double_claim(claiming, other, own, limits)


def _double_claim(claiming: bool, other: int, claims: Sequence[Claim], limits: Limits) -> Finding:
    orders = sorted({claim.row_id for claim in claims if claim.is_order})
    broadcasts = sorted({claim.row_id for claim in claims if not claim.is_order})
    kinds = ((Sign.CLAIMS_ORDERS, len(orders)), (Sign.CLAIMS_BROADCASTS, len(broadcasts)))
    said = tuple((sign, {"count": count, "shop": other}) for sign, count in kinds if count)
    if not claiming:
        said = ((Sign.CLAIMED_BY_OTHERS, {"count": len(orders) + len(broadcasts), "shop": other}),)
    rows = {"order_lines": tuple(orders[: limits.most_rows]), "livestreams": tuple(broadcasts)}
    rows["whole"] = len(orders) <= limits.most_rows
    subject = f"{'claims' if claiming else 'claimed'}:{other}"
    weight = 2 + (len(orders) + len(broadcasts)) / 10
    return Finding(AnomalyCheck.DOUBLE_CLAIM, subject, weight, said, **({} if claiming else rows))


@dataclass(frozen=True, slots=True)
class Twins:
    """Two entries whose screenshots look the same: the shop's own and another, maybe of another shop."""

    entry_id: int
    livestream_id: int | None
    other_id: int
    other_shop: int


def same_pictures(twins: Iterable[Twins]) -> Iterator[Finding]:
    """Its rows are the shop's own."""
    for pair in twins:
        subject = key_of(Sign.SAME_PICTURE, *sorted((pair.entry_id, pair.other_id)))
        said = ((Sign.SAME_PICTURE, {"shop": pair.other_shop, "entry": pair.other_id}),)
        rows = {"entries": (pair.entry_id,), "livestreams": (pair.livestream_id,) if pair.livestream_id else ()}
        yield Finding(AnomalyCheck.DOUBLE_CLAIM, subject, 3.0, said, **rows)
