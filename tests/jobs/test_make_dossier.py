"""The training dossier: what stands in the archive, in which order, cut to the rights of the hour."""

import hashlib
import io
import zipfile

import openpyxl
import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AT, DATONG, LINFEN
from tests.rosters import cells
from trainer import storage
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState, NewMark
from trainer.domain.background_task import TaskKind, TaskState
from trainer.domain.dossier import DossierPart
from trainer.jobs import make_dossier, worker
from trainer.models import BackgroundTask, StoredFile
from trainer.services import roll
from trainer.services.background_task import ask_for_task
from trainer.services.file import read_file

pytestmark = pytest.mark.sqlite_is_enough


@pytest.fixture
def cohort(app):
    """Two women; of one lesson a picture, a mark and its correction."""
    cohort = factories.cohort(region=DATONG)
    women = [factories.enrolment(cohort, factories.person(name)) for name in ("马桂花", "王秀芳")]
    lesson = factories.lesson(cohort, title="短视频/拍摄", state=LessonState.PLANNED)
    by = factories.actor(Role.MANAGER)
    for nonce, status in (("one", AttendanceStatus.ABSENT), ("two", AttendanceStatus.PRESENT)):
        with transaction():
            roll.record_marks(lesson.id, [NewMark(women[0].id, status, nonce)], by=by, at=AT)
    factories.class_photo(lesson)
    return cohort


def asked(cohort, role=Role.COHORT_STAFF, region=DATONG, parts=tuple(DossierPart)) -> int:
    by = factories.actor_of(factories.account(role, region=region))
    params = {"cohort_id": cohort.id, "parts": [part.value for part in parts]}
    with transaction():
        return ask_for_task(TaskKind.DOSSIER, f"{cohort.id} {by.account_id}", params, by=by, at=AT)


def archive(app, task_id: int) -> zipfile.ZipFile:
    assert worker.run_next(app)
    task = db.session.get(BackgroundTask, task_id, populate_existing=True)
    assert task.state is TaskState.DONE, task.outcome
    stored = db.session.scalar(select(StoredFile).where(StoredFile.id == task.file_id))
    assert stored.file_name.endswith(".zip")
    return zipfile.ZipFile(io.BytesIO(read_file(stored)))


def test_every_part_has_its_maker():
    assert set(make_dossier.PARTS) == set(DossierPart)


def test_the_index_names_every_file_with_its_hash(app, cohort):
    made = archive(app, asked(cohort))
    names = made.namelist()
    assert names[0] == "00 目录.xlsx"
    assert [name[:2] for name in names] == sorted(name[:2] for name in names)
    listed = cells(made.read(names[0]))[3:]
    assert [row[1] for row in listed] == names[1:]
    assert [row[3] for row in listed] == [hashlib.sha256(made.read(name)).hexdigest() for name in names[1:]]


def test_each_sheet_has_its_own_title(app, cohort):
    made = archive(app, asked(cohort, parts=(DossierPart.PLAN,)))
    book = openpyxl.load_workbook(io.BytesIO(made.read("01 培训计划/培训计划和课程表.xlsx")))
    assert [sheet["A1"].value.split()[-1] for sheet in book] == ["培训计划", "课程表"]


def test_every_mark_stands_there_and_the_one_that_counts_says_so(app, cohort):
    made = archive(app, asked(cohort, parts=[DossierPart.MARKS]))
    rows = cells(made.read("05 点名记录/点名记录.xlsx"))[3:]
    assert [(row[3], row[4], row[10]) for row in rows] == [("马桂花", "缺席", None), ("马桂花", "到", "是")]


def test_a_picture_lies_under_its_lesson(app, cohort):
    made = archive(app, asked(cohort, parts=[DossierPart.PICTURES]))
    (picture,) = [name for name in made.namelist() if name.endswith(".jpg")]
    assert picture.startswith("06 影像资料/")
    assert "短视频 拍摄 课堂照片1" in picture
    assert made.read(picture).startswith(b"\xff\xd8")


def test_a_picture_whose_file_is_gone_is_named_and_the_rest_is_made(app, cohort):
    for name in storage.names():
        storage.delete(name)
    made = archive(app, asked(cohort, parts=[DossierPart.REGISTER, DossierPart.PICTURES]))
    assert "02 花名册/花名册.xlsx" in made.namelist()
    listed = cells(made.read("00 目录.xlsx"))[3:]
    assert [row[4] for row in listed if row[1].startswith("06")] == ["文件已不在存储中"]


def test_pictures_without_room_are_counted(app, cohort, monkeypatch):
    monkeypatch.setattr(make_dossier, "MOST_OF_PICTURES", 10)
    made = archive(app, asked(cohort, parts=[DossierPart.PICTURES]))
    assert "有 1 张未收入" in made.read("06 影像资料/说明.txt").decode()


def test_numbers_are_masked(app, cohort):
    made = archive(app, asked(cohort, parts=[DossierPart.REGISTER, DossierPart.SIGN_IN]))
    for name in made.namelist()[1:]:
        assert all("14000" not in str(value) for row in cells(made.read(name))[3:] for value in row)


def test_nothing_for_whoever_may_not_take_the_list_out(app, cohort):
    task_id = asked(cohort, region=LINFEN)
    assert worker.run_next(app)
    task = db.session.get(BackgroundTask, task_id, populate_existing=True)
    assert (task.state, task.file_id) == (TaskState.FAILED, None)
