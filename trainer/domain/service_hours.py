"""Service hours: kinds of help, where an entry of the ledger stands, and what an hour is worth."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ServiceKind(StrEnum):
    MENTORING = "mentoring"
    VOLUNTEERING = "volunteering"
    PEER_HELP = "peer_help"
    SITE_VISIT = "site_visit"
    OTHER = "other"


class ServiceState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


# What fills a day: help that waits for an answer was given too, as long as nobody says otherwise.
COUNTED = (ServiceState.PROPOSED, ServiceState.APPROVED)
MOST_MINUTES_A_DAY = 24 * 60
# Before any tariff is set: the time bank's own measure, an hour for an hour, whatever was done in it.
POINTS_PER_HOUR = 1


@dataclass(frozen=True)
class Rate:
    """Points for an hour of one kind, from a day on."""

    kind: ServiceKind
    from_on: date
    points_per_hour: int


@dataclass(frozen=True)
class Help:
    """What somebody did for others on a day."""

    kind: ServiceKind
    day: date
    minutes: int
    words: str = ""
    cohort_id: int | None = None


@dataclass(frozen=True)
class ServiceTotals:
    """Minutes and points that are approved, and minutes that wait for an answer."""

    entries: int = 0
    minutes: int = 0
    points: int = 0
    waiting_minutes: int = 0


def rate_on(rates: Iterable[Rate], kind: ServiceKind, day: date) -> int:
    """Points for an hour of this kind on the day of the help: the newest rate that had begun, else POINTS_PER_HOUR."""
    begun = [rate for rate in rates if rate.kind is kind and rate.from_on <= day]
    return max(begun, key=lambda rate: rate.from_on).points_per_hour if begun else POINTS_PER_HOUR


def points_for(minutes: int, points_per_hour: int) -> int:
    """minutes × points / 60, half a point up: 30 minutes at 1 are a point, 29 are none."""
    return (2 * minutes * points_per_hour + 60) // 120
