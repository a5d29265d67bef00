"""Selections: kinds and states of selections, rounds, criteria and reviews."""

from enum import StrEnum


class SelectionKind(StrEnum):
    ADVANCED_TRAINING = "advanced_training"
    STARTUP_FUNDING = "startup_funding"


class RoundKind(StrEnum):
    SCREENING = "screening"
    EXPERT = "expert"
    FIELD = "field"
    FINAL = "final"


class RoundState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class CriterionKind(StrEnum):
    """Where a criterion's points come from: evaluators, or the women's own records."""

    JUDGED = "judged"
    ATTENDANCE_RATE = "attendance_rate"
    NET_SALES = "net_sales"


class ReviewState(StrEnum):
    NOT_STARTED = "not_started"
    DRAFT = "draft"
    SUBMITTED = "submitted"


class ApplicationState(StrEnum):
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class RankingFlag(StrEnum):
    """What a person should look at before believing a rank."""

    TIE_ON_CUT_LINE = "tie_on_cut_line"
    TOO_FEW_REVIEWS = "too_few_reviews"
    NO_ATTENDANCE_DATA = "no_attendance_data"
    NO_SALES_DATA = "no_sales_data"
    TOO_LITTLE_KNOWN = "too_little_known"
