"""Following graduates up: calls and visits, what for, and what they came to."""

from enum import StrEnum


class FollowUpKind(StrEnum):
    CALL = "call"
    VISIT = "visit"


class FollowUpPurpose(StrEnum):
    SURVEY = "survey"
    SALES_DATA = "sales_data"
    ADVICE = "advice"
    PROBLEM = "problem"
    OTHER = "other"


class FollowUpOutcome(StrEnum):
    SPOKEN = "spoken"
    CALL_AGAIN = "call_again"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"
