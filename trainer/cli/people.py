"""`people import`: a county's roster taken in for a cohort, as the pages do it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from flask.cli import AppGroup

from trainer import clock
from trainer.cli.answers import answer, read_input, refusing
from trainer.cli.attendance import cohort_called
from trainer.database import transaction
from trainer.domain.actors import SYSTEM
from trainer.domain.imports import RowAction
from trainer.domain.roster import Remark, RosterFile
from trainer.queries.cohort import get_cohort
from trainer.services import roster, roster_commit
from trainer.services.roster_plan import Plan, make_plan
from trainer.wording import sentence_for

group = AppGroup("people", help="The women of the register.")


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--cohort", "code", required=True, help="The cohort's code.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@refusing
def import_(file: Path, code: str, dry_run: bool, as_json: bool) -> None:
    """Take a roster in for a cohort. Rows that need a person are left out and listed."""
    cohort = cohort_called(code)
    with_ids = cohort.collects_id_numbers
    reading = roster.read(file.name, read_input(file), today=clock.today(), with_ids=with_ids)
    plan = make_plan(cohort, reading.file.rows) if dry_run else _taken_in(cohort.id, reading)
    told = _told(plan, reading.file)
    if as_json:
        answer(told)
    else:
        _print(told)


def _taken_in(cohort_id: int, reading: roster.Reading) -> Plan:
    """What was done; where nothing would change, no batch is kept."""
    with transaction():
        plan = make_plan(get_cohort(cohort_id), reading.file.rows)
        if plan.count(RowAction.NEW) or plan.count(RowAction.UPDATE):
            batch = roster.preview(cohort_id, reading, by=SYSTEM, at=clock.now())
            roster_commit.commit(batch.id, by=SYSTEM, at=clock.now())
    return plan


def _told(plan: Plan, file: RosterFile) -> dict[str, object]:
    counts = {action: plan.count(action) for action in RowAction}
    return {
        "data_rows": len(plan.rows),
        "accepted": counts[RowAction.NEW] + counts[RowAction.UPDATE] + counts[RowAction.SAME],
        "new": counts[RowAction.NEW],
        "updated": counts[RowAction.UPDATE],
        "unchanged": counts[RowAction.SAME],
        "rejected": _sentences(file.rejected),
        "warnings": _sentences([*((p.row.row, remark) for p in plan.rows for remark in p.remarks), *file.remarks]),
        "duplicates_in_file": plan.duplicates,
        "needs_a_person": [[p.row.row, p.reason] for p in plan.rows if p.action is RowAction.NEEDS_PERSON],
    }


def _sentences(remarks: Iterable[tuple[int, Remark]]) -> list[list[object]]:
    return [[row, remark.field, remark.code, sentence_for(remark.code, remark.values)] for row, remark in remarks]


def _print(told: dict) -> None:
    for name in ("data_rows", "accepted", "new", "updated", "unchanged"):
        click.echo(f"{name} {told[name]}")
    for line in _lines(told):
        click.echo(line)


def _lines(told: dict) -> Iterator[str]:
    for name in ("rejected", "warnings"):
        yield from (f"{name} {row} {field}: {sentence}" for row, field, _code, sentence in told[name])
    yield from (f"duplicate {later} = {first}" for first, later in told["duplicates_in_file"])
    yield from (f"needs a person {row}: {sentence_for(code, {})}" for row, code in told["needs_a_person"])
