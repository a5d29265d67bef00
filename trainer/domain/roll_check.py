"""Checks on the marker: what about a closed roll somebody one level up should look at. Never a reason to refuse."""

from enum import StrEnum


class RollCheckKind(StrEnum):
    HEADCOUNT_DIFFERS = "headcount_differs"
    TAKEN_IN_SECONDS = "taken_in_seconds"
    SAME_AS_THE_DAY_BEFORE = "same_as_the_day_before"
    ONE_DEVICE_FOR_MANY = "one_device_for_many"
    MARKED_AFTER_CLOSING = "marked_after_closing"


class RollCheckAnswer(StrEnum):
    """What looking into it found."""

    EXPLAINED = "explained"
    CORRECTED = "corrected"
    NOT_CREDIBLE = "not_credible"
