"""Pages of tallies and of the board: links to the lists, what outsiders see, workbooks, how many statements."""

import io
import re
from datetime import date

import openpyxl
import pytest

from tests import factories
from trainer.database import transaction
from trainer.domain.actors import Role
from trainer.services.metrics import recompute_cohort

DAY = "2026-03-31"


@pytest.fixture
def cohorts(app):
    """A county's class with four women of whom one is in the city's class too, and one who left."""
    programme = factories.programme()
    county = factories.cohort(of=programme, region=factories.YUNZHOU, name="云州班")
    city = factories.cohort(of=programme, region=factories.DATONG, track="cadre", name="干部班")
    women = [factories.person(name) for name in ("甲", "乙", "丙", "丁")]
    for woman in women:
        factories.enrolment(county, woman)
    factories.enrolment(city, women[0], status="withdrawn")
    for cohort in (county, city):
        with transaction():
            recompute_cohort(cohort.id, at=factories.AT)
    return county, city


def cells(page: str) -> list[str]:
    """What stands in the cells, line by line."""
    body = re.search(r"<tbody>(.*?)</tbody>", page[page.index("as-cards tally") :], re.S)[1]
    texts = [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r"<tr.*?</tr>", body, re.S)]
    return [" ".join(text.split()) for text in texts]


def test_each_number_leads_to_its_list(cohorts, signed_in):
    manager = signed_in(factories.account(Role.MANAGER, region=factories.SHANXI))
    page = manager.get(f"/tallies?as_of={DAY}").text
    assert cells(page)[0].startswith("普惠培训 4 4人次")
    assert [row.split()[0] for row in cells(page)[2:]] == [
        "学员（每人只计一次）",
        "干部班学员（每人只计一次）",
        "合计（每人只计一次）",
    ]
    assert "合计（每人只计一次） 4 5人次" in cells(page)[4]
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/tallies/people\?[^"]+)"', page)}
    listed = {re.search(r"(group|part)=\w+&stage=\w+", link)[0]: manager.get(link).text for link in links}
    assert listed["group=foundation&stage=active"].count('class="card-title"') == 4
    assert listed["part=cadres&stage=withdrawn"].count('class="card-title"') == 1
    assert listed["part=together&stage=all"].count('class="card-title"') == 5
    assert manager.get("/tallies/people?stage=waiting").status_code == 404


def test_a_comparison_says_how_many_more(cohorts, signed_in):
    auditor = signed_in(factories.account(Role.AUDITOR))
    page = auditor.get(f"/tallies?as_of={DAY}&before=2026-03-09").text
    assert "普惠培训 4 4人次 +4" in cells(page)[0]
    assert "当时" not in auditor.get("/tallies?as_of=nonsense&before=2999-01-01&by=x&programme=x").text


def test_a_partner_is_told_of_no_group_of_one(cohorts, signed_in):
    partner = signed_in(factories.account(Role.PARTNER, region=factories.SHANXI))
    page = partner.get(f"/tallies?as_of={DAY}&by=track").text
    assert "/tallies/people" not in page
    # The one cadre, and the four beside whom she could be reckoned.
    assert cells(page)[0].startswith("普惠培训 不显示 0 0 不显示 0")
    assert cells(page)[1].split()[1:] == ["少于3人", "0", "0", "0", "0", "0", "少于3人", "0", "0", "0"]
    assert "合计（每人只计一次） 4 5人次" in cells(page)[4]
    board = partner.get("/board").text
    assert "少于3人" in board
    assert "云州班" not in board
    book = openpyxl.load_workbook(io.BytesIO(partner.get(f"/tallies/export?as_of={DAY}").data))
    assert [row[1] for row in book["统计表"].iter_rows(min_row=5, max_row=6, values_only=True)] == ["不显示", "少于3人"]


def test_the_workbook_says_who_made_it_as_of_when_and_what_is_counted(cohorts, signed_in):
    manager = signed_in(factories.account(Role.MANAGER, region=factories.SHANXI))
    address = f"/tallies/export?as_of={DAY}&before=2026-03-01&by=region&level=county&region={factories.DATONG}"
    book = openpyxl.load_workbook(io.BytesIO(manager.get(address).data))
    sheet = book["统计表"]
    assert sheet["A1"].value == f"培训统计表（截至{DAY}，按办班地区）"
    assert [sheet[f"A{row}"].value.split("：")[0] for row in range(2, 6)] == [
        "制表单位",
        "导出时间",
        "范围",
        "对比日期",
    ]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    assert dict(zip(head, rows[0], strict=True))["全部报名（人数）"] == 1
    assert [row[:4] for row in rows] == [
        ["大同市本级", 1, 1, 1],
        ["云州区", 4, 4, 4],
        ["学员（每人只计一次）", 4, 4, 4],
        ["干部班学员（每人只计一次）", 1, 1, 1],
        ["合计（每人只计一次）", 4, 5, 4],
    ]
    assert "人次" in {row[0] for row in book["指标说明"].iter_rows(values_only=True)}


def test_the_board_has_a_line_a_county_below_its_city(cohorts, signed_in):
    manager = signed_in(factories.account(Role.MANAGER, region=factories.SHANXI))
    page = manager.get("/board").text
    assert [row.split()[0] for row in cells(page)] == ["大同市", "大同市本级", "云州区"]
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/cohorts\?region=140200[^"]+)">2<', page)}
    assert links == {"/cohorts?region=140200&phase=finished"}
    lists = [manager.get(f"/cohorts?region=140200&phase={phase}").text for phase in ("finished", "running", "planned")]
    assert [page.count('class="card-title"') for page in lists] == [2, 0, 0]
    book = openpyxl.load_workbook(io.BytesIO(manager.get("/board/export").data))
    rows = [row[:6] for row in book["看板"].iter_rows(min_row=5, values_only=True)]
    assert rows == [
        ("大同市", None, 0, 0, 2, 4),
        ("大同市", "大同市本级", 0, 0, 1, 1),
        ("大同市", "云州区", 0, 0, 1, 4),
    ]
    assert "没有符合条件的培训班" in manager.get("/board?year=2025").text
    assert [row.split()[0] for row in cells(manager.get("/board?sort=all").text)] == ["大同市", "云州区", "大同市本级"]


@pytest.mark.parametrize("number", [1, 3])
def test_pages_take_a_fixed_number_of_statements(signed_in, count_statements, number):
    manager = signed_in(factories.account(Role.MANAGER, region=factories.SHANXI))
    programme = factories.programme()
    for _ in range(number):
        site = factories.site()
        cohort = factories.cohort(of=programme, region=factories.YUNZHOU, site_id=site.id, starts_on=date(2026, 1, 5))
        for _woman in range(number):
            factories.enrolment(cohort)
    tally = f"/tallies?as_of={DAY}&by=site"
    counts = []
    for path in (tally, f"{tally}&before=2026-01-01", "/tallies/people?by=site", "/board", "/board/export"):
        with count_statements() as seen:
            assert manager.get(path).status_code == 200
        counts.append(len(seen))
    assert counts == [8, 12, 3, 6, 7]
