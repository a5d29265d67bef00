"""The phone round as pages: the counts, who calls, the call with its answers, corrections; who may look and who may call."""

import io
import re
from datetime import UTC, datetime

import openpyxl
import pytest

from tests import factories
from tests.factories import DATONG, LINFEN, SHANXI
from trainer import clock
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.survey import SheetState, Wave
from trainer.models import FollowUp, SurveySheet
from trainer.queries.survey import answers_of

pytestmark = pytest.mark.sqlite_is_enough

SHORT = {
    "answer_sells_now": "yes",
    "answer_broadcasts_30": "3",
    "answer_profit": "1500",
    "answer_obstacle": "time",
    "answer_wants_call": "no",
}


@pytest.fixture(autouse=True)
def _a_week_after_the_thirtieth_day(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 4, 20, 1, tzinfo=UTC))


@pytest.fixture
def account(app):
    return factories.account(Role.COHORT_STAFF, region=DATONG, name="李慧敏")


@pytest.fixture
def staff(signed_in, account):
    return signed_in(account)


@pytest.fixture
def sheet(cohort):
    return factories.survey_sheet(factories.enrolment(cohort, status=EnrolmentStatus.COMPLETED))


def fresh(sheet) -> SurveySheet:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(SurveySheet, sheet.id)


def send(client, url, form_at=None, **data):
    """The form that stands at the address, with what it carries."""
    page = client.get(form_at or url).text
    hidden = {
        name: found[-1]
        for name in ("version", "idempotency_key")
        if (found := re.findall(rf'name="{name}"[^>]*value="([^"]+)"', page))
    }
    return client.post(url, data=hidden | data)


def test_the_call_from_the_list_to_the_answers(cohort, sheet, staff, account):
    index = f"/cohorts/{cohort.id}/surveys"
    assert "王秀芳" in staff.get(index).text
    assert staff.post(index, data={"caller": account.id, "whose": "ticked"}).status_code == 422
    assert staff.post(index, data={"caller": 999, "whose": "all"}).status_code == 422
    assert staff.post(index, data={"caller": account.id, "whose": "ticked", "sheets": sheet.id}).status_code == 303
    assert "待电话回访的问卷" in staff.get("/").text
    assert "王秀芳" in staff.get("/surveys?whose=mine").text
    assert "王秀芳" not in staff.get("/surveys?whose=nobodys").text
    url = f"/surveys/{sheet.id}"
    script = staff.get(url).text
    for words in ("李慧敏", "请问是 王秀芳 吗", "大约五分钟", "都不回答", "140****"):
        assert words in script, words
    assert not re.search(r'href="tel:1400000', script)
    assert re.search(r'href="tel:1400000\d{4}"', staff.post(f"{url}/number").text)
    missing = send(staff, url, result="answered", minutes="5", **SHORT | {"answer_profit": ""})
    assert missing.status_code == 422
    assert "这一题还没有答案" in missing.text
    assert missing.text.count(" checked") == 4  # what she said, and how the call ended
    unusual = send(staff, url, result="answered", minutes="5", **SHORT | {"answer_broadcasts_30": "200"})
    assert "已再次向她确认" in unusual.text
    assert db.session.scalars(db.select(FollowUp)).all() == []
    sure = SHORT | {"answer_broadcasts_30": "200", "sure": "broadcasts_30"}
    assert send(staff, url, result="answered", minutes="5", **sure).status_code == 303
    assert answers_of([sheet.id])[sheet.id]["broadcasts_30"].number == 200
    answered = staff.get(url).text
    for words in ("电话", "1500", "200", "更正答案"):
        assert words in answered, words
    assert "王秀芳" not in staff.get("/surveys").text


def test_after_its_last_day_nobody_calls_any_more(cohort, sheet, staff, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 5, 12, 1, tzinfo=UTC))
    page = staff.get(f"/surveys/{sheet.id}").text
    assert "答案收到 2026-05-11 为止" in page
    assert 'name="minutes"' not in page
    assert "王秀芳" not in staff.get(f"/cohorts/{cohort.id}/surveys").text


def test_a_correction_needs_its_reason_and_shows_what_stood_there(sheet, staff):
    url = f"/surveys/{sheet.id}"
    send(staff, url, result="answered", minutes="5", **SHORT)
    assert send(staff, f"{url}/correct", **SHORT).status_code == 422
    right = SHORT | {"answer_profit": "15000"}
    assert send(staff, f"{url}/correct", reason="少记一个零", **right).status_code == 303
    page = staff.get(url).text
    for words in ("1500元 → 15000元", "少记一个零"):
        assert words in page.replace(" 元", "元"), words
    assert staff.post(f"{url}/reopen", data={}).status_code == 422
    assert staff.post(f"{url}/reopen", data={"reason": "问错了人"}).status_code == 303
    assert fresh(sheet).state is SheetState.OPEN


def test_who_declines_or_was_not_reached(cohort, sheet, staff):
    url = f"/surveys/{sheet.id}"
    assert send(staff, url, result="not_reached", minutes="1").status_code == 303
    assert "无人接听" not in staff.get(f"/cohorts/{cohort.id}/surveys").text.split("<tbody>")[0]
    assert fresh(sheet).state is SheetState.OPEN
    stale = staff.post(url, data={"version": "99", "idempotency_key": "k", "result": "declined", "minutes": "2"})
    assert stale.status_code == 409
    assert send(staff, url, result="declined", minutes="2", words="太忙").status_code == 303
    page = staff.get(url).text
    assert "太忙" in page
    assert page.count("<td") == 10  # two calls
    again = staff.post(
        url, data={"version": "1", "idempotency_key": "k2", "result": "answered", "minutes": "2", **SHORT}
    )
    assert again.status_code == 409


def test_paper_goes_through_two_hands(sheet, staff, signed_in):
    url = f"/surveys/{sheet.id}/paper"
    second = signed_in(factories.account(Role.COHORT_STAFF, region=DATONG, name="赵丽"))
    typed = {"answer_sells_now": "1", "answer_broadcasts_30": "3", "answer_profit": "1500", "answer_obstacle": "6"}
    typed |= {"answer_wants_call": "x"}
    assert "这里还没有填" in send(staff, url, answered_on="2026-04-15", **typed | {"answer_profit": ""}).text
    assert send(staff, url, answered_on="2026-04-21", **typed).status_code == 422
    assert send(staff, url, answered_on="2026-04-15", **typed).status_code == 303
    assert "您" in staff.get(url).text
    assert "1500" not in staff.get(f"/surveys/{sheet.id}").text
    refused = staff.post(url, data=typed)
    assert refused.status_code == 422
    assert 'name="answer_profit"' not in refused.text
    assert staff.get(f"{url}?anew=1").text.count("1500") == 0
    assert second.get(f"/surveys/papers?number={sheet.id}").location == url
    assert second.get("/surveys/papers?number=99").status_code == 422
    assert second.get(f"/surveys/papers?number={'0' * 5_000}{sheet.id}").status_code == 422
    queue = second.get("/surveys/papers").text
    assert "第二次录入" in queue
    blind = second.get(url).text
    assert "1500" not in blind
    assert send(second, url, **typed | {"answer_profit": "15000", "answer_obstacle": "7"}).status_code == 303
    both = second.get(url).text
    for words in ("1500", "15000", "第一次录入", "第二次录入"):
        assert words in both, words
    assert 'name="answer_sells_now"' not in both
    assert staff.post(url, data={"answer_profit": "1500", "answer_obstacle": "time"}).status_code == 422
    assert send(second, url, answer_profit="1500").status_code == 422
    assert send(second, url, answer_profit="1500", answer_obstacle="money").status_code == 303
    after = fresh(sheet)
    assert (after.state, after.mode.value, str(after.answered_on)) == (SheetState.ANSWERED, "paper", "2026-04-15")
    assert answers_of([sheet.id])[sheet.id]["profit"].number == 150_000


def test_women_without_a_place_are_asked_all_together(cohort, sheet, staff):
    for status in ("waitlisted", "rejected", "applied"):
        factories.enrolment(cohort, factories.person(name="赵外人"), status=EnrolmentStatus(status))
    url = f"/cohorts/{cohort.id}/surveys"
    page = staff.get(url).text
    assert "2 人" in page
    assert "赵外人" not in page
    assert staff.post(f"{url}/compare").status_code == 303
    assert staff.get(url).text.count(">赵外人</a>") == 2
    outsider = db.session.scalar(db.select(db.func.max(SurveySheet.id)))
    assert "没有入班" in staff.get(f"/surveys/{outsider}").text


def test_the_list_leaves_as_a_workbook_with_masked_numbers(cohort, sheet, staff):
    for path in ("calls", "calls?wave=day_30"):
        assert "王秀芳" in staff.get(f"/cohorts/{cohort.id}/surveys/{path}").text
    answer = staff.get(f"/cohorts/{cohort.id}/surveys/calls.xlsx?wave=day_30")
    assert "%E7%94%B5%E8%AF%9D%E5%9B%9E%E8%AE%BF%E5%90%8D%E5%8D%95" in answer.headers["Content-Disposition"]
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert rows[-1][2] == "王秀芳"
    assert rows[-1][3].startswith("140****")


@pytest.mark.parametrize(
    ("role", "area", "looks", "calls"),
    [
        (Role.MANAGER, SHANXI, 200, 303),
        (Role.AUDITOR, SHANXI, 200, 404),
        (Role.FINANCE, SHANXI, 404, 404),
        (Role.COHORT_STAFF, LINFEN, 404, 404),
    ],
)
def test_who_looks_and_who_calls(cohort, sheet, signed_in, role, area, looks, calls):
    client = signed_in(factories.account(role, region=area))
    assert client.get(f"/cohorts/{cohort.id}/surveys").status_code == looks
    page = client.get(f"/surveys/{sheet.id}")
    assert page.status_code == looks
    assert ('name="minutes"' in page.text) == (calls == 303)
    data = {"version": sheet.version, "idempotency_key": "k", "result": "not_reached", "minutes": "1"}
    assert client.post(f"/surveys/{sheet.id}", data=data).status_code == calls
    assert client.get(f"/surveys/{sheet.id}/paper").status_code == (200 if calls == 303 else 404)


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_the_rows(cohort, staff, count_statements, count):
    for _ in range(count):
        woman = factories.enrolment(cohort, status=EnrolmentStatus.COMPLETED)
        open_one = factories.survey_sheet(woman)
        factories.survey_sheet(woman, Wave.BASELINE, SheetState.ENTERED, mode="paper")
    pages = {f"/cohorts/{cohort.id}/surveys": 8, "/surveys": 3, f"/surveys/{open_one.id}": 5, "/surveys/papers": 3}
    for url, number in pages.items():
        with count_statements() as seen:
            assert staff.get(url).status_code == 200
        assert len(seen) == number, (url, seen)
