"""What a cohort cost, by kind."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class CostKind(StrEnum):
    INSTRUCTORS = "instructors"
    VENUE = "venue"
    MEALS = "meals"
    LODGING = "lodging"
    TRAVEL = "travel"
    MATERIALS = "materials"
    EQUIPMENT = "equipment"
    STAFF = "staff"
    FOLLOW_UP = "follow_up"
    OTHER = "other"


# In one row; larger sums come in parts, each with its own evidence.
MOST_FEN = 10_000_000_00


@dataclass(frozen=True)
class CostDraft:
    kind: CostKind
    amount_fen: int
    spent_on: date
    note: str = ""
