"""Sites of the demonstration: a hub, the centres of the cities, county points and village stations, and who is there."""

from datetime import date, timedelta

from sqlalchemy import case, select, update

from trainer.database import db
from trainer.domain.demonstration import BEGAN, PROVINCE
from trainer.domain.person import PersonKind
from trainer.domain.programme import Track
from trainer.domain.site import SiteDraft, SiteKind
from trainer.models import Cohort, Enrolment, Person
from trainer.queries.account import get_account, get_actor
from trainer.services.demo_place import Place
from trainer.services.site import close_site, create_site

# city, its centre; county points below it with the village station each looks after.
_NETWORK = {
    ("140200", "大同市巾帼电商服务中心"): (
        ("140215", "云州区巾帼电商服务点", "西坪村妇女之家"),
        ("140221", "阳高县巾帼电商服务点", "守口堡村妇女之家"),
    ),
    ("140300", "阳泉市巾帼电商服务中心"): (("140321", "平定县巾帼电商服务点", "娘子关村妇女之家"),),
    ("140400", "长治市巾帼电商服务中心"): (("140403", "潞州区巾帼电商服务点", ""),),
    ("140800", "运城市巾帼电商服务中心"): (("140802", "盐湖区巾帼电商服务点", "龙居村妇女之家"),),
    ("141000", "临汾市巾帼电商服务中心"): (("141002", "尧都区巾帼电商服务点", ""),),
}
_CLOSED = "守口堡村妇女之家"
PHONE = "14000000002"
# By the last digit of her number in the register; most are farmers.
_KINDS = {
    **{1: PersonKind.RETURNEE, 2: PersonKind.SHOPKEEPER, 3: PersonKind.COMMUNITY_WORKER},
    **{4: PersonKind.MEDICAL_WORKER, 5: None},
}


def add_sites(place: Place) -> None:
    """The network; the cities' cohorts are held at the centres, every third woman belongs to her county's point."""
    opened, points = place.today - BEGAN, {}
    hub = _make(place, "山西省巾帼电商枢纽中心", SiteKind.HUB, PROVINCE, None, opened)
    at_centre = {PROVINCE: hub}
    for (city, name), counties in _NETWORK.items():
        at_centre[city] = centre = _make(place, name, SiteKind.CITY_CENTRE, city, hub, opened + timedelta(days=20))
        for county, point, station in counties:
            later = opened + timedelta(days=60)
            points[county] = _make(place, point, SiteKind.COUNTY_POINT, county, centre, later)
            if station:
                _make(place, station, SiteKind.VILLAGE_STATION, county, points[county], later + timedelta(days=90))
    site_of_cohort = case(at_centre, value=Cohort.region_code)
    db.session.execute(update(Cohort).where(Cohort.region_code.in_(at_centre)).values(site_id=site_of_cohort))
    belongs = update(Person).where(Person.region_code.in_(points), Person.id % 3 == 0)
    db.session.execute(belongs.values(site_id=case(points, value=Person.region_code)))
    _say_kinds()


def _make(place: Place, name: str, kind: SiteKind, region: str, parent_id: int | None, opened_on: date) -> int:
    by = get_actor(get_account(place.accounts["manager"]))
    draft = SiteDraft(name, kind, region, opened_on, parent_id, "文化路18号", "站长", PHONE)
    site = create_site(draft, by=by, at=place.at)
    if name == _CLOSED:
        close_site(site.id, place.today - timedelta(days=30), seen=site.version, by=by, at=place.at)
    return site.id


def _say_kinds() -> None:
    cadres = (
        select(Enrolment.person_id).join(Cohort, Cohort.id == Enrolment.cohort_id).where(Cohort.track == Track.CADRE)
    )
    other = case(_KINDS, value=Person.id % 10, else_=PersonKind.FARMER)
    kind = case((Person.id.in_(cadres), PersonKind.CADRE), else_=other)
    db.session.execute(update(Person).values(kind=kind))
