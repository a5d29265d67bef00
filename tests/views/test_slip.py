"""The page of a slip: looking spends nothing, four digits and a button do; staff print one or a cohort's."""

import re

import pytest

from tests import factories
from trainer.database import db
from trainer.models import AccessToken, BackgroundTask, Delivery, SignInSession

Role = factories.Role
WECHAT = "Mozilla/5.0 (Linux; Android 12; V2180A) Chrome/116 Mobile Safari/537.36 MicroMessenger/8.0.42"


@pytest.fixture
def woman(cohort):
    who = factories.person("王秀芳", phone="14000001234", region=factories.YUNZHOU)
    factories.enrolment(cohort, who)
    return who


def slip_of(staff, woman) -> str:
    page = staff.post(f"/people/{woman.id}/slip").text
    return re.search(r"http://127\.0\.0\.1:8000(/slip/[\w-]{43})", page)[1]


@pytest.fixture
def slip(staff, woman):
    return slip_of(staff, woman)


def state() -> tuple:
    db.session.rollback()
    db.session.expire_all()
    token = db.session.scalar(db.select(AccessToken))
    return token.used_at, token.tries_left


def test_the_printed_slip_names_her_and_holds_the_code(staff, woman):
    page = staff.post(f"/people/{woman.id}/slip").text
    for words in ("王秀芳", "大西沟村", "大同市第", "扫一扫", "后四位", "<svg", "slips.css"):
        assert words in page
    assert "14000001234" not in page
    assert "style=" not in page


def test_looking_spends_nothing_and_shows_a_starred_name(client, slip):
    for _ in range(3):
        for method in ("GET", "HEAD"):
            answer = client.open(slip, method=method, headers={"User-Agent": WECHAT, "Purpose": "prefetch"})
            assert answer.status_code == 200
            assert "Set-Cookie" not in answer.headers or "sid=" not in answer.headers["Set-Cookie"]
    page = client.get(slip).text
    assert "王*芳" in page
    assert "秀芳" not in page
    assert "1234" not in page
    assert state() == (None, 5)


def test_the_digits_and_the_button_let_her_in_once(client, app, slip):
    answer = client.post(slip, data={"digits": "１２３４"})
    assert answer.location == "/"
    assert "当前：王*芳" in client.get("/me").text
    again = app.test_client().post(slip, data={"digits": "1234"})
    assert again.status_code == 410
    assert "请向班主任要一张新的" in again.text


def test_wrong_digits_cost_a_try_and_the_fifth_ends_it(client, slip):
    for left in (4, 3, 2, 1):
        answer = client.post(slip, data={"digits": "9999"})
        assert answer.status_code == 422
        assert f"还可以试 {left} 次" in answer.text
    assert client.post(slip, data={"digits": "9999"}).status_code == 410
    assert client.post(slip, data={"digits": "1234"}).status_code == 410


def test_what_is_no_four_digits_costs_nothing(client, slip):
    assert client.post(slip, data={"digits": "12"}).status_code == 422
    assert state() == (None, 5)


def test_an_unknown_slip_and_a_spent_one_look_alike(client, slip):
    client.post(slip, data={"digits": "1234"})
    spent, unknown = client.get(slip), client.get("/slip/" + "x" * 43)
    assert (spent.status_code, unknown.status_code) == (410, 410)
    assert re.sub(r"王\*芳|x{43}", "", spent.text).count("<p>") >= 1
    assert "这张纸条已经用过或过期了" in unknown.text


def test_this_is_not_me_ends_it_and_tells_whoever_issued_it(client, staff, slip, woman):
    answer = client.post(f"{slip}/not-me")
    assert answer.status_code == 200
    assert "已经告诉老师" in answer.text
    assert client.post(slip, data={"digits": "1234"}).status_code == 410
    assert client.post(f"{slip}/not-me").status_code == 410
    db.session.rollback()
    assert db.session.scalar(db.select(db.func.count()).select_from(Delivery)) == 1
    assert client.get(f"{slip}/not-me").status_code == 405


def test_a_staff_session_in_the_browser_ends(app, staff, slip):
    staff.post(slip, data={"digits": "1234"})
    assert "王*芳" in staff.get("/me").text
    assert staff.get("/people").status_code == 404
    db.session.rollback()
    live = db.select(SignInSession.is_device).where(SignInSession.revoked_at.is_(None))
    assert db.session.scalars(live).all() == [True]


@pytest.mark.parametrize(
    ("role", "region", "status"),
    [
        (Role.MANAGER, factories.SHANXI, 200),
        (Role.COHORT_STAFF, factories.DATONG, 200),
        (Role.COHORT_STAFF, "140300", 404),
        (Role.AUDITOR, factories.SHANXI, 404),
        (Role.INSTRUCTOR, factories.SHANXI, 404),
        (Role.SYSTEM_ADMINISTRATOR, None, 404),
    ],
)
def test_who_may_make_slips(signed_in, woman, cohort, role, region, status):
    client = signed_in(factories.account(role, region=region))
    assert client.post(f"/people/{woman.id}/slip").status_code == status
    assert client.get(f"/cohorts/{cohort.id}/slips").status_code == status
    assert client.post(f"/cohorts/{cohort.id}/slips", data={"whom": "all"}).status_code == (
        302 if status == 200 else 404
    )


def test_a_cohorts_slips_are_one_task_however_often_the_button_is_pressed(staff, cohort, woman):
    page = staff.get(f"/cohorts/{cohort.id}/slips").text
    assert "1 人" in page
    answers = [staff.post(f"/cohorts/{cohort.id}/slips", data={"whom": "all"}).location for _ in range(2)]
    assert answers[0] == answers[1]
    db.session.rollback()
    [task] = db.session.scalars(db.select(BackgroundTask)).all()
    assert task.params == {"cohort_id": cohort.id, "only_without_phone": False}
    assert staff.post(f"/cohorts/{cohort.id}/slips", data={"whom": "nobody"}).status_code == 422


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_take_a_fixed_number_of_statements(staff, client, cohort, count_statements, number):
    women = [factories.trainee(cohort)[0] for _ in range(number)]
    with count_statements() as seen:
        assert staff.get(f"/cohorts/{cohort.id}/slips").status_code == 200
    assert len(seen) == 5
    slip = slip_of(staff, db.session.get(factories.Person, women[0].person_id))
    with count_statements() as seen:
        assert client.get(slip).status_code == 200
    assert len(seen) == 2
