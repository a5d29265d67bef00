"""Exceptions from the completion rule: where a proposal stands."""

from enum import StrEnum


class ExceptionState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
