"""Sites: which may stand under which, closing, and who belongs to one."""

from dataclasses import replace
from datetime import date

import pytest

from tests import factories
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM
from trainer.domain.person import PersonKind
from trainer.domain.site import SiteDraft, SiteKind
from trainer.errors import Conflict
from trainer.models import Person
from trainer.models.site import Site
from trainer.services import site as sites

pytestmark = pytest.mark.sqlite_is_enough

DRAFT = SiteDraft(
    "云州区服务点", SiteKind.COUNTY_POINT, factories.YUNZHOU, date(2026, 1, 1), contact_phone="14000001234"
)


def make(draft: SiteDraft) -> int:
    with transaction():
        return sites.create_site(draft, by=SYSTEM, at=factories.AT).id


def change(site_id: int, seen: int = 1, **values) -> None:
    with transaction():
        sites.update_site(site_id, replace(DRAFT, **values), seen=seen, by=SYSTEM, at=factories.AT)


def close(site_id: int, day: date = date(2026, 3, 1), seen: int = 1) -> None:
    with transaction():
        sites.close_site(site_id, day, seen=seen, by=SYSTEM, at=factories.AT)


def reopen(site_id: int) -> None:
    with transaction():
        sites.reopen_site(site_id, seen=2, by=SYSTEM, at=factories.AT)


@pytest.mark.parametrize(
    ("kind", "region", "refusal"),
    [
        ("county_point", factories.YUNZHOU, sites.SiteNotWider),
        ("village_station", factories.YUNZHOU, sites.SiteNotWider),
        ("city_centre", factories.LINFEN, sites.SiteElsewhere),
    ],
)
def test_a_site_is_looked_after_by_a_wider_one_around_it(app, kind, region, refusal):
    parent = factories.site(region, kind)
    with pytest.raises(refusal):
        make(replace(DRAFT, parent_id=parent.id))


def test_changes_keep_the_network_whole(app):
    centre = factories.site(factories.DATONG, "city_centre")
    point = make(replace(DRAFT, parent_id=centre.id))
    station = make(replace(DRAFT, name="大西沟站", kind=SiteKind.VILLAGE_STATION, parent_id=point))
    with pytest.raises(sites.SiteNotWider):  # it looks after a station
        change(point, kind=SiteKind.VILLAGE_STATION)
    with pytest.raises(sites.SiteElsewhere):
        change(point, region_code=factories.LINFEN)
    with pytest.raises(sites.SiteNotWider):  # a circle
        change(centre.id, name=centre.name, kind=SiteKind.CITY_CENTRE, region_code=factories.DATONG, parent_id=station)
    with pytest.raises(sites.SiteNameTaken):
        make(DRAFT)
    with pytest.raises(Conflict):
        change(point, seen=7)
    change(point, parent_id=centre.id, address="文化路1号")
    assert db.session.get(Site, point).address == "文化路1号"


def test_a_site_closes_with_its_day_and_opens_again(app):
    centre = factories.site(factories.DATONG, "city_centre")
    point = make(replace(DRAFT, parent_id=centre.id))
    with pytest.raises(sites.SiteHasOpenBelow):
        close(centre.id)
    for day in (date(2025, 12, 31), date(2026, 3, 11)):
        with pytest.raises(sites.SiteDayOutOfOrder):
            close(point, day)
    close(point)
    with pytest.raises(sites.SiteClosed):
        close(point, seen=2)
    close(centre.id)
    with pytest.raises(sites.SiteClosed):  # the one above is closed
        reopen(point)
    with pytest.raises(sites.SiteClosed):
        make(replace(DRAFT, name="另一个", parent_id=centre.id))
    reopen(centre.id)
    reopen(point)
    assert db.session.get(Site, point).closed_on is None


def test_a_person_belongs_to_an_open_site_around_her(app):
    person, near = factories.person(), factories.site(factories.DATONG, "city_centre")
    elsewhere, closed = factories.site(factories.LINFEN), factories.site(closed_on=date(2026, 2, 1))

    def belong(site_id: int | None, seen: int) -> Person:
        with transaction():
            row = db.session.get(Person, person.id)
            sites.set_belonging(row, PersonKind.SHOPKEEPER, site_id, seen=seen, by=SYSTEM, at=factories.AT)
        return db.session.get(Person, person.id)

    for site_id, refusal in ((elsewhere.id, sites.SiteOutsideRegion), (closed.id, sites.SiteClosed)):
        with pytest.raises(refusal):
            belong(site_id, 1)
    row = belong(near.id, 1)
    assert (row.kind, row.site_id, row.version) == (PersonKind.SHOPKEEPER, near.id, 2)
    with pytest.raises(Conflict):
        belong(None, 1)
    close(near.id)
    assert belong(near.id, 2).site_id == near.id  # she stays where she is
    assert belong(None, 2).site_id is None
