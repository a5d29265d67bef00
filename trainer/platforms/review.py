"""The review of one broadcast: a workbook whose sheets each hold some of its figures, brought together into one row."""

import re
from collections.abc import Sequence
from itertools import pairwise

from trainer.platforms.douyin import REVIEW
from trainer.platforms.headings import SEARCHED_ROWS, by_label, columns_of
from trainer.platforms.normalise import heading, text
from trainer.platforms.profile import labels
from trainer.platforms.tables import Table

# Sheets of one line each for many things are long; the figures of one broadcast are not.
MOST_ROWS = 100
WHOLE = "整体"
# One row each for a channel: only the row of the whole counts.
OF_CHANNELS = re.compile(r"渠道|流量来源")
OF_PRODUCTS = frozenset(labels(("商品名称", "商品ID", "SKUID", "SKU名称", "商品规格", "短视频标题", "视频标题")))
BEGINS = frozenset(REVIEW.own["started_at"])

# Comparable heading → heading as written, and the cell.
Figures = dict[str, tuple[str, object]]


def joined(tables: Sequence[Table]) -> Table | None:
    """One table of one row, named after the sheet that says when the broadcast was; None where it is no such workbook.

    The first sheet that states a figure is believed.
    """
    found: Figures = {}
    sheets, name = 0, None
    for table in tables:
        figures = _figures(table.rows[:MOST_ROWS])
        if figures.keys() & BEGINS and not found.keys() & BEGINS:
            name = table.name
        sheets += not figures.keys() <= found.keys()
        found = {**figures, **found}
    if sheets < 2 or not found.keys() & BEGINS:
        return None
    return Table(name, [tuple(written for written, _ in found.values()), tuple(cell for _, cell in found.values())])


def _figures(rows: Sequence[Sequence[object]]) -> Figures:
    """Headings above one row, or above several with one for the whole; else headings beside their figures."""
    for at, cells in enumerate(rows[:SEARCHED_ROWS]):
        columns = by_label(columns_of(cells))
        if OF_PRODUCTS & columns.keys():
            return {}
        if len(REVIEW.known & columns.keys()) >= 2 and (line := _line(rows[at + 1 :], "".join(columns))):
            return {
                label: (column.heading.written, line[column.index])
                for label, column in columns.items()
                if label in REVIEW.known and column.index < len(line)
            }
    return _beside(rows)


def _line(rows: Sequence[Sequence[object]], headings: str) -> Sequence[object] | None:
    filled = [row for row in rows if any(cell is not None for cell in row)]
    whole = next((row for row in filled if WHOLE in [text(cell) for cell in row[:3]]), None)
    if whole or len(filled) != 1 or OF_CHANNELS.search(headings):
        return whole
    # Two lines of headings and figures side by side are no heading above a row.
    return None if any(_is_known(cell) for cell in filled[0]) else filled[0]


def _beside(rows: Sequence[Sequence[object]]) -> Figures:
    found: Figures = {}
    for cells in rows:
        for left, right in pairwise(cells):
            if (label := heading(left)) and _is_known(left) and right is not None and not _is_known(right):
                found.setdefault(label.label, (label.written, right))
    return found


def _is_known(cell: object) -> bool:
    return isinstance(cell, str) and (found := heading(cell)) is not None and found.label in REVIEW.known
