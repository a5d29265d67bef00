"""`tally`: everything counted as of a day, as the page does it, over the whole installation."""

from datetime import datetime

import click

from trainer.cli.answers import answer
from trainer.domain.actors import Actor, Grant, Role
from trainer.domain.tally import Level, Question, TallyBy
from trainer.queries.tally import count_as_of

EVERYTHING = Actor(account_id=None, name="system", grants=(Grant(Role.AUDITOR),))


@click.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The end of this day in China.")
@click.option("--by", type=click.Choice([by.value for by in TallyBy]), default="track", help="What makes a group.")
@click.option(
    "--level", type=click.Choice([level.value for level in Level]), default="city", help="Cities or counties."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document; else a line a group.")
def tally(as_of: datetime, by: str, level: str, as_json: bool) -> None:
    """Person-times and people by stage, as of the end of a day; groups by their codes."""
    found = count_as_of(EVERYTHING, Question(as_of.date(), TallyBy(by), Level(level)))
    rows = {**found.groups, "TRAINEES": found.trainees, "CADRES": found.cadres, "TOGETHER": found.together}
    told = {key: {stage: count._asdict() for stage, count in row.items()} for key, row in rows.items()}
    if as_json:
        answer({"as_of": f"{as_of:%Y-%m-%d}", "by": by, "rows": told, "sites_open": found.sites_by_kind})
        return
    for key, row in rows.items():
        click.echo("\t".join([key or "-", *(f"{stage}={n.times}/{n.people}" for stage, n in row.items())]))
