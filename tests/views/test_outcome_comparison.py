"""Pages of cohorts at one age, for staff, for partners, for a wall; the workbook; how many statements."""

import io
import re
from datetime import date, timedelta

import openpyxl
import pytest

from tests import factories
from tests.outcome_figures import keep, retention_cell, sample_figures
from trainer import clock
from trainer.domain.actors import Role

pytestmark = pytest.mark.sqlite_is_enough


def grown(region=factories.DATONG, *, age=236, cell=(86, 66, 36), of=None, **values):
    """A cohort so many days after its course, with figures as of today."""
    today = clock.today()
    end = today - timedelta(days=age)
    of = of or factories.programme()
    cohort = factories.cohort(of=of, region=region, starts_on=end - timedelta(days=4), ends_on=end, **values)
    cells = tuple(retention_cell(day, *(cell if day <= age else (0, 0, 0))) for day in (30, 60, 90, 180, 365))
    keep(cohort.id, sample_figures(course_end=end, as_of=today, retention=cells))
    return cohort


def rows(page: str, table: str = "compared") -> list[list[str]]:
    """What stands in the cells of the table."""
    body = re.search(r"<tbody>(.*?)</tbody>", page[page.index(f'{table}"') :], re.S)[1]
    cells = [re.findall(r"<td.*?</td>", row, re.S) for row in re.findall(r"<tr.*?</tr>", body, re.S)]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def test_cohorts_stand_below_their_city_and_who_is_younger_waits(app, signed_in):
    grown(name="老班")
    grown(factories.YUNZHOU, name="县班", cell=(20, 10, 2))
    young = grown(name="新班", age=40)
    manager = signed_in(factories.account(Role.MANAGER, region=factories.SHANXI))
    page = manager.get("/outcomes?day=90").text
    table = rows(page)
    assert [row[0] for row in table] == ["大同市（2期）", "老班", "县班", "合计（2期）"]
    assert table[0][2:5] == ["106", "76", "50.0% 38/76 39.0% 到 61.0%"]
    assert "新班" in page
    assert f"{young.ends_on + timedelta(days=90)}" in page
    heat = rows(page, "heat-table")
    assert heat[0][1:] == ["50.0% 38/76"] * 4 + ["—"]
    assert manager.get("/outcomes?day=nonsense&year=9&region=%25&track=x&sort=x&page=x").status_code == 200
    assert "没有培训班" in manager.get("/outcomes?day=365").text
