"""Findings in sales figures that need a look: the checks, honest explanations, decisions and their effect."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class AnomalyCheck(StrEnum):
    IMPOSSIBLE_ORDER = "impossible_order"
    FORMULA_MISMATCH = "formula_mismatch"
    ABNORMAL_TRADES = "abnormal_trades"
    BURST = "burst"
    BULK_REFUNDS = "bulk_refunds"
    PATTERN_SHARE = "pattern_share"
    CONVERSION_OUTLIER = "conversion_outlier"
    BROADCAST_AGAINST_ORDERS = "broadcast_against_orders"
    SHIPPING = "shipping"
    DOUBLE_CLAIM = "double_claim"
    OVERLAP = "overlap"
    DEADLINE_RUSH = "deadline_rush"
    TYPED_NUMBERS = "typed_numbers"
    ENTRY_PACE = "entry_pace"
    FAST_RECOVERY = "fast_recovery"


class AnomalyState(StrEnum):
    OPEN = "open"
    # Somebody said what would explain it; a second person decides.
    EXPLAINED = "explained"
    DECIDED = "decided"
    # The figures changed and the check does not find it any more; nobody had decided.
    GONE = "gone"


# Somebody still has to act.
WAITING = (AnomalyState.OPEN, AnomalyState.EXPLAINED)


class Explanation(StrEnum):
    GROUP_PURCHASE = "group_purchase"
    OFFICE_PURCHASE = "office_purchase"
    FESTIVAL = "festival"
    FLASH_SALE = "flash_sale"
    ONE_PRODUCT = "one_product"
    NEW_SHOP = "new_shop"
    DROP_SHIPPING = "drop_shipping"
    COMBINED_PARCEL = "combined_parcel"
    PLATFORM_DISPLAY = "platform_display"
    TYPING_MISTAKE = "typing_mistake"
    CATCHING_UP = "catching_up"
    FAMILY_ACCOUNT = "family_account"
    PAID_TRAFFIC = "paid_traffic"
    OTHER = "other"
    NO_EXPLANATION = "no_explanation"


class Decision(StrEnum):
    # The figures count as they are.
    ACCEPT = "accept"
    # They count; somebody calls or visits, and it is decided again.
    BACK_CHECK = "back_check"
    # These rows do not count in scoring.
    EXCLUDE = "exclude"


class Sign(StrEnum):
    """What exactly was seen: each has its sentence."""

    PEAK_ABOVE_VIEWERS = "peak_above_viewers"
    AVERAGE_ABOVE_PEAK = "average_above_peak"
    BUYERS_ABOVE_ORDERS = "buyers_above_orders"
    ORDERS_ABOVE_ITEMS = "orders_above_items"
    CLICKERS_ABOVE_EXPOSED = "clickers_above_exposed"
    EXPOSED_ABOVE_VIEWERS = "exposed_above_viewers"
    ENDS_BEFORE_BEGINNING = "ends_before_beginning"
    LONGER_THAN_A_DAY = "longer_than_a_day"
    REFUND_ABOVE_PAID = "refund_above_paid"
    GPM_DIFFERS = "gpm_differs"
    PER_BUYER_DIFFERS = "per_buyer_differs"
    BUYER_RATE_DIFFERS = "buyer_rate_differs"
    ABNORMAL_NOTE = "abnormal_note"
    ABNORMAL_HOLD = "abnormal_hold"
    BURST = "burst"
    REFUND_RATE = "refund_rate"
    REFUNDED_TOGETHER = "refunded_together"
    PATTERN_SHARE = "pattern_share"
    MANY_BUYERS_OF_VIEWERS = "many_buyers_of_viewers"
    HIGH_GPM = "high_gpm"
    AGAINST_ORDERS = "against_orders"
    ONE_PARCEL = "one_parcel"
    SHIPPED_AT_ONCE = "shipped_at_once"
    RECEIVED_FAST = "received_fast"
    EMPTY_PARCEL = "empty_parcel"
    CLAIMS_ORDERS = "claims_orders"
    CLAIMS_BROADCASTS = "claims_broadcasts"
    CLAIMED_BY_OTHERS = "claimed_by_others"
    SAME_PICTURE = "same_picture"
    OVERLAP = "overlap"
    SAME_FIGURES = "same_figures"
    DEADLINE_RUSH = "deadline_rush"
    LAST_DIGITS = "last_digits"
    ROUND_HUNDREDS = "round_hundreds"
    FIRST_DIGITS = "first_digits"
    TYPED_FAST = "typed_fast"
    TYPED_LATE = "typed_late"
    REFUND_VANISHED = "refund_vanished"
    STATE_WENT_BACK = "state_went_back"


@dataclass(frozen=True)
class Limits:
    """Where each check begins to ask. Shares of 1, seconds, fen; chosen so that a look is worth somebody's minutes."""

    longest_broadcast_s: int = 24 * 3600
    # Figures printed with 万 are right to two digits.
    rounding: float = 0.05
    formula_off: float = 0.05
    abnormal_note: float = 0.05
    abnormal_hold: float = 0.20
    burst_orders: int = 5
    burst_s: int = 180
    burst_province: float = 0.60
    refund_rate: float = 0.40
    refund_mads: float = 3.0
    refund_peers: int = 5
    refund_orders: int = 10
    together_refunds: int = 3
    together_s: int = 600
    pattern_share: float = 0.60
    pattern_n: int = 20
    pattern_goods: int = 3
    outlier_z: float = 3.5
    outlier_n: int = 20
    shipped_s: int = 300
    received_s: int = 6 * 3600
    overlap_s: int = 120
    rush_share: float = 0.60
    rush_days: int = 7
    rush_of_days: int = 90
    rush_orders: int = 10
    digits_n: int = 50
    # χ² that chance passes once in a thousand: 9 degrees of freedom, and 8.
    last_digit_chi2: float = 27.877
    first_digit_chi2: float = 26.124
    round_n: int = 20
    round_share: float = 0.50
    benford_n: int = 500
    benford_decades: float = 3.0
    pace_entries: int = 10
    pace_s: int = 300
    late_days: int = 30
    # Of one check in one shop, the weightiest: nobody reads more.
    most_findings: int = 50
    # Rows that a finding names; where there are more, they cannot be left out of scoring by it.
    most_rows: int = 5_000


DEFAULTS = Limits()

_E = Explanation
# What would explain it honestly, the likeliest first; every check also takes "other" and "none found".
FITTING: Mapping[AnomalyCheck, tuple[Explanation, ...]] = {
    AnomalyCheck.IMPOSSIBLE_ORDER: (_E.PLATFORM_DISPLAY, _E.TYPING_MISTAKE),
    AnomalyCheck.FORMULA_MISMATCH: (_E.PLATFORM_DISPLAY, _E.TYPING_MISTAKE),
    AnomalyCheck.ABNORMAL_TRADES: (_E.GROUP_PURCHASE, _E.OFFICE_PURCHASE, _E.FAMILY_ACCOUNT, _E.PLATFORM_DISPLAY),
    AnomalyCheck.BURST: (_E.GROUP_PURCHASE, _E.OFFICE_PURCHASE, _E.FLASH_SALE, _E.FESTIVAL),
    AnomalyCheck.BULK_REFUNDS: (_E.GROUP_PURCHASE, _E.OFFICE_PURCHASE, _E.FLASH_SALE, _E.DROP_SHIPPING),
    AnomalyCheck.PATTERN_SHARE: (_E.ONE_PRODUCT, _E.FLASH_SALE, _E.GROUP_PURCHASE, _E.OFFICE_PURCHASE),
    AnomalyCheck.CONVERSION_OUTLIER: (_E.PAID_TRAFFIC, _E.GROUP_PURCHASE, _E.FESTIVAL, _E.PLATFORM_DISPLAY),
    AnomalyCheck.BROADCAST_AGAINST_ORDERS: (_E.PLATFORM_DISPLAY, _E.FAMILY_ACCOUNT, _E.TYPING_MISTAKE),
    AnomalyCheck.SHIPPING: (_E.COMBINED_PARCEL, _E.DROP_SHIPPING, _E.GROUP_PURCHASE, _E.PLATFORM_DISPLAY),
    AnomalyCheck.DOUBLE_CLAIM: (_E.FAMILY_ACCOUNT, _E.TYPING_MISTAKE),
    AnomalyCheck.OVERLAP: (_E.FAMILY_ACCOUNT, _E.PLATFORM_DISPLAY, _E.TYPING_MISTAKE),
    AnomalyCheck.DEADLINE_RUSH: (_E.FESTIVAL, _E.NEW_SHOP, _E.PAID_TRAFFIC, _E.GROUP_PURCHASE, _E.OFFICE_PURCHASE),
    AnomalyCheck.TYPED_NUMBERS: (_E.PLATFORM_DISPLAY, _E.TYPING_MISTAKE),
    AnomalyCheck.ENTRY_PACE: (_E.CATCHING_UP, _E.TYPING_MISTAKE),
    AnomalyCheck.FAST_RECOVERY: (_E.PLATFORM_DISPLAY, _E.TYPING_MISTAKE),
}


def fitting(check: AnomalyCheck) -> tuple[Explanation, ...]:
    return (*FITTING[check], Explanation.OTHER, Explanation.NO_EXPLANATION)


@dataclass(frozen=True)
class Finding:
    """What one check found: `said` makes its sentences, the row ids are its evidence.

    `weight`: how far beyond its bound, 1 is at the bound. `whole`: every row it rests on is named.
    """

    check: AnomalyCheck
    subject: str
    weight: float
    said: tuple[tuple[Sign, Mapping[str, object]], ...]
    livestreams: tuple[int, ...] = ()
    order_lines: tuple[int, ...] = ()
    entries: tuple[int, ...] = ()
    whole: bool = field(default=True)

    @property
    def evidence(self) -> dict[str, object]:
        """As kept with the finding."""
        return {
            "said": [[sign.value, dict(values)] for sign, values in self.said],
            "livestreams": sorted(self.livestreams),
            "order_lines": sorted(self.order_lines),
            "entries": sorted(self.entries),
            "whole": self.whole,
        }


ROWS = ("livestreams", "order_lines", "entries")
# A weight grown by less is the same finding; rows that came are another matter.
GROWTH = 1.1


def is_news(before: Mapping, weight_before: float, found: Finding) -> bool:
    """Whether what was decided on `before` has to be looked at again: other rows, or further beyond the bound."""
    after = found.evidence
    return any(before[rows] != after[rows] for rows in ROWS) or found.weight > weight_before * GROWTH


def key_of(*parts: object) -> str:
    """A subject out of what a finding is about: short, the same for the same parts."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:32]


def weightiest(findings: Iterable[Finding], limits: Limits = DEFAULTS) -> list[Finding]:
    """Each subject once, of each check no more than somebody reads."""
    kept: dict[AnomalyCheck, dict[str, Finding]] = {}
    for found in sorted(findings, key=lambda finding: (-finding.weight, finding.subject)):
        of_check = kept.setdefault(found.check, {})
        if len(of_check) < limits.most_findings:
            of_check.setdefault(found.subject, found)
    return [found for of_check in kept.values() for found in of_check.values()]
