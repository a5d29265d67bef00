"""The phone round of the questionnaires: when a call is due, and what it comes to."""

from datetime import timedelta
from enum import StrEnum

from trainer.domain.follow_up import FollowUpOutcome

# Whoever has not answered by herself so long after the day is called.
CALL_AFTER = timedelta(days=10)


class CallResult(StrEnum):
    """What the caller chooses at the end of the call."""

    ANSWERED = "answered"
    DECLINED = "declined"
    CALL_AGAIN = "call_again"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"

    @property
    def outcome(self) -> FollowUpOutcome:
        """As the call is taken down among all calls to her."""
        spoken = self in (CallResult.ANSWERED, CallResult.DECLINED)
        return FollowUpOutcome.SPOKEN if spoken else FollowUpOutcome(self.value)
