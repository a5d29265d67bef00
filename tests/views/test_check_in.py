"""The projector's page, the scanned link, the typed digits: who sees what, what a tap does, and what looking does not."""

import re
from datetime import timedelta

import pytest

from tests import factories
from trainer import clock
from trainer.database import db, on_postgresql, transaction
from trainer.domain.actors import Role
from trainer.domain.check_in import CheckInRules
from trainer.models import Attendance, AttendanceRequest, Lesson, Mark, Person
from trainer.queries.check_in import code_of
from trainer.services import trainee_access

AT = factories.AT
RULES = CheckInRules()
WRITTEN = (Mark, Attendance, AttendanceRequest)


@pytest.fixture
def now(monkeypatch):
    """`now(minutes)`: so many minutes after the lesson began."""

    def move(minutes: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: AT + timedelta(minutes=minutes))

    move(-3)
    return move


@pytest.fixture
def lesson(cohort, now):
    return factories.lesson(cohort, day=1)


@pytest.fixture
def staff(cohort, signed_in):
    return signed_in(factories.account(Role.COHORT_STAFF, region=factories.DATONG))


@pytest.fixture
def woman(cohort):
    """Her person and her account, at seat 1, with the phone 14000001234."""
    enrolment, account = factories.trainee(cohort, phone="14000001234")
    return db.session.get(Person, enrolment.person_id), account


@pytest.fixture(autouse=True)
def sessions_of_march(monkeypatch, now):
    """The clock of these tests stands in March: so do their sessions."""
    monkeypatch.setattr(
        factories, "datetime", type("March", (factories.datetime,), {"now": lambda tz=None: clock.now()})
    )


def code(lesson, minutes: float = -3) -> str:
    return code_of(lesson.id, RULES.slot_of(AT + timedelta(minutes=minutes)))


def scan(client, lesson, minutes: float = -3):
    return client.get(f"/c/{code(lesson, minutes).text}", follow_redirects=True)


def written() -> list[int]:
    db.session.rollback()
    return [db.session.scalar(db.select(db.func.count()).select_from(model)) for model in WRITTEN]


def test_the_wall_shows_code_digits_lesson_and_count(staff, lesson, cohort):
    marked, _unmarked = factories.enrolment(cohort), factories.enrolment(cohort)
    with transaction():
        mark = Mark(lesson_id=lesson.id, enrolment_id=marked.id, status="late", channel="roll", at=AT, nonce="n")
        db.session.add(mark)
        db.session.flush()
        facts = {"status": "late", "mark_id": mark.id}
        db.session.add(Attendance(lesson_id=lesson.id, enrolment_id=marked.id, **facts))
    page = staff.get(f"/lessons/{lesson.id}/screen").text
    assert f">{code(lesson).digits}</p>" in page
    assert lesson.title in page
    assert "<svg" in page
    assert re.findall(r'<b id="(?:here|expected)">(\d+)</b>', page) == ["1", "2"]
    assert '<noscript><meta http-equiv="refresh" content="31"></noscript>' in page
    assert "127.0.0.1:8000/c" in page


def test_refreshing_the_wall_ten_times_changes_nothing(staff, client, lesson, woman):
    pages = {
        re.search(r'class="digits"[^>]*>(\d{4})<', staff.get(f"/lessons/{lesson.id}/screen").text)[1] for _ in range(10)
    }
    assert pages == {code(lesson).digits}
    assert written() == [0, 0, 0]
    assert db.session.get(Lesson, lesson.id).state == "planned"
    assert "签到码有效" in scan(client, lesson).text


def test_the_wall_asks_for_the_next_code(staff, lesson, now):
    address = f"/lessons/{lesson.id}/screen/now"
    first = staff.get(address).json
    assert first["digits"] == code(lesson).digits
    assert 0 < first["next_in"] <= 30_001
    same = staff.get(address, query_string={"have": first["slot"]}).json
    assert same.keys() == {"here", "expected", "state", "slot", "next_in"}
    now(-2.5)
    assert staff.get(address, query_string={"have": first["slot"]}).json["digits"] == code(lesson, -2.5).digits


@pytest.mark.parametrize(("minutes", "state", "says"), [(-31, "early", "课前半小时"), (180, "over", "签到已结束")])
def test_outside_its_time_the_wall_shows_no_code(signed_in, lesson, now, minutes, state, says):
    now(minutes)
    staff = signed_in(factories.account(Role.COHORT_STAFF, region=factories.DATONG))
    page = staff.get(f"/lessons/{lesson.id}/screen").text
    assert says in page
    assert "<svg" not in page
    assert staff.get(f"/lessons/{lesson.id}/screen/now").json["state"] == state


@pytest.mark.parametrize("women", [1, 3])
def test_the_wall_asks_the_database_little(staff, lesson, cohort, women, count_statements):
    for _ in range(women):
        factories.enrolment(cohort)
    wall = f"/lessons/{lesson.id}/screen"
    for address in (wall, f"{wall}/now"):
        with count_statements() as seen:
            assert staff.get(address).status_code == 200
        assert len(seen) == 2, seen  # one of them says who asks


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_marks_nobody(signed_in, lesson, woman, method):
    client = signed_in(woman[1])
    for address in (f"/c/{code(lesson).text}", "/c/go", "/c", "/c/done"):
        assert client.open(address, method=method).status_code in (200, 302)
    assert written() == [0, 0, 0]


def test_the_address_after_a_scan_has_no_code(client, lesson):
    answer = client.get(f"/c/{code(lesson).text}")
    assert answer.location == "/c/go"
    assert client.post("/c/go").status_code == 200  # a stranger's button: the page that asks who she is
    assert written() == [0, 0, 0]


def test_signed_in_she_taps_once(signed_in, lesson, woman):
    client = signed_in(woman[1])
    assert "button-huge" in scan(client, lesson).text
    assert client.get("/c").location == "/c/go"
    for _ in range(2):
        page = client.post("/c/go", follow_redirects=True).text
        assert "签到成功 08:57" in page
        assert lesson.place in page
        assert 'href="tel:14000009999"' in page
    assert written() == [1, 1, 0]


@pytest.mark.parametrize("way", ["slip", "code"])
def test_the_scan_is_kept_through_the_sign_in(client, lesson, woman, now, way):
    """She scans at 8:57, signs in until 9:16, and is in time."""
    by = factories.actor(Role.MANAGER)
    assert "扫过的码会替您保留" in scan(client, lesson).text
    now(16)
    issue = {"slip": trainee_access.issue_slip_for, "code": trainee_access.issue_code_for}[way]
    with transaction():
        issued = issue(db.session.get(Person, woman[0].id), by=by, at=clock.now())
    if way == "slip":
        answer = client.post(f"/slip/{issued}", data={"digits": "1234"})
    else:
        answer = client.post("/code", data={"phone": "14000001234", "code": issued})
    assert answer.location == "/c/go"
    assert "button-huge" in client.get("/c/go").text
    assert "签到成功 08:57" in client.post("/c/go", follow_redirects=True).text
    [row] = db.session.scalars(db.select(Attendance))
    assert row.status == "present"


def test_a_password_leads_home_as_always(client, lesson):
    scan(client, lesson)
    row = factories.account(Role.COHORT_STAFF, region=factories.DATONG)
    answer = client.post("/sign-in", data={"username": row.username, "password": factories.PASSWORD})
    assert answer.location == "/"


def test_two_women_on_one_phone(client, lesson, cohort, woman):
    factories.enrolment(cohort, factories.person(name="李桂花", phone="14000005678"))
    scan(client, lesson)
    for seat, digits, name in ((1, "1234", "王*芳"), (2, "5678", "李*花")):
        page = client.post("/c/seat", data={"seat": seat, "digits": digits}, follow_redirects=True).text
        assert "签到成功 08:57" in page
        assert name in page
        assert "用这部手机给别人签到" in page
    devices = db.session.scalars(db.select(Mark.device)).all()
    assert len(devices) == 2
    assert len(set(devices)) == 1
    assert len(devices[0]) == 16


def test_a_wrong_seat_keeps_what_was_typed(client, lesson, woman):
    scan(client, lesson)
    answer = client.post("/c/seat", data={"seat": "27", "digits": "1234"})
    assert answer.status_code == 422
    assert "座号和后四位对不上" in answer.text
    assert 'value="27"' in answer.text
    answer = client.post("/c/seat", data={"seat": "x", "digits": "1234"})
    assert (answer.status_code, "请填您的座号" in answer.text) == (422, True)
    statuses = [client.post("/c/seat", data={"seat": "27", "digits": "1234"}).status_code for _ in range(5)]
    assert statuses == [422] * 4 + [429]
    assert written() == [0, 0, 0]


def test_typed_by_whoever_is_signed_in(signed_in, lesson, woman):
    client = signed_in(woman[1])
    page = client.get("/c").text
    assert "屏幕上的四位数字" in page
    assert "座号" not in page.split("</form>")[0]
    wrong = f"{(int(code(lesson).digits) + 1) % 10_000:04d}"
    answer = client.post("/c", data={"screen": wrong})
    assert (answer.status_code, "数字一直在换" in answer.text) == (422, True)
    page = client.post("/c", data={"screen": code(lesson).digits}, follow_redirects=True).text
    assert "签到成功 08:57" in page
    assert "用这部手机给别人签到" in page


def test_typed_by_a_stranger_with_her_seat(client, lesson, woman):
    typed = {"seat": "1", "digits": "1234"}
    answer = client.post("/c", data=typed | {"screen": "12"})
    assert (answer.status_code, "例如 0482" in answer.text) == (422, True)
    answer = client.post("/c", data=typed | {"screen": code(lesson).digits, "digits": "9999"})
    assert (answer.status_code, "三项重新填写" in answer.text) == (422, True)
    page = client.post("/c", data=typed | {"screen": " ".join(code(lesson).digits)}, follow_redirects=True).text
    assert "签到成功 08:57" in page


def test_two_lessons_at_once_with_one_code_are_a_question(signed_in, lesson, woman, monkeypatch):
    client, other = signed_in(woman[1]), factories.cohort()
    factories.enrolment(other, db.session.get(Person, woman[0].id))
    twin = factories.lesson(other, day=1, title="摄影与剪辑")
    monkeypatch.setattr("trainer.domain.check_in.ScreenCode.digits", "0482")
    answer = client.post("/c", data={"screen": "0482"})
    assert (answer.status_code, "您在上哪一节" in answer.text) == (422, True)
    assert written() == [0, 0, 0]
    [link] = re.findall(rf'href="(/c/{twin.id}-[^"]+)"', answer.text)
    assert twin.title in client.get(link, follow_redirects=True).text
    assert "签到成功" in client.post("/c/go", follow_redirects=True).text
    assert db.session.scalar(db.select(Mark.lesson_id)) == twin.id


def test_her_own_page_leads_there_while_she_can(signed_in, lesson, woman, now):
    now(-31)
    client, there = signed_in(woman[1]), []
    for minutes in (-31, -29):
        now(minutes)
        there.append('href="/c"' in client.get("/me").text)
    client.post("/c", data={"screen": code(lesson, -29).digits})
    assert [*there, 'href="/c"' in client.get("/me").text] == [False, True, False]


def test_a_late_code_asks_the_teacher(signed_in, lesson, woman, now):
    now(60)
    client = signed_in(woman[1])
    page = scan(client, lesson, 5).text
    assert "3月10日（星期二） 09:05屏幕上的" in page
    assert "请老师确认" in page
    assert "已交给老师确认" in client.post("/c/go", follow_redirects=True).text
    assert written() == [0, 0, 1]


@pytest.mark.parametrize(
    ("text", "says"),
    [("nonsense", "读不出来"), ("1-1773104400-aaaaaaaaaaaaaaaa", "读不出来"), (None, "超过两天")],
)
def test_a_code_that_is_none_leaves_the_digits_to_type(client, lesson, now, text, says):
    if text is None:
        text = code(lesson).text
        now(60 * 49)
    answer = client.get(f"/c/{text}")
    assert answer.status_code == 422
    assert says in answer.text
    assert "屏幕上的四位数字" in answer.text


def test_a_code_of_another_class_is_refused_with_a_sentence(signed_in, lesson, cohort):
    _enrolment, account = factories.trainee(factories.cohort())
    client = signed_in(account)
    scan(client, lesson)
    assert client.get("/c").status_code == 200  # to type the digits of her own room
    answer = client.post("/c/go")
    assert answer.status_code == 422
    assert f"这是{cohort.name}“{lesson.title}”的签到码" in answer.text
    assert written() == [0, 0, 0]


def test_a_cancelled_lesson_says_so(client, lesson):
    with transaction():
        db.session.get(Lesson, lesson.id).state = "cancelled"
    answer = client.get(f"/c/{code(lesson).text}")
    assert (answer.status_code, "停课" in answer.text or "取消" in answer.text) == (422, True)


def test_without_a_code_there_is_nothing_to_tap(signed_in, lesson, woman):
    client = signed_in(woman[1])
    for method, address in (("GET", "/c/go"), ("POST", "/c/go"), ("POST", "/c/seat")):
        assert "这里没有签到码" in client.open(address, method=method, follow_redirects=True).text
    assert written() == [0, 0, 0]
    assert client.get("/c/done").location == "/c"


@pytest.mark.parametrize("women", [1, 3])
def test_a_tap_takes_a_fixed_number_of_statements(signed_in, cohort, lesson, woman, women, count_statements):
    for _ in range(women):
        factories.enrolment(cohort)
    client = signed_in(woman[1])
    for address, number in ((f"/c/{code(lesson).text}", 2), ("/c/go", 2)):
        with count_statements() as seen:
            client.get(address)
        assert len(seen) == number, (address, seen)
    with count_statements() as seen:
        assert client.post("/c/go").status_code == 303
    assert len(seen) == (13 if on_postgresql() else 12), seen  # there the audit trail takes turns
    with count_statements() as seen:
        client.get("/c/done")
    assert len(seen) == 3, seen


def test_pages_are_small_and_in_her_language(client, lesson):
    page = scan(client, lesson)
    assert len(page.data) < 8_000
    assert "<script" not in page.text
    text = re.sub(r"<[^>]+>", " ", page.text.split("<main>")[1].split("</main>")[0])
    assert re.findall(r"[A-Za-z]{3,}", text) == []
