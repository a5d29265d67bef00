"""`flask audit`: does the chain hold, and what is its head."""

import click
from flask.cli import AppGroup

from trainer.cli.answers import answer
from trainer.domain.audit import first_broken
from trainer.queries.audit import get_head, walk_chain

group = AppGroup("audit", help="Check the audit trail.")


@group.command()
@click.option("--json", "as_json", is_flag=True, help="answer in JSON")
def verify(as_json: bool) -> None:
    """Say whether the chain holds; exit 2 with the first broken number where it does not."""
    broken = first_broken(walk_chain())
    if as_json:
        answer({"holds": broken is None, "first_broken": broken})
    else:
        click.echo("the chain holds" if broken is None else f"broken at {broken}")
    if broken is not None:
        raise SystemExit(2)


@group.command()
def head() -> None:
    """Print the last event's number, time and hash, to be published beside what it vouches for."""
    last = get_head()
    answer(
        {"seq": last.seq, "at": last.at.isoformat(), "hash": last.hash}
        if last
        else {"seq": 0, "at": None, "hash": None}
    )
