"""Findings in sales figures that need a look: the checks, honest explanations, decisions and their effect."""

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


class Explanation(StrEnum):
    GROUP_PURCHASE = "group_purchase"
    OFFICE_PURCHASE = "office_purchase"
    FESTIVAL = "festival"
    DROP_SHIPPING = "drop_shipping"
    PLATFORM_DISPLAY = "platform_display"
    TYPING_MISTAKE = "typing_mistake"
    FAMILY_ACCOUNT = "family_account"
    PAID_TRAFFIC = "paid_traffic"
    NO_EXPLANATION = "no_explanation"
    OTHER = "other"


class Decision(StrEnum):
    # The figures count as they are.
    ACCEPT = "accept"
    # They count; somebody calls or visits first.
    BACK_CHECK = "back_check"
    # These rows do not count in scoring.
    EXCLUDE = "exclude"
