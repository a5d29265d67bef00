"""Sites: making and changing them, closing and reopening; none is ever deleted. Who belongs to one."""

from datetime import date, datetime

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.days import china_day
from trainer.domain.person import PersonKind
from trainer.domain.programme import common_area
from trainer.domain.site import SiteDraft, holds, is_wider
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.person import Person
from trainer.models.site import Site
from trainer.services import audit

_FIELDS = ("name", "kind", "region_code", "parent_id", "address", "contact_name", "contact_phone", "opened_on")


class SiteNameTaken(Refused):
    code = "site_name_taken"


class SiteNotWider(Refused):
    """A site is looked after by one of a wider kind; that also keeps circles out."""

    code = "site_not_wider"


class SiteElsewhere(Refused):
    """The region of the wider site holds that of the nearer one."""

    code = "site_elsewhere"


class SiteClosed(Refused):
    code = "site_closed"


class SiteHasOpenBelow(Refused):
    code = "site_has_open_below"


class SiteDayOutOfOrder(Refused):
    code = "site_day_out_of_order"


class SiteOutsideRegion(Refused):
    """A cohort or a person belongs to a site around her or within her area."""

    code = "site_outside_region"


def create_site(draft: SiteDraft, *, by: Actor, at: datetime) -> Site:
    """Raises SiteNameTaken, SiteNotWider, SiteElsewhere, SiteClosed."""
    site = Site(created_at=at)
    _describe(site, draft)
    db.session.add(site)
    db.session.flush()
    audit.record("training_site.create", "training_site", site.id, by=by, at=at, after=_facts(site))
    return site


def update_site(site_id: int, draft: SiteDraft, *, seen: int, by: Actor, at: datetime) -> None:
    """`seen`: the version she had before her. Raises Conflict, SiteNameTaken, SiteNotWider, SiteElsewhere, SiteClosed,
    SiteDayOutOfOrder."""
    site = _hold(site_id, seen)
    if site.closed_on is not None and draft.opened_on > site.closed_on:
        raise SiteDayOutOfOrder(opened=draft.opened_on)
    before = _facts(site)
    _describe(site, draft)
    for below in db.session.scalars(select(Site).where(Site.parent_id == site.id)):
        _check_pair(site, below)
    db.session.flush()
    if _facts(site) != before:
        audit.record("training_site.update", "training_site", site.id, by=by, at=at, before=before, after=_facts(site))


def close_site(site_id: int, day: date, *, seen: int, by: Actor, at: datetime) -> None:
    """From that day on it is not open. Raises Conflict, SiteClosed, SiteHasOpenBelow, SiteDayOutOfOrder."""
    site = _hold(site_id, seen)
    if site.closed_on is not None:
        raise SiteClosed(name=site.name)
    if not site.opened_on <= day <= china_day(at):
        raise SiteDayOutOfOrder(opened=site.opened_on)
    below = select(func.count()).where(Site.parent_id == site.id, Site.closed_on.is_(None))
    if count := db.session.scalar(below):
        raise SiteHasOpenBelow(count=count)
    site.closed_on = day
    db.session.flush()
    audit.record("training_site.close", "training_site", site.id, by=by, at=at, day=day)


def reopen_site(site_id: int, *, seen: int, by: Actor, at: datetime) -> None:
    """As if it had never closed. Raises Conflict, SiteClosed where the one above is closed."""
    site = _hold(site_id, seen)
    if site.parent_id is not None:
        _open_parent(site.parent_id)
    before, site.closed_on = site.closed_on, None
    db.session.flush()
    audit.record("training_site.reopen", "training_site", site.id, by=by, at=at, before=before)


def set_belonging(
    person: Person, kind: PersonKind | None, site_id: int | None, *, seen: int, by: Actor, at: datetime
) -> None:
    """What kind of person she is and the site she belongs to. Raises Conflict, SiteClosed, SiteOutsideRegion."""
    db.session.refresh(person, with_for_update=True)
    if person.version != seen:
        raise Conflict()
    check_site(site_id, person.region_code, before=person.site_id)
    before = {"kind": person.kind, "site_id": person.site_id}
    if before == {"kind": kind, "site_id": site_id}:
        return
    person.kind, person.site_id, person.updated_at = kind, site_id, at
    db.session.flush()
    audit.record(
        *("person.set_belonging", "person", person.id),
        **{"by": by, "at": at, "before": before, "after": {"kind": kind, "site_id": site_id}},
    )


def check_site(site_id: int | None, region_code: str, *, before: int | None = None) -> None:
    """Whether what lies in `region_code` may belong to the site; to `before` it belongs already.

    Raises SiteClosed, SiteOutsideRegion.
    """
    if site_id is None:
        return
    site = db.session.get(Site, site_id)
    if site is None:
        raise NotFound()
    if common_area(site.region_code, region_code) is None:
        raise SiteOutsideRegion(name=site.name)
    if site.closed_on is not None and site.id != before:
        raise SiteClosed(name=site.name)


def _hold(site_id: int, seen: int) -> Site:
    site = db.session.get(Site, site_id, with_for_update={"key_share": True}, populate_existing=True)
    if site.version != seen:
        raise Conflict()
    return site


def _describe(site: Site, draft: SiteDraft) -> None:
    namesake = select(Site.id).where(Site.region_code == draft.region_code, Site.name == draft.name)
    with db.session.no_autoflush:
        if db.session.scalar(namesake) not in (None, site.id):
            raise SiteNameTaken(name=draft.name)
        parent = _open_parent(draft.parent_id) if draft.parent_id not in (None, site.parent_id) else None
        parent = parent or (db.session.get(Site, draft.parent_id) if draft.parent_id else None)
    for name in _FIELDS:
        setattr(site, name, getattr(draft, name))
    if parent is not None:
        _check_pair(parent, site)


def _open_parent(site_id: int) -> Site:
    parent = db.session.get(Site, site_id, with_for_update={"key_share": True})
    if parent is None:
        raise NotFound()
    if parent.closed_on is not None:
        raise SiteClosed(name=parent.name)
    return parent


def _check_pair(upper: Site, lower: Site) -> None:
    names = {"upper": upper.name, "lower": lower.name}
    if not is_wider(upper.kind, lower.kind):
        raise SiteNotWider(**names, upper_kind=upper.kind, lower_kind=lower.kind)
    if not holds(upper.region_code, lower.region_code):
        raise SiteElsewhere(**names)


def _facts(site: Site) -> dict[str, object]:
    """Whom people call there is hers: the trail holds that it changed, not what it was."""
    return {name: getattr(site, name) for name in _FIELDS if not name.startswith("contact_")}
