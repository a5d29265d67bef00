"""Sites: the list, one with what stands under it, and which to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor, Scope, region_prefix, regions_above
from trainer.domain.person import PersonKind
from trainer.domain.programme import Track
from trainer.domain.site import SiteKind
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.region import Region
from trainer.models.site import Site
from trainer.permissions import Permission
from trainer.queries.cohort import visible_cohorts
from trainer.queries.scoping import Page, contains, fetch_page, visible


@dataclass(frozen=True)
class SiteRow:
    """A line of the list; `path` is where it stands in the network, its own name last."""

    id: int
    name: str
    kind: SiteKind
    region: str
    path: tuple[str, ...]
    opened_on: date
    closed_on: date | None
    cohorts: int
    people: int

    @property
    def depth(self) -> int:
        return len(self.path) - 1


@dataclass(frozen=True)
class SiteCohort:
    """A cohort held at a site."""

    id: int
    name: str
    track: Track
    starts_on: date
    ends_on: date


# A hub over a centre over a point over a station.
_ABOVE = 3
SEPARATOR = "\x1f"


def visible_sites(actor: Actor) -> ColumnElement[bool]:
    """A WHERE clause over Site: those of her area, and the wider ones that her area lies in."""
    return visible(actor, Permission.VIEW_PROGRAMME, region=Site.region_code, overlapping=True)


def viewing_scope(site: Site) -> Scope:
    return Scope(region_code=site.region_code, overlapping=True)


def sites_page(
    actor: Actor,
    *,
    text: str = "",
    kind: SiteKind | None = None,
    region_code: str = "",
    is_open: bool | None = None,
    page: int = 1,
    per_page: int = 50,
) -> Page[SiteRow]:
    """Sites she may see, each after the one that looks after it."""
    above = [aliased(Site) for _ in range(_ABOVE)]
    path = Site.name
    for upper in above:
        path = func.coalesce(upper.name + SEPARATOR, "") + path
    statement = select(
        *(Site.id, Site.name, Site.kind, Region.name, path.label("path"), Site.opened_on, Site.closed_on),
        select(func.count()).where(Cohort.site_id == Site.id, visible_cohorts(actor)).scalar_subquery(),
        select(func.count()).where(Person.site_id == Site.id, _counted()).scalar_subquery(),
    ).join(Region, Region.code == Site.region_code)
    lower = Site
    for upper in above:
        statement = statement.outerjoin(upper, upper.id == lower.parent_id)
        lower = upper
    statement = statement.where(visible_sites(actor), *_narrowed(text, kind, region_code, is_open))
    statement = statement.order_by("path", Site.id)
    return fetch_page(statement, _row, page=page, per_page=per_page)


def _narrowed(text: str, kind: SiteKind | None, region_code: str, is_open: bool | None) -> list[ColumnElement[bool]]:
    clauses = []
    if text:
        clauses.append(or_(contains(Site.name, text), contains(Site.address, text)))
    if kind:
        clauses.append(Site.kind == kind)
    if region_code:
        clauses.append(Site.region_code.startswith(region_prefix(region_code)))
    if is_open is not None:
        clauses.append(Site.closed_on.is_(None) if is_open else Site.closed_on.is_not(None))
    return clauses


def _counted() -> ColumnElement[bool]:
    """Whoever was merged is counted in the record that speaks for her."""
    return Person.merged_into_id.is_(None)


def _row(row) -> SiteRow:
    id_, name, kind, region, path, opened_on, closed_on, cohorts, people = row
    return SiteRow(id_, name, kind, region, tuple(path.split(SEPARATOR)), opened_on, closed_on, cohorts, people)


def regions_of_sites(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the regions that have a site she may see."""
    rows = db.session.execute(
        select(Region.code, Region.name)
        .where(Region.code.in_(select(Site.region_code).where(visible_sites(actor))))
        .order_by(Region.code)
    )
    return [tuple(row) for row in rows]


def get_site(site_id: int) -> Site | None:
    return db.session.get(Site, site_id)


def list_sites_below(site_id: int) -> list[Site]:
    """Directly under it, the open ones first."""
    order = (Site.closed_on.is_not(None), Site.region_code, Site.name)
    return list(db.session.scalars(select(Site).where(Site.parent_id == site_id).order_by(*order)))


def list_cohorts_at(actor: Actor, site_id: int) -> list[SiteCohort]:
    """Those within her reach, the newest first."""
    facts = (Cohort.id, Cohort.name, Cohort.track, Cohort.starts_on, Cohort.ends_on)
    held = select(*facts).where(Cohort.site_id == site_id, visible_cohorts(actor))
    return [SiteCohort(*row) for row in db.session.execute(held.order_by(Cohort.starts_on.desc(), Cohort.id.desc()))]


def count_people_at(site_id: int) -> dict[PersonKind | None, int]:
    """By what kind of person; None where nobody has said."""
    counts = select(Person.kind, func.count()).where(Person.site_id == site_id, _counted()).group_by(Person.kind)
    return dict(db.session.execute(counts).all())


def site_choices(
    areas: Iterable[str | None], *, keep: int | None = None, kinds: Iterable[SiteKind] = tuple(SiteKind)
) -> list[tuple[int, str, SiteKind, str]]:
    """(id, name, kind, region) of the open sites in these areas (None is everywhere) and around them; `keep` is offered
    though closed."""
    areas = list(areas)
    around = {code for area in areas if area for code in regions_above(area)}
    inside = [Site.region_code.startswith(region_prefix(area)) if area else true() for area in areas]
    rows = db.session.execute(
        select(Site.id, Site.name, Site.kind, Region.name)
        .join(Region, Region.code == Site.region_code)
        .where(
            or_(Site.region_code.in_(around), *inside),
            or_(Site.closed_on.is_(None), Site.id == keep),
            Site.kind.in_(list(kinds)),
        )
        .order_by(Site.region_code, Site.name)
    )
    return [tuple(row) for row in rows]


def site_names(ids: set[int]) -> dict[int, str]:
    """Names for the sites that a page shows, in one statement."""
    return dict(db.session.execute(select(Site.id, Site.name).where(Site.id.in_(ids))).all()) if ids else {}
