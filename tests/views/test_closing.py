"""The closing page: what it names and keeps, the record of a closed roll, pictures from outside."""

import io
import re

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import DATONG, SHANXI, picture
from tests.security.test_sizes import send
from tests.services.test_closing import AT, S, close, mark, stored
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.attendance import LessonState
from trainer.models import AuditEvent, StoredFile
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.lesson import LessonFile


@pytest.fixture
def by(app):
    return factories.actor(Role.COHORT_STAFF, region=DATONG)


@pytest.fixture
def staff(app, signed_in):
    return signed_in(factories.account(Role.COHORT_STAFF, region=DATONG, name="李慧敏"))


@pytest.fixture
def here(cohort, lesson, by):
    woman = factories.enrolment(cohort)
    mark(lesson, woman, S.PRESENT, by)
    return woman


def photo(content=None, name="课堂.jpg", **values) -> dict:
    return {"photo": (io.BytesIO(picture("JPEG") if content is None else content), name), **values}


def photos() -> list[LessonFile]:
    db.session.rollback()
    return list(db.session.scalars(select(LessonFile).order_by(LessonFile.id)))


def test_the_page_names_who_is_open_and_why(cohort, lesson, here, by, staff):
    unmarked, away, asks = (
        factories.enrolment(cohort, factories.person(name)) for name in ("李桂花", "马桂仙", "赵玉莲")
    )
    factories.attendance_request(lesson, away, "leave", state="granted", decided_at=AT, wished="excused")
    factories.attendance_request(lesson, asks, "leave", wished="excused")
    factories.walk_in(lesson)
    page = staff.get(f"/lessons/{lesson.id}/close").text
    for words in ("李桂花", "还有 2 人未点名", "马桂仙", "结课时将记为请假", "赵玉莲", "尚未处理", "现场登记 1 人"):
        assert words in page, words
    assert re.search(r'name="signer"[^>]*value="李慧敏"', page)
    answer = staff.post(
        f"/lessons/{lesson.id}/close", data={"headcount": "2", "signer": "孙晓梅"}, follow_redirects=True
    )
    assert "1 人未点名但已准假，已记为请假" in answer.text
    assert "孙晓梅" in answer.text
    assert stored(lesson).state is LessonState.CLOSED
    assert unmarked.id not in {request.enrolment_id for request in db.session.scalars(select(AttendanceRequest))}


def test_a_contradiction_keeps_what_was_typed_and_leads_to_the_woman(lesson, here, staff):
    mark(lesson, here, S.ABSENT, factories.actor(Role.COHORT_STAFF, region=DATONG), seen=0)
    answer = staff.post(f"/lessons/{lesson.id}/close", data={"headcount": "27", "signer": "孙晓梅"})
    assert answer.status_code == 422
    assert re.search(r'name="headcount"[^>]*value="27"', answer.text)
    assert f"/lessons/{lesson.id}/roll/{here.id}" in answer.text
    assert "王秀芳" in answer.text


def test_the_second_closer_is_told_and_keeps_what_she_typed(lesson, here, by, staff):
    close(lesson, 1, by)
    answer = staff.post(f"/lessons/{lesson.id}/close", data={"headcount": "28", "signer": "郝建英"})
    assert answer.status_code == 409
    assert re.search(r'name="headcount"[^>]*value="28"', answer.text)
    assert re.search(r'name="signer"[^>]*value="郝建英"', answer.text)
    assert "登记实到 1 人" in answer.text


def test_a_picture_goes_with_the_closing_and_more_come_after_it(lesson, here, staff):
    done = staff.post(f"/lessons/{lesson.id}/close", data=photo(headcount="1"))
    assert done.status_code == 303
    assert staff.post(f"/lessons/{lesson.id}/closing/photos", data=photo(idempotency_key="k1")).status_code == 303
    assert staff.post(f"/lessons/{lesson.id}/closing/photos", data=photo(idempotency_key="k1")).status_code == 303
    _first, second = photos()
    record = staff.get(f"/lessons/{lesson.id}/closing").text
    assert "照片 2" in record
    base = f"/lessons/{lesson.id}/closing/photos/{second.id}"
    shown = staff.get(base)
    assert (shown.mimetype, shown.data[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert db.session.scalar(select(AuditEvent.action).order_by(AuditEvent.seq.desc())) == "lesson.show_photo"
    assert staff.post(f"{base}/remove").status_code == 303
    assert "放回" in staff.get(f"/lessons/{lesson.id}/closing").text
    assert staff.post(f"{base}/put-back").status_code == 303
    assert [row.removed_at for row in photos()] == [None, None]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        (b"%PDF-1.7 nothing", "JPG"),
        (b"<html><script>alert(1)</script>", "JPG"),
        (picture("JPEG")[:200], ""),
        (picture("PNG") + b"PK\x05\x06" + b"\0" * 18, "JPG"),
        (picture("GIF"), "JPG"),
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_closed(lesson, here, staff, content, words):
    for path in ("close", "closing/photos"):
        if path == "close" and not content:
            continue  # closing without a picture is right
        answer = staff.post(f"/lessons/{lesson.id}/{path}", data=photo(content, headcount="1"))
        assert answer.status_code == 422, path
        assert words in answer.text
    assert photos() == []
    assert stored(lesson).state is LessonState.OPEN
    assert db.session.scalar(select(db.func.count(StoredFile.id))) == 0


def test_a_bomb_of_a_picture_is_refused(lesson, here, staff):
    bomb = picture("PNG", (9000, 9000))  # a hundred kilobytes, eighty million points
    answer = staff.post(f"/lessons/{lesson.id}/closing/photos", data=photo(bomb))
    assert answer.status_code == 422
    assert "万像素" in answer.text or "像素" in answer.text


def test_a_stranger_to_the_class_and_one_who_only_looks(lesson, here, by, signed_in):
    close(lesson, 1, by)
    auditor = signed_in(factories.account(Role.AUDITOR, region=SHANXI))
    page = auditor.get(f"/lessons/{lesson.id}/closing")
    assert page.status_code == 200
    assert "添加照片" not in page.text
    assert auditor.post(f"/lessons/{lesson.id}/closing/photos", data=photo()).status_code == 404
    other = signed_in(factories.account(Role.COHORT_STAFF, region=factories.LINFEN))
    assert other.get(f"/lessons/{lesson.id}/closing").status_code == 404


def test_the_closed_roll_says_how_it_is_known_and_what_changed(cohort, lesson, here, by, staff):
    close(lesson, 3, by)
    mark(lesson, here, S.ABSENT, by, reason="家人代答")
    roll = staff.get(f"/lessons/{lesson.id}/roll").text
    assert f"/lessons/{lesson.id}/closing" in roll
    record = staff.get(f"/lessons/{lesson.id}/closing").text
    assert "结课后的改动" in record
    assert staff.post(f"/lessons/{lesson.id}/reopen", data={"reason": "人数数错了"}).status_code == 303
    record = staff.get(f"/lessons/{lesson.id}/closing").text
    assert "人数数错了" in record
    assert "重新打开" in record


@pytest.mark.parametrize("women", [1, 3])
def test_statements_of_the_record_do_not_grow(cohort, lesson, here, by, staff, count_statements, women):
    rows = [factories.enrolment(cohort) for _ in range(women)]
    for row in rows:
        mark(lesson, row, S.PRESENT, by)
    close(lesson, 1, by)
    for row in rows:
        mark(lesson, row, S.ABSENT, by, reason="家人代答")
        staff.post(f"/lessons/{lesson.id}/closing/photos", data=photo(idempotency_key=f"k{row.id}"))
    with count_statements() as seen:
        assert staff.get(f"/lessons/{lesson.id}/closing").status_code == 200
    assert len(seen) == 8


def test_a_picture_beyond_every_size_is_turned_away(lesson, here, staff):
    for path in ("close", "closing/photos"):
        assert send(staff, f"/lessons/{lesson.id}/{path}", 11).status_code == 413
