"""A class's attendance as table, rates, lists and workbooks: what they show, how large they are, who comes in."""

import io
import re
import zipfile

import openpyxl
import pytest

from tests import factories
from tests.services.test_metrics import mark
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState, MarkChannel
from trainer.models import Attendance, AuditEvent, Mark
from trainer.models.person import Person

S = AttendanceStatus


@pytest.fixture
def taught(cohort):
    """Two closed lessons and one to come; a woman of another county who joined on the second day."""
    lessons = [factories.lesson(cohort, day=day, state=LessonState.CLOSED) for day in range(2)]
    lessons.append(factories.lesson(cohort, day=2))
    steady = factories.enrolment(cohort, factories.person("=王秀芳", phone="14000001234", township="西坪镇"))
    later = factories.enrolment(
        cohort, factories.person("李桂花", region="140221"), joined_on=cohort.starts_on.replace(day=10)
    )
    mark(lessons[0], steady, S.LATE)
    mark(lessons[1], steady, S.ABSENT)
    mark(lessons[1], later, S.PRESENT)
    return lessons, steady, later


def correct(lesson, enrolment, status: S) -> None:
    """The office's word beside the roll's."""
    with transaction() as session:
        own = (Attendance.lesson_id == lesson.id, Attendance.enrolment_id == enrolment.id)
        before = session.scalar(db.select(Attendance.status).where(*own))
        facts = {"lesson_id": lesson.id, "enrolment_id": enrolment.id, "status": status, "nonce": "office"}
        said = Mark(channel=MarkChannel.ROLL, at=factories.AT, is_office=True, reason="核对签到表", **facts)
        session.add(said)
        session.flush()
        values = {"status": status, "marker_status": before, "office_status": status, "mark_id": said.id}
        session.execute(db.update(Attendance).where(*own).values(values))


def cells(page: str) -> list[list[str]]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]


def test_each_cell_says_in_one_sign_what_stands(cohort, taught, staff):
    lessons, steady, _later = taught
    page = staff.get(f"/cohorts/{cohort.id}/attendance/table").text
    assert cells(page) == [["1 =王秀芳", "迟", "缺", "·", "1/2"], ["2 李桂花", "−", "到", "·", "1/1"]]
    assert f'href="/lessons/{lessons[0].id}/roll/{steady.id}"' in page
    assert f'href="/lessons/{lessons[2].id}/roll"' in page
    assert "3/11<br>上°" in page
    correct(lessons[1], steady, S.MADE_UP)
    page = staff.get(f"/cohorts/{cohort.id}/attendance/table").text
    assert cells(page)[0][2] == "补*"
    assert "办公室更正（1）" in page


def test_the_rates_lead_to_the_lists_they_are_made_of(cohort, taught, staff):
    lessons, *_women = taught
    page = staff.get(f"/cohorts/{cohort.id}/attendance/rates").text
    assert "50.0%" in page  # the second lesson: one of two
    assert "100.0%" in page  # of those who came, all seen by staff
    for link in set(re.findall(r'href="(/cohorts/\d+/attendance/entries[^"]*)"', page)):
        number = re.search(rf'{re.escape(link)}">(\d+)<', page)[1]
        listed = staff.get(link.replace("&amp;", "&")).text
        assert f"共 {number} 条" in listed, link
    listed = staff.get(f"/cohorts/{cohort.id}/attendance/entries?lesson={lessons[1].id}&status=absent").text
    assert "王秀芳" in listed
    assert 'card-title">李桂花' not in listed


def test_a_programme_is_summed_by_city_with_women_and_places(cohort, taught, staff, signed_in):
    from_both = factories.cohort(of=cohort.programme, region=factories.YUNZHOU)
    factories.enrolment(from_both, db.session.get(Person, taught[1].person_id))
    factories.cohort(of=cohort.programme, region=factories.LINFEN)
    url = f"/programmes/{cohort.programme_id}/attendance"
    own = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", staff.get(url).text.partition("<tbody>")[2]))
    assert own.startswith(" 大同市 2 2 0 ")  # the figures are kept by the closing: none yet
    assert "临汾" not in staff.get(url).text.partition("<main")[2]
    assert "临汾" in signed_in(factories.account(Role.MANAGER)).get(url).text


def workbook(answer):
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def test_the_summary_for_the_files_adds_up_and_keeps_both_words(cohort, taught, staff):
    lessons, steady, _later = taught
    correct(lessons[1], steady, S.MADE_UP)
    answer = staff.get(f"/cohorts/{cohort.id}/attendance.xlsx")
    assert re.search(r"%E8%80%83%E5%8B%A4%E6%B1%87%E6%80%BB_\d{8}\.xlsx", answer.headers["Content-Disposition"])
    summary, corrections = workbook(answer).worksheets
    rows = [row for row in summary.iter_rows(min_row=3, values_only=True) if any(row)]
    assert rows[0] == (
        *("序号", "姓名", "县区", "应到", "实到", "迟到", "早退", "请假", "缺席", "补课", "未点名"),
        *("学时", "出勤率", "出勤达标", "备注"),
    )
    assert rows[1] == (1, "=王秀芳", "云州区", 2, 2, 1, 0, 0, 0, 1, 0, 6, 1, "是", None)
    assert rows[2][3:5] == (1, 1)
    assert "中途入班" in rows[2][14]
    assert rows[3][1:5] == ("合计", None, 3, 3)
    assert "填报人" in rows[4][0]
    [line] = corrections.iter_rows(min_row=4, values_only=True)
    assert line[:2] == (1, "=王秀芳")
    assert line[4:6] == ("缺席", "补课")
    assert line[8] == "核对签到表"


@pytest.mark.parametrize(("filled", "boxes"), [("", ("", "", "")), ("?filled=yes", ("迟到", "缺席", ""))])
def test_the_sign_in_sheet_is_blank_or_filled_and_masks_phones(cohort, taught, staff, filled, boxes):
    answer = staff.get(f"/cohorts/{cohort.id}/sign-in-sheet.xlsx{filled}")
    rows = list(workbook(answer).active.iter_rows(min_row=3, max_row=5, values_only=True))
    assert rows[0] == ("序号", "姓名", "性别", "联系电话", "村", "3/9 上午", "3/10 上午", "3/11 上午")
    assert rows[1][:5] == (1, "=王秀芳", "女", "140****1234", "西坪镇大西沟村")
    assert tuple(cell or "" for cell in rows[1][5:]) == boxes
    assert rows[2][5] == "−"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")
    event = db.session.scalar(db.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1))
    assert (event.action, event.details["rows"]) == ("attendance.export_sign_in", 2)


def test_an_instructor_reads_the_class_she_teaches_in(cohort, taught, signed_in):
    teacher, other = factories.account(Role.INSTRUCTOR), factories.account(Role.INSTRUCTOR)
    factories.lesson(cohort, day=3, instructor_id=teacher.id)
    for page in ("table", "rates", "entries"):
        url = f"/cohorts/{cohort.id}/attendance/{page}"
        assert [signed_in(who).get(url).status_code for who in (teacher, other)] == [200, 404]


def fill(cohort, women: int, lessons: int) -> None:
    """Plain rows: nine of ten are present."""
    taught = [factories.lesson(cohort, day=n % 5, state=LessonState.CLOSED).id for n in range(lessons)]
    rows = [factories.enrolment(cohort, factories.person(f"欧阳秀{chr(0x4E00 + n)}")).id for n in range(women)]
    facts = [
        {"lesson_id": lesson, "enrolment_id": row, "status": S.ABSENT if (row + lesson) % 10 == 0 else S.PRESENT}
        for lesson in taught
        for row in rows
    ]
    same = {"channel": MarkChannel.ROLL, "at": factories.AT, "is_office": False, "device": "", "reason": ""}
    with transaction() as session:
        marks = [fact | same | {"id": n, "nonce": str(n)} for n, fact in enumerate(facts, start=1)]
        session.execute(db.insert(Mark), marks)
        session.execute(db.insert(Attendance), [fact | {"mark_id": n} for n, fact in enumerate(facts, start=1)])


def test_a_hundred_women_by_thirty_lessons_is_a_small_page(cohort, staff):
    fill(cohort, 100, 30)
    page = staff.get(f"/cohorts/{cohort.id}/attendance/table")
    assert page.text.count("<td") == 100 * 31 + 31
    assert len(page.data) <= 80 * 1024, len(page.data)
    summary = staff.get(f"/cohorts/{cohort.id}/attendance")
    assert len(summary.data) <= 80 * 1024, len(summary.data)


@pytest.mark.parametrize(("women", "lessons"), [(1, 1), (3, 3)])
def test_statements_do_not_grow_with_the_rows(cohort, staff, count_statements, women, lessons):
    fill(cohort, women, lessons)
    expected = {
        f"/cohorts/{cohort.id}/attendance/table": 5,
        f"/cohorts/{cohort.id}/attendance/rates": 7,
        f"/cohorts/{cohort.id}/attendance/entries": 5,
        f"/programmes/{cohort.programme_id}/attendance": 6,
    }
    staff.get("/rolls")
    for url, number in expected.items():
        with count_statements() as seen:
            assert staff.get(url).status_code == 200
        assert len(seen) == number, url
