"""Jobs by hand, and the scheduler in its own process."""

import json
import signal
import threading
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import AppGroup

from trainer import clock
from trainer.domain.jobs import JobName, Timing
from trainer.jobs import scheduler
from trainer.jobs.runner import run_job
from trainer.queries.job import TimetableRow, get_keeper, list_timetable
from trainer.services.job import by_shell
from trainer.wording import told

group = AppGroup("jobs", help="What runs by the clock: list it, run one job now, keep the timetable.")


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="For scripts: one JSON object with the keeper and the jobs.")
def list_jobs(as_json: bool) -> None:
    """Every job, when it runs, when next, and how its last run ended; then who keeps the timetable."""
    now = clock.now()
    rows, keeper = list_timetable(clock.local(now)), get_keeper()
    if as_json:
        alive = keeper and asdict(keeper) | {"silent": keeper.is_silent(now)}
        click.echo(json.dumps({"keeper": alive, "jobs": [_facts(row) for row in rows]}, default=str, indent=2))
        return
    for row in rows:
        ended = _ended(row) + (" OVERDUE" if row.overdue else "")
        click.echo(f"{row.job}\t{_when(row.timing)}\tnext {row.next_due:%Y-%m-%d %H:%M}\t{ended}")
    click.echo(
        f"kept by {keeper.process} on {keeper.host}, seen {clock.local(keeper.seen_at):%Y-%m-%d %H:%M:%S}"
        if keeper
        else "no scheduler was seen yet"
    )


def _ended(row: TimetableRow) -> str:
    last = row.last
    return f"{last.state} {clock.local(last.started_at):%Y-%m-%d %H:%M} {_told(last.message)}" if last else "never run"


def _told(message: str) -> str:
    with current_app.test_request_context():  # the language of a command is the default one
        return told(message)


def _facts(row: TimetableRow) -> dict[str, object]:
    last = asdict(row.last) if row.last else None
    return {
        "job": row.job,
        "when": _when(row.timing),
        "next_due": row.next_due.isoformat(),
        "overdue": row.overdue,
        "ended": row.ended,
        "succeeded": row.succeeded,
        "last": last,
    }


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
    outcome = run_job(app, name, by_shell(clock.now()))
    click.echo(_told(outcome.message), err=outcome.failed)
    if outcome.failed:
        raise SystemExit(1)


@group.command()
def run() -> None:
    """Keep the timetable in this process until it is ended; waits where another process keeps it."""
    stop = threading.Event()
    # A supervisor that ends us: what is begun is finished or left for the next process, in order.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: stop.set())
    scheduler.keep(current_app._get_current_object(), stop)
