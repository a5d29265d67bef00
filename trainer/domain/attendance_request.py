"""Requests about attendance: a leave asked for, a late claim, "this is wrong", and marks that came after the closing."""

from enum import StrEnum


class AttendanceRequestKind(StrEnum):
    """What is asked. LATE_MARK is asked by staff whose marks arrived when the roll was closed already."""

    LEAVE = "leave"
    CLAIM = "claim"
    WRONG = "wrong"
    LATE_MARK = "late_mark"


class AttendanceRequestState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
