"""Visits to founders: kinds of facts."""

from enum import StrEnum


class FactKind(StrEnum):
    YES_NO = "yes_no"
    NUMBER = "number"
    WORDS = "words"
