"""Paper sheets on pages: what leaves the house, the way back by number or QR code, photograph and list."""

import io
import re

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.factories import DATONG, LINFEN, picture
from tests.security.test_sizes import send
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState, NewMark
from trainer.domain.need import NeedKind
from trainer.domain.paper_sheet import sheet_number
from trainer.models import AuditEvent, Enrolment, PaperSheet
from trainer.queries.need import count_needs
from trainer.services import roll


@pytest.fixture
def lesson(cohort):
    return factories.lesson(cohort, instructor_name="赵老师")


def women_of(cohort, number: int) -> list[Enrolment]:
    return [factories.enrolment(cohort, factories.person(f"王{n}妹")) for n in range(1, number + 1)]


def mark(lesson, woman, status) -> None:
    with transaction():
        new = NewMark(woman.id, status, f"{woman.id}{status}")
        roll.record_marks(lesson.id, [new], by=factories.actor(Role.INSTRUCTOR), at=factories.AT)


def printed(events: str) -> int:
    return db.session.scalar(select(func.count(AuditEvent.seq)).where(AuditEvent.action == events))


def sent(content: bytes, name: str = "IMG_0001.jpg") -> dict:
    return {"file": (io.BytesIO(content), name)}


def test_the_pages_have_their_seats_lines_for_walk_ins_and_a_number(staff, cohort, lesson):
    women_of(cohort, 26)
    page = staff.get(f"/lessons/{lesson.id}/sheets/print").text
    first, second = re.findall(r'(?s)<section class="sheet.*?</section>', page)
    assert (first.count("<tr>"), second.count("<tr>")) == (2 + 25, 2 + 1 + 5)
    assert (first.count("王"), second.count('class="woman-name')) == (25, 1)
    for words in (
        cohort.name,
        "赵老师",
        "第 1 / 2 页",
        "班主任签字",
        "实到人数",
        "上午",
        sheet_number(lesson.id, 1),
    ):
        assert words in first
    assert sheet_number(lesson.id, 2) in second
    assert page.count("<svg") == 2
    assert "style=" not in page
    assert "14000" not in page
    assert printed("paper_sheet.print") == 1


def test_a_day_is_printed_lesson_after_lesson(staff, cohort, lesson):
    women_of(cohort, 2)
    afternoon = factories.lesson(
        cohort, starts_at=lesson.starts_at.replace(hour=6), ends_at=lesson.ends_at.replace(hour=9)
    )
    factories.lesson(factories.cohort())
    page = staff.get(f"/cohorts/{cohort.id}/sheets/print?day=2026-03-09").text
    numbers = [sheet_number(one.id, 1) for one in (lesson, afternoon)]
    assert re.findall(r"<b>(\d+-\d\d-\d)</b>", page) == numbers
    assert "下午" in page
    assert printed("paper_sheet.print") == 2
    for day in ("2026-03-20", "nonsense", "", "0001-01-01", "9999-12-31"):
        assert "没有课" in staff.get(f"/cohorts/{cohort.id}/sheets/print?day={day}").text


def test_the_code_leads_to_the_entry_of_that_very_page(staff, cohort, lesson, monkeypatch):
    from trainer.views import paper_print  # noqa: PLC0415 (patched)

    women_of(cohort, 26)
    seen = []
    monkeypatch.setattr(paper_print, "qr_code", lambda text: seen.append(text) or "")
    staff.get(f"/lessons/{lesson.id}/sheets/print")
    assert [text.partition("/lessons")[2] for text in seen] == [f"/{lesson.id}/sheets/{n}/new" for n in (1, 2)]
    assert all(text.startswith("http") for text in seen)
    assert staff.get("/lessons" + seen[1].partition("/lessons")[2]).status_code == 200
    assert staff.get(f"/lessons/{lesson.id}/sheets/3/new").status_code == 404


def test_after_marking_only_those_present_have_a_box(staff, cohort, lesson):
    here, late, away, _unmarked = women_of(cohort, 4)
    for woman, status in ((here, "present"), (late, "late"), (away, "absent")):
        mark(lesson, woman, AttendanceStatus(status))
    factories.walk_in(lesson, "冯秀珍")
    page = staff.get(f"/lessons/{lesson.id}/sheets/signed").text
    assert re.findall(r'not-here">([^<]+)', page) == ["缺席", "未点名"]
    assert "冯秀珍" in page
    assert "<svg" not in page
    assert printed("paper_sheet.print_signed") == 1


@pytest.mark.parametrize("typed", ["right", "1-01-2", "没有"])
def test_the_number_leads_to_the_page(staff, cohort, lesson, typed):
    women_of(cohort, 1)
    number = sheet_number(lesson.id, 1) if typed == "right" else typed
    answer = staff.get("/sheets", query_string={"number": number})
    if typed == "right":
        assert answer.location == f"/lessons/{lesson.id}/sheets/1/new"
    else:
        assert answer.status_code == 422
        assert "没有这个编号" in answer.text


def test_the_number_of_another_area_is_no_number(signed_in, cohort, lesson):
    client = signed_in(factories.account(Role.COHORT_STAFF, region=LINFEN))
    assert client.get("/sheets", query_string={"number": sheet_number(lesson.id, 1)}).status_code == 422


def entered(staff, lesson, women, absent=(), content=None) -> str:
    """Photograph, then list; the address of the sheet."""
    step = staff.post(f"/lessons/{lesson.id}/sheets/1/new", data=sent(content or picture("JPEG", (3000, 2000))))
    assert step.status_code == 303, step.text
    page = staff.get(step.location).text
    assert page.count('name="listed"') == len(women)
    photo = re.search(r"photo=(\d+)", step.location)[1]
    data = {"listed": [w.id for w in women], "absent": [w.id for w in absent], "photo": photo}
    answer = staff.post(step.location, data=data | {"signatures": len(women) - len(absent)})
    assert answer.status_code == 303, answer.text
    return answer.location


def test_the_photograph_stands_beside_the_list_and_is_a_plain_jpeg(staff, cohort, lesson, signed_in):
    women = women_of(cohort, 3)
    exif = picture("JPEG", (200, 100), exif=b"Exif\0\0GPS here")
    page = staff.get(entered(staff, lesson, women, content=exif)).text
    address = re.search(r'<img src="([^"]+)"', page)[1]
    seen = staff.get(address)
    assert (seen.status_code, seen.mimetype) == (200, "image/jpeg")
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert b"GPS here" not in seen.data
    other = factories.lesson(cohort, day=1)
    assert staff.get(address.replace(f"/lessons/{lesson.id}/", f"/lessons/{other.id}/")).status_code == 404
    assert signed_in(factories.account(Role.AUDITOR)).get(address).status_code == 200
    for account in (factories.account(Role.COHORT_STAFF, region=LINFEN), factories.account(Role.SYSTEM_ADMINISTRATOR)):
        assert signed_in(account).get(address).status_code == 404


def test_a_photograph_not_used_yet_is_its_takers_alone(staff, cohort, lesson, signed_in):
    women_of(cohort, 1)
    step = staff.post(f"/lessons/{lesson.id}/sheets/1/new", data=sent(picture()))
    address = re.search(r'<img src="([^"]+)"', staff.get(step.location).text)[1]
    assert staff.get(address).status_code == 200
    colleague = signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))
    assert colleague.get(address).status_code == 404
    assert colleague.get(step.location).status_code == 404


@pytest.mark.parametrize(("content", "words"), [(b"<html>", "这不是照片"), (b"", "选择"), (picture()[:50], "已损坏")])
def test_what_is_no_photograph_is_refused_with_a_sentence(staff, cohort, lesson, content, words):
    women_of(cohort, 1)
    data = sent(content) if content else {}
    answer = staff.post(f"/lessons/{lesson.id}/sheets/1/new", data=data)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_photograph_beyond_all_bounds_is_cut_off(staff, cohort, lesson):
    women_of(cohort, 1)
    assert send(staff, f"/lessons/{lesson.id}/sheets/1/new", 9).status_code == 422
    assert send(staff, f"/lessons/{lesson.id}/sheets/1/new", 11).status_code == 413


def test_a_wrong_count_is_said_and_nothing_is_lost(staff, cohort, lesson):
    one, other = women_of(cohort, 2)
    step = staff.post(f"/lessons/{lesson.id}/sheets/1/new", data=sent(picture()))
    photo = re.search(r"photo=(\d+)", step.location)[1]
    data = {"listed": [one.id, other.id], "absent": [other.id], "photo": photo, "signatures": 2}
    answer = staff.post(step.location, data=data)
    assert answer.status_code == 422
    assert "您数到 2 个签名，按勾选应有 1 个" in answer.text
    assert f'name="absent" value="{other.id}" checked' in answer.text
    assert f"/sheets/photos/{photo}" in answer.text
    assert db.session.scalar(select(func.count(PaperSheet.id))) == 0


def test_contradictions_are_shown_before_the_confirmation_and_after_it(staff, cohort, lesson, signed_in):
    here, away, new = women_of(cohort, 3)
    mark(lesson, here, AttendanceStatus.PRESENT)
    mark(lesson, away, AttendanceStatus.ABSENT)
    address = entered(staff, lesson, [here, away, new], absent=[here])
    page = staff.get(address).text
    assert re.search(r"点名为“到”，纸上没签名：<a [^>]*>1 王1妹", page)
    assert re.search(r"纸上有签名，点名不是“到”：<a [^>]*>2 王2妹", page)
    assert "/confirm" not in page  # she entered it herself
    colleague = signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))
    data = {"version": factories.version(colleague, address)}
    answer = colleague.post(f"{address}/confirm", data=data, follow_redirects=True)
    assert "有 2 人与点名不一致" in answer.text
    assert "还需在点名表上核实" in answer.text
    refused = staff.post(f"{address}/confirm", data=data)
    assert refused.status_code == 409


def test_her_own_is_refused_with_a_sentence(staff, cohort, lesson):
    address = entered(staff, lesson, women_of(cohort, 1))
    answer = staff.post(f"{address}/confirm", data={"version": 1})
    assert answer.status_code == 422
    assert "须由另一个人核对确认" in answer.text


def test_returned_with_a_reason_corrected_and_taken_back(staff, cohort, lesson, signed_in):
    women = women_of(cohort, 2)
    address = entered(staff, lesson, women, absent=women[:1])
    colleague = signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))
    assert colleague.post(f"{address}/return", data={"version": 1, "reason": ""}).status_code == 422
    returned = colleague.post(f"{address}/return", data={"version": 1, "reason": "第 2 行"}, follow_redirects=True)
    assert "已退回" in returned.text
    again = re.search(r'href="([^"]+photo=\d+)"', staff.get(address).text)[1].replace("&amp;", "&")
    page = staff.get(again).text
    assert f'value="{women[0].id}" checked' in page  # what was read before, to be corrected
    photo = re.search(r"photo=(\d+)", again)[1]
    data = {"listed": [w.id for w in women], "photo": photo, "signatures": 2}
    new = staff.post(again, data=data).location
    assert staff.get(f"/lessons/{lesson.id}/sheets/1/new").location == new
    colleague.post(f"{new}/confirm", data={"version": 1})
    undone = colleague.post(f"{new}/undo", data={"version": 2, "reason": "拍错"}, follow_redirects=True)
    assert "涉及 2 人" in undone.text
    overview = staff.get(f"/lessons/{lesson.id}/sheets").text
    for words in ("未录入", "已退回", "已撤回", "拍错"):
        assert words in overview
    assert "拍错" in staff.get(f"/cohorts/{cohort.id}/sheets").text


def test_a_closed_lesson_asks_for_the_reason(cohort, signed_in, staff):
    lesson, women = factories.lesson(cohort, state=LessonState.CLOSED), women_of(cohort, 1)
    address = entered(staff, lesson, women)
    colleague = signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))
    assert 'name="reason"' in colleague.get(address).text
    without = colleague.post(f"{address}/confirm", data={"version": 1})
    assert without.status_code == 422
    assert "请" in without.text
    assert colleague.post(f"{address}/confirm", data={"version": 1, "reason": "晚到"}).status_code == 303


def test_it_waits_for_everybody_but_who_entered_it(app, cohort, lesson):
    women, now = women_of(cohort, 1), clock.now()
    mine, other = (factories.actor(Role.COHORT_STAFF, region=DATONG) for _ in range(2))
    factories.paper_sheet(lesson, women, entered_by=mine.account_id)
    assert NeedKind.PAPER_SHEET not in count_needs(mine, at=now)
    assert count_needs(other, at=now)[NeedKind.PAPER_SHEET] == 1
    assert NeedKind.PAPER_SHEET not in count_needs(factories.actor(Role.COHORT_STAFF, region=LINFEN), at=now)


@pytest.mark.parametrize(
    ("page", "statements"),
    [
        ("/lessons/{0}/sheets/print", 6),
        ("/lessons/{0}/sheets/signed", 7),
        ("/cohorts/{1}/sheets/print?day=2026-03-09", 9),
        ("/lessons/{0}/sheets", 4),
        ("/cohorts/{1}/sheets", 5),
        ("/sheets/{2}", 4),
    ],
)
def test_pages_take_as_many_statements_for_three_as_for_one(staff, cohort, lesson, count_statements, page, statements):
    women, taken = women_of(cohort, 1), []
    sheet, _photo = factories.paper_sheet(lesson, women)
    address = page.format(lesson.id, cohort.id, sheet)
    staff.get(address)
    for more in (0, 2):
        for number in range(more):
            women_of(cohort, 1)
            factories.paper_sheet(lesson, women, page=number + 2)
        with count_statements() as seen:
            assert staff.get(address).status_code == 200
        taken.append(sum("pg_advisory" not in statement for statement in seen))
    assert taken == [statements, statements]
