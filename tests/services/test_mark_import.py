"""Files of marks: previewed, decided, taken in through the roll's door, undone; what is kept of them and for how long."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests import factories
from tests.marks import mark_file
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus as S
from trainer.domain.attendance import LessonState, MarkChannel, NewMark
from trainer.domain.days import CHINA
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.imports import BatchState
from trainer.domain.mark_import import MarkFileKind
from trainer.domain.retention import Kept
from trainer.errors import UnreadableFile
from trainer.models import Attendance, AuditEvent, Enrolment, ImportBatch, ImportRow, Mark, Person
from trainer.services import mark_commit, mark_import, retention, roll
from trainer.services.erasure import erase_person
from trainer.services.mark_import import About

pytestmark = pytest.mark.sqlite_is_enough

SAMPLE = Path(__file__).parents[1] / "samples" / "marks_lesson_SYNTHETIC_gb18030.csv"
NAMES = ["王秀芳", "李梅", "李梅", "赵兰", "张翠翠", "刘桂花", "陈巧云", "吴春燕", "郑月娥", "杨小丽", "周玉"]


class Room:
    """A cohort with a lesson under way, and somebody who may mark."""

    def __init__(self, names=NAMES) -> None:
        self.cohort = factories.cohort()
        self.lesson = factories.lesson(self.cohort)
        self.women = [
            factories.enrolment(self.cohort, factories.person(name, phone=f"140000{number:05d}"))
            for number, name in enumerate(names, 1)
        ]
        self.by = factories.actor(Role.MANAGER)
        self.at = self.lesson.starts_at + timedelta(hours=4)

    def preview(self, content: bytes, lesson_id: int | None = 0, **about) -> ImportBatch:
        reading = mark_import.read("点名 14000000001.xlsx", content, today=self.at.date())
        about = About(self.cohort.id, self.lesson.id if lesson_id == 0 else lesson_id, **about)
        with transaction():
            return mark_import.preview(about, reading, by=self.by, at=self.at)

    def act(self, do, *args, **values):
        with transaction():
            return do(*args, by=self.by, at=self.at, **values)

    def mark(self, woman: int, status: S | None, nonce: str = "by hand") -> None:
        new = NewMark(self.women[woman].id, status, f"{nonce} {woman} {status}")
        self.act(roll.record_marks, self.lesson.id, [new])

    def statuses(self) -> dict[int, S]:
        rows = db.session.execute(
            db.select(Enrolment.seat_number, Attendance.status)
            .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
            .where(Attendance.lesson_id == self.lesson.id)
        )
        return dict(rows.all())

    def commit(self, content: bytes, **about) -> ImportBatch:
        batch = self.preview(content, **about)
        return self.act(mark_commit.commit, batch.id)


@pytest.fixture
def room(app) -> Room:
    return Room()


def marks() -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(Mark))


def test_a_messy_file(room):
    batch = room.preview(SAMPLE.read_bytes())
    assert batch.summary["counts"] == {
        **{
            "new": 8,
            "update": 0,
            "same": 0,
            "rejected": 3,
            "needs_person": 2,
            "duplicate": 1,
            "conflict": 0,
            "locked": 0,
        }
    }
    assert (batch.summary["rows"], batch.summary["blank"], batch.summary["unknown_columns"]) == (14, 1, ["温度"])
    assert "14000000001" not in batch.filename
    assert marks() == 0
    room.act(mark_commit.commit, batch.id)
    assert room.statuses() == {
        **{1: S.PRESENT, 2: S.PRESENT, 3: S.LATE, 4: S.PRESENT, 5: S.LATE, 6: S.EXCUSED, 7: S.ABSENT, 8: S.LATE}
    }
    said = db.session.scalars(db.select(Mark).where(Mark.enrolment_id == room.women[3].id)).one()
    assert (said.channel, said.batch_id) == (MarkChannel.IMPORT, batch.id)
    assert said.said_at.astimezone(CHINA).strftime("%m-%d %H:%M:%S") == "03-09 08:55:10"


def test_confirmed_twice_and_sent_twice_it_marks_once(room):
    batch = room.commit(SAMPLE.read_bytes())
    before = marks()
    room.act(mark_commit.commit, batch.id)
    again = room.preview(SAMPLE.read_bytes())
    assert (again.summary["to_write"], again.summary["counts"]["same"]) == (0, 8)
    room.act(mark_commit.commit, again.id)
    assert marks() == before


def test_what_a_person_said_stands_unless_ticked(room):
    room.mark(0, S.ABSENT)
    content = mark_file((1, "王秀芳", "", "到", "", ""), (4, "赵兰", "", "到", "", ""))
    batch = room.preview(content)
    assert batch.summary["counts"]["conflict"] == 1
    room.act(mark_commit.commit, batch.id)
    assert room.statuses() == {1: S.ABSENT, 4: S.PRESENT}
    batch = room.preview(content)
    room.act(mark_import.decide, batch.id, {}, {1: True})
    room.act(mark_commit.commit, batch.id)
    assert room.statuses()[1] is S.PRESENT


def test_a_later_list_changes_what_an_earlier_one_said(room):
    room.commit(mark_file((1, "王秀芳", "", "到", "", "")))
    batch = room.commit(mark_file((1, "王秀芳", "", "早退", "", "")))
    assert (batch.summary["counts"]["update"], room.statuses()) == (1, {1: S.LEFT_EARLY})


def test_a_person_says_who_it_is(room):
    batch = room.preview(mark_file(("", "李梅", "", "到", "", "")))
    room.act(mark_commit.commit, batch.id)
    assert room.statuses() == {}
    batch = room.preview(mark_file(("", "李梅", "", "到", "", "")))
    with pytest.raises(mark_import.UnknownDecision):
        room.act(mark_import.decide, batch.id, {1: str(room.women[0].id)}, {})
    room.act(mark_import.decide, batch.id, {1: str(room.women[2].id)}, {})
    room.act(mark_commit.commit, batch.id)
    assert room.statuses() == {3: S.PRESENT}


def test_the_roll_changed_after_the_preview(room):
    batch = room.preview(mark_file((1, "王秀芳", "", "到", "", "")))
    room.mark(0, S.ABSENT)
    with pytest.raises(mark_commit.RollChanged):
        room.act(mark_commit.commit, batch.id)
    room.act(mark_import.refresh, batch.id)
    assert db.session.get(ImportBatch, batch.id).summary["counts"]["conflict"] == 1
    room.act(mark_commit.commit, batch.id)
    assert room.statuses() == {1: S.ABSENT}


def test_a_closed_roll_wants_a_reason(room):
    with transaction():
        lesson = db.session.merge(room.lesson)
        lesson.state, lesson.headcount, lesson.closed_at = LessonState.CLOSED, 1, room.at
    batch = room.preview(mark_file((1, "王秀芳", "", "到", "", "")))
    with pytest.raises(roll.LessonClosed):
        room.act(mark_commit.commit, batch.id)
    assert (marks(), db.session.get(ImportBatch, batch.id).state) == (0, BatchState.PREVIEWED)
    room.act(mark_commit.commit, batch.id, reason="会务公司的名单晚到")
    assert db.session.scalars(db.select(Mark)).one().is_office
    with pytest.raises(roll.LessonClosed):
        room.act(mark_commit.undo, batch.id)


def test_undoing_puts_back_what_stood_before(room):
    room.mark(0, S.ABSENT)
    room.commit(mark_file((4, "赵兰", "", "迟到", "", "")))
    content = mark_file(
        *((1, "王秀芳", "", "到", "", ""), (4, "赵兰", "", "到", "", "")),
        *((5, "张翠翠", "", "到", "", ""), (6, "刘桂花", "", "到", "", ""), (7, "陈巧云", "", "到", "", "")),
    )
    batch = room.preview(content)
    room.act(mark_import.decide, batch.id, {}, {1: True})
    room.act(mark_commit.commit, batch.id)
    room.mark(5, S.LATE)
    with transaction():
        db.session.get(Enrolment, room.women[6].id).status = EnrolmentStatus.WITHDRAWN
    undone = room.act(mark_commit.undo, batch.id)
    assert (undone.summary["undone"], undone.summary["not_undone"]) == (3, 2)
    assert room.statuses() == {1: S.ABSENT, 4: S.LATE, 6: S.LATE, 7: S.PRESENT}
    back = db.session.scalars(db.select(Mark).where(Mark.nonce == f"marks {batch.id}.1.back")).one()
    assert back.channel is MarkChannel.ROLL  # no stronger evidence than there was, and no weaker
    before = marks()
    room.act(mark_commit.undo, batch.id)
    assert marks() == before


def test_a_platforms_list(room):
    rows = [("王秀芳", "14000000001", "100分钟"), ("直播赵兰", "14000000004", 30), ("王秀芳", "", "1:30:00")]
    content = mark_file(*rows, headings=("用户昵称", "手机号", "观看时长（分钟）"))
    batch = room.commit(content, kind=MarkFileKind.PLATFORM, share=60)
    assert (room.statuses(), batch.summary["watched_short"]) == ({1: S.PRESENT}, 1)
    assert db.session.scalars(db.select(Mark)).one().channel is MarkChannel.PLATFORM_LIST


def test_a_column_for_each_lesson(room):
    afternoon = factories.lesson(
        room.cohort,
        starts_at=room.lesson.starts_at + timedelta(hours=5),
        ends_at=room.lesson.ends_at + timedelta(hours=5),
    )
    content = mark_file(
        *((1, "王秀芳", "√", "×"), (4, "赵兰", "", "√"), (5, "张翠翠", "√", "△")),
        headings=("座号", "姓名", "3月9日上午", "3月9日下午"),
    )
    batch = room.preview(content, lesson_id=None)
    assert (batch.summary["to_write"], batch.summary["blank"]) == (5, 1)
    assert batch.summary["lesson_ids"] == sorted([room.lesson.id, afternoon.id])
    room.act(mark_commit.commit, batch.id)
    rows = db.session.execute(db.select(Attendance.lesson_id, Attendance.status).order_by(Attendance.status)).all()
    assert sorted(status for lesson_id, status in rows if lesson_id == afternoon.id) == [S.ABSENT, S.LATE, S.PRESENT]
    room.act(mark_commit.undo, batch.id)
    assert db.session.scalar(db.select(db.func.count()).select_from(Attendance)) == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a,b\n1,2\n", "no_mark_header"),
        (mark_file(), "marks_without_rows"),
        (mark_file((1, "王秀芳", "", "", "", "")), "marks_say_nothing"),
        (b"PK\x03\x04" + b"0" * 500, "damaged_file"),
        (
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><table>&b;</table>',
            "not_a_table",
        ),
    ],
)
def test_unfit_files(room, content, reason):
    with pytest.raises(UnreadableFile) as refused:
        room.preview(content)
    assert refused.value.reason == reason


def test_a_hostile_file_is_only_text(room):
    rows = [
        ("=cmd|' /C calc'!A0", "王秀芳", "1' OR 1=1", '=HYPERLINK("http://x")', "9" * 300, "<script>alert(1)</script>")
    ]
    batch = room.preview(mark_file(*rows))
    assert batch.summary["counts"]["needs_person"] + batch.summary["counts"]["rejected"] == 1
    told = db.session.execute(db.select(AuditEvent.__table__)).all()
    assert not any("script" in str(row) or "HYPERLINK" in str(row) for row in told)


def test_as_many_statements_for_a_thousand_as_for_a_hundred(app, count_statements):
    counts = []
    for women in (100, 1000):
        cohort = factories.cohort(code=f"many{women}")
        lesson = factories.lesson(cohort)
        with transaction():
            people = [
                Person(
                    **{"name": f"学员{n}", "name_pinyin": "x", "name_initials": "x", "region_code": factories.DATONG},
                    **{"created_at": factories.AT, "updated_at": factories.AT},
                )
                for n in range(women)
            ]
            db.session.add_all(people)
            db.session.flush()
            db.session.add_all(
                Enrolment(
                    **{"cohort_id": cohort.id, "person_id": person.id, "seat_number": n + 1},
                    **{"status": EnrolmentStatus.ACTIVE, "joined_on": cohort.starts_on},
                )
                for n, person in enumerate(people)
            )
        content = mark_file(*((n + 1, f"学员{n}", "", "到", "", "") for n in range(women)))
        reading = mark_import.read("a.xlsx", content, today=lesson.starts_at.date())
        at, by = lesson.starts_at + timedelta(hours=4), factories.actor(Role.MANAGER)
        with count_statements() as seen:
            with transaction():
                batch = mark_import.preview(About(cohort.id, lesson.id), reading, by=by, at=at)
            with transaction():
                mark_commit.commit(batch.id, by=by, at=at)
            with transaction():
                mark_commit.undo(batch.id, by=by, at=at)
        counts.append(len(seen))
        assert batch.summary["undone"] == women
    assert counts[0] == counts[1]


def test_rows_go_after_their_time_and_with_the_woman(room):
    batch = room.preview(mark_file((1, "王秀芳", "", "到", "", ""), (4, "赵兰", "", "到", "", "")))
    other = room.preview(mark_file(("", "李梅", "", "到", "", ""), ("", "王秀芳", "", "到", "", "王秀芳的备注")))
    stored = db.session.execute(db.text("SELECT content FROM import_rows")).scalars().all()
    assert not any("王秀芳" in text or "赵兰" in text for text in stored)
    later = room.at + timedelta(days=60)
    for woman in room.women[:2]:
        with transaction():
            erase_person(woman.person_id, why="request", by=room.by, at=later)
    left = db.session.scalars(db.select(ImportRow)).all()
    assert [(row.batch_id, row.target_id) for row in left] == [(batch.id, room.women[3].id)]
    assert other.id != batch.id
    with transaction():
        retention.purge(Kept.STAGED_ROWS, before=room.at + timedelta(days=1), at=room.at + timedelta(days=99))
    assert db.session.scalar(db.select(db.func.count()).select_from(ImportRow)) == 0
    assert db.session.get(ImportBatch, batch.id).state is BatchState.DISCARDED


def test_after_that_nobody_can_undo(room):
    batch = room.commit(mark_file((1, "王秀芳", "", "到", "", "")))
    with transaction():
        retention.purge(Kept.STAGED_ROWS, before=room.at + timedelta(days=1), at=room.at + timedelta(days=99))
    with pytest.raises(mark_commit.MarkRowsGone):
        room.act(mark_commit.undo, batch.id)


def test_given_up_it_is_forgotten(room):
    batch = room.preview(mark_file((1, "王秀芳", "", "到", "", "")))
    room.act(mark_import.discard, batch.id)
    room.act(mark_import.discard, batch.id)
    assert db.session.scalar(db.select(db.func.count()).select_from(ImportRow)) == 0
    with pytest.raises(mark_import.BatchClosed):
        room.act(mark_commit.commit, batch.id)
