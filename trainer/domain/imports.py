"""Imports: what an import batch is of, and what happens to each of its rows."""

from collections.abc import Mapping
from enum import StrEnum

from trainer.errors import Conflict, Refused

# From so many rows on, taking a file in is a background task.
LONG_WORK = 1_000


class ImportKind(StrEnum):
    ROSTER = "roster"
    SALES = "sales"
    MARKS = "marks"
    PAST = "past"


class BatchState(StrEnum):
    PREVIEWED = "previewed"
    COMMITTED = "committed"
    UNDONE = "undone"
    DISCARDED = "discarded"


class RowAction(StrEnum):
    NEW = "new"
    UPDATE = "update"
    SAME = "same"
    REJECTED = "rejected"
    NEEDS_PERSON = "needs_person"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    # Of a month whose figures are approved.
    LOCKED = "locked"


def counts_in(summary: Mapping) -> list[tuple[RowAction, int]]:
    """What happens to how many rows of a file; actions without rows are left out."""
    return [(action, count) for action in RowAction if (count := summary["counts"].get(action))]


class BatchClosed(Conflict):
    """The import was confirmed, discarded or undone already."""

    code = "import_closed"


class UnknownDecision(Refused):
    code = "unknown_decision"
