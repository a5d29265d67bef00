"""Reading untrusted files in a child process with little memory and time: what breaks there breaks alone.

`python -m trainer.platforms.limits` is that child. A fresh interpreter rather than a fork: a server's threads
hold locks that a forked copy would wait for. It is given no environment beyond what Python needs, so no secrets.
"""

import importlib
import io
import os
import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from trainer.errors import UnreadableFile

MEMORY = 1 << 30
SECONDS = 60
ROOM = "trainer.platforms."
ROOT = Path(__file__).resolve().parents[2]


def run_limited(
    function: Callable,
    content: bytes | BinaryIO,
    /,
    *,
    memory: int = MEMORY,
    seconds: float = SECONDS,
    **options: object,
):
    """`function(content, **options)` of a module of trainer.platforms, answered from a child process.

    A file object goes through the disk, never as a whole through this process's memory.
    Raises UnreadableFile as the function does, and with reason "took_too_long" or "too_heavy" where the child
    was stopped or died.
    """
    if not function.__module__.startswith(ROOM):
        raise ValueError(f"{function.__module__} is not of {ROOM}")
    try:
        with tempfile.TemporaryFile() as errand:
            pickle.dump((memory, function.__module__, function.__qualname__, options), errand)
            shutil.copyfileobj(io.BytesIO(content) if isinstance(content, bytes) else content, errand)
            errand.seek(0)
            child = subprocess.run(
                [sys.executable, "-m", "trainer.platforms.limits"],
                stdin=errand,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                check=False,
                cwd=ROOT,
                env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PATH": os.defpath},
            )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile("took_too_long", seconds=int(seconds)) from error
    if child.returncode != 0:
        raise UnreadableFile("too_heavy")
    return _opened(child.stdout)


def _opened(answer: bytes):
    kind, told = pickle.loads(answer)  # noqa: S301 (written by our own code in the child)
    if kind == "done":
        return told
    if kind == "refused":
        reason, values = told
        raise UnreadableFile(reason, **values)
    raise RuntimeError(f"reading failed in the child: {told}")


def main() -> None:
    """The child: reads its errand from standard input, answers on standard output."""
    memory, module, name, options = pickle.load(sys.stdin.buffer)  # noqa: S301 (from our own parent)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    function = getattr(importlib.import_module(module), name)
    answer = pickle.dumps(_answer(function, sys.stdin.buffer.read(), options), protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.write(answer)


def _answer(function: Callable, content: bytes, options: dict[str, object]) -> tuple[str, object]:
    try:
        return "done", function(content, **options)
    except UnreadableFile as error:
        return "refused", (error.reason, {name: told for name, told in error.values.items() if name != "reason"})
    except MemoryError:
        return "refused", ("too_heavy", {})
    except Exception as error:
        # The message may quote a cell: only what kind of failure and where goes out.
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        code = where.tb_frame.f_code if where else None
        place = f"{Path(code.co_filename).name}:{where.tb_lineno}" if where and code else "?"
        return "failed", f"{type(error).__name__} at {place}"


if __name__ == "__main__":
    main()
