"""Pages of a whole timetable: repeated, copied, taken back, moved on, printed; each looked at before anything is written."""

import io
import re
from datetime import date, timedelta

import openpyxl
import pytest

from tests import factories
from tests.views.test_lesson import lessons, typed
from trainer.database import db, transaction
from trainer.domain.attendance import LessonState
from trainer.domain.days import china_day
from trainer.domain.holiday import DayKind
from trainer.models import Holiday, Message

Role = factories.Role
MONDAY = date(2026, 3, 9)


@pytest.fixture
def manager(app, signed_in):
    return signed_in(factories.account(Role.MANAGER, region=factories.DATONG))


def days():
    return [china_day(lesson.starts_at).day for lesson in lessons()]


def ticked(page: str) -> list[str]:
    return re.findall(r'name="pick" value="([^"]+)" checked', page)


def holiday(day: date, name: str = "植树节"):
    with transaction() as session:
        session.add(Holiday(day=day, kind=DayKind.OFF, name=name, set_at=factories.AT))


def test_a_lesson_is_repeated_after_a_look_once(manager):
    cohort = factories.cohort()
    path = f"/lessons/{factories.lesson(cohort).id}/repeat"
    assert "添加勾选的课" not in manager.get(path).text
    holiday(MONDAY + timedelta(days=2))
    factories.lesson(cohort, day=1, title="选品课")
    path += "?go=1&how=every&every=1&times=4"
    page = manager.get(path).text
    assert "植树节" in page
    assert "选品课" in page
    assert "不在本班日期内" in page
    assert len(ticked(page)) == 2
    assert days() == [9, 10]
    fields = typed("<main" + page.split('method="post"')[-1]) | {"pick": ticked(page)}
    for _press in range(2):
        assert manager.post(path, data=fields).status_code == 303
    assert days() == [9, 10, 12, 13]
    assert "已添加 2 节课" in manager.get(f"/cohorts/{cohort.id}").text


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("how=every&every=1", "请填写到哪一天为止，或者共几次"),
        ("how=every&every=0&times=2", "60"),
        ("how=every&every=&times=2", "请填写"),
        ("how=weekdays&times=2", "请至少勾选一个星期几"),
        ("how=weekdays&weekdays=9&times=2", "9"),
        ("how=every&every=1&until=9999-12-31", "2100"),
        ("how=every&every=1&until=2026-03-09", "没有上课日"),
    ],
)
def test_a_question_that_cannot_be_is_answered_beside_it(manager, question, sentence):
    lesson_id = factories.lesson(factories.cohort()).id
    answer = manager.get(f"/lessons/{lesson_id}/repeat?go=1&{question}")
    assert answer.status_code == (200 if "没有" in sentence else 422)
    assert sentence in answer.text


def test_nothing_ticked_or_nothing_asked_adds_nothing(manager):
    lesson_id = factories.lesson(factories.cohort()).id
    path = f"/lessons/{lesson_id}/repeat"
    assert manager.post(path).status_code == 422
    answer = manager.post(
        path + "?go=1&how=every&every=1&times=2", data={"pick": ["x@y", "1", f"{lesson_id}@9999-99-99"]}
    )
    assert answer.status_code == 422
    assert "请至少勾选一个有空的日子" in answer.text
    assert len(lessons()) == 1


def test_a_year_without_holidays_says_so(manager):
    cohort = factories.cohort(starts_on=date(2031, 3, 10), ends_on=date(2031, 3, 14))
    lesson_id = factories.lesson(cohort).id
    assert "2031 年的节假日还没有" in manager.get(f"/cohorts/{cohort.id}/timetable").text
    assert "2031 年的节假日还没有" in manager.get(f"/lessons/{lesson_id}/repeat?go=1&how=every&every=1&times=1").text
    holiday(date(2031, 10, 1))
    assert "2031 年的节假日还没有" not in manager.get(f"/cohorts/{cohort.id}/timetable").text


def test_half_days_of_holidays_and_weekends_come_unticked_and_named(manager):
    cohort = factories.cohort(ends_on=MONDAY + timedelta(days=6))
    holiday(MONDAY + timedelta(days=3))
    page = manager.get(f"/cohorts/{cohort.id}/timetable").text
    assert page.count("植树节") == 2
    assert page.count("周末</span>") == 4
    assert len(re.findall(r"checked[^>]*-chosen|-chosen[^>]*checked", page)) == 8


def test_a_timetable_is_copied_looked_at_and_taken_back(manager):
    cohort = factories.cohort()
    target = factories.cohort(starts_on=MONDAY + timedelta(days=14), ends_on=MONDAY + timedelta(days=16))
    for day in (0, 1, 3):
        factories.lesson(cohort, day=day, title=f"第{day}课")
    assert f'value="{target.id}"' in manager.get(f"/timetables/copy?source={cohort.id}").text
    path = f"/timetables/copy?go=1&source={cohort.id}&target={target.id}&begins=2026-03-23&rest=leave_out"
    page = manager.get(path).text
    assert len(ticked(page)) == 2
    assert "不在本班日期内" in page
    fields = typed("<main" + page.split('method="post"')[-1]) | {"pick": ticked(page)}
    for _press in range(2):
        assert manager.post(path, data=fields).status_code == 303
    assert days() == [9, 10, 12, 23, 24]
    again = manager.post(path, data={"pick": ticked(page)})
    assert again.status_code == 422
    assert "时间重叠" in again.text
    page = manager.get(f"/cohorts/{target.id}").text
    back = re.search(r'href="(/cohorts/\d+/timetable/take-back\?batch=(\w+))"', page)
    question = manager.get(back[1]).text
    assert "第1课" in question
    assert manager.post(back[1].partition("?")[0], data={"batch": back[2]}).status_code == 303
    assert days() == [9, 10, 12]
    assert "没有可以撤回的课" in manager.get(back[1]).text


def test_a_copy_needs_two_cohorts_within_reach(manager):
    cohort, elsewhere = factories.cohort(), factories.cohort(region=factories.LINFEN)
    factories.lesson(cohort)
    foreign = factories.lesson(elsewhere).cohort_id
    tail = "&begins=2026-03-10&rest=leave_out"
    same = manager.get(f"/timetables/copy?go=1&source={cohort.id}&target={cohort.id}{tail}")
    assert same.status_code == 422
    assert "请选择另一个培训班" in same.text
    for source, target in ((cohort.id, foreign), (foreign, cohort.id)):
        path = f"/timetables/copy?go=1&source={source}&target={target}{tail}"
        assert manager.get(path).status_code == 422
        assert manager.post(path, data={"pick": ["1@2026-03-10"]}).status_code == 422
    assert len(lessons()) == 2


def test_lessons_move_on_after_a_look(manager):
    cohort = factories.cohort()
    factories.enrolment(cohort)
    first, _second = (factories.lesson(cohort, day=day).id for day in (0, 2))
    path = f"/lessons/{first}/shift?go=1&how=days&days=1&past_rest=y"
    page = manager.get(path).text
    assert "调整这 2 节课" in page
    fields = typed("<main" + page.split('method="post"')[-1])
    for _press in range(2):
        assert manager.post(path, data=fields).status_code == 303
    assert days() == [10, 12]
    hindered = manager.get(f"/lessons/{first}/shift?go=1&how=days&days=2").text
    assert "这样调整不行" in hindered
    assert "调整这" not in hindered
    stale = manager.post(path, data={"seen": "of another plan"})
    assert stale.status_code == 422
    assert days() == [10, 12]
    assert db.session.scalars(db.select(Message.code)).all() in ([], ["lessons_shifted"])


def test_only_a_planned_lesson_begins_a_move(manager):
    lesson_id = factories.lesson(factories.cohort(), state=LessonState.OPEN).id
    answer = manager.get(f"/lessons/{lesson_id}/shift")
    assert answer.status_code == 422
    assert "只有还没开始的课" in answer.text


def test_a_cancelled_lesson_is_restored_with_a_button(manager):
    cohort = factories.cohort()
    lesson_id = factories.lesson(cohort, state=LessonState.CANCELLED, cancel_reason="停电").id
    assert f"/lessons/{lesson_id}/restore" in manager.get(f"/cohorts/{cohort.id}").text
    assert "停电" in manager.get(f"/lessons/{lesson_id}/restore").text
    assert manager.post(f"/lessons/{lesson_id}/restore").status_code == 302
    assert lessons()[0].state is LessonState.PLANNED
    again = manager.post(f"/lessons/{lesson_id}/restore")
    assert again.status_code == 422
    assert "没有取消" in again.text


def test_the_timetable_is_printed_and_taken_out_without_what_is_called_off(app, signed_in):
    staff = signed_in(factories.account(Role.COHORT_STAFF, region=factories.DATONG))
    cohort = factories.cohort()
    factories.lesson(cohort, title="直播入门", link="https://live.example.com/1", instructor_name="=1+1")
    factories.lesson(cohort, day=1, title="停的课", state=LessonState.CANCELLED)
    sheet = staff.get(f"/cohorts/{cohort.id}/timetable/print").text
    assert "2026年3月9日（星期一）" in sheet
    assert "直播入门" in sheet
    assert "停的课" not in sheet
    answer = staff.get(f"/cohorts/{cohort.id}/timetable.xlsx")
    assert "filename*=UTF-8" in answer.headers["Content-Disposition"]
    page = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert page.title == "课程表"
    assert rows[2] == ["日期", "星期", "时间", "课程", "类型", "学时", "地点", "授课老师"]
    assert rows[3][1:] == ["星期一", "09:00–12:00", "直播入门", "讲授", 3, cohort.place, "=1+1"]
    assert page.cell(4, 8).data_type == "s"
    assert len(rows) == 4


@pytest.mark.parametrize(("path", "most"), [("print", 6), ("", 15)])
def test_pages_take_the_same_number_of_statements(manager, count_statements, path, most):
    cohort = factories.cohort()
    counts = []
    for more in (1, 2):
        for _ in range(more):
            factories.lesson(cohort, day=len(lessons()))
        manager.get(f"/cohorts/{cohort.id}")
        with count_statements() as seen:
            manager.get(f"/cohorts/{cohort.id}/timetable/{path}" if path else f"/cohorts/{cohort.id}")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= most
