"""Timetable pages: half days made at one go, one lesson added, moved and called off."""

import re
from urllib.parse import urljoin

import pytest

from tests import factories
from trainer.database import db
from trainer.domain.attendance import LessonState
from trainer.models import Lesson
from trainer.queries.lesson import get_lesson

Role = factories.Role


@pytest.fixture
def manager(app, signed_in):
    return signed_in(factories.account(Role.MANAGER, region=factories.DATONG))


def typed(page: str) -> dict[str, str]:
    """What the browser would send of the form as it stands."""
    fields = {}
    for tag in re.findall(r"<input[^>]*>", page.split("<main")[1]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and (("checkbox" not in tag) or "checked" in tag):
            fields[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'selected[^>]*value="([^"]+)"', options) or re.search(r'value="([^"]+)"', options)
        fields[name] = chosen[1]
    return fields


def lessons():
    db.session.rollback()
    return list(db.session.scalars(db.select(Lesson).order_by(Lesson.starts_at)))


def test_a_timetable_is_made_by_typing_titles(manager):
    teacher = factories.account(Role.INSTRUCTOR, name="孙老师")
    cohort = factories.cohort()
    path = f"/cohorts/{cohort.id}/timetable"
    page = manager.get(path).text
    assert page.count('class="form-check-input"') == 10
    fields = {k: v for k, v in typed(page).items() if not k.endswith("-chosen")}
    fields |= {"slots-0-chosen": "y", "slots-0-title": "开班", "slots-0-instructor": "孙老师"}
    fields |= {"slots-3-chosen": "y", "slots-3-title": "选品", "slots-3-instructor": "外请老师"}
    for _ in range(2):  # pressed twice
        assert manager.post(path, data=fields).status_code == 302
    first, second = lessons()
    assert (first.title, first.instructor_id, first.instructor_name) == ("开班", teacher.id, "")
    assert (second.title, second.instructor_id, second.instructor_name) == ("选品", None, "外请老师")
    assert first.starts_at.isoformat() == "2026-03-09T00:30:00+00:00"
    assert second.ends_at.isoformat() == "2026-03-10T09:30:00+00:00"
    assert (first.credit_minutes, first.place) == (180, cohort.place)
    again = manager.get(path).text
    assert again.count('class="form-check-input"') == 8
    assert "checked" not in again
    assert "开班" in again


def test_a_ticked_half_day_needs_a_title_and_an_unticked_one_nothing(manager):
    cohort = factories.cohort()
    path = f"/cohorts/{cohort.id}/timetable"
    fields = typed(manager.get(path).text)
    answer = manager.post(path, data=fields | {"slots-1-title": "留着"})
    assert answer.status_code == 422
    assert answer.text.count("请填写") == 9
    assert "留着" in answer.text
    nothing = {k: v for k, v in fields.items() if not k.endswith("-chosen")}
    answer = manager.post(path, data=nothing)
    assert answer.status_code == 422
    assert "请至少勾选一个半天" in answer.text
    assert lessons() == []


def test_an_overlap_is_a_sentence_and_nothing_is_added(manager):
    cohort = factories.cohort()
    path = f"/cohorts/{cohort.id}/timetable"
    fields = {k: v for k, v in typed(manager.get(path).text).items() if not k.endswith("-chosen")}
    fields |= {"slots-0-chosen": "y", "slots-0-title": "开班", "slots-0-ends": "15:00"}
    fields |= {"slots-1-chosen": "y", "slots-1-title": "选品"}
    answer = manager.post(path, data=fields)
    assert answer.status_code == 422
    assert "与“开班”时间重叠" in answer.text
    assert lessons() == []


def test_a_long_cohort_is_made_two_weeks_at_a_time(manager):
    cohort = factories.cohort(ends_on=factories.cohort().starts_on.replace(month=5))
    page = manager.get(f"/cohorts/{cohort.id}/timetable").text
    assert page.count('class="form-check-input"') == 28
    following = re.search(r'href="([^"]*from=[^"]*)"', page)[1]
    assert "2026-03-22" in following
    assert "2026年3月22日" in manager.get(urljoin(f"/cohorts/{cohort.id}/timetable", following)).text
    assert manager.get(f"/cohorts/{cohort.id}/timetable?from=nonsense").status_code == 200


ONE = {
    "title": "法律常识",
    "kind": "lecture",
    "day": "2026-03-10",
    "begins": "19:00",
    "ends": "20:30",
    "credit_hours": "1.5",
    "place": "礼堂",
    "instructor": "",
}


def test_one_lesson_is_added_moved_and_called_off(manager):
    cohort = factories.cohort()
    assert manager.post(f"/cohorts/{cohort.id}/lessons/new", data=ONE).status_code == 302
    [lesson] = lessons()
    assert lesson.credit_minutes == 90
    page = manager.get(f"/lessons/{lesson.id}/edit").text
    assert 'value="1.5"' in page
    assert (
        manager.post(f"/lessons/{lesson.id}/edit", data=ONE | {"day": "2026-03-11", "version": "1"}).status_code == 302
    )
    question = manager.get(f"/lessons/{lesson.id}/cancel").text
    assert "法律常识" in question
    assert manager.post(f"/lessons/{lesson.id}/cancel", data={"reason": ""}).status_code == 422
    assert manager.post(f"/lessons/{lesson.id}/cancel", data={"reason": "老师生病"}).status_code == 302
    assert "老师生病" in manager.get(f"/cohorts/{cohort.id}").text
    assert lessons()[0].state is LessonState.CANCELLED


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"day": "2026-04-01"}, "不在本期培训日期内"),
        ({"ends": "18:00"}, "结束时间要晚于开始时间"),
        ({"title": ""}, "请填写"),
        ({"credit_hours": "0"}, "24"),
        ({"kind": "party"}, "is-invalid"),
    ],
)
def test_a_lesson_that_cannot_be_is_refused(manager, values, sentence):
    cohort = factories.cohort()
    answer = manager.post(f"/cohorts/{cohort.id}/lessons/new", data=ONE | values)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert lessons() == []


def test_a_lesson_whose_roll_was_begun_stays(manager):
    lesson_id = factories.lesson(factories.cohort(), state=LessonState.OPEN).id
    for path in ("edit", "cancel"):
        answer = manager.get(f"/lessons/{lesson_id}/{path}")
        assert answer.status_code == 422
        assert "只有还没开始的课" in answer.text
    assert manager.post(f"/lessons/{lesson_id}/cancel", data={"reason": "停电"}).status_code == 422
    assert get_lesson(lesson_id).state is LessonState.OPEN


def test_namesakes_are_told_apart(manager):
    first, second = (factories.account(Role.INSTRUCTOR, name="孙老师", username=f"sun{n}") for n in (1, 2))
    cohort = factories.cohort()
    assert "孙老师 · sun2" in manager.get(f"/cohorts/{cohort.id}/lessons/new").text
    manager.post(f"/cohorts/{cohort.id}/lessons/new", data=ONE | {"instructor": "孙老师 · sun2"})
    assert lessons()[0].instructor_id == second.id != first.id
