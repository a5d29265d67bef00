"""Materials of a lesson: staff and its instructor add them, the women of the cohort open them, nobody else does."""

import io
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest

from tests import factories
from tests.domain.test_material import office
from trainer import clock
from trainer.database import db, transaction
from trainer.models import AuditEvent, LessonFile, StoredFile
from trainer.queries.material import materials_by_lesson
from trainer.services import material as materials

Role = factories.Role
PDF = b"%PDF-1.4 a page"
SLIDES = office("ppt/presentation.xml")


@pytest.fixture
def woman(cohort, signed_in):
    return signed_in(factories.trainee(cohort)[1])


def add(client, lesson, content=PDF, name="直播讲义.pdf", **values):
    data = {"file": (io.BytesIO(content), name), "title": "", **values}
    return client.post(f"/lessons/{lesson.id}/materials/file", data=data)


def add_link(client, lesson, link="https://v.example.com/1", title="回放", **values):
    return client.post(f"/lessons/{lesson.id}/materials/link", data={"link": link, "title": title, **values})


def held() -> list[LessonFile]:
    db.session.rollback()
    return list(db.session.scalars(db.select(LessonFile).order_by(LessonFile.id)))


def test_a_file_is_added_once_and_opened_by_a_woman_of_the_cohort(staff, woman, lesson):
    page = staff.get(f"/lessons/{lesson.id}").text
    key = re.search(r'name="idempotency_key"[^>]*value="([^"]+)"', page)[1]
    for _press in range(2):
        assert add(staff, lesson, idempotency_key=key).status_code == 303
    [one] = held()
    assert one.title == "直播讲义"
    answer = woman.get(f"/me/materials/{one.id}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert staff.get(f"/lessons/{lesson.id}/materials/{one.id}").data == PDF


def test_the_file_lies_encrypted_and_is_written_down(staff, lesson):
    add(staff, lesson)
    stored = db.session.scalar(db.select(StoredFile))
    assert (stored.purpose, stored.mime, stored.size) == ("material", "application/pdf", len(PDF))
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "material.add"))
    assert event.details["after"]["sha256"] == stored.sha256
    assert "讲义" not in str(event.details)


def test_what_another_program_opens_comes_by_an_address_that_any_browser_fetches(staff, woman, lesson, client):
    add(staff, lesson, SLIDES, "课件<1>.pdf")
    [one] = held()
    assert "微信会转到手机自带的浏览器打开" in staff.get(f"/lessons/{lesson.id}").text
    answer = woman.get(f"/me/materials/{one.id}")
    assert answer.status_code == 303
    fetched = client.get(answer.location)  # the system browser, which knows nobody
    assert fetched.data == SLIDES
    disposition = unquote(fetched.headers["Content-Disposition"])
    assert disposition.startswith("attachment")
    assert disposition.endswith("课件 1.pptx")
    path, _slash, ticket = answer.location.rpartition("/")
    until, _dash, proof = ticket.partition("-")
    later = str(int(until) + 1)
    for wrong in (f"{later}-{proof}", f"{until}-{proof[:-1]}x", "x-y", "-", "9" * 30 + "-x", "²-x"):
        assert client.get(f"{path}/{wrong}").status_code == 410, wrong
    assert client.get(f"/materials/{one.id + 1}/{ticket}").status_code == 410
    with transaction():
        materials.take_away(lesson.id, one.id, by=factories.actor(Role.MANAGER), at=factories.AT)
    assert client.get(answer.location).status_code == 404


def test_a_ticket_runs_out(app, client, monkeypatch, staff, lesson):
    add(staff, lesson, SLIDES, "课件.pptx")
    [one] = held()
    for minutes, status in ((14, 200), (16, 410)):
        given = materials.make_pass(one.id, at=clock.now() - timedelta(minutes=minutes))
        answer = client.get(f"/materials/{one.id}/{given}")
        assert answer.status_code == status
    assert "15 分钟" in answer.text


def test_a_picture_is_drawn_anew(staff, woman, lesson):
    add(staff, lesson, factories.picture("PNG"), "板书.png")
    [one] = held()
    answer = woman.get(f"/me/materials/{one.id}")
    assert answer.mimetype == "image/jpeg"
    assert answer.data[:3] == b"\xff\xd8\xff"


def test_nobody_else_opens_it(app, staff, lesson, signed_in, client):
    add(staff, lesson)
    [one] = held()
    elsewhere = factories.cohort()
    others = [
        signed_in(factories.trainee(elsewhere)[1]),
        signed_in(factories.account(Role.TRAINEE, person=factories.person())),
        signed_in(factories.account(Role.COHORT_STAFF, region=factories.LINFEN)),
        signed_in(factories.account(Role.INSTRUCTOR)),
    ]
    for other in others:
        assert other.get(f"/me/materials/{one.id}").status_code == 404
        assert other.get(f"/lessons/{lesson.id}/materials/{one.id}").status_code == 404
        assert add(other, lesson).status_code == 404
    assert client.get(f"/me/materials/{one.id}").location.startswith("/sign-in")
    assert len(held()) == 1


def test_who_left_the_cohort_no_longer_opens_it(cohort, staff, lesson, signed_in):
    enrolment, account = factories.trainee(cohort)
    add(staff, lesson)
    [one] = held()
    with transaction() as session:
        session.get(type(enrolment), enrolment.id).status = "withdrawn"
    assert signed_in(account).get(f"/me/materials/{one.id}").status_code == 404


def test_the_instructor_of_the_lesson_adds_and_another_one_of_the_cohort_looks(app, cohort, signed_in):
    mine, colleague = (factories.account(Role.INSTRUCTOR) for _ in range(2))
    lesson = factories.lesson(cohort, instructor_id=mine.id)
    factories.lesson(cohort, day=1, instructor_id=colleague.id)
    assert add_link(signed_in(mine), lesson).status_code == 303
    other = signed_in(colleague)
    assert "回放" in other.get(f"/lessons/{lesson.id}").text
    assert add_link(other, lesson).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"MZ\x90", "讲义.pdf", "这种文件不是每部手机都能打开"),
        (b"", "讲义.pdf", "这个文件是空的"),
        (office("word/document.xml", "word/vbaProject.bin"), "讲义.docx", "带有宏"),
        (b"\xff\xd8\xff broken", "板书.jpg", "图片"),
        (b"%PDF-" + bytes(1 << 18), "大.pdf", "最大 0 MB"),
    ],
)
def test_a_file_that_cannot_be_taken_is_a_sentence(staff, lesson, monkeypatch, content, name, sentence):
    monkeypatch.setattr("trainer.domain.material.LARGEST", 1 << 18)
    answer = add(staff, lesson, content, name, title="我的讲义")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "我的讲义" in answer.text
    assert held() == []


@pytest.mark.parametrize("link", ["javascript:alert(1)", "会议号 123", "ftp://x.example/1", "https://a@b.example"])
def test_only_an_address_of_the_web_is_taken(staff, lesson, link):
    answer = add_link(staff, lesson, link)
    assert answer.status_code == 422
    assert "https:// 或 http://" in answer.text
    assert held() == []


def test_a_material_is_taken_away_and_put_back(staff, woman, lesson):
    add(staff, lesson)
    [one] = held()
    path = f"/lessons/{lesson.id}/materials/{one.id}"
    for _press in range(2):
        assert staff.post(f"{path}/remove").status_code == 303
    assert woman.get(f"/me/materials/{one.id}").status_code == 404
    assert materials_by_lesson([lesson.id]) == {}
    assert "已撤下" in staff.get(f"/lessons/{lesson.id}").text
    assert staff.post(f"{path}/put-back").status_code == 303
    assert woman.get(f"/me/materials/{one.id}").status_code == 200
    actions = db.session.scalars(db.select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert [action for action in actions if action.startswith("material.")][1:] == [
        "material.remove",
        "material.put_back",
    ]


def test_a_lesson_has_room_for_so_many(staff, lesson, monkeypatch):
    monkeypatch.setattr(materials, "MOST_OF_A_LESSON", 1)
    add_link(staff, lesson)
    answer = add_link(staff, lesson)
    assert answer.status_code == 422
    assert "最多放 1 份资料" in answer.text
    [one] = held()
    staff.post(f"/lessons/{lesson.id}/materials/{one.id}/remove")
    add_link(staff, lesson)
    assert staff.post(f"/lessons/{lesson.id}/materials/{one.id}/put-back").status_code == 422


def test_reading_takes_the_same_number_of_statements(staff, lesson, count_statements):
    counts, lesson_id = [], lesson.id
    for more in (1, 2):
        for _ in range(more):
            add_link(staff, lesson)
        with count_statements() as by_query:
            assert len(materials_by_lesson([lesson_id])[lesson_id]) == len(counts) * 2 + 1
        with count_statements() as by_page:
            staff.get(f"/lessons/{lesson_id}")
        counts.append((len(by_query), len(by_page)))
    assert counts == [(1, 5), (1, 5)]
