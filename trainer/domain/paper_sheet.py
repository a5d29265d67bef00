"""Paper sheets: a printed page of the roll, and what one person entered from it until a second one confirms."""

from enum import StrEnum


class SheetState(StrEnum):
    """A returned entry is corrected by a new one; an undone one has its marks taken back."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    UNDONE = "undone"
