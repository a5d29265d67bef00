"""Pages of sites: the list in the order of the network, making, changing, closing; a cohort and a person at one."""

import re
from datetime import date

import pytest

from tests import factories
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import Person
from trainer.models.site import Site

FORM = {"name": "云州区服务点", "kind": "county_point", "region_code": factories.YUNZHOU, "parent_id": "0"} | {
    "address": "文化路1号",
    "contact_name": "李主任",
    "contact_phone": "14000001234",
    "opened_on": "2026-01-01",
}


@pytest.fixture
def manager(app, signed_in):
    return signed_in(factories.account(Role.MANAGER, region=factories.DATONG))


def listed(page: str) -> list[str]:
    return re.findall(r'<a href="/sites/\d+">([^<]+)</a>', page)


def test_a_site_is_made_changed_closed_and_reopened(manager):
    hub = factories.site(factories.SHANXI, "hub", "省枢纽")
    answer = manager.post("/sites/new", data=FORM | {"parent_id": str(hub.id)})
    assert answer.status_code == 302
    address = answer.location
    page = manager.get(address).text
    assert "省枢纽" in page
    assert "李主任" in page
    seen = {"version": factories.version(manager, f"{address}/edit")}
    assert manager.post(f"{address}/edit", data=FORM | seen | {"name": ""}).status_code == 422
    assert manager.post(f"{address}/edit", data=FORM | seen | {"name": "新名字"}).status_code == 302
    late = manager.post(f"{address}/close", data={"version": "1", "day": "2026-02-01"})
    assert late.status_code == 422
    assert "刚刚有别人改动了这里" in late.text
    assert manager.post(f"{address}/close", data={"version": "2", "day": "x"}).status_code == 422
    assert manager.post(f"{address}/close", data={"version": "2", "day": "2026-02-01"}).status_code == 303
    assert "2026-02-01起关闭" in manager.get(address).text
    assert manager.post(f"{address}/reopen", data={"version": "3"}).status_code == 303
    assert manager.get(f"/sites/{hub.id}/edit").status_code == 404  # the province's


def test_the_list_follows_the_network_and_its_filters(manager):
    hub = factories.site(factories.SHANXI, "hub", "甲枢纽")
    centre = factories.site(factories.DATONG, "city_centre", "乙中心", parent_id=hub.id)
    factories.site(factories.YUNZHOU, "county_point", "丙站点", parent_id=centre.id, closed_on=date(2026, 2, 1))
    factories.site(factories.LINFEN, "city_centre", "别处中心")
    assert listed(manager.get("/sites").text) == ["甲枢纽", "乙中心", "丙站点"]
    for query, names in (
        ("state=closed", ["丙站点"]),
        ("kind=hub", ["甲枢纽"]),
        (f"region={factories.DATONG}", ["乙中心", "丙站点"]),
        ("q=丙", ["丙站点"]),
    ):
        assert listed(manager.get(f"/sites?{query}").text) == names


def test_a_partner_reads_no_telephone_and_no_small_number(signed_in, app):
    site = factories.site(contact_name="李主任", contact_phone="14000001234")
    factories.person(site_id=site.id)
    page = signed_in(factories.account(Role.PARTNER, region=factories.SHANXI)).get(f"/sites/{site.id}").text
    assert "14000001234" not in page
    assert "少于3人" in page


def test_a_person_and_a_cohort_are_put_at_a_site(manager):
    site = factories.site(name="云州服务点")
    woman, cohort = (
        factories.person(),
        factories.cohort(region=factories.YUNZHOU, of=factories.programme(region=factories.DATONG)),
    )
    factories.site(factories.LINFEN, name="别处站点")
    address = f"/people/{woman.id}/belonging"
    form = {"kind": "shopkeeper", "site_id": str(site.id), "version": factories.version(manager, address)}
    assert "别处站点" not in manager.get(address).text
    assert manager.post(address, data=form | {"kind": "queen"}).status_code == 422
    assert manager.post(address, data=form).status_code == 302
    assert db.session.get(Person, woman.id).site_id == site.id
    page = manager.get(f"/people/{woman.id}").text
    assert "云州服务点" in page
    edit = f"/cohorts/{cohort.id}/edit"
    names = ("code", "name", "programme_id", "track", "region_code", "place", "starts_on", "ends_on", "capacity")
    form = {name: str(getattr(cohort, name)) for name in (*names, "teacher_name", "teacher_phone")}
    form |= {"site_id": str(site.id), "version": factories.version(manager, edit)}
    assert manager.post(edit, data=form).status_code == 302
    assert "云州服务点" in manager.get(f"/cohorts/{cohort.id}").text
    page = manager.get(f"/sites/{site.id}").text
    assert cohort.name in page
    assert "开店经营" in page or "shopkeeper" not in page
    assert db.session.get(Site, site.id).version == 1


@pytest.mark.parametrize("number", [1, 3])
def test_pages_take_a_fixed_number_of_statements(manager, count_statements, number):
    hub = factories.site(factories.SHANXI, "hub")
    woman = factories.person()
    for _ in range(number):
        factories.site(parent_id=hub.id)
        factories.person(site_id=hub.id)
        factories.cohort(site_id=hub.id)
    counts = []
    for path in (
        "/sites",
        f"/sites/{hub.id}",
        "/sites/new",
        f"/sites/{hub.id + 1}/edit",
        f"/people/{woman.id}/belonging",
    ):
        with count_statements() as seen:
            assert manager.get(path).status_code == 200
        counts.append(len(seen))
    assert counts == [4, 5, 3, 4, 3]
