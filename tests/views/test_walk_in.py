"""Walk-ins on pages: one screen to note them, one to say who they are."""

import re

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.factories import AT, DATONG, LINFEN
from trainer import clock
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.attendance import LessonState
from trainer.domain.need import NeedKind
from trainer.models import Attendance, Person, WalkIn
from trainer.queries.need import count_needs

PHONE = "14000001234"


@pytest.fixture
def lesson(app):
    return factories.lesson(factories.cohort())


def noted(lesson) -> list[tuple[int, str]]:
    db.session.rollback()
    rows = select(WalkIn.number, WalkIn.name).where(WalkIn.lesson_id == lesson.id, WalkIn.struck_out_at.is_(None))
    return [tuple(row) for row in db.session.execute(rows.order_by(WalkIn.number))]


def field(page: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]


def test_one_form_on_one_screen_and_the_next_one_at_once(staff, lesson):
    address = f"/lessons/{lesson.id}/walk-ins"
    assert f'href="{address}"' in staff.get(f"/lessons/{lesson.id}/roll").text
    page = staff.get(address).text
    assert "autofocus" in page
    data = {"name": " 冯秀珍 ", "phone": "140 0000 1234", "idempotency_key": field(page, "idempotency_key")}
    answer = staff.post(address, data=data, follow_redirects=True)
    assert "冯秀珍已登记：1 号" in answer.text
    assert "140****1234" in answer.text
    assert PHONE not in answer.text
    assert field(answer.text, "idempotency_key") != data["idempotency_key"]
    staff.post(address, data=data)
    assert noted(lesson) == [(1, "冯秀珍")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "请填写"),
        ({"name": "12"}, "姓名"),
        ({"name": "冯秀珍", "phone": "123"}, "位"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(staff, lesson, typed, said):
    answer = staff.post(f"/lessons/{lesson.id}/walk-ins", data=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed["name"]}"' in answer.text
    assert noted(lesson) == []


def test_a_closed_lesson_shows_no_form_and_says_why(staff, app):
    lesson = factories.lesson(factories.cohort(), state=LessonState.CLOSED)
    assert "不能再做现场登记" in staff.get(f"/lessons/{lesson.id}/walk-ins").text
    answer = staff.post(f"/lessons/{lesson.id}/walk-ins", data={"name": "冯秀珍"})
    assert answer.status_code == 422
    assert "已结课并清点了人数" in answer.text


def test_she_is_struck_out_and_stays_to_be_seen(staff, lesson):
    made = factories.walk_in(lesson)
    page = staff.post(f"/walk-ins/{made.id}/strike-out", follow_redirects=True).text
    assert "<s>冯秀珍</s>" in page
    assert noted(lesson) == []


def test_side_by_side_with_those_she_could_be(staff, lesson):
    cohort = db.session.get(factories.Cohort, lesson.cohort_id)
    factories.enrolment(cohort, factories.person("冯秀贞", village="东沟村"))
    factories.person("冯秀珍", phone=PHONE, region=LINFEN, village="别处村")  # the same name and phone: the same woman
    factories.person("冯秀珍", region=LINFEN, village="远处村")
    factories.person("李娥", phone=PHONE)
    factories.person("赵梅")
    made = factories.walk_in(lesson, phone=PHONE)
    page = staff.get(f"/walk-ins/{made.id}/match").text
    found = re.findall(r"<b>([^<]+)</b> <span class=\"pill[^>]*>([^<]+)", page)
    assert found == [("冯秀贞", "姓名同音"), ("冯秀珍", "同名同手机号"), ("李娥", "同手机号")]
    assert "本班名册，座号 1" in page
    assert "140****1234" in page
    assert PHONE not in page
    assert "赵梅" not in page
    assert "赵梅" in staff.get(f"/walk-ins/{made.id}/match?q=zm").text


def test_matched_and_taken_back_from_the_page(staff, lesson):
    woman = factories.enrolment(db.session.get(factories.Cohort, lesson.cohort_id))
    made = factories.walk_in(lesson)
    page = staff.get(f"/walk-ins/{made.id}/match?q=1").text
    data = {"version": field(page, "version"), "offered": "", "q": "1"}
    nobody = staff.post(f"/walk-ins/{made.id}/match", data=data)
    assert nobody.status_code == 422
    assert "请选择她是谁" in nobody.text
    answer = staff.post(f"/walk-ins/{made.id}/match", data=data | {"who": woman.person_id}, follow_redirects=True)
    assert "已记为“到”" in answer.text
    assert db.session.scalar(select(Attendance.enrolment_id)) == woman.id
    without = staff.post(f"/walk-ins/{made.id}/take-match-back", data={"reason": ""})
    assert without.status_code == 422
    back = staff.post(f"/walk-ins/{made.id}/take-match-back", data={"reason": "认错人"}, follow_redirects=True)
    assert "认领已撤回" in back.text
    assert db.session.scalar(select(func.count(Attendance.mark_id))) == 0


def test_nobody_new_while_somebody_like_her_has_not_been_seen(staff, lesson):
    made = factories.walk_in(lesson)
    page = staff.get(f"/walk-ins/{made.id}/match").text
    data = {"version": field(page, "version"), "offered": field(page, "offered"), "who": "new"}
    factories.person("冯秀珍")
    assert staff.post(f"/walk-ins/{made.id}/match", data=data).status_code == 409
    page = staff.get(f"/walk-ins/{made.id}/match").text
    assert staff.post(f"/walk-ins/{made.id}/match", data=data | {"offered": field(page, "offered")}).status_code == 303
    assert db.session.scalar(select(func.count(Person.id)).where(Person.name == "冯秀珍")) == 2


def test_a_woman_of_another_area_cannot_be_named(staff, lesson):
    made, far = factories.walk_in(lesson), factories.person("王梅", region=LINFEN)
    data = {"version": made.version, "who": far.id, "offered": ""}
    assert staff.post(f"/walk-ins/{made.id}/match", data=data).status_code == 422
    assert db.session.scalar(select(func.count(Attendance.mark_id))) == 0


def test_those_of_earlier_days_stand_on_the_home_page(app, lesson):
    now, staff = clock.now(), factories.actor(Role.COHORT_STAFF, region=DATONG)
    factories.walk_in(lesson)
    factories.walk_in(lesson, at=now)
    factories.walk_in(lesson, struck_out_at=AT)
    assert count_needs(staff, at=now)[NeedKind.WALK_IN] == 1
    elsewhere = factories.actor(Role.COHORT_STAFF, region=LINFEN)
    assert NeedKind.WALK_IN not in count_needs(elsewhere, at=now)


@pytest.mark.parametrize(
    ("page", "statements"), [("/lessons/{0}/walk-ins", 3), ("/cohorts/{1}/walk-ins", 3), ("/walk-ins/{2}/match", 5)]
)
def test_pages_take_as_many_statements_for_three_as_for_one(staff, lesson, count_statements, page, statements):
    made, taken = factories.walk_in(lesson), []
    address = page.format(lesson.id, lesson.cohort_id, made.id)
    staff.get(address)
    for more in (0, 2):
        for number in range(more):
            factories.walk_in(lesson, f"甲{number}")
            factories.person("冯秀珍")
        with count_statements() as seen:
            staff.get(address)
        taken.append(len(seen))
    assert taken == [statements, statements]
