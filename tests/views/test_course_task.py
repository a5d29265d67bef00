"""Tasks as pages: set and marked by staff and instructors, handed in by the women on their phones."""

import io
from datetime import UTC, date, datetime

import pytest
import time_machine

from tests import factories
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import CourseTask, HandIn

NOW = datetime(2026, 3, 11, 0, 30, tzinfo=UTC)
SHARED = "看看【秀芳】的直播！ https://v.douyin.com/iRNBho5u/ 复制此链接，打开抖音"


@pytest.fixture(autouse=True)
def _on_the_third_day():
    with time_machine.travel(NOW, tick=False):
        yield


def form(**values):
    return {"idempotency_key": "k" * 32, "link": "", "minutes": "35", **values}


def states() -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return [str(state) for state in db.session.scalars(db.select(HandIn.state).order_by(HandIn.id))]


def test_staff_set_change_and_drop_a_task(cohort, hers, phone, staff):
    fields = {"title": "直播一场", "kind": "broadcast", "proof": "link", "min_minutes": "30", "due_on": "2026-03-20"}
    url = f"/cohorts/{cohort.id}/tasks"
    for _twice in range(2):
        assert staff.post(f"{url}/new", data=fields | {"idempotency_key": "k" * 32}).status_code == 303
    [task] = db.session.scalars(db.select(CourseTask))
    assert "直播一场" in phone.get("/me/tasks").text
    assert "0/1" in staff.get(url).text
    assert staff.post(f"{url}/{task.id}/edit", data=fields | {"version": "9"}).status_code == 409
    changed = fields | {"title": "直播两场", "version": str(task.version)}
    assert staff.post(f"{url}/{task.id}/edit", data=changed).status_code == 303
    assert staff.post(f"{url}/{task.id}/drop", data={"version": "1"}).status_code == 409
    version = factories.version(staff, f"{url}/{task.id}/edit")
    assert staff.post(f"{url}/{task.id}/drop", data={"version": version}).status_code == 303
    assert phone.get(f"/me/tasks/{task.id}").status_code == 404


def test_she_pastes_a_share_text_once_and_reads_the_answer(cohort, hers, phone, staff):
    task = factories.course_task(cohort, due_on=date(2026, 3, 10))
    assert "照样提交" in phone.get("/me/tasks").text
    for _twice in range(2):
        assert phone.post(f"/me/tasks/{task.id}", data=form(link=SHARED, helper_name="儿子")).status_code == 303
    assert states() == ["handed_in"]
    [row] = db.session.scalars(db.select(HandIn))
    assert (row.link, row.helper_name) == ("https://v.douyin.com/iRNBho5u/", "儿子")
    page = staff.get(f"/hand-ins/{row.id}").text
    assert 'rel="noopener noreferrer"' in page
    assert "晚于截止日期" in page
    again = {"act": "again", "remark": "看不到时长", "version": "1"}
    assert staff.post(f"/hand-ins/{row.id}", data=again | {"remark": ""}).status_code == 422
    assert staff.post(f"/hand-ins/{row.id}", data=again).status_code == 303
    late = staff.post(f"/hand-ins/{row.id}", data=again | {"act": "pass"})
    assert late.status_code == 409
    assert "看不到时长" in phone.get(f"/me/tasks/{task.id}").text
    assert phone.post(f"/me/tasks/{task.id}", data=form(link=SHARED, idempotency_key="z" * 32)).status_code == 303
    assert phone.post(f"/me/tasks/{task.id}/take-back").status_code == 303
    assert states() == ["sent_back", "taken_back"]


def test_a_bad_picture_keeps_what_she_typed(cohort, hers, phone):
    task = factories.course_task(cohort, proof="picture")
    file = (io.BytesIO(b"GIF89a"), "x.gif")
    answer = phone.post(f"/me/tasks/{task.id}", data=form(words="播了半小时", picture=file))
    assert answer.status_code == 422
    assert "播了半小时" in answer.text
    assert 'value="35"' in answer.text
    assert "图片请再选一次" in answer.text
    assert phone.post(f"/me/tasks/{task.id}", data=form()).status_code == 422
    good = (io.BytesIO(factories.picture("JPEG")), "x.jpg")
    assert phone.post(f"/me/tasks/{task.id}", data=form(picture=good)).status_code == 303
    [row] = db.session.scalars(db.select(HandIn))
    assert phone.get(f"/me/hand-ins/{row.id}/picture").data.startswith(b"\xff\xd8")


def test_text_without_a_link_is_said(cohort, hers, phone):
    task = factories.course_task(cohort)
    answer = phone.post(f"/me/tasks/{task.id}", data=form(link="我的直播间"))
    assert answer.status_code == 422
    assert "没有找到链接" in answer.text
    assert "我的直播间" in answer.text


def test_another_woman_sees_neither_task_nor_picture(cohort, hers, phone, signed_in, staff):
    task = factories.course_task(cohort, proof="picture")
    good = (io.BytesIO(factories.picture("JPEG")), "x.jpg")
    phone.post(f"/me/tasks/{task.id}", data=form(picture=good))
    [row] = db.session.scalars(db.select(HandIn))
    classmate = signed_in(factories.trainee(cohort)[1])
    assert classmate.get(f"/me/hand-ins/{row.id}/picture").status_code == 404
    foreign = signed_in(factories.trainee(factories.cohort("OTHER"))[1])
    assert foreign.get(f"/me/tasks/{task.id}").status_code == 404
    assert staff.get(f"/hand-ins/{row.id}/picture").mimetype == "image/jpeg"


def test_an_instructor_marks_one_after_the_other_and_finds_them_on_her_page(cohort, signed_in):
    teacher = factories.account(Role.INSTRUCTOR)
    factories.lesson(cohort, instructor_id=teacher.id)
    task = factories.course_task(cohort)
    rows = [factories.hand_in(task, factories.enrolment(cohort), minutes=12) for _ in range(3)]
    client = signed_in(teacher)
    assert "待批阅" in client.get("/").text
    assert f"/hand-ins/{rows[0].id}" in client.get("/needs/hand_in").text
    assert "学员填了 12 分钟" in client.get(f"/hand-ins/{rows[0].id}").text
    done = client.post(f"/hand-ins/{rows[0].id}", data={"act": "pass", "version": "1"})
    assert done.location.endswith(f"/hand-ins/{rows[1].id}")
    client.post(f"/hand-ins/{rows[1].id}", data={"act": "pass", "version": "1"})
    done = client.post(f"/hand-ins/{rows[2].id}", data={"act": "pass", "version": "1"})
    assert done.location.endswith(f"/tasks/{task.id}")
    other = signed_in(factories.account(Role.INSTRUCTOR))
    assert other.get(f"/hand-ins/{rows[0].id}").status_code == 404


def test_an_auditor_reads_and_marks_nothing(cohort, signed_in):
    row = factories.hand_in(factories.course_task(cohort), factories.enrolment(cohort))
    auditor = signed_in(factories.account(Role.AUDITOR, region=factories.DATONG))
    assert auditor.get(f"/hand-ins/{row.id}").status_code == 200
    assert auditor.post(f"/hand-ins/{row.id}", data={"act": "pass", "version": "1"}).status_code == 404
    assert states() == ["handed_in"]


def test_staff_hand_in_for_her_as_her_helper(cohort, hers, staff):
    task = factories.course_task(cohort)
    url = f"/cohorts/{cohort.id}/tasks/{task.id}/for/{hers[0].id}"
    assert staff.post(url, data=form()).status_code == 422
    assert staff.post(url, data=form(link="https://v.kuaishou.com/a")).status_code == 303
    [row] = db.session.scalars(db.select(HandIn))
    assert row.helper_name
    assert row.helper_name in staff.get(f"/cohorts/{cohort.id}/tasks/{task.id}?state=handed_in").text


@pytest.mark.parametrize("many", [1, 3])
def test_statements_do_not_grow(cohort, hers, phone, staff, count_statements, many):
    tasks = [factories.course_task(cohort, f"任务{number}") for number in range(many)]
    for _ in range(many - 1):
        factories.hand_in(tasks[0], factories.enrolment(cohort))
    rows = [factories.hand_in(tasks[0], hers[0], "sent_back", number) for number in range(1, many + 1)]
    found = {}
    for client, url in (
        (phone, "/me/tasks"),
        (phone, f"/me/tasks/{tasks[0].id}"),
        (staff, f"/cohorts/{cohort.id}/tasks"),
        (staff, f"/cohorts/{cohort.id}/tasks/{tasks[0].id}"),
        (staff, f"/hand-ins/{rows[-1].id}"),
    ):
        client.get(url)
        with count_statements() as seen:
            assert client.get(url).status_code == 200
        found[url.split("/")[1] + str(url.count("/"))] = len(seen)
    assert found == {"me2": 3, "me3": 4, "cohorts3": 4, "cohorts4": 7, "hand-ins2": 7}
