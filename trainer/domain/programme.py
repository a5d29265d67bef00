"""Programmes and cohorts: their kinds, tracks and rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from trainer.domain.actors import region_prefix


class Track(StrEnum):
    FOUNDATION = "foundation"
    ADVANCED = "advanced"
    CADRE = "cadre"


class CohortPhase(StrEnum):
    """Where a day lies between a cohort's first and last."""

    PLANNED = "planned"
    RUNNING = "running"
    FINISHED = "finished"


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
    COMPLETED = "completed"
    BROADCASTING = "broadcasting"
    SELLING = "selling"
    SUSTAINED_SELLERS = "sustained_sellers"
    NET_SALES_YUAN = "net_sales_yuan"
    JOBS_FTE = "jobs_fte"
    MENTORS_POSTED = "mentors_posted"
    LOGISTICS_POINTS = "logistics_points"
    PRACTITIONERS = "practitioners"
    HOUSEHOLDS = "households"


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


@dataclass(frozen=True)
class Promise:
    """How much, by when, and where it is written."""

    value: int
    due_on: date | None = None
    source: str = ""


@dataclass(frozen=True)
class ProgrammeDraft:
    """A programme as a manager describes it."""

    name: str
    region_code: str
    starts_on: date
    ends_on: date
    description: str = ""
    partners: tuple[tuple[str, PartnerKind], ...] = ()
    targets: Mapping[TargetKind, Promise] = field(default_factory=dict)


@dataclass(frozen=True)
class CohortDraft:
    """A cohort as a manager describes it, with the completion rule it begins with."""

    code: str
    programme_id: int
    name: str
    track: Track
    region_code: str
    place: str
    starts_on: date
    ends_on: date
    capacity: int
    teacher_name: str
    teacher_phone: str
    rule: CompletionRule = CompletionRule()
    site_id: int | None = None


def lies_within(inner: str, outer: str) -> bool:
    """Whether a region is another one or lies in its subtree."""
    return inner.startswith(region_prefix(outer))


def common_area(first: str, second: str) -> str | None:
    """The smaller of two regions where one holds the other, else None."""
    if lies_within(first, second):
        return first
    return second if lies_within(second, first) else None
