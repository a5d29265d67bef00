"""Spot checks as pages: the drawing, the script, the number, what she said; who may look and who may call."""

import re

import pytest

from tests import factories
from tests.factories import DATONG, LINFEN, SHANXI
from tests.services.test_closing import S, close, mark
from tests.services.test_spot_check import O, call, calls, drawn
from trainer.domain.actors import Role
from trainer.models import Disclosure


@pytest.fixture
def by(app):
    return factories.actor(Role.INSTRUCTOR, region=DATONG)


@pytest.fixture
def account(app):
    return factories.account(Role.COHORT_STAFF, region=DATONG, name="李慧敏")


@pytest.fixture
def staff(signed_in, account):
    return signed_in(account)


@pytest.fixture
def women(cohort, by):
    """Eleven at one closed lesson: two are drawn."""
    rows = [factories.enrolment(cohort) for _ in range(11)]
    lesson = factories.lesson(cohort, title="短视频剪辑")
    for row in rows:
        mark(lesson, row, S.PRESENT, by)
    close(lesson, 11, by)
    return rows


def seen(client, url) -> str:
    return re.search(r'name="version"[^>]*value="(\d+)"', client.get(url).text)[1]


def test_from_the_drawing_to_the_answer(cohort, women, staff):
    index = f"/cohorts/{cohort.id}/spot-checks"
    key = re.search(r'name="idempotency_key"[^>]*value="([^"]+)"', staff.get(index).text)[1]
    for _ in range(2):  # a double click
        assert staff.post(index, data={"idempotency_key": key}).status_code == 303
    one, two = calls(cohort)
    assert "电话抽查：待打电话" in staff.get("/").text
    again = staff.post(index, data={"idempotency_key": "another"})
    assert again.status_code == 422
    assert "2 人没有打过电话" in again.text
    url = f"/spot-checks/{one.id}"
    script = staff.get(url).text
    for words in ("短视频剪辑", "李慧敏", "请问是 王秀芳 吗", "不要提示"):
        assert words in script, words
    missing = staff.post(url, data={"version": seen(staff, url)})
    assert missing.status_code == 422
    data = {"version": seen(staff, url), "outcome": "was_there", "note": "记得老师讲剪映"}
    assert staff.post(url, data=data).status_code == 303
    stale = staff.post(url, data=data | {"outcome": "unsure"})
    assert stale.status_code == 409
    assert staff.post(f"/spot-checks/{two.id}", data={"version": 1, "outcome": "was_not_there"}).status_code == 303
    page = staff.get(index).text
    for words in ("50.0%", "1/2", "到了", "没有到", "随机种子"):
        assert words in page, words


def test_the_number_is_shown_once_with_its_reason_and_kept_for_her(cohort, women, account, staff):
    drawn(cohort, factories.actor_of(account))
    one = calls(cohort)[0]
    hidden = staff.get(f"/spot-checks/{one.id}").text
    assert "tel:" not in hidden.split('id="call"')[1]
    shown = staff.post(f"/spot-checks/{one.id}/number")
    assert re.search(r'href="tel:1400000\d{4}"', shown.text)
    looked = factories.db.session.scalars(factories.db.select(Disclosure)).one()
    assert (looked.reason.value, looked.fields, looked.account_id) == ("call_her", ["phone"], account.id)
    assert "tel:" not in staff.get(f"/spot-checks/{one.id}").text.split('id="call"')[1]


def test_at_her_limit_no_number_is_shown(app, cohort, women, account, staff, monkeypatch):
    drawn(cohort, factories.actor_of(account))
    monkeypatch.setitem(app.config, "UNMASK_PER_DAY", 0)
    answer = staff.post(f"/spot-checks/{calls(cohort)[0].id}/number")
    assert answer.status_code == 429
    assert "tel:" not in answer.text.split('id="call"')[1]


def test_whoever_took_the_roll_is_warned(cohort, women, account, staff, by):
    drawn(cohort, factories.actor_of(account))
    one = calls(cohort)[0]
    assert "最好由别人打" not in staff.get(f"/spot-checks/{one.id}").text
    mark(
        factories.db.session.get(factories.Lesson, one.lesson_id),
        women[0],
        S.LATE,
        factories.actor_of(account),
        reason="补",
    )
    assert "最好由别人打" in staff.get(f"/spot-checks/{one.id}").text
    call(calls(cohort)[0], O.WAS_THERE, factories.actor_of(account))
    assert "本人参与点名" in staff.get(f"/cohorts/{cohort.id}/spot-checks").text


@pytest.mark.parametrize(
    ("role", "area", "looks", "calls_her"),
    [
        (Role.MANAGER, SHANXI, 200, 200),
        (Role.AUDITOR, SHANXI, 200, 404),
        (Role.INSTRUCTOR, DATONG, 404, 404),  # it is about her rolls
        (Role.COHORT_STAFF, LINFEN, 404, 404),
    ],
)
def test_who_looks_and_who_calls(cohort, women, account, signed_in, role, area, looks, calls_her):
    drawn(cohort, factories.actor_of(account))
    client, one = signed_in(factories.account(role, region=area)), calls(cohort)[0]
    page = client.get(f"/cohorts/{cohort.id}/spot-checks")
    assert page.status_code == looks
    if calls_her != 200:
        assert "王秀芳" not in page.text
    assert client.get(f"/spot-checks/{one.id}").status_code == calls_her
    data = {"version": 1, "outcome": "was_there"}
    assert client.post(f"/spot-checks/{one.id}", data=data).status_code == (303 if calls_her == 200 else 404)


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_the_rows(cohort, by, account, staff, count_statements, count):
    lesson = factories.lesson(cohort)
    for _ in range(count * 10):
        mark(lesson, factories.enrolment(cohort), S.PRESENT, by)
    close(lesson, count * 10, by)
    drawn(cohort, factories.actor_of(account))
    rows = calls(cohort)
    assert len(rows) == count
    for url, number in {f"/cohorts/{cohort.id}/spot-checks": 4, f"/spot-checks/{rows[0].id}": 2}.items():
        with count_statements() as seen:
            assert staff.get(url).status_code == 200
        assert len(seen) == number, url
