"""Regions: names and pick-lists."""

from collections.abc import Iterable

from sqlalchemy import false, func, literal, or_, select

from trainer.database import db
from trainer.domain.actors import region_prefix, regions_above
from trainer.models.region import Region


def list_regions(*, level: int | None = None, below: str | None = None) -> list[Region]:
    """Regions by code, of one level or below one region."""
    statement = select(Region).order_by(Region.code)
    if level:
        statement = statement.where(Region.level == level)
    if below:
        statement = statement.where(Region.code.startswith(region_prefix(below)))
    return list(db.session.scalars(statement))


def region_choices(*, deepest: int = 2) -> list[tuple[str, str]]:
    """(code, full name) of provinces and cities (and counties with `deepest=3`), in the order of the codes."""
    rows = db.session.execute(
        select(Region.code, Region.name, Region.parent_code).where(Region.level <= deepest).order_by(Region.code)
    ).all()
    names = {code: name for code, name, _parent in rows}
    parents = {code: parent for code, _name, parent in rows}
    return [(code, full_name(code, names, parents)) for code in names]


def region_choices_within(areas: Iterable[str]) -> list[tuple[str, str]]:
    """(code, full name) of everything to county level that lies within one of `areas`."""
    areas = list(areas)
    above = {code for area in areas for code in regions_above(area)}
    inside = or_(false(), *(Region.code.startswith(region_prefix(area)) for area in areas))
    rows = db.session.execute(
        select(Region.code, Region.name, Region.parent_code, inside)
        .where(or_(inside, Region.code.in_(above)))
        .order_by(Region.code)
    ).all()
    names, parents = {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}
    return [(code, full_name(code, names, parents)) for code, _name, _parent, chosen in rows if chosen]


def full_name(code: str, names: dict[str, str], parents: dict[str, str | None]) -> str:
    """山西省 大同市 云州区."""
    parts: list[str] = []
    at: str | None = code
    while at:
        parts.insert(0, names[at])
        at = parents[at]
    return " ".join(parts)


def full_region_name(code: str) -> str:
    """山西省 大同市 云州区 for one code, in one statement."""
    codes = {*regions_above(code), code}
    return " ".join(db.session.scalars(select(Region.name).where(Region.code.in_(codes)).order_by(Region.code)))


def find_regions(text: str) -> list[tuple[str, str]]:
    """(code, full name) of what somebody may mean by a code, 云州区, 大同市云州区, 山西省 大同市 云州区 or the start of a name.

    One where it is clear; several where counties share the name; none.
    """
    said = "".join(text.split())
    if not said:
        return []
    meant = or_(
        Region.code == said, literal(said).like("%" + Region.name), Region.name.startswith(said, autoescape=True)
    )
    rows = db.session.execute(select(Region.code, Region.name).where(meant, Region.level <= 3)).all()
    above = {code for row in rows for code in (*regions_above(row.code), row.code)}
    names = region_names(above)
    full = {code: " ".join(dict.fromkeys(names[c] for c in _chain(code, names))) for code, _name in rows}
    tests = (
        lambda code, name: code == said or "".join(full[code].split()) == said,
        lambda code, name: name == said,
        lambda code, name: "".join(full[code].split()).endswith(said),
        lambda code, name: name.startswith(said),
    )
    for fits in tests:
        if found := [(code, full[code]) for code, name in sorted(rows) if fits(code, name)]:
            return found
    return []


def _chain(code: str, names: dict[str, str]) -> list[str]:
    return [part for part in dict.fromkeys((*regions_above(code), code)) if part in names]


def region_names(codes: set[str]) -> dict[str, str]:
    """Short names for the codes a page shows, in one statement."""
    return (
        dict(db.session.execute(select(Region.code, Region.name).where(Region.code.in_(codes))).all()) if codes else {}
    )


def counties_around(code: str) -> dict[str, str]:
    """Full name → code of the counties of the city that `code` is or lies in; of a province, of all its cities."""
    prefix = region_prefix(code)[:4]
    rows = db.session.execute(select(Region.name, Region.code).where(Region.code.startswith(prefix), Region.level == 3))
    return dict(rows.all())


def region_above(outer, inner):
    """Whether the code in one column is that of a region which another column's code lies in, or is."""
    return outer.in_([inner, func.substr(inner, 1, 4) + "00", func.substr(inner, 1, 2) + "0000"])
