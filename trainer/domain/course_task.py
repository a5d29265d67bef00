"""Tasks of a cohort: what is asked for, and what becomes of what is handed in."""

from enum import StrEnum


class CourseTaskKind(StrEnum):
    BROADCAST = "broadcast"
    VIDEO = "video"
    SHOP = "shop"
    OTHER = "other"


class Proof(StrEnum):
    """What a woman hands in to show that she has done it."""

    PICTURE = "picture"
    LINK = "link"
    EITHER = "either"
    NONE = "none"


class HandInState(StrEnum):
    HANDED_IN = "handed_in"
    PASSED = "passed"
    SENT_BACK = "sent_back"
    TAKEN_BACK = "taken_back"
