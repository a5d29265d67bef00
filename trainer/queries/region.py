"""Regions: names and pick-lists."""

from sqlalchemy import select

from trainer.database import db
from trainer.models.region import Region


def list_regions(*, level: int | None = None, below: str | None = None) -> list[Region]:
    """Regions by code, of one level or below one region."""
    statement = select(Region).order_by(Region.code)
    if level:
        statement = statement.where(Region.level == level)
    if below:
        statement = statement.where(Region.code.startswith(below.rstrip("0") if below.endswith("00") else below))
    return list(db.session.scalars(statement))


def region_choices(*, deepest: int = 2) -> list[tuple[str, str]]:
    """(code, full name) of provinces and cities (and counties with `deepest=3`), in the order of the codes."""
    rows = db.session.execute(
        select(Region.code, Region.name, Region.parent_code).where(Region.level <= deepest).order_by(Region.code)
    ).all()
    names = {code: name for code, name, _parent in rows}
    parents = {code: parent for code, _name, parent in rows}
    return [(code, full_name(code, names, parents)) for code in names]


def full_name(code: str, names: dict[str, str], parents: dict[str, str | None]) -> str:
    """山西省 大同市 云州区."""
    parts: list[str] = []
    at: str | None = code
    while at:
        parts.insert(0, names[at])
        at = parents[at]
    return " ".join(parts)


def get_region(code: str) -> Region | None:
    return db.session.get(Region, code)


def region_names(codes: set[str]) -> dict[str, str]:
    """Short names for the codes a page shows, in one statement."""
    return (
        dict(db.session.execute(select(Region.code, Region.name).where(Region.code.in_(codes))).all()) if codes else {}
    )


def find_county(city_code: str, name: str) -> Region | None:
    """The county of a city by the name a roster uses, with or without 县/区/市."""
    prefix = city_code[:4]
    rows = db.session.scalars(select(Region).where(Region.code.startswith(prefix), Region.level == 3)).all()
    wanted = name.strip()
    return next((r for r in rows if r.name == wanted), None) or next(
        (r for r in rows if r.name.rstrip("县区市") == wanted.rstrip("县区市")), None
    )
