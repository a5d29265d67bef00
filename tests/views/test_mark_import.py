"""Pages of files of marks: who may enter, what is shown, decisions, downloads, and how much each page asks."""

import io
import re

import openpyxl
import pytest

from tests import factories
from tests.marks import mark_file
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.models import Attendance, ImportBatch, Mark


@pytest.fixture
def women(cohort):
    return [factories.enrolment(cohort, factories.person(name, phone=phone)) for name, phone in WOMEN]


WOMEN = (("王秀芳", "14000000001"), ("李梅", "14000000002"), ("李梅", "14000000003"))


def send(client, lesson, content: bytes, key: str = "k", address: str = "", **values):
    data = {"file": (io.BytesIO(content), "点名.xlsx"), "idempotency_key": key, "kind": "marks", "share": 60, **values}
    return client.post(address or f"/lessons/{lesson.id}/marks", data=data)


def preview(client, lesson, content: bytes, **values) -> str:
    answer = send(client, lesson, content, **values)
    assert answer.status_code == 303, answer.text
    return answer.location


def statuses() -> list[AttendanceStatus]:
    return list(db.session.scalars(db.select(Attendance.status).order_by(Attendance.enrolment_id)))


def test_only_who_may_mark_finds_it(signed_in, staff, lesson, women):
    url = preview(staff, lesson, mark_file((1, "王秀芳", "", "到", "", "")))
    pages = [f"/lessons/{lesson.id}/marks", f"/lessons/{lesson.id}/marks/form", url, f"{url}/rejected", f"{url}/undo"]
    acts = [f"{url}/commit", f"{url}/decide", f"{url}/discard", f"{url}/undo"]
    for other in (
        factories.account(Role.COHORT_STAFF, region=factories.LINFEN),
        factories.account(Role.AUDITOR),
        factories.account(Role.INSTRUCTOR),
    ):
        client = signed_in(other)
        assert {client.get(page).status_code for page in pages} == {404}
        assert {client.post(act).status_code for act in acts} == {404}
    assert statuses() == []


def test_the_instructor_takes_in_marks_of_her_own_lesson(signed_in, cohort, women):
    instructor = factories.account(Role.INSTRUCTOR)
    own = factories.lesson(cohort, instructor_id=instructor.id)
    client = signed_in(instructor)
    url = preview(client, own, mark_file((1, "王秀芳", "", "到", "", "")))
    assert url in client.get("/needs/mark_preview").text
    client.post(f"{url}/commit")
    assert statuses() == [AttendanceStatus.PRESENT]
    assert client.get(f"/cohorts/{cohort.id}/marks").status_code == 404


def test_from_the_form_to_the_roll_and_back(staff, lesson, women):
    form = staff.get(f"/lessons/{lesson.id}/marks/form")
    book = openpyxl.load_workbook(io.BytesIO(form.data))
    sheet = book["点名"]
    [seats] = [row for row in sheet.iter_rows() if row[0].value == "座号"]
    first = seats[0].row + 1
    assert [cell.value for cell in sheet[first]][:3] == [1, "王秀芳", "0001"]
    assert sheet.data_validations.dataValidation[0].sqref.ranges
    for number, word in enumerate(("到", "迟到")):
        sheet.cell(first + number, 4).value = word
    filled = io.BytesIO()
    book.save(filled)
    url = preview(staff, lesson, filled.getvalue())
    page = staff.get(url).text
    assert "确认后写入 2 条" in page
    assert "另有 1 行留空" in page
    assert statuses() == []
    assert staff.post(f"{url}/commit").location == url
    assert staff.post(f"{url}/commit").location == url
    assert statuses() == [AttendanceStatus.PRESENT, AttendanceStatus.LATE]
    assert "2 条" in staff.get(f"{url}/undo").text
    staff.post(f"{url}/undo")
    assert statuses() == []
    assert "撤销 2 条" in staff.get(url).text


def test_two_namesakes_and_a_contradiction(staff, lesson, women):
    factories_mark = mark_file((1, "王秀芳", "", "缺席", "", ""))
    staff.post(f"{preview(staff, lesson, factories_mark, key='first')}/commit")
    roll = staff.post(f"/lessons/{lesson.id}/roll", data={"mark": f"{women[0].id}:late:nonce0001"})
    assert roll.status_code == 303
    url = preview(
        staff, lesson, mark_file((1, "王秀芳", "", "到", "", ""), ("", "李梅", "", "到", "", "")), key="second"
    )
    page = staff.get(url).text
    assert "与点名册矛盾" in page
    assert "…0003" in page
    assert "14000000003" not in page
    assert staff.post(f"{url}/decide", data={"who-2": "77"}).status_code == 422
    staff.post(f"{url}/decide", data={"who-2": str(women[2].id)})
    staff.post(f"{url}/decide", data={"shown": "1", "overwrite": "1"})
    staff.post(f"{url}/commit")
    assert statuses() == [AttendanceStatus.PRESENT, AttendanceStatus.PRESENT]


def test_a_closed_roll_asks_for_a_reason(staff, cohort, women):
    closed = factories.lesson(cohort, state=LessonState.CLOSED)
    url = preview(staff, closed, mark_file((1, "王秀芳", "", "到", "", "")))
    assert 'name="reason"' in staff.get(url).text
    answer = staff.post(f"{url}/commit")
    assert (answer.status_code, "请写明原因" in answer.text) == (422, True)
    staff.post(f"{url}/commit", data={"reason": "会务公司的名单"})
    assert db.session.scalars(db.select(Mark.reason)).all() == ["会务公司的名单"]
    assert 'name="reason"' in staff.get(f"{url}/undo").text


@pytest.mark.parametrize(
    ("content", "values", "words"),
    [
        (b"", {}, "文件是空的"),
        (b"a,b\n1,2\n", {}, "没有找到表头"),
        (mark_file((1, "王秀芳", "", "", "", "")), {}, "没有一行"),
        (mark_file((1, "王秀芳", "", "到", "", "")), {"share": "0"}, "1"),
    ],
)
def test_an_unfit_file_is_refused_in_plain_words(staff, lesson, women, content, values, words):
    answer = send(staff, lesson, content, **values)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert db.session.scalar(db.select(ImportBatch)) is None


def test_what_is_rejected_comes_back_to_be_mended(staff, lesson, women):
    rows = ((1, "王秀芳", "", "随便", "", ""), ("", "<b>钱多</b>", "", "到", "", ""), (2, "李梅", "", "到", "", ""))
    url = preview(staff, lesson, mark_file(*rows))
    assert "&lt;b&gt;钱多" in staff.get(url).text
    sheet = openpyxl.load_workbook(io.BytesIO(staff.get(f"{url}/rejected").data)).worksheets[0]
    texts = [[cell for cell in row if cell] for row in sheet.iter_rows(values_only=True)]
    assert any("王秀芳" in row and "“随便”看不懂" in str(row) for row in texts)
    assert not any("李梅" in row for row in texts)


def test_given_up(staff, lesson, women):
    url = preview(staff, lesson, mark_file((1, "王秀芳", "", "到", "", "")))
    assert staff.post(f"{url}/discard").location == f"/lessons/{lesson.id}/marks"
    assert staff.post(f"{url}/commit").status_code == 422
    assert statuses() == []


def test_several_lessons_in_one_file(staff, cohort, lesson, women):
    content = mark_file((1, "王秀芳", "√"), headings=("座号", "姓名", f"{lesson.starts_at:%-m/%-d}上午"))
    url = preview(staff, lesson, content, address=f"/cohorts/{cohort.id}/marks")
    assert lesson.title in staff.get(url).text
    staff.post(f"{url}/commit")
    assert statuses() == [AttendanceStatus.PRESENT]
    assert staff.get(f"{url}/undo").status_code == 200


@pytest.mark.parametrize("kind", ["", "?kind=new", "?kind=needs_person"])
def test_each_page_asks_as_much_for_three_rows_as_for_one(staff, lesson, women, count_statements, kind):
    counts = []
    for number in (1, 3):
        rows = [(seat, name, "", "到", "", "") for seat, (name, _) in enumerate(WOMEN[:number], 1)]
        rows += [("", "李梅", "", "到", "", "")] * number
        url = preview(staff, lesson, mark_file(*rows), key=f"key{number}")
        with count_statements() as seen:
            assert staff.get(url + kind).status_code == 200
        counts.append(len(seen))
    assert counts == [8 + bool(kind)] * 2


def test_the_page_for_sending(staff, lesson, women, count_statements):
    staff.get(f"/lessons/{lesson.id}/marks")  # the first page of a day also notes the visit
    with count_statements() as none:
        assert "还没有导入过" in staff.get(f"/lessons/{lesson.id}/marks").text
    for number in range(3):
        preview(staff, lesson, mark_file((1, "王秀芳", "", "到", "", "")), key=f"key{number}")
    with count_statements() as three:
        page = staff.get(f"/lessons/{lesson.id}/marks").text
    assert len(re.findall("点名.xlsx", page)) == 3
    assert (len(none), len(three)) == (4, 4)


def test_links_from_the_roll_and_the_lesson(staff, cohort, lesson, women):
    here = f"/lessons/{lesson.id}/marks"
    for page in (f"/lessons/{lesson.id}/roll", f"/lessons/{lesson.id}"):
        assert here in staff.get(page).text
    assert f"/cohorts/{cohort.id}/marks" in staff.get(f"/cohorts/{cohort.id}").text
