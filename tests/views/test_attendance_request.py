"""Requests about attendance as pages: hers to ask and take back, the staff's to answer."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests import factories
from trainer.database import db
from trainer.domain.attendance import LessonState
from trainer.models import AttendanceRequest

# 2026-03-11, 8:30 in China: the third day of the factory's cohort, before the lesson.
NOW = datetime(2026, 3, 11, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_the_third_day():
    with time_machine.travel(NOW, tick=False):
        yield


def states() -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return [
        str(state) for state in db.session.scalars(db.select(AttendanceRequest.state).order_by(AttendanceRequest.id))
    ]


def test_she_asks_leave_for_two_lessons_at_once_and_takes_one_back(cohort, phone, staff):
    lessons = [factories.lesson(cohort, day=day) for day in (2, 3)]
    factories.lesson(cohort, day=0)
    page = phone.get("/me/leave").text
    assert page.count('name="lesson"') == 2
    form = {"lesson": [lesson.id for lesson in lessons], "words": "孩子发烧", "idempotency_key": "k" * 32}
    for _twice in range(2):
        assert phone.post("/me/leave", data=form).status_code == 303
    assert states() == ["open", "open"]
    assert "等待中" in phone.get("/me/lessons").text
    assert "孩子发烧" in staff.get("/attendance-requests").text
    first = db.session.scalars(db.select(AttendanceRequest.id)).first()
    assert phone.post(f"/me/attendance-requests/{first}/take-back").status_code == 303
    assert states() == ["taken_back", "open"]


def test_nothing_ticked_is_said_and_the_words_stay(cohort, phone):
    factories.lesson(cohort, day=3)
    answer = phone.post("/me/leave", data={"words": "有事", "idempotency_key": "k" * 32})
    assert answer.status_code == 400 or answer.status_code == 422
    assert "至少勾选" in answer.text
    assert "有事" in answer.text


def test_a_foreign_or_past_lesson_is_not_there_to_be_ticked(cohort, phone):
    past, foreign = factories.lesson(cohort, day=0), factories.lesson(factories.cohort("OTHER"), day=3)
    for lesson in (past, foreign):
        phone.post("/me/leave", data={"lesson": [lesson.id], "idempotency_key": "k" * 32})
    assert states() == []
    assert phone.get(f"/me/lessons/{foreign.id}/wrong").status_code == 404


def test_she_says_that_it_is_wrong_and_reads_the_answer(cohort, hers, phone, staff):
    lesson = factories.lesson(cohort, day=0)
    assert f"/me/lessons/{lesson.id}/wrong" in phone.get("/me/lessons").text
    form = {"wished": "present", "words": "我坐在第三排", "idempotency_key": "k" * 32}
    assert phone.post(f"/me/lessons/{lesson.id}/wrong", data=form).status_code == 303
    [asked] = db.session.scalars(db.select(AttendanceRequest.id))
    page = staff.get(f"/attendance-requests/{asked}").text
    assert "我坐在第三排" in page
    answer = {"act": "refuse", "status": "present", "answer": "照片里没有您"}
    assert staff.post(f"/attendance-requests/{asked}", data=answer).status_code == 303
    assert "照片里没有您" in phone.get("/me/lessons").text
    assert states() == ["refused"]


def test_those_ticked_are_granted_together_and_foreign_ones_are_not_there(cohort, staff):
    lesson = factories.lesson(cohort, day=1)
    mine = [factories.attendance_request(lesson, factories.enrolment(cohort)).id for _ in range(2)]
    elsewhere = factories.cohort("TY-01", region="140105")
    foreign = factories.attendance_request(factories.lesson(elsewhere), factories.enrolment(elsewhere)).id
    assert staff.post("/attendance-requests", data={"request": [*mine, foreign]}).status_code == 404
    assert states() == ["open"] * 3
    assert staff.post("/attendance-requests", data={"request": mine}).status_code == 303
    assert states() == ["granted", "granted", "open"]


def test_a_closed_roll_asks_for_the_answer(cohort, staff):
    lesson = factories.lesson(cohort, day=0, state=LessonState.CLOSED)
    asked = factories.attendance_request(lesson, factories.enrolment(cohort)).id
    answer = staff.post(f"/attendance-requests/{asked}", data={"act": "grant", "status": "present", "answer": ""})
    assert answer.status_code >= 400
    assert "请写明答复" in answer.text
    assert states() == ["open"]


def test_staff_take_a_leave_down_for_her(cohort, staff):
    lesson, place = factories.lesson(cohort, day=3), factories.enrolment(cohort)
    url = f"/lessons/{lesson.id}/roll/{place.id}/leave"
    assert staff.get(url).status_code == 200
    assert staff.post(url, data={"words": "电话请假", "idempotency_key": "k" * 32}).status_code == 303
    assert states() == ["granted"]


@pytest.mark.parametrize("women", [1, 3])
def test_the_pages_cost_a_fixed_number_of_statements(cohort, staff, phone, hers, count_statements, women):
    for day in range(women):
        lesson = factories.lesson(cohort, day=day)
        asked = factories.attendance_request(lesson, factories.enrolment(cohort))
        factories.attendance_request(lesson, hers[0], lesson_starts_at=lesson.starts_at + timedelta(hours=1))
    for client, url, statements in (
        (staff, "/attendance-requests", 3),
        (staff, f"/attendance-requests/{asked.id}", 3),
        (phone, "/me/leave", 4),
        (phone, "/me/lessons", 5),
    ):
        with count_statements() as seen:
            assert client.get(url).status_code == 200
        assert len(seen) == statements, url
