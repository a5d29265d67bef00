"""`flask audit`: does the chain hold, what is its head, is a proof bundle genuine."""

from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup

from trainer.cli.answers import answer
from trainer.documents import audit_proof
from trainer.domain.audit import first_broken
from trainer.queries.audit import get_head, get_sealed_end, walk_chain
from trainer.queries.review_seal import first_broken_sheet
from trainer.services.audit_segment import first_broken_sealed

group = AppGroup("audit", help="Check the audit trail.")


@group.command()
@click.option("--segments", is_flag=True, help="check the sealed files too, from the very first event")
@click.option("--sheets", is_flag=True, help="check the seals of all submitted score sheets instead")
@click.option("--bundle", type=click.Path(path_type=Path), help="check a proof bundle instead; no database")
@click.option("--json", "as_json", is_flag=True, help="answer in JSON")
def verify(segments: bool, sheets: bool, bundle: Path | None, as_json: bool) -> None:
    """Say whether the chain holds; exit 2 with the first broken number where it does not."""
    if bundle:
        _verify_bundle(bundle, as_json)
        return
    if sheets:
        _verify_sheets(as_json)
        return
    broken = (first_broken_sealed() if segments else None) or _first_broken()
    if as_json:
        answer({"holds": broken is None, "first_broken": broken})
    else:
        click.echo("the chain holds" if broken is None else f"broken at {broken}")
    if broken is not None:
        raise SystemExit(2)


def _verify_sheets(as_json: bool) -> None:
    broken = first_broken_sheet()
    if as_json:
        answer({"holds": broken is None, "first_broken": asdict(broken) if broken else None})
    elif broken is None:
        click.echo("all sheets are as they were submitted")
    else:
        click.echo(
            f"broken: {broken.selection} {broken.code}, assignment {broken.assignment_id}, version {broken.number}"
        )
    if broken is not None:
        raise SystemExit(2)


def _first_broken() -> int | None:
    """In the table, from where the sealed events end. Sealing leaves the newest: an empty table was emptied."""
    end = get_sealed_end()
    emptied = end.seq > 0 and get_head() is None
    return end.seq + 1 if emptied else first_broken(walk_chain(), end)


def _verify_bundle(bundle: Path, as_json: bool) -> None:
    try:
        events, seq, head = audit_proof.verify(bundle)
    except audit_proof.Broken as broken:
        click.echo(f"not genuine: {broken}", err=True)
        raise SystemExit(2) from None
    if as_json:
        answer({"genuine": True, "events": events, "head": {"seq": seq, "hash": head}})
    else:
        click.echo(f"genuine: {events} events; the head to compare is {seq} {head}")


@group.command()
def head() -> None:
    """Print the last event's number, time and hash, to be published beside what it vouches for."""
    last = get_head()
    answer(
        {"seq": last.seq, "at": last.at.isoformat(), "hash": last.hash}
        if last
        else {"seq": 0, "at": None, "hash": None}
    )
