"""Jobs by hand, and the scheduler in its own process."""

import threading

import click
from flask import current_app
from flask.cli import AppGroup

from trainer import clock
from trainer.domain.jobs import JobName, Timing
from trainer.jobs import scheduler
from trainer.jobs.runner import run_job
from trainer.jobs.schedule import TIMETABLE
from trainer.queries.job import get_last_run
from trainer.services.job import by_hand

group = AppGroup("jobs", help="What runs by the clock: list it, run one job now, keep the timetable.")


@group.command("list")
def list_jobs() -> None:
    """Every job, when it runs, and how its last run ended."""
    for job in TIMETABLE:
        last = get_last_run(job.name)
        ended = f"{last.state} {clock.local(last.started_at):%Y-%m-%d %H:%M} {last.message}" if last else "never run"
        click.echo(f"{job.name}\t{_when(job.timing)}\t{ended}")


def _when(timing: Timing) -> str:
    if timing.every_minutes:
        return f"*/{timing.every_minutes} min"
    day = "" if timing.weekday is None else ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][timing.weekday] + " "
    return f"{day}{timing.hour:02d}:{timing.minute:02d}"


@group.command()
@click.argument("name", type=click.Choice([name.value for name in JobName]))
def once(name: str) -> None:
    """Run one job now, whenever it ran last."""
    app = current_app._get_current_object()
    outcome = run_job(app, name, by_hand(clock.now()))
    click.echo(outcome.message, err=outcome.failed)
    if outcome.failed:
        raise SystemExit(1)


@group.command()
def run() -> None:
    """Keep the timetable in this process until it is ended; waits where another process keeps it."""
    scheduler.keep(current_app._get_current_object(), threading.Event())
