"""Phone spot checks: a tenth of those on the roll as attending are asked whether they were there."""

from enum import StrEnum

SHARE = 0.1


class SpotCheckOutcome(StrEnum):
    """What she said on the phone; NOT_REACHED and WRONG_NUMBER leave the question open for another try."""

    WAS_THERE = "was_there"
    WAS_NOT_THERE = "was_not_there"
    UNSURE = "unsure"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"
