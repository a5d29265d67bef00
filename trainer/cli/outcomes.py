"""Outcomes: the figures of a cohort after its course, as of a day."""

from datetime import date, datetime

import click
from flask.cli import AppGroup

from trainer import clock
from trainer.cli.answers import answer, refusing
from trainer.cli.attendance import cohort_called
from trainer.domain.days import china_day
from trainer.domain.outcomes import CohortFigures, write_figures
from trainer.errors import Refused
from trainer.queries.outcome_figures import get_figures

group = AppGroup("outcomes", help="Outcomes of cohorts.")


class AfterToday(Refused):
    """Nobody knows yet."""

    code = "outcomes_after_today"


@group.command()
@click.argument("code")
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="A day in China; today where none is named.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document; else a line a figure.")
@refusing
def cohort(code: str, as_of: datetime | None, as_json: bool) -> None:
    """The figures of one cohort, reckoned afresh from what is known now of the days up to that day.

    Data reach that day only by a row of it or before, or by a named day, of a shop opened by then: asked again as of a
    later day, the same day after the course may be known of more women. Status and trust are today's.
    """
    found, today = cohort_called(code), china_day(clock.now())
    day = as_of.date() if as_of else today
    if day > today:
        raise AfterToday(day=day)
    figures, _women = get_figures(found.id, day)
    told = _document(found.code, day, figures)
    if as_json:
        answer(told)
        return
    for name, value in told.items():
        click.echo(f"{name}\t{value}")


def _document(code: str, as_of: date, figures: CohortFigures) -> dict[str, object]:
    kept, first = write_figures(figures), figures.first_order
    return {
        "cohort": code,
        "as_of": as_of.isoformat(),
        "n": figures.n,
        "completed": figures.completed,
        "funnel": [
            {name: step[name] for name in ("stage", "reached", "reached_all_before", "median_days")}
            for step in kept["funnel"]
        ],
        "retention": kept["retention"],
        "first_order_km": [[step.day, step.at_risk, step.events, step.survival] for step in first.steps],
        "first_order": {"n": first.n, "events": first.events, "already": first.already, "median_day": first.median_day},
        "money": kept["money"],
        "months": kept["months"],
        "bands": kept["bands"],
        "changes": kept["changes"],
        "difference": kept["difference"],
        "costs": kept["costs"],
        "jobs": kept["jobs"],
        "coverage": figures.coverage_share,
    }
