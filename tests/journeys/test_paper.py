"""A lesson on paper as its people walk it: printed, signed, entered, confirmed by a second person, closed."""

import io
import re

from sqlalchemy import select

from tests import factories
from tests.factories import DATONG, picture
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus as S
from trainer.models import Attendance, Enrolment, Lesson


def test_from_the_printer_to_the_closed_roll(app, signed_in):
    cohort = factories.cohort()
    lesson = factories.lesson(cohort)
    women = [factories.enrolment(cohort, factories.person(name)) for name in ("王秀芳", "李月娥", "张桂兰")]
    teacher = signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))
    colleague = signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))

    overview = teacher.get(f"/cohorts/{cohort.id}/sheets").text
    assert 'name="day"' in overview
    paper = teacher.get(f"/cohorts/{cohort.id}/sheets/print?day=2026-03-09").text
    number = re.search(r"<b>(\d+-\d\d-\d)</b>", paper)[1]

    # In the room: two sign, one is away, and somebody writes herself on an empty line.
    page = teacher.get("/sheets", query_string={"number": number}).location
    step = teacher.post(page, data={"file": (io.BytesIO(picture("JPEG")), "a.jpg")}).location
    photo = re.search(r"photo=(\d+)", step)[1]
    read = {"listed": [w.id for w in women], "absent": [women[2].id], "photo": photo, "signatures": 2}
    sheet = teacher.post(step, data=read).location
    teacher.post(f"/lessons/{lesson.id}/walk-ins", data={"name": "冯秀珍", "phone": "14000001234"})

    needs = colleague.get("/").text
    assert "待第二人复核的签到表" in needs
    assert sheet in colleague.get("/needs/paper_sheet").text
    assert "待第二人复核的签到表" not in teacher.get("/").text
    colleague.post(f"{sheet}/confirm", data={"version": factories.version(colleague, sheet)})
    assert statuses() == {women[0].id: S.PRESENT, women[1].id: S.PRESENT, women[2].id: S.ABSENT}

    # Three heads: two by the paper and one walk-in, who then turns out to be somebody new.
    closed = teacher.post(f"/lessons/{lesson.id}/close", data={"headcount": 3, "signer": "李老师"})
    assert closed.status_code == 303, closed.text
    assert db.session.get(Lesson, lesson.id, populate_existing=True).headcount == 3
    waiting = teacher.get(f"/cohorts/{cohort.id}/walk-ins").text
    match = re.search(r'href="(/walk-ins/\d+/match)"', waiting)[1]
    data = {"version": factories.version(teacher, match), "who": "new", "offered": "", "reason": "当天在场"}
    assert teacher.post(match, data=data).status_code == 303
    db.session.rollback()
    new = db.session.scalar(select(Enrolment).where(Enrolment.seat_number == 4))
    assert statuses()[new.id] is S.PRESENT
    after = teacher.get(f"/lessons/{lesson.id}/sheets/signed").text
    assert re.findall(r'not-here">([^<]+)', after) == ["缺席"]


def statuses() -> dict[int, S]:
    db.session.rollback()
    return dict(db.session.execute(select(Attendance.enrolment_id, Attendance.status)).all())
