"""A woman applies on her phone: screen by screen, handed in once, followed; nobody else's things, no rank, no count."""

import io
import re

import pytest
import time_machine

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.selection import ReferralKind
from trainer.models import Delivery, Message, Person, Round
from trainer.services import referral as referrals
from trainer.services.reminder import remind_of_applications


@pytest.fixture(autouse=True)
def _while_it_is_open():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def phone(signed_in):
    """A client of one of the women of a selection."""
    return lambda made, woman=0: signed_in(
        factories.account(Role.TRAINEE, person=db.session.get(Person, made.enrolments[woman].person_id))
    )


def address(made, *parts) -> str:
    return "/".join(["/me/applications", str(made.selection_id), *parts])


def version(client, url: str) -> str:
    return re.search(r'name="version"[^>]*value="(\d+)"', client.get(url).text)[1]


PLAN = {"title": "黄花菜直播", "plan": "把村里的黄花菜卖出去"}
MONEY = {
    "amount": "3000",
    "uses-0-item": "烤箱",
    "uses-0-amount": "2000",
    "uses-1-item": "包装",
    "uses-1-amount": "1000",
}


def fill_in(client, made) -> None:
    first = client.post(address(made, "plan"), data={"version": "0", **PLAN})
    assert first.location == address(made, "money")
    url = address(made, "money")
    assert client.post(url, data={"version": version(client, url), **MONEY}).location == address(made, "files")


def test_from_the_first_page_to_the_end_and_back(app, phone):
    made = selections.applying(highest_amount_fen=500_000)
    client = phone(made)
    assert "可以申报" in client.get("/me").text
    assert "选出六名创业带头人" in client.get(address(made)).text
    fill_in(client, made)
    assert "继续填写申报" in client.get("/me").text
    sent = {"picture": (io.BytesIO(factories.picture()), "IMG_王秀芳.png"), "words": "晒场"}
    assert client.post(address(made, "files"), data=sent).status_code == 303
    picture = client.get(address(made, "files", "1"))
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert "王秀芳" not in picture.headers["Content-Disposition"]
    check = address(made, "check")
    client.post(check, data={"version": version(client, check)})
    page = client.get(address(made)).text
    assert "A-001" in page
    assert "已提交" in page
    client.post(address(made, "take-back"))
    assert "已撤回" in client.get(address(made)).text


def test_what_does_not_come_to_the_amount_is_kept_and_said(app, phone):
    made = selections.applying(highest_amount_fen=500_000)
    client, url = phone(made), address(made, "money")
    answer = client.post(url, data={"version": "0", **MONEY, "amount": "4000"})
    assert answer.location == url
    page = client.get(url).text
    assert "加起来" in page
    assert 'value="4000"' in page


def test_what_was_typed_wrongly_stays_on_the_screen(app, phone):
    made = selections.applying(highest_amount_fen=500_000)
    answer = phone(made).post(address(made, "money"), data={"version": "0", "amount": "三千", "uses-0-item": "烤箱"})
    assert answer.status_code == 422
    assert "烤箱" in answer.text


def test_a_condition_that_is_missed_is_said_with_what_is_missing(app, phone):
    made = selections.applying(certificate=True, broadcasts=3)
    client = phone(made)
    page = client.get(address(made)).text
    assert "还没有证书" in page
    assert "没有导入过" in page
    client.post(address(made, "plan"), data={"version": "0", **PLAN})
    check = address(made, "check")
    assert "提交申报" not in client.get(check).text
    client.post(check, data={"version": "1"})
    assert made.applications()[0].code is None


def test_after_the_end_nothing_is_written_and_the_draft_is_still_there(app, phone):
    made = selections.applying()
    selections.written(made)
    with time_machine.travel(selections.OPEN_UNTIL, tick=False):
        client = phone(made)
        assert client.get(address(made, "plan")).status_code == 409
        assert client.post(address(made, "plan"), data={"version": "1", "title": "x"}).status_code == 409
        assert "这份没有提交" in client.get(address(made)).text
    assert made.applications()[0].title == "黄花菜直播"


def test_others_find_nothing_of_it(app, phone, signed_in):
    made = selections.applying()
    client, other = phone(made), phone(made, 1)
    client.post(address(made, "plan"), data={"version": "0", **PLAN})
    client.post(address(made, "files"), data={"picture": (io.BytesIO(factories.picture()), "a.png")})
    assert other.get(address(made, "files", "1")).status_code == 404
    assert "黄花菜直播" not in other.get(address(made)).text
    away = factories.trainee(factories.cohort(region=factories.LINFEN))[1]
    assert signed_in(away).get(address(made)).status_code == 404
    assert signed_in(made.manager).get(address(made)).status_code == 404


def test_she_sees_where_it_stands_and_neither_rank_nor_count(app, phone):
    made = selections.opened()
    for woman in range(3):
        for evaluator in range(2):
            made.submit(woman, evaluator, 1, 2)
    client = phone(made)
    assert "评委正在看申报材料" in client.get(address(made)).text
    with transaction():
        db.session.get(Round, made.round_id).state = "frozen"
    page = client.get(address(made)).text
    assert "评选委员会决定" in page
    assert not re.search(r"第 ?\d+ ?名|得分|排名|\d+ ?份申报", page)


def test_support_is_told_kindly(app, phone):
    made = selections.applying()
    client = phone(made)
    support = referrals.Support(ReferralKind.MICROLOAN, "县妇联王主任", "带身份证去一趟")
    with transaction():
        referrals.refer(made.selection_id, made.enrolments[0].id, support, by=made.by, at=AT)
    page = client.get(address(made)).text
    for words in ("您的计划有人帮", "县妇联王主任", "带身份证去一趟"):
        assert words in page
    assert client.get(address(made, "plan")).status_code == 409


@pytest.mark.parametrize(("days", "told"), [(4, 0), (3, 1), (2, 1), (1, 2), (0.5, 2)])
def test_drafts_are_reminded_of_at_three_days_and_at_one(app, days, told):
    made = selections.applying()
    selections.written(made)
    selections.handed_in(made, 1)
    for at in (
        selections.OPEN_UNTIL - (selections.OPEN_UNTIL - AT) * left / 5 for left in (4, 3, 2, 1, 0.5) if left >= days
    ):
        with transaction():
            remind_of_applications(at=at)
    assert db.session.scalar(db.select(db.func.count()).select_from(Delivery)) == told
    assert {row.code for row in db.session.scalars(db.select(Message))} <= {"application_waits"}


@pytest.mark.parametrize("number", [1, 3])
def test_statements_do_not_grow(app, phone, count_statements, number):
    made = selections.applying(
        number, attendance_bp=8000, certificate=True, broadcasts=2, net_sales_fen=1, residence=factories.DATONG
    )
    for _ in range(number):
        factories.lesson(made.cohort, day=_)
    client = phone(made)
    client.post(address(made, "plan"), data={"version": "0", **PLAN})
    for _ in range(number):
        client.post(address(made, "files"), data={"picture": (io.BytesIO(factories.picture()), "a.png")})
    counts = []
    for url in ("/me/applications", address(made), address(made, "files"), address(made, "check")):
        client.get(url)
        with count_statements() as seen:
            assert client.get(url).status_code == 200
        counts.append(len(seen))
    assert counts == [3, 12, 5, 11]
