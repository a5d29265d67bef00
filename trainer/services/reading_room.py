"""The reading room: how many untrusted files are read at once on this machine, whichever process was asked."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trainer import storage
from trainer.errors import Refused

# Each reader may take a gigabyte (platforms/limits.py).
PLACES = 2
PATIENCE_SECONDS = 5.0


class ReadersBusy(Refused):
    """Every place stayed taken for as long as a page may wait."""

    code = "readers_busy"
    status = 503


@contextmanager
def place() -> Iterator[None]:
    """A place to read in; freed by the system where its process is killed. Raises ReadersBusy."""
    folder = storage.folder().with_name("readers")
    folder.mkdir(exist_ok=True)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (taken := _free_place(folder)) is None:
        if time.monotonic() > deadline:
            raise ReadersBusy()
        time.sleep(0.1)
    with taken:
        yield


def _free_place(folder: Path):
    """A locked file, to be closed; a lock of each opening, so that threads keep each other out too."""
    for number in range(PLACES):
        file = (folder / f"{number}.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
        else:
            return file
    return None
