"""Requests about one's own data (PIPL art. 44–50): kinds and states."""

from enum import StrEnum


class RequestKind(StrEnum):
    CORRECT = "correct"
    ERASE = "erase"
    EXPLAIN = "explain"


class RequestState(StrEnum):
    """WITHDRAWN: she took it back before anybody acted."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
