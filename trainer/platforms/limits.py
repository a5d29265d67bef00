"""Reading untrusted files in a child process with little memory and time: what breaks there breaks alone.

`python -m trainer.platforms.limits` is that child. A fresh interpreter rather than a fork: a server's threads
hold locks that a forked copy would wait for. It is given no environment beyond what Python needs, so no secrets.
"""

import gc
import importlib
import io
import os
import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from trainer.errors import UnreadableFile
from trainer.platforms.spool import Chunk, Spool

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

    The function is given an open file: the content goes through the disk, never as a whole through a memory.
    Raises UnreadableFile as the function does, and with reason "took_too_long" or "too_heavy" where the child
    was stopped or died.
    """
    return _run(function, content, None, (memory, seconds), options)


@dataclass(frozen=True)
class Spooled:
    """What the function answered of the file as a whole; its rows wait on disk."""

    inspection: object
    spool: Spool

    def chunks(self) -> Iterator[Chunk]:
        """Lists of up to 2,000 plain rows (`plain.FIELDS` of the kind), from the first one whenever it is called."""
        return self.spool.chunks()


@contextmanager
def run_spooled(
    function: Callable,
    content: bytes | BinaryIO,
    /,
    *,
    memory: int = MEMORY,
    seconds: float = SECONDS,
    **options: object,
) -> Iterator[Spooled]:
    """As `run_limited` for a `function(content, spool, **options)` that puts the rows on the spool; gone at the end."""
    with tempfile.TemporaryFile() as rows:
        yield Spooled(_run(function, content, rows, (memory, seconds), options), Spool(rows))


def _run(
    function: Callable,
    content: bytes | BinaryIO,
    rows: BinaryIO | None,
    most: tuple[int, float],
    options: dict[str, object],
):
    if not function.__module__.startswith(ROOM):
        raise ValueError(f"{function.__module__} is not of {ROOM}")
    memory, seconds = most
    with tempfile.TemporaryFile() as errand:
        shutil.copyfileobj(io.BytesIO(content) if isinstance(content, bytes) else content, errand)
        errand.flush()
        files = [file.fileno() for file in (errand, rows) if file is not None]
        try:
            child = subprocess.run(
                [sys.executable, "-m", "trainer.platforms.limits"],
                input=pickle.dumps((memory, function.__module__, function.__qualname__, files, options)),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                check=False,
                cwd=ROOT,
                env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PATH": os.defpath},
                pass_fds=files,
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
    memory, module, name, files, options = pickle.load(sys.stdin.buffer)  # noqa: S301 (from our own parent)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Rows in the making are no garbage; looking at them again and again takes a quarter of the time.
    gc.set_threshold(100_000, 20, 100)
    function = getattr(importlib.import_module(module), name)
    content, *rows = (os.fdopen(file, "r+b") for file in files)
    content.seek(0)
    answer = pickle.dumps(_answer(function, (content, *map(Spool, rows)), options), protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.write(answer)


def _answer(function: Callable, given: tuple[object, ...], options: dict[str, object]) -> tuple[str, object]:
    try:
        return "done", function(*given, **options)
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
