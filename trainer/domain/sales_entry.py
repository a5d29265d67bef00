"""Broadcasts typed in by hand: where an entry stands, and what trust it earns."""

from enum import StrEnum


class EntryState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHECKED = "checked"
    RETURNED = "returned"
    # A platform's file brought the same broadcast; what was typed stays readable.
    REPLACED = "replaced"
    TAKEN_BACK = "taken_back"
