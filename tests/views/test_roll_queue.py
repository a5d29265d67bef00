"""What the script of a roll asks and sends: each mark answered on its own, others' marks, and the worker."""

import pytest

from tests import factories
from trainer import clock
from trainer.database import db, on_postgresql, transaction
from trainer.domain.actors import Actor, Role
from trainer.domain.attendance import AttendanceStatus, LessonState, MarkChannel, NewMark
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState
from trainer.models import Attendance, AuditEvent, Mark
from trainer.services import closing
from trainer.services.roll import record_marks

S = AttendanceStatus


@pytest.fixture
def account(app):
    return factories.account(Role.COHORT_STAFF, region=factories.DATONG)


@pytest.fixture
def staff(account, signed_in):
    return signed_in(account)


def send(client, lesson, account, *marks, since=0):
    body = {"account": account.id, "since": since, "marks": list(marks)}
    return client.post(f"/lessons/{lesson.id}/roll/marks", json=body, headers={"Accept": "application/json"})


def raw(woman, status, nonce, **more) -> dict[str, object]:
    return {"enrolment": woman.id, "status": status, "nonce": nonce, "seen": 0, **more}


def by_other(lesson, woman, status, nonce="theirs") -> str:
    """A mark of somebody else; her name."""
    other = factories.account(Role.MANAGER, name="赵主任")
    with transaction():
        record_marks(lesson.id, [NewMark(woman.id, status, nonce)], by=factories.actor_of(other), at=factories.AT)
    return other.name


def count_marks() -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count(Mark.id)))


def test_each_mark_is_answered_and_the_news_of_the_roll_come_with_them(cohort, lesson, account, staff):
    one, clash, stranger = (
        factories.enrolment(cohort),
        factories.enrolment(cohort),
        factories.enrolment(factories.cohort()),
    )
    name = by_other(lesson, clash, S.PRESENT)
    said = int(clock.now().timestamp() * 1000)
    answer = send(
        staff,
        lesson,
        account,
        raw(one, "late", "a", said_at=said),
        raw(stranger, "present", "b"),
        raw(clash, "absent", "c", said_at=said),
        {"nonce": "d"},
        "nothing",
    ).json
    assert [(a["nonce"], a["outcome"], a.get("code")) for a in answer["answers"]] == [
        ("a", "saved", None),
        ("b", "refused", "roll_not_on_it"),
        ("c", "contradicts", None),
        ("d", "refused", "roll_mark_unreadable"),
        (None, "refused", "roll_mark_unreadable"),
    ]
    assert "不在这次课的名单里" in answer["answers"][1]["sentence"]
    assert answer["counts"] == {"attended": 2, "excused": 0, "absent": 0, "unmarked": 0, "conflicts": 1}
    assert answer["rows"][str(one.id)] == {"status": "late", "label": "迟到", "tone": "attention"}
    both = answer["rows"][str(clash.id)]
    assert (both["status"], both["by"]) == ("present", name)
    assert [(s["by"], s["status"], bool(s["said_at"])) for s in both["said"]] == [
        *((name, "present", False), (account.name, "absent", True)),
    ]
    assert answer["seen"] == db.session.scalar(db.select(db.func.max(Mark.id)))
    refusal = db.session.scalar(db.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1))
    assert (refusal.action, refusal.details["code"]) == ("act.refused", "roll_not_on_it")


def test_the_same_post_again_changes_nothing(cohort, lesson, account, staff):
    woman = factories.enrolment(cohort)
    for outcome in ("saved", "already"):
        [answer] = send(staff, lesson, account, raw(woman, "present", "a")).json["answers"]
        assert answer["outcome"] == outcome
    assert count_marks() == 1


def test_marks_of_another_account_are_not_taken(cohort, lesson, account, staff):
    woman = factories.enrolment(cohort)
    answer = send(staff, lesson, factories.account(), raw(woman, "present", "a"))
    assert (answer.status_code, "登录的是别人" in answer.json["error"]) == (409, True)
    assert count_marks() == 0


@pytest.mark.parametrize("body", [None, [], {"marks": "a"}, {"marks": [{}] * 1001}])
def test_what_is_no_post_of_the_script_is_refused(lesson, staff, body):
    answer = staff.post(f"/lessons/{lesson.id}/roll/marks", json=body, headers={"Accept": "application/json"})
    assert (answer.status_code, list(answer.json)) == (422, ["error"])


def test_after_the_closing_the_phone_is_told_that_staff_decide(cohort, lesson, account, staff):
    woman, here = factories.enrolment(cohort), factories.enrolment(cohort)
    by_other(lesson, here, S.PRESENT)
    with transaction():
        closing.close_lesson(lesson.id, 1, by=factories.actor(Role.MANAGER), at=factories.AT)
    answer = send(staff, lesson, account, raw(woman, "present", "a")).json
    assert (answer["answers"], answer["state"]) == ([{"nonce": "a", "outcome": "late"}], "closed")


def test_news_are_what_others_said_since_and_cost_three_statements(cohort, lesson, staff, count_statements):
    women = [factories.enrolment(cohort) for _ in range(3)]
    url = f"/lessons/{lesson.id}/roll/changes?since="
    by_other(lesson, women[0], S.PRESENT, "a")
    first = staff.get(url + "0").json
    assert list(first["rows"]) == [str(women[0].id)]
    assert staff.get(url + str(first["seen"])).json["rows"] == {}
    by_other(lesson, women[1], S.ABSENT, "b")
    by_other(lesson, women[0], None, "c")
    with count_statements() as seen:
        news = staff.get(url + str(first["seen"])).json
    assert len(seen) == 3
    assert {id_: row["status"] for id_, row in news["rows"].items()} == {
        str(women[0].id): None,
        str(women[1].id): "absent",
    }
    assert news["counts"]["unmarked"] == 2
    assert staff.get(url + "-1").json["rows"].keys() == staff.get(url + "x").json["rows"].keys() == news["rows"].keys()


def test_whoever_signed_in_by_her_seat_marked_herself(cohort, lesson, staff):
    woman = factories.enrolment(cohort)
    with transaction():
        marks = [NewMark(woman.id, S.PRESENT, "seat")]
        record_marks(lesson.id, marks, by=Actor(None, ""), at=factories.AT, channel=MarkChannel.SCREEN_CODE)
    page = staff.get(f"/lessons/{lesson.id}/roll?lang=en").get_data(as_text=True)
    assert "<i>herself</i>" in page
    (news,) = staff.get(f"/lessons/{lesson.id}/roll/changes?since=0").json["rows"].values()
    assert news["by"] == "herself"


@pytest.mark.parametrize("women", [1, 30])
def test_a_post_costs_the_same_whatever_it_brings(cohort, lesson, account, staff, count_statements, women):
    rows = [factories.enrolment(cohort) for _ in range(women)]
    marks = [raw(row, "present", f"n{row.id}") for row in rows]
    send(staff, lesson, account)
    assert lesson.id > 0 < account.id  # read afresh here, not by the post
    with count_statements() as seen:
        send(staff, lesson, account, *marks)
    assert len(seen) == 12 + on_postgresql()  # 2 for the door and the lesson, 9 to record (and a lock), 1 for the news


def test_who_may_neither_ask_nor_send(cohort, lesson, signed_in):
    woman = factories.enrolment(cohort)
    for who in (factories.account(Role.AUDITOR), factories.account(Role.COHORT_STAFF, region=factories.LINFEN)):
        client = signed_in(who)
        assert client.get(f"/lessons/{lesson.id}/roll/changes").status_code == 404
        assert send(client, lesson, who, raw(woman, "present", "a")).status_code == 404
    assert count_marks() == 0


def test_a_contradiction_stands_on_the_page_with_a_button_for_each_word(cohort, lesson, account, staff):
    woman = factories.enrolment(cohort)
    name = by_other(lesson, woman, S.PRESENT)
    send(staff, lesson, account, raw(woman, "absent", "a"))
    url = f"/lessons/{lesson.id}/roll"
    page = staff.get(url).text
    for part in ("两个人说法不一", name, account.name, '<b data-count="conflicts">1</b>'):
        assert part in page
    value = page.partition(f'value="{woman.id}:absent:')[2].partition('"')[0]
    assert staff.post(url, data={"mark": f"{woman.id}:absent:{value}"}).status_code == 303
    db.session.rollback()
    assert db.session.execute(db.select(Attendance.status, Attendance.conflict_mark_id)).one() == (S.ABSENT, None)
    assert "两个人说法不一" not in staff.get(url).text.partition("<template")[0]


def test_the_rest_are_absent_or_on_leave_and_put_back_by_name(cohort, lesson, staff):
    away, excused = factories.enrolment(cohort), factories.enrolment(cohort, factories.person("李桂花"))
    granted = {"state": AttendanceRequestState.GRANTED, "decided_at": factories.AT}
    factories.attendance_request(lesson, excused, AttendanceRequestKind.LEAVE, wished="excused", **granted)
    assert "已准假" in staff.get(f"/lessons/{lesson.id}/roll").text
    named = {"enrolment": [away.id], "on_leave": [excused.id], "idempotency_key": "the-rest-key"}
    done = staff.post(f"/lessons/{lesson.id}/roll/rest", data=named)
    db.session.rollback()
    statuses = dict(db.session.execute(db.select(Attendance.enrolment_id, Attendance.status)).all())
    assert statuses == {away.id: S.ABSENT, excused.id: S.EXCUSED}
    undo = f"/lessons/{lesson.id}/roll/rest/undo?key=the-rest-key"
    assert undo in staff.get(done.location).text
    by_other(lesson, away, S.LATE)
    page = staff.get(undo).text
    assert "李桂花" in page
    assert "王秀芳" not in page  # somebody said something since
    assert staff.post(undo, data={"key": "the-rest-key"}).status_code == 303
    db.session.rollback()
    assert db.session.execute(db.select(Attendance.enrolment_id, Attendance.status)).all() == [(away.id, S.LATE)]
    assert "没有可撤销的" in staff.get(undo).text


def test_her_page_says_how_when_and_how_strong_each_mark_is(cohort, lesson, account, staff):
    woman = factories.enrolment(cohort)
    send(staff, lesson, account, raw(woman, "absent", "a", said_at=clock.now().timestamp() * 1000 - 600_000))
    with transaction():
        closing.close_lesson(lesson.id, 0, by=factories.actor(Role.MANAGER), at=factories.AT)
    change = {"status": "left_early", "reason": "点错了", "idempotency_key": "k1"}
    assert staff.post(f"/lessons/{lesson.id}/roll/{woman.id}", data=change).status_code == 303
    page = staff.get(f"/lessons/{lesson.id}/roll/{woman.id}").text
    for part in ("点名时记的", "结课后核定的", "早退", "工作人员当场看到", "点错了", "手机时间"):
        assert part in page, part


def test_only_the_plain_page_of_an_open_roll_may_be_kept_by_a_phone(cohort, lesson, account, staff):
    factories.enrolment(cohort)
    url = f"/lessons/{lesson.id}/roll"
    assert staff.get(url).headers["X-Roll-Keep"] == str(account.id)
    assert "X-Roll-Keep" not in staff.get(url + "?q=1").headers
    done = factories.lesson(cohort, day=1, state=LessonState.CLOSED)
    assert staff.get(f"/lessons/{done.id}/roll").headers["X-Roll-Keep"] == "no"


def test_the_worker_comes_from_the_root_as_a_script_that_is_never_stale(client):
    answer = client.get("/roll-worker.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
