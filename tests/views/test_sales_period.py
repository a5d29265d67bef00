"""Months of sales at their pages: a county approves, the city after it, somebody unlocks; the sheet for the report."""

import io
from datetime import datetime, timedelta

import pytest
from openpyxl import load_workbook

from tests import factories
from tests.factories import DATONG, SHANXI, YUNZHOU
from trainer import clock
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.days import CHINA
from trainer.domain.sales_period import PeriodStage, month_after
from trainer.models import SalesPeriod

MONTH = month_after(clock.today().replace(day=1), -1)
THEN = datetime(MONTH.year, MONTH.month, 10, tzinfo=CHINA)
PAGE = f"/sales/periods/{{}}/{MONTH:%Y-%m}"
COUNTY_PAGE, CITY_PAGE = PAGE.format(YUNZHOU), PAGE.format(DATONG)


@pytest.fixture
def manager(signed_in):
    return lambda region: signed_in(factories.account(Role.MANAGER, region=region))


@pytest.fixture
def shop(app):
    return factories.shop(factories.person())


def stages() -> set[PeriodStage]:
    return set(db.session.scalars(db.select(SalesPeriod.stage)))


def test_a_month_is_approved_by_county_and_city_and_unlocked(manager, shop):
    factories.order_line(shop, THEN, refunded_fen=2_500)
    county, city = manager(YUNZHOU), manager(DATONG)
    page = county.get(COUNTY_PAGE).text
    assert all(words in page for words in ("县级审定这个月", "¥100.00", "¥25.00", "¥75.00", "T3"))
    assert county.get(CITY_PAGE).status_code == 404
    assert "下一级还没有审定" in city.get(CITY_PAGE).text
    assert city.post(CITY_PAGE).status_code == 422
    assert county.post(COUNTY_PAGE).status_code == 303
    assert "县级已审定" in county.get("/sales/periods").text
    assert county.post(COUNTY_PAGE).status_code == 409
    assert city.post(CITY_PAGE).status_code == 303
    assert stages() == {PeriodStage.CITY}
    assert county.get(COUNTY_PAGE + "/unlock").status_code == 404  # the city approved last
    sent = {"seen": "city", "to_stage": "open", "reason": "补一份文件"}
    assert city.post(COUNTY_PAGE + "/unlock", data={**sent, "reason": ""}).status_code == 422
    assert city.post(COUNTY_PAGE + "/unlock", data={**sent, "seen": "county"}).status_code == 409
    assert city.post(COUNTY_PAGE + "/unlock", data=sent).status_code == 303
    assert stages() == {PeriodStage.OPEN}
    assert "补一份文件" in county.get(COUNTY_PAGE).text


def test_what_changed_since_the_approval_is_shown(manager, shop):
    client = manager(YUNZHOU)
    factories.order_line(shop, THEN)
    client.post(COUNTY_PAGE)
    assert "与审定时不同" not in client.get(COUNTY_PAGE).text
    factories.order_line(shop, THEN)  # as if she had moved here
    page = client.get(COUNTY_PAGE).text
    assert "与审定时不同" in page
    assert "¥100.00 → ¥200.00" in page


def test_the_sheet_for_the_report_upward(manager, shop):
    factories.order_line(shop, THEN)
    answer = manager(DATONG).get(CITY_PAGE + "/export")
    book = load_workbook(io.BytesIO(answer.data))
    said = "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert all(words in said for words in ("制表单位", "云州区", "尚未审定", "从不相加", "快手"))


def test_who_lacks_data_is_named_to_those_who_see_shops(signed_in, shop):
    for role, named in ((Role.COHORT_STAFF, True), (Role.FINANCE, False)):
        page = signed_in(factories.account(role, region=DATONG)).get(COUNTY_PAGE).text
        assert ("王秀芳" in page) is named


@pytest.mark.parametrize(
    "address", ["/sales/periods/140215/2026-13", "/sales/periods/999999/2026-01", "/sales/periods/x/1"]
)
def test_what_is_not_there(manager, address):
    assert manager(SHANXI).get(address).status_code == 404


@pytest.mark.parametrize("things", [1, 3])
@pytest.mark.parametrize(("address", "statements"), [("/sales/periods", 6), (COUNTY_PAGE, 9), (CITY_PAGE, 9)])
def test_pages_take_the_same_statements(manager, cohort, count_statements, address, statements, things):
    for number in range(things):
        woman = factories.person(region=YUNZHOU if number < 2 else "140222")
        factories.enrolment(cohort, woman)
        factories.order_line(factories.shop(woman), THEN + timedelta(days=number))
    client = manager(DATONG)
    client.post(COUNTY_PAGE)
    client.get(address)
    with count_statements() as seen:
        assert client.get(address).status_code == 200
    assert len(seen) == statements
