"""Women on one phone: who is current, who may be switched to, how each leaves; phones seen and signed out."""

import re

import pytest

from tests import factories
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM
from trainer.models import Account, AuditEvent, SignInSession
from trainer.services import trainee_access

Role = factories.Role


def woman(cohort, name, phone):
    _enrolment, account = factories.trainee(cohort, name=name, phone=phone)
    return account, phone


def enter(client, account, phone):
    with transaction():
        code = trainee_access.issue_trainee_code(db.session.get(Account, account.id), by=SYSTEM, at=clock.now())
    answer = client.post("/code", data={"phone": phone, "code": code})
    assert answer.status_code == 302
    return answer


@pytest.fixture
def two(client, cohort):
    """A phone with two women on it, 李桂花 current."""
    women = woman(cohort, "王秀芳", "14000001234"), woman(cohort, "李桂花", "14000005678")
    for account, phone in women:
        enter(client, account, phone)
    return client, [account for account, _phone in women]


def sid(client):
    return client.get_cookie("sid").value


def session_of(account) -> int:
    db.session.rollback()
    live = db.select(SignInSession.id).where(SignInSession.account_id == account.id, SignInSession.revoked_at.is_(None))
    return db.session.scalar(live)


def now_is(client) -> str:
    return re.search(r"当前：([^ <|]+)", client.get("/me").text)[1]


def test_the_next_woman_is_added_and_current(two):
    phone, _accounts = two
    assert now_is(phone) == "李*花"
    page = phone.get("/me/switch").text
    assert "王*芳" in page
    assert "秀芳" not in page
    assert "桂花" not in page


def test_the_code_page_says_who_stays(two):
    phone, _accounts = two
    assert "李*花" in phone.get("/code").text


def test_switching_and_back(app, two):
    phone, (first, second) = two
    old = sid(phone)
    answer = phone.post("/me/switch", data={"woman": session_of(first)})
    assert answer.location == "/me"
    assert now_is(phone) == "王*芳"
    assert sid(phone) != old
    replay = app.test_client()
    replay.set_cookie("sid", old)
    assert replay.get("/me").status_code == 302
    phone.post("/me/switch", data={"woman": session_of(second)})
    assert now_is(phone) == "李*花"


def test_only_she_leaves_and_the_other_is_current(two):
    phone, (_first, second) = two
    answer = phone.post("/me/switch/leave")
    assert answer.location == "/me/switch"
    assert "李*花 已在这部手机上退出" in phone.get("/me/switch").text
    assert now_is(phone) == "王*芳"
    assert session_of(second) is None
    assert phone.post("/me/switch/leave").location == "/code"
    assert phone.get("/me").status_code == 302


def test_all_leave_at_once(two):
    phone, accounts = two
    assert phone.post("/me/switch/leave-all").location == "/code"
    assert [session_of(account) for account in accounts] == [None, None]


def test_nobody_of_another_phone_is_switched_to(app, two, cohort):
    phone, _accounts = two
    stranger, number = woman(cohort, "张晓红", "14000009999")
    elsewhere = app.test_client()
    enter(elsewhere, stranger, number)
    assert phone.post("/me/switch", data={"woman": session_of(stranger)}).status_code == 404
    assert "张*红" not in phone.get("/me/switch").text
    for odd in ("", "x", "-1", "9" * 30):
        assert phone.post("/me/switch", data={"woman": odd}).status_code == 404


def test_staff_who_sign_in_on_the_phone_are_no_part_of_it(two):
    phone, (_first, second) = two
    member = factories.account(Role.MANAGER)
    phone.post("/sign-in", data={"username": member.username, "password": factories.PASSWORD})
    assert phone.get("/me/switch").status_code == 404
    assert phone.post("/me/switch", data={"woman": session_of(second) or 0}).status_code == 404
    third, number = factories.account(Role.TRAINEE, person=factories.person(phone="14000007777")), "14000007777"
    enter(phone, third, number)
    assert member.name not in phone.get("/me/switch").text
    assert session_of(member) is None


def test_a_password_session_of_a_trainee_has_no_switch(signed_in, app):
    both = factories.account(Role.TRAINEE, Role.MANAGER)
    client = signed_in(both)
    assert client.get("/me/switch").status_code == 404


def test_my_phones_in_plain_words_and_one_ended(app, cohort):
    account, number = woman(cohort, "王秀芳", "14000001234")
    wechat = app.test_client()
    wechat.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Linux; Android 12) Chrome/116 MicroMessenger/8.0"
    apple = app.test_client()
    apple.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0) Version/16 Safari/604.1"
    enter(wechat, account, number)
    first = session_of(account)
    enter(apple, account, number)
    page = wechat.get("/me/phones").text
    assert "微信 · 安卓手机" in page
    assert "Safari 浏览器 · 苹果手机" in page
    assert page.count("这部手机") >= 1
    assert apple.post(f"/me/phones/{first}/end").location == "/me/phones"
    assert wechat.get("/me").status_code == 302
    assert apple.post(f"/me/phones/{first}/end").status_code == 404


def test_another_womans_phone_is_not_mine_to_end(two, app, cohort):
    phone, (first, _second) = two
    assert phone.post(f"/me/phones/{session_of(first)}/end").status_code == 404


def test_all_others_end_but_not_this_one(app, cohort):
    account, number = woman(cohort, "王秀芳", "14000001234")
    phones = [app.test_client() for _ in range(3)]
    for each in phones:
        enter(each, account, number)
    phones[1].post("/me/phones/end-others")
    assert [each.get("/me").status_code for each in phones] == [302, 200, 302]


# Staff


def test_staff_see_a_womans_phones_and_sign_one_out(app, staff, cohort):
    account, number = woman(cohort, "王秀芳", "14000001234")
    phone = app.test_client()
    enter(phone, account, number)
    path = f"/people/{account.person_id}"
    assert f"{path}/phones/{session_of(account)}/end" in staff.get(path).text
    assert staff.post(f"{path}/phones/{session_of(account)}/end").location == f"{path}#phones"
    assert phone.get("/me").status_code == 302
    assert "没有在任何手机上登录" in staff.get(path).text


def test_a_phone_of_one_woman_is_not_ended_by_the_page_of_another(app, staff, cohort):
    (account, number), (other, _number) = woman(cohort, "王秀芳", "14000001234"), woman(cohort, "李", "14000005678")
    enter(app.test_client(), account, number)
    assert staff.post(f"/people/{other.person_id}/phones/{session_of(account)}/end").status_code == 404


def test_a_lost_phone(app, staff, cohort):
    account, number = woman(cohort, "王秀芳", "14000001234")
    lost, new = app.test_client(), app.test_client()
    enter(lost, account, number)
    page = staff.post(f"/people/{account.person_id}/lost-phone").text
    assert lost.get("/me").status_code == 302
    code = re.search(r'spoken-code">(\d{6})<', page)[1]
    assert new.post("/code", data={"phone": number, "code": code}).status_code == 302
    db.session.rollback()
    assert db.session.scalar(db.select(AuditEvent.details).where(AuditEvent.action == "account.end_phones")) == {
        "ended": 1
    }


def test_a_lost_phone_is_signed_out_even_where_no_code_can_be_made(app, staff, cohort):
    account, number = woman(cohort, "王秀芳", "14000001234")
    lost = app.test_client()
    enter(lost, account, number)
    with transaction():
        db.session.execute(db.update(factories.Person).values(phone_index=None))
    assert staff.post(f"/people/{account.person_id}/lost-phone").status_code == 422
    assert lost.get("/me").status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_take_a_fixed_number_of_statements(client, cohort, count_statements, number):
    for one in range(number):
        enter(client, *woman(cohort, f"王{one}芳", f"1400000123{one}"))
    for path, statements in (("/me/switch", 2), ("/me/phones", 3)):
        with count_statements() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) == statements, path
