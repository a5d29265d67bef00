"""The roll and what follows from it, as pages: doors, taps with and without script, closing, corrections."""

import io
import re
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from tests import factories
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState, NewMark
from trainer.models import Attendance, AuditEvent, Lesson, Mark
from trainer.services import closing, roll

S = AttendanceStatus


def mark(lesson, *marks: tuple[int, S]) -> None:
    by = factories.actor(Role.MANAGER)
    with transaction():
        roll.record_marks(
            lesson.id,
            [NewMark(id_, status, f"{lesson.id}.{id_}.{status}") for id_, status in marks],
            by=by,
            at=factories.AT,
        )


def close(lesson, headcount: int) -> None:
    with transaction():
        closing.close_lesson(lesson.id, headcount, by=factories.actor(Role.MANAGER), at=factories.AT)


def status_of(enrolment, lesson) -> S | None:
    db.session.rollback()
    return db.session.scalar(
        db.select(Attendance.status).where(Attendance.enrolment_id == enrolment.id, Attendance.lesson_id == lesson.id)
    )


def stored(lesson) -> Lesson:
    db.session.expire_all()
    db.session.rollback()
    return db.session.get(Lesson, lesson.id)


def button(page: str, enrolment, status: S) -> str:
    return re.search(rf'value="({enrolment.id}:{status})"', page)[1]


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', page)[1]


PAGES = ["roll", "roll/rest", "close", "reopen"]
ROLL_SCRIPTS = ("roll-early.js", "roll-queue.js", "roll.js")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("roles", "area", "answer"),
    [
        ((), None, 404),
        ((Role.TRAINEE,), None, 404),
        ((Role.EVALUATOR,), None, 404),
        ((Role.COHORT_STAFF,), factories.LINFEN, 404),
        ((Role.INSTRUCTOR,), None, 404),
        ((Role.COHORT_STAFF,), factories.SHANXI, 200),
        ((Role.MANAGER,), None, 200),
    ],
)
def test_who_may_open_the_pages_of_a_lesson(lesson, signed_in, page, roles, area, answer):
    client = signed_in(factories.account(*roles, region=area))
    assert client.get(f"/lessons/{lesson.id}/{page}").status_code == answer


@pytest.mark.parametrize("page", [*PAGES, "roll/1", "roll/1/take-back"])
def test_a_stranger_is_sent_to_sign_in(lesson, client, page):
    assert client.post(f"/lessons/{lesson.id}/{page}").status_code == 302
    assert stored(lesson).state is LessonState.PLANNED


def test_an_auditor_looks_at_the_roll_and_changes_nothing(cohort, lesson, signed_in):
    woman = factories.enrolment(cohort)
    mark(lesson, (woman.id, S.PRESENT))
    client = signed_in(factories.account(Role.AUDITOR))
    for url in (f"/lessons/{lesson.id}/roll", f"/lessons/{lesson.id}/roll/{woman.id}"):
        page = client.get(url)
        assert "王秀芳" in page.text
        forms = page.text.partition("<main")[2].count("<form")
        assert forms == (2 if url.endswith("roll") else 0)  # looking for somebody, and the roll, which is empty
        assert "<button name=" not in page.text
        assert client.post(url, data={"mark": f"{woman.id}:absent:n", "status": "absent"}).status_code == 404
    assert client.get(f"/lessons/{lesson.id}/close").status_code == 404
    assert status_of(woman, lesson) is S.PRESENT


def test_an_instructor_without_an_area_reaches_the_lessons_she_gives(cohort, signed_in):
    account = factories.account(Role.INSTRUCTOR)
    own, other = factories.lesson(cohort, instructor_id=account.id), factories.lesson(cohort, day=1)
    client = signed_in(account)
    assert client.get(f"/lessons/{own.id}/roll").status_code == 200
    assert client.get(f"/lessons/{other.id}/roll").status_code == 404
    listed = client.get("/rolls").text
    assert f"/lessons/{own.id}/roll" in listed
    assert f"/lessons/{other.id}/roll" not in listed


def test_a_tap_without_script_is_saved_and_comes_back_to_her_row(cohort, lesson, staff):
    woman = factories.enrolment(cohort)
    url = f"/lessons/{lesson.id}/roll?q=1"
    page = staff.get(url).text
    data = {"mark": button(page, woman, S.PRESENT), "nonce": hidden(page, "nonce"), "seen": hidden(page, "seen")}
    answer = staff.post(url, data=data)
    assert answer.status_code == 303
    assert answer.location == f"/lessons/{lesson.id}/roll?q=1&undo={woman.id}:#e{woman.id}"
    assert status_of(woman, lesson) is S.PRESENT
    assert 'aria-pressed="true"' in staff.get(url).text
    staff.post(url, data=data)  # sent twice by an impatient finger
    assert db.session.scalar(db.select(db.func.count(Mark.id))) == 1


def test_a_tap_without_script_is_undone_by_the_next_and_unmarking_asks_again(cohort, lesson, staff):
    woman = factories.enrolment(cohort)
    url = f"/lessons/{lesson.id}/roll"
    first = staff.post(url, data={"mark": f"{woman.id}:absent", "nonce": "n1"}).location
    undo = staff.get(first).text.partition('id="undo"')[2]
    assert f'href="{url}/{woman.id}#take-back"' in undo
    second = staff.post(url, data={"mark": f"{woman.id}:present", "nonce": "n2"}).location
    undo = staff.get(second).text.partition('id="undo"')[2]
    staff.post(url, data={"mark": re.search(r'value="(\d+:\w+)"', undo)[1], "nonce": "n3"})
    assert status_of(woman, lesson) is S.ABSENT


@pytest.mark.parametrize(
    "value", ["", "1", "1:present", "1:present:", "x:present:n", "1:absconded:n", "1::n", f"1:present:{'n' * 65}"]
)
def test_a_mark_that_cannot_be_read_is_refused(lesson, staff, value):
    answer = staff.post(f"/lessons/{lesson.id}/roll", data={"mark": value}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert "重新打开" in answer.json["error"]


def test_a_woman_of_another_cohort_is_refused_on_the_page(lesson, staff):
    stranger = factories.enrolment(factories.cohort())
    data = {"mark": f"{stranger.id}:present:n1"}
    assert "不在这次课的名单里" in staff.post(f"/lessons/{lesson.id}/roll", data=data).text
    assert status_of(stranger, lesson) is None


def test_the_roll_is_searched_by_seat_initials_and_name(cohort, lesson, staff):
    factories.enrolment(cohort, factories.person("王秀芳"))
    factories.enrolment(cohort, factories.person("李桂花"))
    for typed in ("2", "02", "lgh", "LG", "桂花"):
        page = staff.get(f"/lessons/{lesson.id}/roll", query_string={"q": typed}).text
        assert "李桂花" in page
        assert "王秀芳" not in page
    assert "没有符合的人" in staff.get(f"/lessons/{lesson.id}/roll?q=nobody").text


def test_unmarked_and_not_applicable_are_never_shown_as_absent(cohort, lesson, staff):
    factories.enrolment(cohort)
    late = factories.enrolment(cohort, joined_on=cohort.ends_on)
    page = staff.get(f"/lessons/{lesson.id}/roll").text
    assert '未点名 <b data-count="unmarked">1</b>' in page
    assert "不适用" in page
    assert f'value="{late.id}:' not in page
    assert "pill-bad" not in page


def test_the_rest_are_named_before_they_are_absent(cohort, lesson, staff):
    here, gone = factories.enrolment(cohort), factories.enrolment(cohort, factories.person("李桂花"))
    mark(lesson, (here.id, S.PRESENT))
    page = staff.get(f"/lessons/{lesson.id}/roll/rest").text
    assert "李桂花" in page
    key = re.search(r'name="idempotency_key"[^>]*value="([^"]+)"', page)[1]
    data = {"idempotency_key": key, "enrolment": [str(here.id), str(gone.id)]}
    for _ in range(2):
        assert staff.post(f"/lessons/{lesson.id}/roll/rest", data=data).status_code == 303
    assert (status_of(here, lesson), status_of(gone, lesson)) == (S.PRESENT, S.ABSENT)
    assert db.session.scalar(db.select(db.func.count(Mark.id))) == 2


def test_taking_a_mark_back_is_its_own_act(cohort, lesson, staff):
    woman = factories.enrolment(cohort)
    mark(lesson, (woman.id, S.PRESENT))
    page = staff.get(f"/lessons/{lesson.id}/roll/{woman.id}").text
    assert "确定取消王秀芳的点名" in page
    assert staff.post(f"/lessons/{lesson.id}/roll/{woman.id}/take-back", data={}).status_code == 303
    assert status_of(woman, lesson) is None
    assert "取消点名" in staff.get(f"/lessons/{lesson.id}/roll/{woman.id}").text


def test_closing_names_the_unmarked_and_keeps_a_headcount_that_differs(cohort, lesson, staff):
    here, _unmarked = factories.enrolment(cohort), factories.enrolment(cohort, factories.person("李桂花"))
    mark(lesson, (here.id, S.PRESENT))
    page = staff.get(f"/lessons/{lesson.id}/close").text
    assert "还有 1 人未点名" in page
    assert "李桂花" in page
    for nonsense in ("", "many", "-1"):
        assert staff.post(f"/lessons/{lesson.id}/close", data={"headcount": nonsense}).status_code == 422
    assert staff.post(f"/lessons/{lesson.id}/close", data={"headcount": "3"}).status_code == 303
    assert (stored(lesson).state, stored(lesson).headcount) == (LessonState.CLOSED, 3)
    assert "两个数字不一致" in staff.get(f"/lessons/{lesson.id}/roll").text
    assert staff.get(f"/lessons/{lesson.id}/close").location.endswith(f"/lessons/{lesson.id}/roll")
    second = staff.post(f"/lessons/{lesson.id}/close", data={"headcount": "1"})
    assert second.status_code == 409
    assert "已经结课，登记实到 3 人" in second.text


def test_nobody_marked_cannot_be_closed(cohort, lesson, staff):
    factories.enrolment(cohort)
    answer = staff.post(f"/lessons/{lesson.id}/close", data={"headcount": "1"})
    assert answer.status_code == 422
    assert "还没有点过名" in answer.text


def test_a_closed_lesson_is_corrected_with_a_reason_only(cohort, lesson, staff):
    woman = factories.enrolment(cohort)
    mark(lesson, (woman.id, S.ABSENT))
    close(lesson, 0)
    assert '<button name="mark"' not in staff.get(f"/lessons/{lesson.id}/roll").text
    refused = staff.post(f"/lessons/{lesson.id}/roll/{woman.id}", data={"status": "made_up", "idempotency_key": "k1"})
    assert refused.status_code == 422
    assert "请写明原因" in refused.text
    data = {"status": "made_up", "reason": "补看录像并答题", "idempotency_key": "k1"}
    assert staff.post(f"/lessons/{lesson.id}/roll/{woman.id}", data=data).status_code == 303
    assert status_of(woman, lesson) is S.MADE_UP
    history = staff.get(f"/lessons/{lesson.id}/roll/{woman.id}").text
    assert "补看录像并答题" in history


def test_reopening_asks_why(cohort, lesson, staff):
    mark(lesson, (factories.enrolment(cohort).id, S.ABSENT))
    close(lesson, 0)
    assert staff.post(f"/lessons/{lesson.id}/reopen", data={"reason": " "}).status_code == 422
    assert staff.post(f"/lessons/{lesson.id}/reopen", data={"reason": "点错了一排"}).status_code == 303
    assert stored(lesson).state is LessonState.OPEN
    assert staff.post(f"/lessons/{lesson.id}/reopen", data={"reason": "再来"}).status_code == 422


def test_a_lesson_that_is_not_yet_or_cancelled_takes_no_taps(cohort, staff):
    woman = factories.enrolment(cohort)
    tomorrow = clock.now() + timedelta(days=1)
    later = factories.lesson(cohort, starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=3))
    cancelled = factories.lesson(cohort, state=LessonState.CANCELLED)
    for lesson in (later, cancelled):
        assert '<button name="mark"' not in staff.get(f"/lessons/{lesson.id}/roll").text
        answer = staff.post(f"/lessons/{lesson.id}/roll", data={"mark": f"{woman.id}:present:n"})
        assert answer.status_code == 422
        assert status_of(woman, lesson) is None


def test_todays_rolls_and_those_left_open_are_listed_apart(cohort, staff):
    factories.enrolment(cohort)
    now = clock.now()
    today = factories.lesson(cohort, starts_at=now, ends_at=now + timedelta(hours=3), title="今天的课")
    left = factories.lesson(cohort, title="忘了结的课")
    closed = factories.lesson(cohort, day=1, state=LessonState.CLOSED, title="结了的课")
    page = staff.get("/rolls").text
    first, second = page.split("以前的课", 1)
    assert today.title in first
    assert left.title not in first
    assert left.title in second
    assert closed.title not in page
    assert "0 / 1" in page


def test_the_summary_lists_filters_and_exports_the_same_women(cohort, lesson, staff):
    steady, away = factories.enrolment(cohort), factories.enrolment(cohort, factories.person("=李桂花"))
    second = factories.lesson(cohort, day=1)
    for taught in (lesson, second):
        mark(taught, (steady.id, S.PRESENT), (away.id, S.ABSENT))
        close(taught, 1)
    page = staff.get(f"/cohorts/{cohort.id}/attendance").text
    assert "100.0%" in page
    assert "已达不到" in page
    for query in ("standing=out_of_reach", "in_a_row=yes", "q=2"):
        page = staff.get(f"/cohorts/{cohort.id}/attendance?{query}").text
        assert "李桂花" in page
        assert "王秀芳" not in page
    answer = staff.get(f"/cohorts/{cohort.id}/attendance.xlsx?in_a_row=yes")
    rows = list(
        openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(min_row=3, max_row=5, values_only=True)
    )
    assert [row[1] for row in rows] == ["姓名", "=李桂花", "合计"]
    assert rows[1][3:9] == (2, 0, 0, 0, 0, 2)
    event = db.session.scalar(db.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1))
    assert (event.action, event.details) == ("attendance.export", {"rows": 1})


@pytest.mark.parametrize(
    ("role", "area", "looks", "exports"),
    [
        (Role.AUDITOR, None, 200, 404),
        (Role.COHORT_STAFF, factories.LINFEN, 404, 404),
        (Role.EVALUATOR, None, 404, 404),
        (Role.TRAINEE, None, 404, 404),
        (Role.MANAGER, factories.SHANXI, 200, 200),
    ],
)
def test_who_may_look_at_a_cohorts_attendance_and_take_it_away(cohort, signed_in, role, area, looks, exports):
    client = signed_in(factories.account(role, region=area))
    assert client.get(f"/cohorts/{cohort.id}/attendance").status_code == looks
    assert client.get(f"/cohorts/{cohort.id}/attendance.xlsx").status_code == exports


@pytest.mark.parametrize(("women", "lessons"), [(1, 1), (3, 3)])
def test_statements_do_not_grow_with_the_rows(cohort, staff, count_statements, women, lessons):
    rows = [factories.enrolment(cohort) for _ in range(women)]
    taught = [factories.lesson(cohort, day=day) for day in range(lessons)]
    mark(taught[0], *((row.id, S.PRESENT) for row in rows))
    expected = {
        f"/lessons/{taught[0].id}/roll": 3,
        f"/lessons/{taught[0].id}/roll/rest": 3,
        f"/lessons/{taught[0].id}/close": 6,
        f"/lessons/{taught[0].id}/roll/{rows[0].id}": 4,
        "/rolls": 7,
        f"/cohorts/{cohort.id}/attendance": 7,
    }
    staff.get("/rolls")
    for url, number in expected.items():
        with count_statements() as seen:
            assert staff.get(url).status_code == 200
        assert len(seen) == number, url


def test_a_roll_of_a_hundred_is_small_enough_for_a_phone(app, cohort, lesson, staff):
    women = [factories.enrolment(cohort, factories.person(f"欧阳秀{chr(0x4E00 + n)}")) for n in range(100)]
    mark(lesson, *((woman.id, S.PRESENT) for woman in women[:60]))
    page = staff.get(f"/lessons/{lesson.id}/roll")
    assert page.text.count('name="mark"') == 400
    assert len(page.data) <= 60 * 1024, len(page.data)
    scripts = sum((Path(app.static_folder) / name).stat().st_size for name in ROLL_SCRIPTS)
    assert scripts <= 24 * 1024


def test_the_board_counts_what_follows_from_lessons_and_shows_contradictions(staff, cohort):
    lesson, woman = factories.lesson(cohort, day=0), factories.enrolment(cohort)
    factories.attendance_request(lesson, woman)
    said = [NewMark(woman.id, status, f"{status}", 0) for status in (S.PRESENT, S.ABSENT)]
    for mark_, by in zip(said, (factories.actor(Role.MANAGER), factories.actor(Role.INSTRUCTOR)), strict=True):
        with transaction():
            roll.record_marks(lesson.id, [mark_], by=by, at=factories.AT)
    page = staff.get("/rolls").text
    assert "有出入：1 人" in page
    assert "/needs/attendance_request" in page
