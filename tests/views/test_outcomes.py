"""The tracker of a cohort: what it says to whom, the women behind its numbers, and both as workbooks."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from tests import factories
from tests.outcome_figures import keep, sample_figures
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.outcomes import Stage
from trainer.models import AuditEvent
from trainer.models.outcomes import EnrolmentOutcome

FIGURES = sample_figures()


@pytest.fixture
def partner(signed_in):
    return signed_in(factories.account(Role.PARTNER, region=factories.DATONG))


def outcome(enrolment, **values) -> None:
    """What was kept of her; a graduate with data up to day 100 unless asked otherwise."""
    facts = {
        "attendance_bp": 9_200,
        "completed_on": date(2026, 3, 31),
        "reach_on": date(2026, 7, 9),
        "stages": dict.fromkeys([str(stage) for stage in list(Stage)[:5]], "2026-03-31"),
        "activity": {"30": "active", "60": "inactive", "90": "active"},
        "sources": {"1": "files", "2": "typed", "3": "files"},
        **{"paid_90_fen": 120_000, "refunded_90_fen": 20_000, "net_90_fen": 90_000},
    }
    with transaction() as session:
        row = EnrolmentOutcome(enrolment_id=enrolment.id, cohort_id=enrolment.cohort_id, **facts | values)
        session.merge(row)


def words(page: str) -> str:
    main = re.sub(r"<details.*?</details>", " ", page.partition("<main")[2], flags=re.DOTALL)
    return re.sub(
        r"\s+", " ", re.sub(r"</?(?:a|span|strong|em)\b[^>]*>", "", re.sub(r"<(?!/?(?:a|span)\b)[^>]+>", " ", main))
    )


def test_says_in_one_sentence_what_became_of_whom(cohort, staff):
    keep(cohort.id, FIGURES)
    page = staff.get(f"/cohorts/{cohort.id}/outcomes?lang=en").text
    said = words(page)
    assert "As of Sunday 22 November 2026: 100 women took part, 86 completed the course;" in said
    assert "on day 180 after it, 25 of them were still broadcasting (of 52 whose data reach so far)" in said
    assert page.count('<svg class="chart"') == 3
    # Each of the three numbers opens its women.
    for behind in ("stage=enrolled", "stage=completed", "day=180&amp;state=active", "known=180", "sold=known"):
        assert f'href="/cohorts/{cohort.id}/outcomes/women?{behind}"' in page
    assert "not come yet" in said  # a year after the course
    assert 'style="' not in page.partition("<main")[2]


def test_every_number_of_women_it_opens_is_the_number_of_rows(cohort, staff):
    """The links of the page, followed: each address narrows the list as it says."""
    women = [factories.enrolment(cohort) for _number in range(3)]
    outcome(women[0])
    outcome(women[1], activity={"30": "inactive"}, stages={"enrolled": "2026-03-01", "shop_opened": "2025-01-01"})
    outcome(women[2], completed_on=None, reach_on=None, stages={"enrolled": "2026-03-01"}, attendance_bp=4_000)
    counted = {
        "": 3,
        "stage=enrolled": 3,
        "stage=shop_opened": 2,
        "stage=shop_opened&way=through": 1,
        "stage=shop_opened&way=skipped": 1,
        "stage=enrolled&way=through": 3,
        "day=30": 3,
        "day=30&state=active": 2,
        "day=60&state=no_data": 0,
        "known=60": 2,
        "month=1": 3,
        "month=2&source=typed": 3,
        "band=0": 1,
        "band=8000": 2,
        "band=17": 3,
        "county=140215": 2,
        "reach=2026-07-09": 2,
        "reach=2026-07-10": 0,
        "wave=baseline": 0,
        "sold=known": 3,
        "sold=sold": 3,
        "sold=unknown": 0,
        "stage=nonsense&reach=x&day=a": 3,
    }
    found = {}
    for question in counted:
        page = staff.get(f"/cohorts/{cohort.id}/outcomes/women?{question}").text
        found[question] = page.count("/people/") if "card-title" in page else 0
    assert found == counted


def test_the_list_says_of_each_what_is_known(cohort, staff):
    her = factories.enrolment(cohort, factories.person("王秀芳", township="西坪镇", village="小西沟村"))
    shop = factories.shop(db.session.get(factories.Person, her.person_id))
    outcome(her)
    page = staff.get(f"/cohorts/{cohort.id}/outcomes/women?day=60&lang=en").text
    said = words(page)
    for fact in ("王秀芳", "西坪镇小西沟村", "92.0%", "2026-03-31", "Does not broadcast", "2026-07-09", "¥900.00"):
        assert fact in said
    assert f'href="/people/{her.person_id}"' in page
    assert f'href="/shops/{shop.id}"' in page


@pytest.mark.sqlite_is_enough
def test_an_outsider_sees_sums_without_women_and_without_few(cohort, partner):
    keep(cohort.id, FIGURES)
    page = partner.get(f"/cohorts/{cohort.id}/outcomes?lang=en").text
    assert "outcomes/women" not in page
    said = words(page)
    assert "100 women took part" in said
    assert "not shown" in said
    assert "新荣区" not in said
    assert "What it cost" not in said
    assert partner.get(f"/cohorts/{cohort.id}/outcomes/women").status_code == 404


@pytest.mark.sqlite_is_enough
def test_finance_sees_costs_but_no_women(cohort, signed_in):
    keep(cohort.id, FIGURES)
    page = signed_in(factories.account(Role.FINANCE, region=factories.DATONG)).get(
        f"/cohorts/{cohort.id}/outcomes?lang=en"
    )
    assert "What it cost" in page.text
    assert "outcomes/women" not in page.text


STATES = [
    ({}, None, "Nothing is known yet"),
    ({"changed_at": factories.AT}, FIGURES, "Something changed at 2026-03-10 09:00"),
    ({"differed_at": factories.AT}, FIGURES, "a full recomputation came to other figures"),
    ({}, replace(FIGURES, undecided=7), "of 7 women nobody has said yet whether they completed"),
    ({}, replace(FIGURES, as_of=date(2026, 3, 20)), "The course runs until"),
    ({}, replace(FIGURES, difference=None), "That cannot be said: nobody who was not trained"),
    (
        {},
        replace(FIGURES, difference=replace(FIGURES.difference, is_indicative=True)),
        "Indicative only: fewer than 30 women",
    ),
]


@pytest.mark.sqlite_is_enough
@pytest.mark.parametrize(("values", "figures", "said"), STATES, ids=[said[:20] for *_rest, said in STATES])
def test_says_what_must_be_known_first(cohort, staff, values, figures, said):
    keep(cohort.id, figures, **values)
    assert said in words(staff.get(f"/cohorts/{cohort.id}/outcomes?lang=en").text)


@pytest.mark.parametrize("women", [1, 3])
def test_statements(cohort, staff, count_statements, women):
    keep(cohort.id, FIGURES)
    for _number in range(women):
        outcome(factories.enrolment(cohort))
    staff.get(f"/cohorts/{cohort.id}/outcomes")
    with count_statements() as seen:
        staff.get(f"/cohorts/{cohort.id}/outcomes")
    assert len(seen) == 3
    with count_statements() as seen:
        staff.get(f"/cohorts/{cohort.id}/outcomes/women")
    assert len(seen) == 5


def test_a_workbook_with_a_chart_a_sheet(cohort, staff):
    outcome(factories.enrolment(cohort, factories.person("=王秀芳")))
    keep(cohort.id, FIGURES)
    sent = staff.get(f"/cohorts/{cohort.id}/outcomes.xlsx?lang=en")
    book = openpyxl.load_workbook(io.BytesIO(sent.data))
    assert book.sheetnames[-2:] == ["What each figure means", "Women one by one"]
    assert book["Women one by one"]["B5"].value == "=王秀芳"
    funnel = [[cell.value for cell in row] for row in book["Funnel"].iter_rows(min_row=5, max_row=6)]
    assert funnel == [["Got a place", 100, 100, 0, None], ["Attended four fifths of the hours", 91, 91, 0, 20]]
    with zipfile.ZipFile(io.BytesIO(sent.data)) as package:
        drawn = [name for name in package.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    assert len(drawn) == 9
    assert db.session.scalars(db.select(AuditEvent.action)).all()[-1] == "outcomes.export"


@pytest.mark.sqlite_is_enough
def test_an_outsiders_workbook_holds_no_women_and_no_few(cohort, partner):
    outcome(factories.enrolment(cohort, factories.person("王秀芳")))
    keep(cohort.id, FIGURES)
    book = openpyxl.load_workbook(io.BytesIO(partner.get(f"/cohorts/{cohort.id}/outcomes.xlsx?lang=en").data))
    cells = [cell.value for page in book for row in page.iter_rows() for cell in row]
    assert "王秀芳" not in str(cells)
    assert "not shown: fewer than 5, or would give them away" in cells
    assert "Women one by one" not in book.sheetnames


@pytest.mark.sqlite_is_enough
def test_the_list_leaves_as_it_is_cut(cohort, staff):
    outcome(factories.enrolment(cohort, factories.person("王秀芳")))
    outcome(factories.enrolment(cohort, factories.person("李桂花")), activity={"90": "inactive"})
    sent = staff.get(f"/cohorts/{cohort.id}/outcomes/women.xlsx?day=90&state=inactive")
    page = openpyxl.load_workbook(io.BytesIO(sent.data)).active
    assert [page["B4"].value, page.max_row] == ["李桂花", 4]
    assert db.session.scalars(db.select(AuditEvent.action)).all()[-1] == "outcomes.export_women"
