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


def told(page: str, name: str) -> list[str]:
    return next(row for row in rows(page) if row[0] == name)


def test_a_partner_is_told_of_no_few_nor_of_what_gives_them_away(app, signed_in):
    grown(name="大班")
    grown(name="小班", cell=(40, 30, 28, 3))
    partner = signed_in(factories.account(Role.PARTNER, region=factories.SHANXI))
    staff = signed_in(factories.account(Role.MANAGER, region=factories.SHANXI))
    for address in ("/outcomes?day=90", f"/outcomes?day=90&region={factories.DATONG}", "/outcomes?day=90&year=0"):
        page = partner.get(address).text
        assert told(page, "小班")[2:6] == ["不显示"] * 4
        # The city less the large class is not the small one: what is hidden is in no sum.
        assert told(page, "大同市（2期）")[2:4] == told(page, "大班")[2:4] == ["86", "66"]
        assert rows(page, "heat-table")[0][3].startswith("54.5% 36/66")
        assert "/women" not in page
    assert told(staff.get("/outcomes?day=90").text, "大同市（2期）")[2:4] == ["126", "96"]
    book = openpyxl.load_workbook(io.BytesIO(partner.get("/outcomes/export?day=90").data))
    cells = {row[1]: row[3:8] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert cells["小班"] == ("不显示",) * 5
    assert cells["大同市（2期）"][:3] == cells["大班"][:3] == (86, 66, 36)
    # Where she is told of amounts as well, a word stands in place of one.
    finance = signed_in(factories.account(Role.FINANCE, region=factories.SHANXI))
    sheet = openpyxl.load_workbook(io.BytesIO(finance.get("/outcomes/export?day=90").data)).worksheets[0]
    assert "不显示" in [row[17] for row in sheet.iter_rows(values_only=True) if row[1] == "小班"]
    assert "不足5人" in " ".join(str(row[0]) for row in book.worksheets[0].iter_rows(max_row=5, values_only=True))


def test_staff_of_one_area_are_outsiders_in_another(app, signed_in):
    """A woman of the staff of one county who also sees the sums of the province."""
    grown(factories.YUNZHOU, name="自家", cell=(40, 30, 28))
    grown(factories.LINFEN, name="别家", cell=(40, 30, 28))
    account = factories.account(Role.COHORT_STAFF, region=factories.YUNZHOU)
    factories._save(factories.RoleGrant(account_id=account.id, role=Role.PARTNER, granted_at=factories.AT))
    page = signed_in(account).get("/outcomes?day=90").text
    assert told(page, "自家")[2:4] == ["40", "30"]
    assert told(page, "别家")[2:4] == ["不显示"] * 2
    assert told(page, "合计（2期）")[2:4] == ["40", "30"]


def test_the_workbook_has_every_number_in_a_cell_and_native_charts(app, signed_in):
    grown(name="老班", age=100)
    grown(name="新班", age=20)
    finance = signed_in(factories.account(Role.FINANCE))
    book = openpyxl.load_workbook(io.BytesIO(finance.get("/outcomes/export?day=60").data))
    assert book.sheetnames[:4] == ["班次对比", "仍在直播", "未参加对比", "指标说明"]
    assert [len(sheet._charts) for sheet in book.worksheets[:2]] == [1, 1]
    head, first = [row for row in book.worksheets[0].iter_rows(values_only=True) if row[2]][:2]
    line = dict(zip(head, first, strict=True))
    assert (line["培训班"], line["结业人数"], line["仍在直播"]) == ("老班", 86, 36)
    assert line["每名持续销售学员的成本（元）"] is None or line["每名持续销售学员的成本（元）"] >= 0
    assert [row[0] for row in book.worksheets[2].iter_rows(values_only=True)][-1] == "新班"
    partner = signed_in(factories.account(Role.PARTNER))
    heads = next(
        openpyxl.load_workbook(io.BytesIO(partner.get("/outcomes/export?day=60").data))
        .worksheets[0]
        .iter_rows(min_row=5, max_row=5, values_only=True)
    )
    assert not [one for one in heads if one and "成本" in one]


@pytest.mark.parametrize("cohorts", [1, 3])
def test_a_fixed_number_of_statements(app, signed_in, count_statements, cohorts):
    programme = factories.programme()
    for number in range(cohorts):
        grown(name=f"班{number}", of=programme)
    manager = signed_in(factories.account(Role.MANAGER))
    for address, statements in (("/outcomes", 6), (f"/programmes/{programme.id}/outcomes", 8), ("/outcomes/wall", 3)):
        manager.get(address)
        with count_statements() as seen:
            assert manager.get(address).status_code == 200
        assert len(seen) == statements, "\n".join(seen)


def test_a_wall_turns_by_itself_names_nobody_and_keeps_no_session_alive(app, signed_in, monkeypatch):
    for region in (factories.DATONG, factories.LINFEN):
        grown(region, name="某某班", cell=(100, 90, 60))
    grown(factories.YUNZHOU, name="小班", cell=(40, 30, 28))
    manager = signed_in(factories.account(Role.MANAGER))
    first = manager.get("/outcomes/wall?day=90")
    assert first.headers["Refresh"] == "60; url=/outcomes/wall?day=90&screen=2"
    # Small numbers are left out for whoever looks, the manager too.
    assert "<dd>200</dd>" in first.text.replace(" </dd>", "</dd>")
    for screen in (1, 2, 3):
        page = manager.get(f"/outcomes/wall?day=90&screen={screen}").text
        assert "某某班" not in page
        assert "<nav" not in page
        assert "script" not in page
    assert "Refresh" not in manager.get("/outcomes/wall?hold=1").headers
    assert manager.get("/outcomes/wall?screen=99&day=90").headers["Refresh"].endswith("screen=1")
    begun = clock.now()
    for minutes in range(2, 30, 9):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: begun + timedelta(minutes=minutes))
        assert manager.get("/outcomes/wall").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(minutes=31))
    assert "/sign-in" in manager.get("/outcomes/wall").headers["Location"]


def test_day_of_the_year_is_that_of_the_courses_end(app, signed_in):
    end = date(2025, 12, 31)
    cohort = factories.cohort(name="跨年班", starts_on=end - timedelta(days=4), ends_on=end)
    keep(cohort.id, sample_figures(course_end=end, as_of=clock.today()))
    auditor = signed_in(factories.account(Role.AUDITOR))
    assert "跨年班" in auditor.get("/outcomes?year=2025").text
    assert "跨年班" not in auditor.get("/outcomes?year=2026").text
