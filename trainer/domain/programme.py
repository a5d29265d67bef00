"""Programmes and cohorts: their kinds, tracks and rules."""

from dataclasses import dataclass
from enum import StrEnum


class Track(StrEnum):
    FOUNDATION = "foundation"
    ADVANCED = "advanced"
    CADRE = "cadre"


class PartnerKind(StrEnum):
    ORGANISER = "organiser"
    FUNDER = "funder"
    PLATFORM = "platform"
    HOST = "host"


class TargetKind(StrEnum):
    """What a programme promised; each has an actual that the system itself can count."""

    PEOPLE_TRAINED = "people_trained"
    COHORTS_RUN = "cohorts_run"
    ADVANCED_TRAINED = "advanced_trained"
    SHOPS_OPENED = "shops_opened"
    WOMEN_FUNDED = "women_funded"


class ExcusedCounts(StrEnum):
    """How an excused lesson enters the attendance rate."""

    ABSENT = "absent"
    IGNORED = "ignored"
    PRESENT = "present"


@dataclass(frozen=True)
class CompletionRule:
    """What a woman must reach to complete: a share of hours in basis points, and a limit of unexcused absences."""

    min_rate_bp: int = 8000
    max_unexcused: int | None = None
    excused_counts: ExcusedCounts = ExcusedCounts.ABSENT
