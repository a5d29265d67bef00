"""Jobs: the states of a run."""

from enum import StrEnum


class JobState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
