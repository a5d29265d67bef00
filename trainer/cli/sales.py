"""Sales files by hand: what a file says, and taking one in for a shop."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from trainer import clock
from trainer.cli.answers import answer, read_input, refusing
from trainer.database import transaction
from trainer.domain.actors import SYSTEM
from trainer.domain.imports import RowAction
from trainer.platforms.inspection import Inspection, inspection_summary
from trainer.platforms.limits import Spooled
from trainer.queries.sales import BatchHead, get_batch
from trainer.queries.shop import get_shop
from trainer.services import sales
from trainer.services.sales_mapping import remembered
from trainer.services.shop import NoSuchShop
from trainer.wording import say, sentence_for

group = AppGroup("sales", help="Files of the selling platforms: look into one, take one in.")


@group.command("inspect", with_appcontext=True)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@refusing
def inspect_one(file: Path, *, as_json: bool) -> None:
    """What a file of a platform says; the database is not touched."""
    with sales.read_file(read_input(file), platform=None, at=clock.now()) as reading:
        _tell(_summary(reading.inspection), as_json=as_json)


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--shop", "shop_id", type=int, required=True, help="Number of the shop, as in its page's address.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@refusing
def import_one(file: Path, *, shop_id: int, as_json: bool) -> None:
    """Take a file in for a shop. Days without a year get the latest one possible: see the warnings."""
    shop, at = get_shop(shop_id), clock.now()
    if shop is None:
        raise NoSuchShop(shop=shop_id)
    said = remembered(shop.platform)
    with sales.read_file(read_input(file), platform=shop.platform, at=at, mappings=said) as reading:
        inspection = reading.inspection
        try:
            batch_id, counts = _taken_in(shop_id, file.name, reading, at)
        except sales.AlreadyImported as known:
            click.echo(say(known), err=True)
            batch_id, counts = known.values["batch"], _as_unchanged(get_batch(known.values["batch"]))
    told = {
        "batch": batch_id,
        "new": counts[RowAction.NEW],
        "changed": counts[RowAction.UPDATE],
        "unchanged": counts[RowAction.SAME],
        "conflicts": counts[RowAction.CONFLICT],
    }
    _tell(_summary(inspection) | told, as_json=as_json)


def _taken_in(shop_id: int, filename: str, reading: Spooled, at) -> tuple[int | None, dict[str, int]]:
    """Number and counts of the batch; where nothing would change, none is kept."""
    with transaction() as session:
        batch = sales.preview(shop_id, filename, reading, by=SYSTEM, at=at)
        if batch.summary["counts"][RowAction.NEEDS_PERSON]:
            sales.settle_year(batch.id, 0, by=SYSTEM, at=at)
        counts = batch.summary["counts"]
        if not counts[RowAction.NEW] and not counts[RowAction.UPDATE]:
            session.rollback()
            return None, counts
        sales.commit(batch.id, is_of_shop=True, by=SYSTEM, at=at)
        return batch.id, batch.summary["counts"]


def _as_unchanged(batch: BatchHead) -> dict[str, int]:
    """What a file that was taken in before changes now."""
    counts = batch.summary["counts"]
    unchanged = sum(counts[action] for action in (RowAction.NEW, RowAction.UPDATE, RowAction.SAME))
    return {**counts, RowAction.NEW: 0, RowAction.UPDATE: 0, RowAction.SAME: unchanged}


def _summary(inspection: Inspection) -> dict[str, object]:
    summary = inspection_summary(inspection)
    for name in ("rejected", "warnings"):
        summary[name] = [[row, field, code, sentence_for(code, values)] for row, field, code, values in summary[name]]
    return summary


def _tell(told: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        answer(told)
        return
    for name, value in told.items():
        if name not in ("rejected", "warnings"):
            click.echo(f"{name}: {json.dumps(value, ensure_ascii=False)}")
    for name in ("rejected", "warnings"):
        for row, field, _code, sentence in told[name]:
            click.echo(f"{name}: {row} {field} {sentence}")
