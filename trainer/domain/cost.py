"""What a cohort cost, by kind."""

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
