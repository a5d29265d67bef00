"""Calls and visits, costs and paid work of a class at their pages: entered once, listed, exported, taken back."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from tests import factories
from tests.factories import DATONG, LINFEN
from tests.outcome_figures import keep, sample_figures
from trainer import clock
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.enrolment import EnrolmentStatus
from trainer.models import CohortCost, FollowUp, PaidWork

pytestmark = pytest.mark.sqlite_is_enough


@pytest.fixture
def staff(signed_in):
    return signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))


@pytest.fixture
def cohort(app):
    ended = clock.today() - timedelta(days=60)
    programme = factories.programme(starts_on=ended - timedelta(days=90), ends_on=ended + timedelta(days=900))
    return factories.cohort(of=programme, starts_on=ended - timedelta(days=4), ends_on=ended)


@pytest.fixture
def graduate(cohort):
    return factories.enrolment(cohort, factories.person("赵玉梅"), status=EnrolmentStatus.COMPLETED)


def all_of(kind):
    db.session.expire_all()
    return list(db.session.scalars(db.select(kind).order_by(kind.id)))


def sheets(answer) -> dict[str, list[tuple]]:
    book = load_workbook(io.BytesIO(answer.data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


CALL = {"kind": "call", "purpose": "advice", "outcome": "spoken", "minutes": "12", "still": "no", "words": "歇了一个月"}


def test_a_call_from_the_list_of_whom_to_call(staff, cohort, graduate):
    page = f"/cohorts/{cohort.id}/follow-ups"
    assert "赵玉梅" in staff.get(page).text.split("做过的记录")[0]
    form = staff.get(f"{page}/new?woman={graduate.id}").text
    assert ("赵玉梅" in form, "140****" in form) == (True, True)
    sent = {**CALL, "woman": graduate.id, "day": str(clock.today()), "idempotency_key": "k1"}
    too_early = staff.post(page + "/new", data={**sent, "day": "2020-01-01"})
    assert (too_early.status_code, "歇了一个月" in too_early.text) == (422, True)
    for missing in ({"outcome": ""}, {"woman": "0"}):
        assert staff.post(page + "/new", data={**sent, **missing}).status_code == 422
    for _twice in range(2):
        assert staff.post(page + "/new", data=sent).status_code == 303
    [row] = all_of(FollowUp)
    assert (row.broadcasts_still, row.minutes) == (False, 12)
    text = staff.get(page).text
    assert "赵玉梅" not in text.split("做过的记录")[0]
    assert "歇了一个月" in text
    assert "赵玉梅" not in staff.get(page + "?kind=visit").text
    assert "歇了一个月" in staff.get(f"/people/{graduate.person_id}").text
    assert "赵玉梅" in str(sheets(staff.get(page + "/export")))
    assert staff.post(f"/follow-ups/{row.id}/take-back", data={"reason": ""}).status_code == 422
    assert staff.post(f"/follow-ups/{row.id}/take-back", data={"reason": "记错了人"}).status_code == 303
    assert "记错了人" in staff.get(page).text
    assert staff.post(f"/follow-ups/{row.id}/take-back", data={"reason": "再来"}).status_code == 409


def test_the_number_for_a_call_stands_beside_the_form(staff, graduate):
    phone = db.session.get(factories.Person, graduate.person_id).phone
    assert phone in staff.post(f"/follow-ups/women/{graduate.id}/number").text


def test_costs_with_evidence_what_each_graduate_cost_and_no_names(signed_in, cohort, graduate):
    finance = signed_in(factories.account(Role.FINANCE, region=DATONG))
    page = f"/cohorts/{cohort.id}/costs"
    sent = {
        "kind": "meals",
        "amount": "1234.50",
        "spent_on": str(cohort.starts_on),
        "note": "午餐",
        "idempotency_key": "k1",
    }
    for amount in ("0", "10000000.01", "1.005"):
        assert finance.post(page + "/new", data={**sent, "amount": amount}).status_code == 422
    too_early = finance.post(page + "/new", data={**sent, "spent_on": "2020-01-01"})
    assert (too_early.status_code, "午餐" in too_early.text) == (422, True)
    for _twice in range(2):
        with_file = {**sent, "evidence": (io.BytesIO(factories.picture()), "发票.png")}
        assert finance.post(page + "/new", data=with_file).status_code == 303
    [row] = all_of(CohortCost)
    assert finance.get(f"/costs/{row.id}/evidence").mimetype == "image/jpeg"
    text = finance.get(page).text
    assert "¥1,234.50" in text
    assert "赵玉梅" not in text
    assert finance.get(f"/cohorts/{cohort.id}/follow-ups").status_code == 404
    assert finance.get(f"/cohorts/{cohort.id}").status_code == 200
    factories.cost(cohort, amount_fen=100_000)
    book = sheets(finance.get(page + "/export"))
    assert ("合计", None, 2234.5) in [line[:3] for line in book["费用明细"]]
    assert finance.post(f"/costs/{row.id}/take-back", data={"reason": "记重了"}).status_code == 303
    text = finance.get(page).text
    assert ("<s>¥1,234.50</s>" in text, "记重了" in text, "¥1,000.00" in text) == (True, True, True)
    stranger = signed_in(factories.account(Role.FINANCE, region=LINFEN))
    assert {stranger.get(address).status_code for address in (page, f"/costs/{row.id}/evidence")} == {404}


def test_costs_for_each_follow_the_figures_that_are_kept(staff, cohort, graduate):
    keep(cohort.id, sample_figures(completed=4))
    factories.cost(cohort, amount_fen=100_000)
    text = staff.get(f"/cohorts/{cohort.id}/costs").text
    assert ("¥250.00" in text, "4 人结业" in text) == (True, True)


WORK = {"worker": "冯大姐", "is_woman": "yes", "is_seasonal": "yes", "paid_days": "12"}


def test_paid_days_by_name_and_what_they_make_in_jobs(staff, signed_in, cohort, graduate):
    page = f"/cohorts/{cohort.id}/paid-work"
    first, last = cohort.ends_on + timedelta(days=1), cohort.ends_on + timedelta(days=20)
    sent = {**WORK, "employer": graduate.id, "from_on": str(first), "until_on": str(first), "idempotency_key": "k1"}
    too_many = staff.post(page + "/new", data=sent)
    assert (too_many.status_code, "冯大姐" in too_many.text) == (422, True)
    sent |= {"until_on": str(last), "evidence": (io.BytesIO(b"%PDF-1.4 "), "工资表.pdf")}
    assert staff.post(page + "/new", data=sent).status_code == 303
    again = staff.post(page + "/new", data={**sent, "evidence": (io.BytesIO(b""), ""), "idempotency_key": "k2"})
    assert (again.status_code, f"从 {first} 到 {last}" in again.text) == (409, True)
    [row] = all_of(PaidWork)
    text = staff.get(page).text
    assert ("冯大姐" in text, "<dd>0.05" in text) == (True, True)
    assert staff.get(f"{page}/{row.id}/evidence").mimetype == "application/pdf"
    [lines] = sheets(staff.get(page + "/export")).values()
    assert "冯大姐" in str(lines)
    auditor = signed_in(factories.account(Role.AUDITOR, region=DATONG))
    assert ("冯大姐" in auditor.get(page).text, "冯*姐" in auditor.get(page).text) == (False, True)
    assert staff.post(f"{page}/{row.id}/take-back", data={"reason": "没有发工资"}).status_code == 303
    text = staff.get(page).text
    assert ("<s>12</s>" in text, "<dd>0.05" in text) == (True, False)


@pytest.mark.parametrize(("place", "count"), [("follow-ups", 9), ("costs", 8), ("paid-work", 4)])
def test_a_fixed_number_of_statements(staff, cohort, graduate, count_statements, place, count):
    seen = []
    for more in (1, 2):
        for _more in range(more):
            woman = factories.enrolment(cohort, status=EnrolmentStatus.COMPLETED)
            factories.follow_up(woman)
            factories.cost(cohort)
            factories.paid_work(woman, cohort)
        with count_statements() as statements:
            assert staff.get(f"/cohorts/{cohort.id}/{place}").status_code == 200
        seen.append(len(statements))
    assert seen == [count] * 2
