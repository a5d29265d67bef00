"""Evaluators of a round: how they were asked, and conflicts of interest."""

from datetime import timedelta
from enum import StrEnum

# So long an invitation may be answered.
INVITATION_LIFE = timedelta(days=14)
# Why an assignment was taken back where nobody wrote a reason; `wording` has the words.
WITHDRAWN_BY_CONFLICT = "conflict"
WITHDRAWN_WITH_SEAT = "seat"


class SeatState(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"


class ConflictKind(StrEnum):
    FAMILY = "family"
    FINANCIAL = "financial"
    EMPLOYER = "employer"
    MENTOR_OR_TRAINER = "mentor_or_trainer"
    SAME_VILLAGE = "same_village"
    SUPPLIER_BUYER = "supplier_buyer"
    OTHER = "other"


class ConflictSource(StrEnum):
    """Who said so; `detected`: staff, following a hint of the records."""

    SELF = "self"
    APPLICANT = "applicant"
    STAFF = "staff"
    DETECTED = "detected"


class ConflictState(StrEnum):
    RAISED = "raised"
    DISPUTED = "disputed"
    UPHELD = "upheld"
    REJECTED = "rejected"


# An evaluator is kept away from the candidate from the moment somebody said so, until it is rejected.
HOLDING = (ConflictState.RAISED, ConflictState.DISPUTED, ConflictState.UPHELD)
