"""The child process: answers and refusals come back, and what breaks in it breaks alone."""

import os
import threading
import time
from pathlib import Path

import pytest

from tests.platforms.makers import as_csv
from trainer.errors import UnreadableFile
from trainer.platforms import limits
from trainer.platforms.limits import run_limited
from trainer.platforms.tables import read_tables


@pytest.fixture
def wicked(tmp_path, monkeypatch):
    """A stand-in for the reading room whose functions misbehave."""
    room = tmp_path / "trainer" / "platforms"
    room.mkdir(parents=True)
    (tmp_path / "trainer" / "__init__.py").touch()
    (room / "__init__.py").touch()
    ours = Path(limits.__file__).parent
    for name in ("limits.py", "spool.py"):
        (room / name).write_bytes((ours / name).read_bytes())
    (tmp_path / "trainer" / "errors.py").write_bytes((ours.parent / "errors.py").read_bytes())
    (room / "wicked.py").write_text(
        "import os, time\n"
        "def hungry(content): return len(bytearray(2 << 30))\n"
        "def dead(content): os.abort()\n"
        "def slow(content): time.sleep(30)\n"
        "def broken(content): raise KeyError('王小花 13800000000')\n"
        "def curious(content): return sorted(os.environ)\n"
    )
    monkeypatch.setattr(limits, "ROOT", tmp_path)

    def function(name: str):
        def stand_in(content): ...

        stand_in.__module__, stand_in.__qualname__ = "trainer.platforms.wicked", name
        return stand_in

    return function


def test_the_answer_comes_back():
    rows = [("名称", "数"), ("蛋", "2")]
    assert run_limited(read_tables, as_csv(rows)).tables[0].rows == rows


def test_a_refusal_comes_back_with_its_values():
    with pytest.raises(UnreadableFile) as refused:
        run_limited(read_tables, as_csv([("a",) * 400]))
    assert (refused.value.reason, refused.value.values["most"]) == ("too_many_columns", 300)


@pytest.mark.parametrize(("name", "reason"), [("hungry", "too_heavy"), ("dead", "too_heavy")])
def test_a_child_that_dies_is_a_refusal(wicked, name, reason):
    with pytest.raises(UnreadableFile) as refused:
        run_limited(wicked(name), b"x")
    assert refused.value.reason == reason


def test_a_child_that_hangs_is_stopped(wicked):
    begun = time.monotonic()
    with pytest.raises(UnreadableFile) as refused:
        run_limited(wicked("slow"), b"x", seconds=1)
    assert refused.value.reason == "took_too_long"
    assert time.monotonic() - begun < 10


def test_a_fault_of_ours_is_told_without_what_the_file_says(wicked):
    with pytest.raises(RuntimeError, match=r"KeyError at wicked\.py:5") as failure:
        run_limited(wicked("broken"), b"x")
    assert "王小花" not in str(failure.value)


def test_the_child_sees_no_secrets(wicked, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "s3cret")
    assert "SECRET_KEY" not in run_limited(wicked("curious"), b"x")


def test_only_functions_of_this_room():
    with pytest.raises(ValueError, match=r"not of trainer\.platforms"):
        run_limited(os.system, b"true")


def test_from_several_threads_of_a_server():
    content, answers = as_csv([("a", "b"), ("1", "2")]), []
    threads = [threading.Thread(target=lambda: answers.append(run_limited(read_tables, content))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert all(answer == answers[0] for answer in answers)
