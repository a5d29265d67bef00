"""Staff: how women apply, who may with near misses, filled in for her, led to other support; who may do it."""

import io
import re

import pytest
import time_machine
from openpyxl import load_workbook

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.models import Application, Selection


@pytest.fixture(autouse=True)
def _while_it_is_open():
    with time_machine.travel(AT, tick=False):
        yield


def version(client, url: str) -> str:
    return re.search(r'name="version"[^>]*value="(\d+)"', client.get(url).text)[1]


def near(made, woman: int, shares: tuple[int, ...]) -> None:
    """She was at lessons of so many minutes."""
    for minutes, status in zip(shares, (AttendanceStatus.PRESENT, AttendanceStatus.ABSENT), strict=True):
        lesson = factories.lesson(made.cohort, minutes=minutes, state=LessonState.CLOSED)
        selections.attended(lesson, made.enrolments[woman], status)


def test_conditions_are_set_on_the_page_and_read_back(app, signed_in):
    made = selections.make()
    client, url = signed_in(made.manager), f"{made.url}/applying"
    data = {"version": version(client, url), "introduction": "六名带头人", "applies_from": "2026-03-20T08:00"}
    data |= {"applies_until": "2026-03-30T18:00", "highest_amount": "20000", "residence": factories.YUNZHOU}
    data |= {
        "attendance": "80",
        "certificate": "y",
        "broadcasts": "3",
        "broadcast_source": "files",
        "net_sales": "500.50",
    }
    assert client.post(url, data=data).status_code == 303
    stored = db.session.get(Selection, made.selection_id)
    assert stored.eligibility == {
        "residence": factories.YUNZHOU,
        "attendance_bp": 8000,
        "certificate": True,
        "broadcasts": 3,
        "broadcast_source": "files",
        "net_sales_fen": 50_050,
    }
    assert (stored.highest_amount_fen, stored.applies_until.isoformat()) == (2_000_000, "2026-03-30T10:00:00+00:00")
    page = client.get(url).text
    for shown in ('value="80"', 'value="500.5', 'value="2026-03-30T18:00"'):
        assert shown in page
    half = client.post(url, data=data | {"version": version(client, url), "applies_until": ""})
    assert half.status_code == 422


def test_a_near_miss_is_shown_with_what_is_missing_and_the_unknown_is_no_miss(app, signed_in):
    made = selections.applying(attendance_bp=8000)
    near(made, 0, (78, 22))
    client, url = signed_in(made.manager), f"{made.url}/eligibility"
    page = client.get(url).text
    assert "出勤 78%，要求 80%，差 2 个百分点" in page
    assert "还没有完成的课次" in client.get(f"{url}?standing=unknown").text or "暂无数据" in page
    only = client.get(f"{url}?standing=near").text
    assert "王秀芳" in only
    assert "李月娥" not in only
    book = load_workbook(io.BytesIO(client.get(f"{url}.xlsx?standing=near").data))
    texts = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]
    assert any("差 2 个百分点" in text for text in texts)
    assert "李月娥" not in texts


def test_taken_in_from_the_list_against_a_condition_with_a_reason(app, signed_in):
    made = selections.applying(certificate=True)
    client, url = signed_in(made.manager), f"{made.url}/eligibility"
    data = {"enrolment_ids": [made.enrolments[0].id], "version": version(client, url)}
    refused = client.post(url, data=data)
    assert refused.status_code == 422
    assert client.post(url, data=data | {"reason": "证书正在补办"}).status_code == 303
    assert [row.code for row in made.applications()] == ["A-001"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_a_fixed_number_of_statements(app, signed_in, count_statements, number):
    rules = {"attendance_bp": 8000, "certificate": True, "broadcasts": 2, "net_sales_fen": 1}
    made = selections.applying(number, residence=factories.DATONG, **rules)
    for woman in range(number):
        factories.livestream(factories.shop(db.session.get(factories.Person, made.enrolments[woman].person_id)))
        near(made, woman, (90, 10))
    client = signed_in(made.manager)
    for url, most in ((f"{made.url}/eligibility", 10), (f"/applications/{made.selection_id}", 11)):
        client.get(url)
        with count_statements() as seen:
            assert client.get(url).status_code == 200
        assert len(seen) == most


def test_staff_of_the_cohort_fill_it_in_for_her_and_that_is_written_down(app, signed_in):
    made = selections.applying(highest_amount_fen=500_000)
    staff = factories.account(Role.COHORT_STAFF, region=factories.DATONG, name="赵老师")
    client, url = signed_in(staff), f"/applications/{made.selection_id}/for/{made.enrolments[0].id}"
    assert made.url not in client.get("/applications").text
    assert "王秀芳" in client.get(f"/applications/{made.selection_id}").text
    data = {"version": "0", "title": "黄花菜", "plan": "卖到太原", "amount": "3000"}
    data |= {"uses-0-item": "烤箱", "uses-0-amount": "3000"}
    assert client.post(url, data=data).status_code == 303
    sent = {"picture": (io.BytesIO(factories.picture()), "a.png"), "words": "晒场"}
    assert client.post(f"{url}/files", data=sent).status_code == 303
    assert client.get(f"{url}/files/1").mimetype == "image/jpeg"
    client.post(f"{url}/hand-in", data={"version": version(client, url)})
    (application,) = made.applications()
    assert (application.code, application.created_by) == ("A-001", staff.id)
    page = signed_in(made.manager).get(f"{made.url}/candidates/{application.id}").text
    for words in ("赵老师", "卖到太原", "烤箱", "晒场"):
        assert words in page


def test_others_fill_nothing_in(app, signed_in):
    made = selections.applying()
    url = f"/applications/{made.selection_id}/for/{made.enrolments[0].id}"
    away = factories.account(Role.COHORT_STAFF, region=factories.LINFEN)
    for account in (away, factories.account(Role.AUDITOR), factories.account(Role.INSTRUCTOR)):
        client = signed_in(account)
        assert client.get(url).status_code == 404
        assert client.post(url, data={"version": "0", "title": "x"}).status_code == 404
    assert db.session.scalar(db.select(Application.id)) is None


def test_led_to_other_support_and_what_came_of_it(app, signed_in):
    made = selections.applying(certificate=True)
    client = signed_in(made.manager)
    data = {"kind": "mentor", "to_whom": "李导师", "note": "下周见面", "idempotency_key": "k1"}
    url = f"{made.url}/refer/{made.enrolments[0].id}"
    assert "还没有证书" in client.get(url).text
    for _twice in range(2):
        assert client.post(url, data=data).status_code == 303
    page = client.get(f"{made.url}/referrals").text
    assert page.count("李导师") == 1
    place = re.search(rf"{made.url}/referrals/\d+", page)[0]
    client.post(place, data={"outcome": "已开店"})
    assert "已开店" in client.get(f"{made.url}/referrals").text
    with transaction():
        auditor = factories.account(Role.AUDITOR)
    assert signed_in(auditor).post(place, data={"outcome": "x"}).status_code == 404
