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
