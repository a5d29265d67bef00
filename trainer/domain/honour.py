"""Honours of a year: who or what is honoured."""

from enum import StrEnum


class HonourKind(StrEnum):
    PERSON = "person"
    PROJECT = "project"
