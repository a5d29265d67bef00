"""Tallies as a workbook: the figures under a title with who made it and as of when, and what each figure means."""

from collections.abc import Sequence
from datetime import date

from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.domain.tally import COLUMNS, WAITING, Count, Hidden, Line
from trainer.wording import label
from trainer.wording.tally import DEFINITIONS, HEADS, SHEET


def tally_title(day: date, by: str) -> str:
    return str(SHEET["title"]) % {"day": day, "by": by}


def tally_workbook(
    title_rows: tuple[str, ...],
    lines: Sequence[tuple[str, Line]],
    *,
    sites: Sequence[int | None] | None,
    before: date | None,
) -> bytes:
    """`lines`: (words of the group, its figures); `sites`: open ones, line by line, where groups are regions."""
    columns = [Column(str(SHEET["group"]), width=26)]
    for name in COLUMNS:
        words = {"name": str(HEADS[name]), "day": before}
        heads = ("number",) if name == WAITING else ("people", "times")
        columns += [Column(str(SHEET[head]) % words, "number", 11) for head in heads]
        columns += [Column(str(SHEET["change"]) % words, "number", 11)] if before else []
    rows = [[words, *_cells(line, before)] for words, line in lines]
    if sites is not None:
        columns.append(Column(str(SHEET["sites"]), "number", 10))
        rows = [[*row, number] for row, number in zip(rows, sites, strict=True)]
    return write_workbook([Sheet(str(SHEET["tally"]), columns, rows, title_rows), definitions_sheet()])


def _cells(line: Line, before: date | None) -> list[object]:
    cells: list[object] = []
    for name in COLUMNS:
        count = line.cells[name]
        cells += _pair(count)[:1] if name == WAITING else _pair(count)
        cells += [line.changes[name]] if before else []
    return cells


def _pair(count: Count | Hidden) -> list[object]:
    return [label(count)] * 2 if isinstance(count, Hidden) else [count.size, count.times]


def definitions_sheet() -> Sheet:
    columns = [Column(str(SHEET["term"]), width=22), Column(str(SHEET["meaning"]), width=90)]
    rows = [[str(term), str(meaning)] for term, meaning in DEFINITIONS]
    return Sheet(str(SHEET["definitions"]), columns, rows, (str(SHEET["definitions"]),))
