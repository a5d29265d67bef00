"""Jobs: their names, and the states of a run."""

from enum import StrEnum


class JobName(StrEnum):
    RECOMPUTE_METRICS = "recompute_metrics"


# What the period of a run that somebody asked for begins with; a run by the clock is for its day.
BY_HAND = "by hand "


class JobState(StrEnum):
    """A run that somebody asked for waits until the scheduler takes it."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
