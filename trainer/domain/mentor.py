"""Mentors posted to counties: how far a posting is along its plan, and whether nobody has been there for too long."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# Without a visit for so long, a posting that runs is marked.
QUIET_AFTER = timedelta(days=60)
MOST_MINUTES, MOST_WOMEN, MOST_VISITS = 24 * 60, 10_000, 1_000


class PostingState(StrEnum):
    TO_COME = "to_come"
    RUNNING = "running"
    QUIET = "quiet"
    OVER = "over"
    ENDED_EARLY = "ended_early"


@dataclass(frozen=True)
class PostingDraft:
    """A posting as a manager describes it."""

    region_code: str
    name: str
    organisation: str
    starts_on: date
    ends_on: date
    plan: str
    planned_visits: int


@dataclass(frozen=True)
class VisitDraft:
    day: date
    minutes: int
    place: str
    women: int
    words: str


def posting_state(
    starts_on: date, ends_on: date, ended_on: date | None, last_visit: date | None, today: date
) -> PostingState:
    """`QUIET`: it runs, and the last visit (before the first one: its first day) lies more than sixty days back."""
    if ended_on is not None:
        return PostingState.ENDED_EARLY
    if today < starts_on:
        return PostingState.TO_COME
    if today > ends_on:
        return PostingState.OVER
    return PostingState.QUIET if today - max(last_visit or starts_on, starts_on) > QUIET_AFTER else PostingState.RUNNING
