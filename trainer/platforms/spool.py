"""Rows on their way from the child that reads a file to whoever takes them in: on disk, a chunk at a time in memory."""

import marshal
import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO

AT_ONCE = 2_000
# Without references between objects: quicker to write and to read.
FORMAT = 2
LENGTH = struct.Struct("<I")

# Texts, whole numbers, booleans and None in the order of the fields of the row's class.
Plain = tuple[object, ...]
Chunk = list[Plain]


class Spool:
    """Chunks of plain rows in a file of our own, written once and read as often as one likes."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.pending: Chunk = []

    def add(self, row: Plain) -> None:
        self.pending.append(row)
        if len(self.pending) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        if self.pending:
            _write(self.file, self.pending)
            self.pending = []

    def chunks(self) -> Iterator[Chunk]:
        """From the first row on, whenever it is called; the file stays open for as long as the spool is."""
        self.flush()
        at = 0
        while True:
            self.file.seek(at)
            length = self.file.read(LENGTH.size)
            if not length:
                return
            size = LENGTH.unpack(length)[0]
            at += LENGTH.size + size
            # Written by our own code in the child; nothing of the file's own bytes is interpreted.
            yield marshal.loads(self.file.read(size))  # noqa: S302

    def revise(self, change: Callable[[Chunk], Chunk], other: BinaryIO) -> None:
        """Every chunk changed, once all of them are known; `other` is an empty file for the time being."""
        for chunk in self.chunks():
            _write(other, change(chunk))
        other.seek(0)
        self.file.seek(0)
        self.file.truncate()
        while block := other.read(1 << 20):
            self.file.write(block)


def _write(file: BinaryIO, chunk: Chunk) -> None:
    packed = marshal.dumps(chunk, FORMAT)
    file.write(LENGTH.pack(len(packed)))
    file.write(packed)
