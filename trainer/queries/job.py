"""Jobs: the timetable with how it went, the runs, and who keeps it."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, union_all

from trainer.database import db
from trainer.domain.jobs import BY_HAND, BY_SHELL, GRACE, TIMINGS, JobName, JobState, Keeper, Timing
from trainer.models.installation import SiteFlag
from trainer.models.job import JobRun
from trainer.models.programme import Cohort
from trainer.queries.scoping import Page, fetch_page

# The share of successes is of so many last runs.
LAST_RUNS = 30


@dataclass(frozen=True)
class RunRow:
    """One run."""

    job: JobName
    period: str
    state: JobState
    started_at: datetime
    finished_at: datetime | None
    message: str

    @property
    def by_hand(self) -> bool:
        return self.period.startswith((BY_HAND, BY_SHELL))

    @property
    def seconds(self) -> float | None:
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


@dataclass(frozen=True)
class TimetableRow:
    """A job: when it comes, how it went."""

    job: JobName
    timing: Timing
    next_due: datetime
    last: RunRow | None
    ended: int
    succeeded: int
    overdue: bool

    @property
    def share(self) -> float | None:
        return self.succeeded / self.ended if self.ended else None


RUN = (JobRun.job, JobRun.period, JobRun.state, JobRun.started_at, JobRun.finished_at, JobRun.message)


def list_timetable(now: datetime) -> list[TimetableRow]:
    """Every job in the order of its name in the code; `now` in China time. Two statements."""
    first = db.session.scalar(select(func.min(JobRun.started_at)))
    runs = _last_runs()
    return [_timetable_row(job, runs.get(job, []), first, now) for job in JobName]


def _last_runs() -> dict[JobName, list[RunRow]]:
    """The newest first; through the index, however many runs there were."""
    newest = (
        select(*RUN).where(JobRun.job == job).order_by(JobRun.started_at.desc()).limit(LAST_RUNS).subquery()
        for job in JobName
    )
    found: dict[JobName, list[RunRow]] = {}
    for row in db.session.execute(union_all(*(select(part) for part in newest))):
        found.setdefault(JobName(row[0]), []).append(RunRow(JobName(row[0]), *row[1:]))
    return {job: sorted(rows, key=lambda run: run.started_at, reverse=True) for job, rows in found.items()}


def _timetable_row(job: JobName, runs: list[RunRow], first: datetime | None, now: datetime) -> TimetableRow:
    timing, ended = TIMINGS[job], [run for run in runs if run.finished_at]
    due = timing.last_due(now - GRACE)
    # Nothing is overdue since before the first run of all: the installation was not there yet.
    waited = first is not None and first < due
    return TimetableRow(
        job,
        timing,
        timing.next_due(now),
        runs[0] if runs else None,
        ended=len(ended),
        succeeded=sum(run.state is JobState.DONE for run in ended),
        overdue=waited and not any(run.started_at >= due for run in runs),
    )


def runs_page(
    *, job: JobName | None = None, state: JobState | None = None, page: int = 1, per_page: int = 20
) -> Page[RunRow]:
    """The newest first."""
    statement = select(*RUN).where(JobRun.job.in_(list(JobName))).order_by(JobRun.started_at.desc(), JobRun.job)
    if job:
        statement = statement.where(JobRun.job == job)
    if state:
        statement = statement.where(JobRun.state == state)
    return fetch_page(statement, lambda row: RunRow(JobName(row[0]), *row[1:]), page=page, per_page=per_page)


def get_keeper() -> Keeper | None:
    """Who kept the timetable last."""
    kept = db.session.scalar(select(SiteFlag.value).where(SiteFlag.name == "scheduler"))
    if kept is None:
        return None
    told = json.loads(kept)
    since, seen_at = (datetime.fromisoformat(told[name]) for name in ("since", "seen_at"))
    return Keeper(told["host"], told["process"], since, seen_at)


def list_waiting() -> list[tuple[str, str]]:
    """(job, period) of the runs that somebody asked for."""
    rows = db.session.execute(
        select(JobRun.job, JobRun.period)
        .where(JobRun.state == JobState.WAITING, JobRun.job.in_(list(JobName)))
        .order_by(JobRun.started_at)
    )
    return [tuple(row) for row in rows]


def list_cohort_ids() -> list[int]:
    return list(db.session.scalars(select(Cohort.id).order_by(Cohort.id)))
