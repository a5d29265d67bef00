"""Following graduates up: calls and visits, what for, and what they came to."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus


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


# A call or a visit takes a working day at most, the way there and back included.
MOST_MINUTES = 8 * 60
# Who is followed up: whoever is or was on the roll, and those with whom the class is compared.
FOLLOWED = ON_THE_ROLL | {EnrolmentStatus.WAITLISTED, EnrolmentStatus.REJECTED}
# After these nobody has said anything.
WITHOUT_HER = frozenset({FollowUpOutcome.NOT_REACHED, FollowUpOutcome.WRONG_NUMBER})


@dataclass(frozen=True)
class FollowUpDraft:
    """`minutes`: the staff's time, way included. `broadcasts_still`: her answer, None where nobody asked; either
    is her word alone and stands as such in the strip of coverage, in no share."""

    kind: FollowUpKind
    purpose: FollowUpPurpose
    outcome: FollowUpOutcome
    day: date
    minutes: int
    broadcasts_still: bool | None = None
    words: str = ""
