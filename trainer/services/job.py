"""Runs of jobs: asked for, taken once, finished; and who keeps the timetable."""

import json
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.days import china_day
from trainer.domain.jobs import BY_HAND, BY_SHELL, INTERRUPTED, TIMINGS, JobName, JobState, Keeper
from trainer.errors import Refused
from trainer.models.installation import SiteFlag
from trainer.models.job import JobRun
from trainer.queries.message import administrator_ids
from trainer.services import audit
from trainer.services.idempotency import dialect_insert
from trainer.services.message import notify

# No job takes this long: a run that says it does belongs to a process that was killed.
LONGEST_RUN = timedelta(hours=6)
KEEPER_FLAG = "scheduler"


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
    if failed:  # once a day, however often it is tried
        said = {"job": JobName(job) if job in set(JobName) else job, "when": at}
        once_key = f"job_failed:{job}:{china_day(at)}"
        notify("job_failed", to_accounts=administrator_ids(), link="/jobs", once_key=once_key, by=SYSTEM, at=at, **said)


def give_up_dead_runs(*, at: datetime) -> None:
    """Runs whose process was killed have failed."""
    db.session.execute(
        update(JobRun)
        .where(JobRun.state == JobState.RUNNING, JobRun.started_at < at - LONGEST_RUN)
        .values(state=JobState.FAILED, message=INTERRUPTED)
    )


def take_over_runs(*, at: datetime) -> None:
    """What the last keeper of the timetable was killed in the middle of is begun once more, a second time given up.

    Runs at the shell go on in a process of their own; what comes every few minutes comes again by itself.
    """
    give_up_dead_runs(at=at)
    cut_short = JobRun.state == JobState.RUNNING, JobRun.period.not_like(f"{BY_SHELL}%")
    often = [name for name, timing in TIMINGS.items() if timing.every_minutes is not None]
    hopeless = or_(JobRun.message == INTERRUPTED, JobRun.job.in_(often), JobRun.job.not_in(list(TIMINGS)))
    gone = {"state": JobState.FAILED, "message": INTERRUPTED, "finished_at": at}
    db.session.execute(update(JobRun).where(*cut_short, hopeless).values(**gone))
    db.session.execute(update(JobRun).where(*cut_short).values(state=JobState.WAITING, message=INTERRUPTED))


def by_hand(at: datetime) -> str:
    """The period of a run that somebody asked for on the page."""
    return BY_HAND + at.isoformat(timespec="milliseconds")


def by_shell(at: datetime) -> str:
    """The period of a run that a command does in its own process."""
    return BY_SHELL + at.isoformat(timespec="milliseconds")


def show_keeper(keeper: Keeper) -> None:
    """A sign of life of whoever keeps the timetable."""
    told = {"host": keeper.host[:80], "process": keeper.process}
    told |= {"since": keeper.since.isoformat(), "seen_at": keeper.seen_at.isoformat()}
    insert = dialect_insert()(SiteFlag).values(name=KEEPER_FLAG, value=json.dumps(told))
    db.session.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"value": insert.excluded.value}))
