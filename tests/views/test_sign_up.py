"""The public page of a sign-up, the code, the answer; its settings and poster: who sees what, and what no address holds."""

import io
import logging
import re
from datetime import date, timedelta

import pytest

from tests import factories, rosters
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.domain.sign_up import SignUpState
from trainer.models import Cohort, Enrolment, EnrolmentEvent, SignUp
from trainer.services import enrolment, sign_up

AT = factories.AT
PHONE = "14000001234"
TYPED = {
    "name": "冯秀珍",
    "phone": PHONE,
    "region_code": factories.YUNZHOU,
    "village": "大西沟村",
    "answer_by": "call",
    "agreed": "y",
    "idempotency_key": "k1",
}
HELPED = {"helper_name": "赵玉兰", "helper_phone": "14000005678", "helper_relation": "cadre"}


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """`now(days)`: so many days after AT."""

    def move(days: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=days))

    move(0)
    return move


@pytest.fixture
def cohort(app):
    return factories.open_sign_up(factories.cohort("DT-2026-77"), sign_up_note="带好手机")


def send(client, **changes):
    return client.post("/join/DT-2026-77", data=TYPED | changes)


def the_code(client) -> str:
    return re.search(r'class="big code">(\d{4} \d{4})<', client.get("/join/answer/code").text)[1]


def look_up(client, code, digits=PHONE[-4:]):
    return client.post("/join/answer", data={"code": code, "digits": digits}, follow_redirects=True)


def rows() -> list[SignUp]:
    db.session.rollback()
    return list(db.session.scalars(db.select(SignUp).order_by(SignUp.id)))


def test_a_stranger_sees_what_it_is_and_whom_to_call(client, cohort):
    page = client.get("/join/dt-2026-77").text
    for told in (cohort.name, cohort.place, "李老师", "tel:14000009999", "带好手机", "用来区分同名的人"):
        assert told in page
    assert 'name="id_number"' in page
    assert not re.search(r'name="agreed"[^>]*checked', page)
    assert "<script" not in page


def test_every_field_says_why_it_is_asked(client, cohort):
    page = client.get("/join/DT-2026-77").text
    fields = set(re.findall(r'<(?:input|select)[^>]* id="([\w-]+)"', page)) - {"agreed", "id_agreed"}
    for name in {re.sub(r"-\d$", "", field) for field in fields}:
        assert re.search(rf'id="{name}-help">[^<]{{5,}}<', page), name


@pytest.mark.parametrize(
    ("days", "settings", "says"),
    [
        (-20, {}, "开始报名"),
        (5, {}, "报名已于"),
        (0, {"capacity": 1}, "1 个名额已满"),
    ],
    ids=["not yet", "over", "full"],
)
def test_each_state_says_so_in_a_sentence(client, cohort, now, days, settings, says):
    factories.open_sign_up(cohort, **settings)
    factories.enrolment(cohort)
    now(days)
    page = client.get("/join/DT-2026-77").text
    assert says in page
    assert ("<form" in page) is (days == 0)
    assert send(client).status_code == (303 if days == 0 else 422)
    assert len(rows()) == (days == 0)


def test_a_cohort_that_women_cannot_sign_up_for_is_no_page(client, cohort):
    factories.open_sign_up(cohort, sign_up_opens_on=None, sign_up_closes_on=None)
    assert client.get("/join/DT-2026-77").status_code == 404
    assert send(client).status_code == 404
    assert client.get("/join/DT-2026-78").status_code == 404


def test_the_whole_way_without_a_value_in_any_address_or_log(client, cohort, caplog):
    caplog.set_level(logging.DEBUG)
    answers = [client.get("/join/DT-2026-77"), send(client, **HELPED)]
    code = the_code(client)
    page = look_up(client, code)
    assert "还没有结果" in page.text
    assert "冯*珍" in page.text
    back = client.post("/join/answer/take-back", follow_redirects=True)
    assert "您已撤回报名" in back.text
    assert rows()[0].state is SignUpState.TAKEN_BACK
    seen = [answer.request.url for answer in (*answers, page, back)] + [answer.location or "" for answer in answers]
    said = "\n".join([*seen, caplog.text])
    assert not [
        value for value in (PHONE, "冯秀珍", "14000005678", "大西沟", code, code.replace(" ", "")) if value in said
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "123"}, "姓名"),
        ({"phone": "1400000123"}, "10 位"),
        ({"region_code": factories.LINFEN}, "请选择"),
        ({"village": ""}, "请填写"),
        ({"answer_by": ""}, "请选择一项"),
        ({"answer_by": "helper"}, "请在下面填写帮忙的人"),
        ({"agreed": ""}, "没有同意"),
        ({"id_number": rosters.ID_1}, "同意保存请在下面打勾"),
        ({"id_number": "123", "id_agreed": "y"}, "18"),
        ({"helper_name": "赵玉兰"}, "请选择您和她的关系"),
        (HELPED | {"helper_phone": ""}, "没有填写手机号"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, cohort, changes, says):
    answer = send(client, **changes)
    assert answer.status_code == 422
    assert says in answer.text
    assert changes.get("village", "大西沟村") in answer.text
    assert rows() == []


def test_a_helper_is_recorded_and_need_not_type_herself_again(client, cohort):
    client.get("/join/DT-2026-77")
    send(client, **HELPED, answer_by="helper", township="周士庄镇")
    [made] = rows()
    assert (made.helper_name, made.helper_phone, made.helper_relation) == ("赵玉兰", "14000005678", "cadre")
    following = client.get("/join/DT-2026-77?next=1").text
    assert 'value="赵玉兰"' in following
    assert 'value="周士庄镇"' in following
    assert "冯秀珍" not in following
    assert "赵玉兰" not in client.get("/join/DT-2026-77").text
    assert made.device


def test_without_a_helper_nothing_is_filled_in_for_the_next(client, cohort):
    send(client)
    assert "next=1" not in client.get("/join/answer/code").text
    assert PHONE not in client.get("/join/DT-2026-77?next=1").text


def test_where_no_id_numbers_are_collected_there_is_no_field(client, cohort):
    factories.open_sign_up(cohort, collects_id_numbers=False)
    assert "id_number" not in client.get("/join/DT-2026-77").text
    send(client, id_number=rosters.ID_1, id_agreed="y")
    assert rows()[0].id_number is None


def test_sent_twice_shows_one_code_and_again_looks_the_same(client, app, cohort):
    first = send(client), the_code(client)
    assert (send(client).location, the_code(client)) == (first[0].location, first[1])
    assert len(rows()) == 1
    stranger = app.test_client()
    again = send(stranger, idempotency_key="k2")
    assert (again.status_code, again.location) == (first[0].status_code, first[0].location)
    pages = [re.sub(r"\d{4} \d{4}", "", who.get("/join/answer/code").text) for who in (client, stranger)]
    assert pages[0] == pages[1]
    looks = [look_up(who, the_code(who)).text for who in (client, stranger)]
    assert re.sub(r'value="[^"]+"', "", looks[0]) == re.sub(r'value="[^"]+"', "", looks[1])


def test_an_unknown_code_is_answered_like_wrong_digits(client, cohort):
    send(client)
    code = the_code(client)
    typed = [look_up(client, "0000 0000"), look_up(client, code, "0000")]
    assert [answer.status_code for answer in typed] == [422, 422]
    assert all("对不上" in answer.text for answer in typed)
    assert client.get("/join/answer/mine").location == "/join/answer"


def test_too_many_say_when_to_come_back_and_keep_what_was_typed(client, cohort, monkeypatch):
    monkeypatch.setattr(sign_up, "FROM_ONE_BROWSER", 1)
    client.get("/join/DT-2026-77")  # the browser is known from now on
    send(client)
    answer = send(client, idempotency_key="k2", name="赵改改")
    assert answer.status_code == 429
    assert "请等十分钟" in answer.text
    assert 'value="赵改改"' in answer.text


def test_the_answer_goes_from_a_shared_phone_after_a_while(client, cohort, now):
    send(client)
    look_up(client, the_code(client))
    assert client.get("/join/answer/mine").status_code == 200
    now(11 / 1440)
    assert client.get("/join/answer/mine").location == "/join/answer"
    assert client.post("/join/answer/take-back").location == "/join/answer"
    assert client.get("/join/answer/code").status_code == 200
    now(61 / 1440)
    assert client.get("/join/answer/code").location == "/join/answer"
    assert rows()[0].state is SignUpState.OPEN


def test_who_moves_up_after_the_class_began_is_told_the_lesson_that_comes_next(client, cohort, now):
    row = factories.enrolment(cohort, status=EnrolmentStatus.ACTIVE)
    lessons = [factories.lesson(cohort, day=day) for day in (0, 1)]
    send(client)
    with transaction():
        [made] = db.session.scalars(db.select(SignUp))
        made.state, made.enrolment_id = SignUpState.SETTLED, row.id
    code = the_code(client)
    for lesson, told in [(lessons[0], lessons[1].starts_at), (lessons[1], None)]:
        now((lesson.ends_at - AT) / timedelta(days=1))
        page = look_up(client, code).text
        assert (f"{told:%-m月%-d日}" in page) if told else "问清什么时候来" in page


def test_the_page_of_answers_tells_whom_to_call_only_where_a_page_to_sign_up_does(client, cohort):
    shut = factories.cohort("DT-2026-78")
    asked = [client.get("/join/answer", query_string={"cohort": code}).text for code in (cohort.code, shut.code)]
    asked.append(client.post(f"/join/answer?cohort={cohort.code}", data={"code": "1", "digits": "1"}).text)
    assert ["tel:14000009999" in page for page in asked] == [True, False, True]


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (EnrolmentStatus.APPLIED, "已查看"),
        (EnrolmentStatus.WAITLISTED, "候补第 1 位"),
        (EnrolmentStatus.ADMITTED, "您被录取了"),
        (EnrolmentStatus.REJECTED, "原因：本期只收本县"),
        (EnrolmentStatus.WITHDRAWN, "您已退出"),
        (EnrolmentStatus.COMPLETED, "培训已结束"),
    ],
)
def test_the_answer_is_told_by_her_enrolment(client, cohort, status, says):
    send(client)
    row = factories.enrolment(cohort, status=EnrolmentStatus.APPLIED)
    ways = {EnrolmentStatus.APPLIED: (), EnrolmentStatus.COMPLETED: (EnrolmentStatus.ADMITTED, status)}
    with transaction():
        [made] = db.session.scalars(db.select(SignUp))
        made.state, made.enrolment_id = SignUpState.SETTLED, row.id
        fresh = db.session.get(Enrolment, row.id)
        for step in ways.get(status, (status,)):
            facts = {"cause": StatusCause.SIGN_UP, "by": factories.SYSTEM, "at": AT, "reason": "本期只收本县"}
            enrolment.move_enrolment(fresh, step, **facts)
    page = look_up(client, the_code(client)).text
    assert says in page
    waits = status in (EnrolmentStatus.APPLIED, EnrolmentStatus.WAITLISTED)
    assert ("take-back" in page) is waits
    answer = client.post("/join/answer/take-back")
    if waits:
        last = db.select(EnrolmentEvent).where(EnrolmentEvent.enrolment_id == row.id).order_by(EnrolmentEvent.id.desc())
        assert db.session.scalars(last).first().status is EnrolmentStatus.WITHDRAWN
    elif status is not EnrolmentStatus.WITHDRAWN:
        assert answer.status_code == 409
        assert "给老师打电话" in answer.text


def test_a_struck_out_sign_up_says_nothing_of_any_other(client, cohort):
    send(client)
    with transaction():
        db.session.scalars(db.select(SignUp)).one().state = SignUpState.STRUCK_OUT
    page = look_up(client, the_code(client)).text
    assert "不作数" in page
    assert "take-back" not in page
    assert client.post("/join/answer/take-back").status_code == 404


@pytest.mark.parametrize("sign_ups", [1, 3])
def test_the_public_page_asks_little(client, cohort, sign_ups, count_statements):
    for number in range(sign_ups):
        send(client, idempotency_key=f"k{number}")
    client.get("/join/answer")
    with count_statements() as seen:
        client.get("/join/DT-2026-77")
    assert len(seen) == 2


@pytest.fixture
def manager(cohort, signed_in):
    return signed_in(factories.account(Role.MANAGER, region=factories.DATONG))


SETTINGS = {
    "sign_up_opens_on": "2026-03-02",
    "sign_up_closes_on": "",
    "sign_up_note": "带好手机",
    "waitlist_moves_up": "y",
}


def test_a_manager_opens_the_sign_up(manager, cohort, client):
    version = re.search(r'name="version"[^>]*value="(\d+)"', manager.get(f"/cohorts/{cohort.id}/sign-up").text)[1]
    answer = manager.post(f"/cohorts/{cohort.id}/sign-up", data=SETTINGS | {"version": version})
    assert answer.status_code == 303
    db.session.rollback()
    kept = db.session.get(Cohort, cohort.id)
    assert (kept.sign_up_opens_on, kept.sign_up_closes_on) == (date(2026, 3, 2), None)
    assert (kept.collects_id_numbers, kept.waitlist_moves_up) == (False, True)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sign_up_closes_on": "2026-03-01"}, "早于开始日期"),
        ({"sign_up_closes_on": "2026-03-20"}, "2026-03-13 结束"),
        ({"version": "0"}, "别人"),
    ],
)
def test_settings_that_cannot_be(manager, cohort, changes, says):
    typed = SETTINGS | {"version": db.session.get(Cohort, cohort.id).version} | changes
    answer = manager.post(f"/cohorts/{cohort.id}/sign-up", data=typed)
    assert answer.status_code == 422
    assert says in answer.text


def test_the_poster_leads_to_the_page(manager, cohort, signed_in):
    page = manager.get(f"/cohorts/{cohort.id}/sign-up/poster").text
    for told in ("<svg", "127.0.0.1:8000\n/join/DT-2026-77", "http://127.0.0.1:8000/join/DT-2026-77", "14000009999"):
        assert told in page
    staff = signed_in(factories.account(Role.COHORT_STAFF, region=factories.DATONG))
    assert f"/cohorts/{cohort.id}/sign-up/poster" in staff.get(f"/cohorts/{cohort.id}").text
    factories.open_sign_up(cohort, sign_up_opens_on=None, sign_up_closes_on=None)
    assert staff.get(f"/cohorts/{cohort.id}/sign-up/poster").status_code == 404


def test_the_blank_roster_of_a_cohort_asks_for_no_more_than_it_takes(manager, cohort):
    address = f"/cohorts/{cohort.id}/roster/form"
    assert "身份证号码" in rosters.cells(manager.get(address).data)[1]
    factories.open_sign_up(cohort, collects_id_numbers=False)
    content = manager.get(address).data
    said = [*rosters.cells(content)[1], *(cell for row in rosters.cells(content, 1) for cell in row)]
    assert not [cell for cell in said if cell and "身份证号" in cell]


def test_a_roster_is_previewed_without_its_id_numbers(manager, cohort):
    factories.open_sign_up(cohort, collects_id_numbers=False)
    file = rosters.roster_file(("王小花", rosters.ID_1, "14000001111"))
    typed = {"file": (io.BytesIO(file), "名册.xlsx"), "idempotency_key": "roster"}
    page = manager.post(f"/cohorts/{cohort.id}/roster", data=typed, follow_redirects=True).text
    assert "本班不收集身份证号：“身份证号”一栏没有读取" in page
    assert rosters.ID_1[-4:] not in page


def test_a_cohort_is_not_called_like_the_page_of_answers(manager, cohort):
    page = manager.post(f"/cohorts/{cohort.id}/edit", data={"code": "answer"})
    assert "这个词网站已占用" in page.text
