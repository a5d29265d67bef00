"""Runs of jobs: asked for, taken once, finished."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.jobs import BY_HAND, JobName, JobState
from trainer.errors import Refused
from trainer.models.job import JobRun
from trainer.services import audit
from trainer.services.idempotency import dialect_insert

# No job takes this long: a run that says it does belongs to a process that was killed.
LONGEST_RUN = timedelta(hours=6)


class JobAlreadyAsked(Refused):
    code = "job_already_asked"
    status = 409


def ask_for_run(job: JobName, *, by: Actor, at: datetime) -> None:
    """A run that the scheduler takes within half a minute. Raises JobAlreadyAsked."""
    give_up_dead_runs(at=at)
    busy = select(JobRun.period).where(JobRun.job == job, JobRun.state.in_([JobState.WAITING, JobState.RUNNING]))
    if db.session.scalar(busy.limit(1)):
        raise JobAlreadyAsked()
    db.session.add(JobRun(job=job, period=by_hand(at), state=JobState.WAITING, started_at=at))
    audit.record("job.ask", "job", job, by=by, at=at)


def take_run(job: str, period: str, *, at: datetime) -> bool:
    """Whether the run of `job` for `period` is now ours: nobody took it before, or it was waiting to be taken."""
    row = {"job": job, "period": period, "state": JobState.RUNNING, "started_at": at, "message": ""}
    insert = dialect_insert()(JobRun).values(**row)
    take = insert.on_conflict_do_update(
        index_elements=["job", "period"],
        set_={"state": insert.excluded.state, "started_at": insert.excluded.started_at},
        where=JobRun.state == JobState.WAITING,
    )
    return db.session.execute(take.returning(JobRun.period)).first() is not None


def finish_run(job: str, period: str, *, failed: bool, message: str, at: datetime) -> None:
    state = JobState.FAILED if failed else JobState.DONE
    db.session.execute(
        update(JobRun)
        .where(JobRun.job == job, JobRun.period == period)
        .values(state=state, finished_at=at, message=message)
    )


def give_up_dead_runs(*, at: datetime) -> None:
    """Runs whose process was killed have failed."""
    db.session.execute(
        update(JobRun)
        .where(JobRun.state == JobState.RUNNING, JobRun.started_at < at - LONGEST_RUN)
        .values(state=JobState.FAILED, message="interrupted")
    )


def by_hand(at: datetime) -> str:
    """The period of a run that somebody asked for."""
    return BY_HAND + at.isoformat(timespec="milliseconds")
