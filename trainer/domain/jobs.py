"""Jobs: their names, when each is due (China time), the states of a run and what it says of itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class JobName(StrEnum):
    RECOMPUTE_METRICS = "recompute_metrics"
    SHUT_UNUSED_ACCOUNTS = "shut_unused_accounts"
    DELIVER_MESSAGES = "deliver_messages"
    REMIND = "remind"
    REMIND_OF_LESSONS = "remind_of_lessons"
    REMIND_OF_APPLICATIONS = "remind_of_applications"
    ASK_SURVEYS = "ask_surveys"
    BACK_UP = "back_up"
    REHEARSE_RESTORE = "rehearse_restore"
    SEAL_AUDIT = "seal_audit"
    APPLY_RETENTION = "apply_retention"
    BEGIN_CLASSES = "begin_classes"
    RECKON_SALES = "reckon_sales"
    RECKON_OUTCOMES = "reckon_outcomes"
    CHECK_SHEETS = "check_sheets"
    REMIND_EVALUATORS = "remind_evaluators"


@dataclass(frozen=True)
class Timing:
    """Daily at an hour; with `weekday` (0 Monday) once a week; with `every_minutes` through day and night."""

    hour: int = 0
    minute: int = 0
    weekday: int | None = None
    every_minutes: int | None = None

    def last_due(self, now: datetime) -> datetime:
        """The newest moment at or before `now` (China time) that it is due at."""
        if self.every_minutes is not None:
            start = now - timedelta(minutes=(now.hour * 60 + now.minute) % self.every_minutes)
            return start.replace(second=0, microsecond=0)
        today = now.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        back = 0 if self.weekday is None else (now.weekday() - self.weekday) % 7
        due = today - timedelta(days=back)
        return due if due <= now else due - timedelta(days=self._days)

    def next_due(self, now: datetime) -> datetime:
        """The first moment after `now` that it is due at."""
        if self.every_minutes is None:
            return self.last_due(now) + timedelta(days=self._days)
        # The stretches begin anew at midnight.
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return min(self.last_due(now) + timedelta(minutes=self.every_minutes), midnight)

    @property
    def _days(self) -> int:
        return 1 if self.weekday is None else 7

    def period(self, now: datetime) -> str:
        """What a run at `now` (China time) is for: the day it was due on, or its stretch of minutes."""
        due = self.last_due(now)
        return due.date().isoformat() if self.every_minutes is None else due.isoformat(timespec="minutes")

    def is_due(self, now: datetime) -> bool:
        """Whether its hour of today, or of this week, has passed: what a machine that was off catches up on."""
        if self.every_minutes is not None:
            return False
        due = self.last_due(now)
        return due.date() == now.date() if self.weekday is None else due.isocalendar()[:2] == now.isocalendar()[:2]


TIMINGS: dict[JobName, Timing] = {
    JobName.RECOMPUTE_METRICS: Timing(2, 30),
    JobName.SHUT_UNUSED_ACCOUNTS: Timing(3, 10),
    JobName.DELIVER_MESSAGES: Timing(every_minutes=5),
    JobName.REMIND: Timing(8, 30),
    JobName.REMIND_OF_LESSONS: Timing(17, 0),
    JobName.REMIND_OF_APPLICATIONS: Timing(18, 0),
    JobName.ASK_SURVEYS: Timing(9, 0),
    JobName.BACK_UP: Timing(1, 30),
    JobName.REHEARSE_RESTORE: Timing(5, 0, weekday=6),
    JobName.SEAL_AUDIT: Timing(4, 0, weekday=6),
    JobName.APPLY_RETENTION: Timing(3, 40),
    JobName.BEGIN_CLASSES: Timing(0, 20),
    JobName.RECKON_SALES: Timing(every_minutes=1),
    JobName.RECKON_OUTCOMES: Timing(every_minutes=1),
    JobName.CHECK_SHEETS: Timing(2, 50),
    JobName.REMIND_EVALUATORS: Timing(8, 40),
}

# What the period of a run that somebody asked for begins with, on a page and at the shell; a run by the clock is for
# its day.
BY_HAND = "by hand "
BY_SHELL = "by shell "
# What a run says whose process was killed.
INTERRUPTED = "interrupted"
# So long after its hour a job that has not run is overdue; so long without a sign of life nobody keeps the timetable.
GRACE = timedelta(minutes=15)
KEEPER_SILENCE = timedelta(minutes=3)


@dataclass(frozen=True)
class Keeper:
    """The process that keeps the timetable, and when it last showed life."""

    host: str
    process: int
    since: datetime
    seen_at: datetime

    def is_silent(self, now: datetime) -> bool:
        return now - self.seen_at > KEEPER_SILENCE


def tell(code: str, values: Mapping[str, object]) -> str:
    """What a run says of itself, kept as a code and its values: whoever reads it reads it in her own language."""
    return json.dumps({"code": code, "values": values}, default=str, ensure_ascii=False)


class JobState(StrEnum):
    """A run that somebody asked for waits until the scheduler takes it."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
