"""Rows on their way from the child that reads a file to whoever takes them in: on disk, a chunk at a time in memory."""

import marshal
import os
import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

AT_ONCE = 2_000
# Without references between objects: quicker to write and to read.
FORMAT = 2
START = struct.Struct("<Q")
LENGTH = struct.Struct("<I")

# Texts, whole numbers, booleans and None, in the order of the fields of the row's class.
Plain = tuple[object, ...]
Chunk = list[Plain]


class Tally(Protocol):
    """Whoever adds rows up while they are written."""

    def take(self, chunk: Chunk) -> None: ...

    def restart(self) -> None: ...


class Spool:
    """Chunks of plain rows in a file of our own: written once, read as often as one likes."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.pending: Chunk = []
        self.tally: Tally | None = None
        if not file.seek(0, os.SEEK_END):
            file.write(START.pack(START.size))

    def add(self, row: Plain) -> None:
        self.pending.append(row)
        if len(self.pending) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        if self.pending:
            self._append(self.pending)
            self.pending = []
        self.file.flush()

    def chunks(self) -> Iterator[Chunk]:
        """From the first row on, whenever it is called."""
        self.flush()
        self.file.seek(0)
        at = START.unpack(self.file.read(START.size))[0]
        end = self.file.seek(0, os.SEEK_END)
        while at < end:
            self.file.seek(at)
            size = LENGTH.unpack(self.file.read(LENGTH.size))[0]
            at += LENGTH.size + size
            # Packed by our own code, in the child: no byte here stands as it stood in the untrusted file.
            yield marshal.loads(self.file.read(size))  # noqa: S302

    def revise(self, change: Callable[[Chunk], Chunk]) -> None:
        """Every chunk changed once all are known: written behind the old ones, which nothing reads any more."""
        self.flush()
        start = self.file.seek(0, os.SEEK_END)
        if self.tally:
            self.tally.restart()
        for chunk in self.chunks():
            self._append(change(chunk))
        self.file.seek(0)
        self.file.write(START.pack(start))
        self.file.flush()

    def _append(self, chunk: Chunk) -> None:
        if self.tally:
            self.tally.take(chunk)
        packed = marshal.dumps(chunk, FORMAT)
        self.file.seek(0, os.SEEK_END)
        self.file.write(LENGTH.pack(len(packed)))
        self.file.write(packed)
