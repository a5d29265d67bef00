"""Rows of headings: their columns, the print by which they are known again, and which row looks most like one."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trainer.platforms import aliases
from trainer.platforms.normalise import Heading, heading
from trainer.platforms.profile import QUIET_LABELS, labels
from trainer.platforms.tables import Table

SEARCHED_ROWS = 20

# Headings in general use and those of personal columns: a row with several of them is no row of data.
FAMILIAR = QUIET_LABELS.union(*(labels(written) for kind in (aliases.LIVE, aliases.ORDER) for written in kind.values()))


@dataclass(frozen=True)
class Column:
    index: int
    heading: Heading


def first_rows(table: Table) -> Sequence[Sequence[object]]:
    """Those among which the headings are looked for."""
    return table.rows[:SEARCHED_ROWS]


def columns_of(cells: Iterable[object]) -> list[Column]:
    """The cells that may be headings: texts."""
    return [Column(at, found) for at, cell in enumerate(cells) if isinstance(cell, str) and (found := heading(cell))]


def by_label(columns: Iterable[Column]) -> dict[str, Column]:
    """The first column of each comparable heading."""
    found: dict[str, Column] = {}
    for column in columns:
        found.setdefault(column.heading.label, column)
    return found


def fingerprint(found: Iterable[str]) -> str:
    """Of comparable headings, whatever their order and place."""
    return hashlib.sha256("\n".join(sorted(set(found))).encode()).hexdigest()


def likeliest(tables: Iterable[Table]) -> tuple[Table, int, list[Column]] | None:
    """The row that looks most like headings: familiar ones first, else the most short texts without digits."""
    best, found = (0, 0), None
    for table in tables:
        for at, cells in enumerate(first_rows(table)):
            columns = columns_of(cells)
            plain = sum(not any(sign.isdigit() for sign in column.heading.written) for column in columns)
            score = (sum(column.heading.label in FAMILIAR for column in columns), plain)
            if plain and score > best:
                best, found = score, (table, at, columns)
    return found
