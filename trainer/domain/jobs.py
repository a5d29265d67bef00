"""Jobs: their names, when each is due (China time), and the states of a run."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class JobName(StrEnum):
    RECOMPUTE_METRICS = "recompute_metrics"


@dataclass(frozen=True)
class Timing:
    """Daily at an hour; with `weekday` (0 Monday) once a week; with `every_minutes` through day and night."""

    hour: int = 0
    minute: int = 0
    weekday: int | None = None
    every_minutes: int | None = None

    def period(self, now: datetime) -> str:
        """What a run at `now` (China time) is for: its day, or its stretch of minutes."""
        if self.every_minutes is None:
            return now.date().isoformat()
        start = now - timedelta(minutes=(now.hour * 60 + now.minute) % self.every_minutes)
        return start.isoformat(timespec="minutes")

    def is_due(self, now: datetime) -> bool:
        """Whether today's hour has passed."""
        today = self.weekday is None or now.weekday() == self.weekday
        return self.every_minutes is None and today and (now.hour, now.minute) >= (self.hour, self.minute)


TIMINGS: dict[JobName, Timing] = {
    JobName.RECOMPUTE_METRICS: Timing(2, 30),
}

# What the period of a run that somebody asked for begins with; a run by the clock is for its day.
BY_HAND = "by hand "


class JobState(StrEnum):
    """A run that somebody asked for waits until the scheduler takes it."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
