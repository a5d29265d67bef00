"""A file read as a person says its columns are: the first rows, for her to look at before it is kept."""

import tempfile
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from trainer.domain.sales import Problem, SalesKind, SalesRow
from trainer.errors import UnreadableFile
from trainer.platforms.inspection import inspect_stream
from trainer.platforms.mapping import Mapping
from trainer.platforms.plain import row_of
from trainer.platforms.spool import Spool

SHOWN_ROWS = 5


@dataclass(frozen=True)
class Trial:
    """`rows`: the first that were read; how many could be, how many not, and why the first of those could not."""

    kind: SalesKind
    rows: tuple[SalesRow, ...]
    read: int
    refused: int
    problems: tuple[Problem, ...]


def try_mapping(content: bytes | BinaryIO, *, today: date, mapping: Mapping) -> Trial:
    """Raises UnreadableFile. Run through `limits.run_limited`."""
    with tempfile.TemporaryFile() as file:
        spool = Spool(file)
        found = inspect_stream(content, spool, today=today, platform=mapping.platform, mappings=(mapping,))
        first = next(spool.chunks(), [])[:SHOWN_ROWS]
    if found.kind is not mapping.kind:
        raise UnreadableFile("mapping_not_used")
    rows = tuple(row_of(found.kind, row) for row in first)
    return Trial(found.kind, rows, found.row_count, found.data_rows - found.row_count, found.rejected[:SHOWN_ROWS])
