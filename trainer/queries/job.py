"""Runs of jobs."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.jobs import BY_HAND, JobName, JobState
from trainer.models.job import JobRun
from trainer.models.programme import Cohort
from trainer.queries.scoping import Page, fetch_page


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
        return self.period.startswith(BY_HAND)

    @property
    def seconds(self) -> float | None:
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


def runs_page(*, page: int = 1, per_page: int = 20) -> Page[RunRow]:
    """The newest first."""
    statement = select(
        JobRun.job, JobRun.period, JobRun.state, JobRun.started_at, JobRun.finished_at, JobRun.message
    ).order_by(JobRun.started_at.desc(), JobRun.job)
    return fetch_page(statement, lambda row: RunRow(JobName(row[0]), *row[1:]), page=page, per_page=per_page)


def get_last_run(job: str) -> RunRow | None:
    row = db.session.execute(
        select(JobRun.job, JobRun.period, JobRun.state, JobRun.started_at, JobRun.finished_at, JobRun.message)
        .where(JobRun.job == job)
        .order_by(JobRun.started_at.desc())
        .limit(1)
    ).one_or_none()
    return RunRow(*row) if row else None


def list_waiting() -> list[tuple[str, str]]:
    """(job, period) of the runs that somebody asked for."""
    rows = db.session.execute(
        select(JobRun.job, JobRun.period).where(JobRun.state == JobState.WAITING).order_by(JobRun.started_at)
    )
    return [tuple(row) for row in rows]


def list_cohort_ids() -> list[int]:
    return list(db.session.scalars(select(Cohort.id).order_by(Cohort.id)))
