"""Women at risk of not completing: why, from closed lessons only, and what calling them came to."""

from enum import StrEnum


class RiskReason(StrEnum):
    """The gravest first."""

    OUT_OF_REACH = "out_of_reach"
    ABSENT_IN_A_ROW = "absent_in_a_row"
    BEHIND = "behind"


# So many absences in a row, and somebody should call her.
ABSENCES_TO_CALL = 2


class ContactOutcome(StrEnum):
    WILL_COME = "will_come"
    CANNOT_COME = "cannot_come"
    CALL_AGAIN = "call_again"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"
