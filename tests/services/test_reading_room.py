"""So many files are read at once, over all processes; who waits too long is told."""

import io
import os
import shutil
import signal
import subprocess
import sys

import pytest

from tests import factories, rosters
from trainer import clock, storage
from trainer.errors import UnreadableFile
from trainer.services import reading_room, roster, sales

pytestmark = pytest.mark.sqlite_is_enough

HOLDER = """
import sys, pathlib
from trainer import storage
from trainer.services import reading_room
storage.configure(pathlib.Path(sys.argv[1]))
with reading_room.place():
    print("reading", flush=True)
    sys.stdin.read()
"""


def holder():
    """Another process in the reading room."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(storage.folder())],
        **dict.fromkeys(("stdin", "stdout"), subprocess.PIPE),
        text=True,
    )
    assert child.stdout.readline() == "reading\n"
    return child


@pytest.fixture
def full(app, monkeypatch):
    monkeypatch.setattr(reading_room, "PATIENCE_SECONDS", 0.2)
    others = [holder() for _place in range(reading_room.PLACES)]
    yield others
    for other in others:
        other.communicate()


def test_the_third_file_waits_and_is_told(full):
    with pytest.raises(reading_room.ReadersBusy):
        roster.read("名册.xlsx", rosters.roster_file(("王小花", rosters.ID_1)), today=clock.today())
    with pytest.raises(reading_room.ReadersBusy), sales.read_file(b"", platform=None, at=clock.now()):
        pytest.fail("there was no place")


def test_a_reader_that_is_killed_leaves_its_place(full):
    os.kill(full[0].pid, signal.SIGKILL)
    full[0].wait()
    with reading_room.place():
        pass


def test_a_place_is_free_again_after_a_file_that_cannot_be_read(app, monkeypatch):
    monkeypatch.setattr(reading_room, "PATIENCE_SECONDS", 0.2)
    for _file in range(reading_room.PLACES + 1):
        with pytest.raises(UnreadableFile):
            roster.read("x.xlsx", b"nothing", today=clock.today())


def test_the_page_says_it_in_a_sentence(full, signed_in):
    cohort = factories.cohort()
    staff = signed_in(factories.account(factories.Role.COHORT_STAFF))
    content = rosters.roster_file(("王小花", rosters.ID_1))
    data = {"file": (io.BytesIO(content), "名册.xlsx"), "idempotency_key": "k" * 32}
    answer = staff.post(f"/cohorts/{cohort.id}/roster", data=data)
    assert answer.status_code == 422
    assert "系统正在读取其他文件" in answer.text


@pytest.mark.child_process
def test_where_no_child_process_can_begin_no_upload_is_read(app, monkeypatch):
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    content = rosters.roster_file(("王小花", rosters.ID_1))
    with pytest.raises(UnreadableFile, match="too_heavy"):
        roster.read("名册.xlsx", content, today=clock.today())
    with pytest.raises(UnreadableFile, match="too_heavy"), sales.read_file(content, platform=None, at=clock.now()):
        pytest.fail("no child process can begin")
