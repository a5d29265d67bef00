"""The list of people: who is on it for whom, how it is searched, and its export."""

import pytest

from tests import factories
from tests.rosters import cells
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import AuditEvent

NAMES = ("王秀芳", "李丽", "阿依古丽·买买提")


@pytest.fixture
def people(app):
    first, second, third = (
        factories.person(name, phone=f"1400000000{n}", village=village)
        for n, (name, village) in enumerate(zip(NAMES, ("大西沟村", "上庄村", "=1+1"), strict=True))
    )
    return first, second, third


def named(page: str) -> set[str]:
    return {name for name in NAMES if name in page}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", set(NAMES)),
        ("q=王", {"王秀芳"}),
        ("q=wxf", {"王秀芳"}),
        ("q=WXF", {"王秀芳"}),
        ("q=li li", {"李丽"}),
        ("q=上庄", {"李丽"}),
        ("q=%25", set()),
        ("q=_", set()),
        ("q=' OR 1=1 --", set()),
        ("region=140215", set(NAMES)),
        ("region=140221", set()),
        ("region=140200", set(NAMES)),
        ("page=999999", set(NAMES)),
    ],
)
def test_searching(staff, people, query, found):
    answer = staff.get(f"/people?{query}")
    assert (answer.status_code, named(answer.text)) == (200, found)


def test_phones_are_masked(staff, people):
    page = staff.get("/people").text
    assert "140****0000" in page
    assert "14000000000" not in page


def test_who_lives_elsewhere_is_seen_by_whoever_teaches_her(signed_in, people):
    cohort = factories.cohort(region=factories.LINFEN)
    factories.enrolment(cohort, people[0])
    city = signed_in(factories.account(Role.COHORT_STAFF, region=factories.LINFEN))
    only_this_cohort = signed_in(factories.account(Role.COHORT_STAFF, cohort=cohort))
    for client in (city, only_this_cohort):
        page = client.get("/people").text
        assert named(page) == {"王秀芳"}
        assert cohort.name in page


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.EVALUATOR, Role.FINANCE, Role.SYSTEM_ADMINISTRATOR])
def test_other_roles_find_nothing(signed_in, role):
    client = signed_in(factories.account(role))
    assert {client.get("/people").status_code, client.get("/people/export").status_code} == {404}


def test_an_auditor_reads_but_takes_nothing_out(signed_in, people):
    client = signed_in(factories.account(Role.AUDITOR))
    page = client.get("/people").text
    assert named(page) == set(NAMES)
    assert "/people/export" not in page
    assert client.get("/people/export").status_code == 404


def test_the_export_follows_the_filter_masks_phones_and_is_written_down(staff, people):
    assert "/people/export?q=%E5%BA%84" in staff.get("/people?q=庄").text
    rows = cells(staff.get("/people/export?q=庄").data)
    assert rows[2][:4] == ("序号", "姓名", "联系电话", "县区")
    assert [row[:6] for row in rows[3:]] == [(1, "李丽", "140****0001", "云州区", None, "上庄村")]
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "person.export"))
    assert event.details == {"people": 1, "region": ""}


def test_formula_like_text_stays_text_in_the_export(staff, people):
    assert "=1+1" in [row[5] for row in cells(staff.get("/people/export").data)[3:]]


def test_a_fixed_number_of_statements(staff, count_statements):
    cohort = factories.cohort()
    for number in range(1, 4):
        factories.enrolment(cohort, factories.person(f"王{number}"))
        with count_statements() as seen:
            assert staff.get("/people").text.count('<td class="card-title">') == number
        assert len(seen) == 5


def test_the_empty_state_says_how_women_get_here(staff):
    assert "导入花名册" in staff.get("/people").text


def test_what_the_roster_told_of_her_stands_on_her_page(staff):
    told = {"birth_year": 1985, "ethnicity": "回族", "education": "初中", "has_shop": False, "note": "=1+1 <b>"}
    woman = factories.person("马桂花", id_number="140299198501011234", **told)
    page = staff.get(f"/people/{woman.id}").text
    for words in ("1985 年生", "回族", "初中", "报名时未开店", "已登记身份证号", "备注：=1+1 &lt;b&gt;"):
        assert words in page
    assert "140299198501011234" not in page
    assert "<b>" not in page


@pytest.mark.parametrize("typed", ["14000001111", "140 0000 1111", "140298199812189063", "王秀芳 14000001111"])
def test_a_whole_number_does_not_stay_in_the_address_of_the_list(signed_in, typed):
    answer = signed_in(factories.account(Role.MANAGER)).get("/people", query_string={"q": typed})
    assert (answer.status_code, answer.location) == (303, "/people")
